using System.Numerics;
using Polyad.Managed;

namespace Polyad.Sketching;

/// <summary>A complex sketch with independent entries: as <see cref="DenseSketch{T}"/>, four real products of panels for one complex product, two where A is real.</summary>
public abstract unsafe class ComplexDenseSketch : ComplexSketchOperator
{
    private protected ComplexDenseSketch(int rows, int columns, SketchState state)
        : base(rows, columns, state)
    {
    }

    /// <inheritdoc/>
    public override SketchState NextState => State.Skip((ulong)Rows);

    /// <summary>Draws a part of a row that starts at a column.</summary>
    private protected abstract void DrawRow(int row, int column, Span<double> real, Span<double> imaginary);

    internal override void FillCore(int row, int column, in MatrixView<Complex> block)
    {
        using Scratch<double> scratch = Workspace.Rent<double>(2 * (nint)block.Columns);
        Span<double> real = scratch.Span[..block.Columns], imaginary = scratch.Span[block.Columns..];
        for (int i = 0; i < block.Rows; i++)
        {
            DrawRow(row + i, column, real, imaginary);
            for (int j = 0; j < block.Columns; j++)
            {
                block[i, j] = new Complex(real[j], imaginary[j]);
            }
        }
    }

    internal override void ProductCore(SketchRange range, bool transposed, bool conjugated, ComplexBlocks a, ComplexBlocks product, ILinearAlgebraBackend backend)
    {
        int height = Math.Min(range.Rows, DensePanels.Rows), width = DensePanels.Columns(height, range.Columns);
        double turn = conjugated ? -1 : 1;
        using Scratch<double> scratch = Workspace.Rent<double>(2 * (nint)height * width);
        for (int i = 0; i < range.Rows; i += height)
        {
            for (int j = 0; j < range.Columns; j += width)
            {
                int rows = Math.Min(height, range.Rows - i), columns = Math.Min(width, range.Columns - j);
                MatrixBlock<double> re = MatrixBlock<double>.RowMajor(scratch.Pointer, rows, columns), im = MatrixBlock<double>.RowMajor(scratch.Pointer + ((nint)height * width), rows, columns);
                Draw(range.Row + i, range.Column + j, re, im);
                if (transposed)
                {
                    Add(turn, re.Transpose, im.Transpose, a.Slice(i, 0, rows, a.Real.Columns), i > 0, product.Slice(j, 0, columns, product.Real.Columns), backend);
                }
                else
                {
                    Add(turn, re, im, a.Slice(j, 0, columns, a.Real.Columns), j > 0, product.Slice(i, 0, rows, product.Real.Columns), backend);
                }
            }
        }
    }

    internal override void SparseCore(SketchSide side, SketchRange range, bool conjugated, CsrMatrix<double> a, ComplexBlocks product)
    {
        new Part(this, imaginary: false).SparseCore(side, range, 1, a, 0, product.Real.AsView());
        new Part(this, imaginary: true).SparseCore(side, range, conjugated ? -1 : 1, a, 0, product.Imaginary.AsView());
    }

    /// <summary>P (+)= (R + i turn I) A.</summary>
    private static void Add(double turn, MatrixBlock<double> re, MatrixBlock<double> im, ComplexBlocks a, bool more, ComplexBlocks product, ILinearAlgebraBackend backend)
    {
        double keep = more ? 1 : 0;
        ReadOnlyMatrixView<double> r = re.AsReadOnlyView(), s = im.AsReadOnlyView();
        backend.MatMul(1, r, a.Real.AsReadOnlyView(), keep, product.Real.AsView());
        backend.MatMul(turn, s, a.Real.AsReadOnlyView(), keep, product.Imaginary.AsView());
        if (!a.IsReal)
        {
            backend.MatMul(-turn, s, a.Imaginary.AsReadOnlyView(), 1, product.Real.AsView());
            backend.MatMul(1, r, a.Imaginary.AsReadOnlyView(), 1, product.Imaginary.AsView());
        }
    }

    private void Draw(int row, int column, MatrixBlock<double> re, MatrixBlock<double> im)
        => WorkTeam.Run(re.Rows, Parallelism.Current.ThreadsForFlops(40.0 * re.Rows * re.Columns), i =>
            DrawRow(row + i, column, new(re.Data + (i * re.RowStride), re.Columns), new(im.Data + (i * im.RowStride), im.Columns)));

    /// <summary>The real or imaginary part as a real sketch.</summary>
    private sealed class Part(ComplexDenseSketch sketch, bool imaginary) : DenseSketch<double>(sketch.Rows, sketch.Columns, sketch.State)
    {
        private protected override void DrawRow(int row, int column, Span<double> entries)
        {
            using Scratch<double> other = Workspace.Rent<double>(entries.Length);
            if (imaginary)
            {
                sketch.DrawRow(row, column, other.Span, entries);
            }
            else
            {
                sketch.DrawRow(row, column, entries, other.Span);
            }
        }
    }
}
