using System.Numerics;
using System.Runtime.CompilerServices;

namespace Polyad.Sketching;

/// <summary>
/// A sketch with few entries, drawn as a compressed matrix when it is first used (a block of it: each time). Its products do not use the engine: sums are made in one order, so they have the same
/// bits on every engine and for any number of threads, and sums of signed numbers on every instruction set too.
/// </summary>
public abstract class SparseSketch<T> : SketchOperator<T>
    where T : unmanaged, INumberBase<T>
{
    private CsrMatrix<T>? _drawn;
    private CsrMatrix<T>? _turned;

    private protected SparseSketch(int rows, int columns, SketchState state)
        : base(rows, columns, state)
    {
    }

    /// <summary>Whether the distribution draws S column by column; else row by row.</summary>
    private protected abstract bool DrawsColumns { get; }

    /// <summary>S as a compressed matrix, unscaled.</summary>
    public CsrMatrix<T> ToSparse() => Compressed(Whole, byColumns: false);

    /// <summary>Draws a block compressed by columns, which is its transpose compressed by rows, or by rows.</summary>
    private protected abstract CsrMatrix<T> Draw(SketchRange range);

    internal override void FillCore(SketchRange range, in MatrixView<T> block)
    {
        CsrMatrix<T> lines = Compressed(range, DrawsColumns);
        MatrixView<T> target = DrawsColumns ? block.Transpose : block;
        target.Fill(T.Zero);
        for (int i = 0; i < lines.Rows; i++)
        {
            for (int p = lines.RowPointers[i]; p < lines.RowPointers[i + 1]; p++)
            {
                target[i, lines.ColumnIndices[p]] = lines.Values[p];
            }
        }
    }

    internal override void ApplyCore(SketchRange range, T alpha, in ReadOnlyMatrixView<T> a, T beta, in MatrixView<T> b, ILinearAlgebraBackend backend)
    {
        if (!DrawsColumns || Gathers(range, a))
        {
            Compressed(range, byColumns: false).Multiply(alpha, a, beta, b);
        }
        else
        {
            Compressed(range, byColumns: true).TransposeMultiply(alpha, a, beta, b);
        }
    }

    internal override void AdjointCore(SketchRange range, T alpha, in ReadOnlyMatrixView<T> a, T beta, in MatrixView<T> b, ILinearAlgebraBackend backend)
    {
        if (DrawsColumns)
        {
            Compressed(range, byColumns: true).Multiply(alpha, a, beta, b);
        }
        else
        {
            Compressed(range, byColumns: false).TransposeMultiply(alpha, a, beta, b);
        }
    }

    internal override void SparseCore(SketchSide side, SketchRange range, T alpha, CsrMatrix<T> a, T beta, in MatrixView<T> b)
    {
        CsrMatrix<T> s = Compressed(range, byColumns: side.IsAdjoint());
        (CsrMatrix<T> first, CsrMatrix<T> second) = side.IsLeft() ? (s, a) : (a, s);
        first.Multiply(alpha, second, beta, b);
    }

    /// <summary>
    /// Whether summing whole rows of A, each read once for every entry in its column of S, is the faster way to the same bits: up to three entries, and rows of some cache lines. The way is chosen for
    /// the whole sketch alone: turning a block round each time costs more than it brings.
    /// </summary>
    private bool Gathers(SketchRange range, in ReadOnlyMatrixView<T> a)
        => range == Whole && a.ColumnStride == 1 && (long)a.Columns * Unsafe.SizeOf<T>() >= 1024 && Compressed(range, byColumns: true).NonZeros <= 3L * Columns;

    /// <summary>A block by rows, or its transpose by rows. Those of the whole sketch are kept; two threads at worst draw the same one twice.</summary>
    private CsrMatrix<T> Compressed(SketchRange range, bool byColumns)
    {
        if (range != Whole)
        {
            CsrMatrix<T> block = Draw(range);
            return byColumns == DrawsColumns ? block : block.Transpose();
        }

        CsrMatrix<T> drawn = _drawn ??= Draw(range);
        return byColumns == DrawsColumns ? drawn : _turned ??= drawn.Transpose();
    }
}
