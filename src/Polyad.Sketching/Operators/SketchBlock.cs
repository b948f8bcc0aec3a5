using System.Numerics;

namespace Polyad.Sketching;

/// <summary>A block of a sketch, drawn when it is used.</summary>
internal sealed class SketchBlock<T>(SketchOperator<T> sketch, SketchRange range) : SketchOperator<T>(range.Rows, range.Columns, sketch.State)
    where T : unmanaged, INumberBase<T>
{
    public override SketchState NextState => sketch.NextState;

    public override double IsometryScale => sketch.IsometryScale;

    internal override void FillCore(SketchRange part, in MatrixView<T> block) => sketch.FillCore(Inside(part), block);

    internal override void ApplyCore(SketchRange part, T alpha, in ReadOnlyMatrixView<T> a, T beta, in MatrixView<T> b, ILinearAlgebraBackend backend)
        => sketch.ApplyCore(Inside(part), alpha, a, beta, b, backend);

    internal override void AdjointCore(SketchRange part, T alpha, in ReadOnlyMatrixView<T> a, T beta, in MatrixView<T> b, ILinearAlgebraBackend backend)
        => sketch.AdjointCore(Inside(part), alpha, a, beta, b, backend);

    internal override void SparseCore(SketchSide side, SketchRange part, T alpha, CsrMatrix<T> a, T beta, in MatrixView<T> b)
        => sketch.SparseCore(side, Inside(part), alpha, a, beta, b);

    private SketchRange Inside(SketchRange part) => range.Slice(part.Row, part.Column, part.Rows, part.Columns);
}
