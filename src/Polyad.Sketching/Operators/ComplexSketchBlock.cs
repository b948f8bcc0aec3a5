using System.Numerics;

namespace Polyad.Sketching;

/// <summary>A block of a complex sketch, drawn when it is used.</summary>
internal sealed class ComplexSketchBlock(ComplexSketchOperator sketch, SketchRange range) : ComplexSketchOperator(range.Rows, range.Columns, sketch.State)
{
    public override SketchState NextState => sketch.NextState;

    public override double IsometryScale => sketch.IsometryScale;

    internal override void FillCore(int row, int column, in MatrixView<Complex> block) => sketch.FillCore(range.Row + row, range.Column + column, block);

    internal override void ProductCore(SketchRange part, bool transposed, bool conjugated, ComplexBlocks a, ComplexBlocks product, ILinearAlgebraBackend backend)
        => sketch.ProductCore(Inside(part), transposed, conjugated, a, product, backend);

    internal override void SparseCore(SketchSide side, SketchRange part, bool conjugated, CsrMatrix<double> a, ComplexBlocks product)
        => sketch.SparseCore(side, Inside(part), conjugated, a, product);

    private SketchRange Inside(SketchRange part) => range.Slice(part.Row, part.Column, part.Rows, part.Columns);
}
