using System.Numerics;
using Polyad.Managed;

namespace Polyad.Sketching;

/// <summary>The panels that products of dense sketches draw.</summary>
internal static class DensePanels
{
    /// <summary>Rows of S in a panel, at most.</summary>
    public const int Rows = 4096;

    /// <summary>Numbers in a panel, about.</summary>
    public const int Size = 1 << 20;

    /// <summary>Columns of S in a panel of so many rows: a depth that products like.</summary>
    public static int Columns(int rows, int columns) => Math.Min(columns, Math.Max(256, Size / rows / 256 * 256));
}

/// <summary>
/// A sketch with independent entries: entry (i, j) is draw j of stream i, so more rows or more columns leave the others as they are, and the sketch that begins at
/// <see cref="SketchOperator{T}.NextState"/>, put below this one, makes one larger sketch. Products draw panels of S and multiply them on the engine; S is never stored whole.
/// </summary>
public abstract unsafe class DenseSketch<T> : SketchOperator<T>
    where T : unmanaged, INumberBase<T>
{
    /// <summary>Floating-point operations that a draw is worth when threads are counted.</summary>
    private const double DrawCost = 20;

    private protected DenseSketch(int rows, int columns, SketchState state)
        : base(rows, columns, state)
    {
    }

    /// <inheritdoc/>
    public override SketchState NextState => State.Skip((ulong)Rows);

    /// <summary>1 / sqrt(D): entries have variance 1.</summary>
    public override double IsometryScale => 1 / Math.Sqrt(Rows);

    /// <summary>Draws a part of a row that starts at a column.</summary>
    private protected abstract void DrawRow(int row, int column, Span<T> entries);

    internal override void FillCore(SketchRange range, in MatrixView<T> block)
    {
        fixed (T* p = block)
        {
            Draw(range, Pinned.Block(block, p));
        }
    }

    internal override void ApplyCore(SketchRange range, T alpha, in ReadOnlyMatrixView<T> a, T beta, in MatrixView<T> b, ILinearAlgebraBackend backend)
    {
        int height = Math.Min(range.Rows, DensePanels.Rows), width = DensePanels.Columns(height, range.Columns);
        using Scratch<T> scratch = Workspace.Rent<T>((nint)height * width);
        for (int i = 0; i < range.Rows; i += height)
        {
            int rows = Math.Min(height, range.Rows - i);
            for (int j = 0; j < range.Columns; j += width)
            {
                int columns = Math.Min(width, range.Columns - j);
                MatrixBlock<T> panel = MatrixBlock<T>.RowMajor(scratch.Pointer, rows, columns);
                Draw(range.Slice(i, j, rows, columns), panel);
                backend.MatMul(alpha, panel.AsReadOnlyView(), a.Slice(j, 0, columns, a.Columns), j == 0 ? beta : T.One, b.Slice(i, 0, rows, b.Columns));
            }
        }
    }

    internal override void AdjointCore(SketchRange range, T alpha, in ReadOnlyMatrixView<T> a, T beta, in MatrixView<T> b, ILinearAlgebraBackend backend)
    {
        int height = Math.Min(range.Rows, DensePanels.Rows), width = DensePanels.Columns(height, range.Columns);
        using Scratch<T> scratch = Workspace.Rent<T>((nint)height * width);
        for (int j = 0; j < range.Columns; j += width)
        {
            int columns = Math.Min(width, range.Columns - j);
            for (int i = 0; i < range.Rows; i += height)
            {
                int rows = Math.Min(height, range.Rows - i);
                MatrixBlock<T> panel = MatrixBlock<T>.RowMajor(scratch.Pointer, rows, columns);
                Draw(range.Slice(i, j, rows, columns), panel);
                backend.MatMul(alpha, panel.AsReadOnlyView().Transpose, a.Slice(i, 0, rows, a.Columns), i == 0 ? beta : T.One, b.Slice(j, 0, columns, b.Columns));
            }
        }
    }

    /// <summary>
    /// Sums of the lines of a slab of S, or of its transpose, that the entries of A name. A slab holds one inner dimension and some of the outer one; it is drawn once.
    /// </summary>
    internal override void SparseCore(SketchSide side, SketchRange range, T alpha, CsrMatrix<T> a, T beta, in MatrixView<T> b)
    {
        bool transposed = !side.ActsTransposed(), left = side.IsLeft();
        (int inner, int outer) = transposed ? (range.Columns, range.Rows) : (range.Rows, range.Columns);
        int width = Math.Min(outer, Math.Max(16, DensePanels.Size / inner)), others = left ? b.Columns : b.Rows;
        using Scratch<T> slabs = Workspace.Rent<T>((nint)inner * width), sums = Workspace.Rent<T>(left ? (nint)others * width : 0);
        fixed (T* p = b)
        {
            MatrixBlock<T> target = left ? Pinned.Block(b, p).Transpose : Pinned.Block(b, p);
            for (int first = 0; first < outer; first += width)
            {
                int count = Math.Min(width, outer - first);
                MatrixBlock<T> slab = MatrixBlock<T>.RowMajor(slabs.Pointer, inner, count), part = target.Slice(0, first, others, count);
                if (transposed)
                {
                    Draw(range.Slice(first, 0, count, inner), slab.Transpose);
                }
                else
                {
                    Draw(range.Slice(0, first, inner, count), slab);
                }

                if (left)
                {
                    MatrixBlock<T> sum = MatrixBlock<T>.RowMajor(sums.Pointer, others, count);
                    a.TransposeMultiply(T.One, slab.AsReadOnlyView(), T.Zero, sum.AsView());
                    BlockAdd.Run(alpha, sum, beta, part);
                }
                else
                {
                    a.Multiply(alpha, slab.AsReadOnlyView(), beta, part.AsView());
                }
            }
        }
    }

    private void Draw(SketchRange range, MatrixBlock<T> target)
    {
        // A part is some rows, drawn where they shall stand or brought there in tiles.
        int rows = Math.Clamp(4096 / range.Columns, 1, 64), parts = (range.Rows + rows - 1) / rows;
        WorkTeam.Run(parts, Parallelism.Current.ThreadsForFlops(DrawCost * range.Rows * range.Columns), part =>
        {
            int first = part * rows, count = Math.Min(rows, range.Rows - first);
            if (target.ColumnStride == 1)
            {
                for (int i = first; i < first + count; i++)
                {
                    DrawRow(range.Row + i, range.Column, new Span<T>(target.Data + (i * target.RowStride), range.Columns));
                }

                return;
            }

            int width = Math.Min(range.Columns, 1024);
            using Scratch<T> scratch = Workspace.Rent<T>((nint)count * width);
            for (int j = 0; j < range.Columns; j += width)
            {
                MatrixBlock<T> tile = MatrixBlock<T>.RowMajor(scratch.Pointer, count, Math.Min(width, range.Columns - j));
                for (int i = 0; i < count; i++)
                {
                    DrawRow(range.Row + first + i, range.Column + j, new Span<T>(tile.Data + (i * tile.RowStride), tile.Columns));
                }

                BlockCopy.Run(tile, target.Slice(first, j, count, tile.Columns));
            }
        });
    }
}
