using System.Numerics;
using Polyad.Managed;

namespace Polyad.Sketching;

/// <summary>
/// The subsampled randomized Fourier transform (Woolfe, Liberty, Rokhlin, Tygert 2008): random factors 1, -1, i, -i of the coordinates, zeros up to N, the next number with prime factors 2, 3 and 5
/// alone, the discrete Fourier transform, and D of its N outputs without replacement. Entries have magnitude 1. With D = N it is unitary up to its scale. More than N rows are blocks below
/// each other, each with its own factors and order. A vector costs O(N log N).
/// </summary>
/// <remarks>
/// Entry (r, j) is d_j exp(-2 pi i h_r j / N). Block b draws its factors from stream 2 b (as <see cref="ComplexRademacherSketch"/> does) and its order h from stream 2 b + 1. More rows leave the others
/// as they are; so do more columns up to N.
/// </remarks>
public sealed unsafe class SrftSketch : ComplexSketchOperator
{
    /// <summary>Columns that one part brings into lines.</summary>
    private const int Lines = 8;

    private readonly Segment?[] _segments;

    /// <summary>A sketch of D rows and n columns.</summary>
    /// <param name="rows">D, at least 1.</param>
    /// <param name="columns">n, 1 to 2^27.</param>
    /// <param name="state">A seed, or where another sketch ended.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1, or n is above 2^27.</exception>
    public SrftSketch(int rows, int columns, SketchState state = default)
        : base(rows, columns, state)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(columns, 1 << 27);
        Order = NextSmooth(columns);
        _segments = new Segment?[((rows - 1) / Order) + 1];
    }

    /// <summary>N, the length of the Fourier transform.</summary>
    public int Order { get; }

    /// <inheritdoc/>
    public override SketchState NextState => State.Skip(2 * (ulong)_segments.Length);

    internal override void FillCore(int row, int column, in MatrixView<Complex> block)
    {
        for (int i = 0; i < block.Rows; i++)
        {
            Segment segment = At((row + i) / Order);
            int h = segment.Rows[(row + i) % Order];
            for (int j = 0; j < block.Columns; j++)
            {
                // The angle from the exact remainder of h j, so that no digit is lost.
                double angle = -2 * Math.PI * ((double)((long)h * (column + j) % Order) / Order);
                block[i, j] = new Complex(segment.Real[column + j], segment.Imaginary[column + j]) * new Complex(Math.Cos(angle), Math.Sin(angle));
            }
        }
    }

    internal override void ProductCore(SketchRange range, bool transposed, bool conjugated, ComplexBlocks a, ComplexBlocks product, ILinearAlgebraBackend backend)
    {
        FftPlan<double> plan = new(Order);
        int k = a.Real.Columns;
        foreach ((int first, Segment segment) in Pieces(range))
        {
            ComplexBlocks from = transposed ? a.Slice(first, 0, segment.Rows.Length, k) : a, to = transposed ? product : product.Slice(first, 0, segment.Rows.Length, k);
            WorkTeam.Run((k + Lines - 1) / Lines, Parallelism.Current.ThreadsForFlops(60.0 * Order * k), part =>
            {
                int column = part * Lines, count = Math.Min(Lines, k - column);
                Run(plan, segment, transposed, conjugated, from.Slice(0, column, from.Real.Rows, count), to.Slice(0, column, to.Real.Rows, count), add: transposed && first > 0);
            });
        }
    }

    internal override void SparseCore(SketchSide side, SketchRange range, bool conjugated, CsrMatrix<double> a, ComplexBlocks product)
    {
        // A product from the left is one of the rows of A^T: S A = (A^T S^T)^T.
        bool left = side.IsLeft(), transposed = side.ActsTransposed();
        CsrMatrix<double> rows = left ? a.Transpose() : a;
        ComplexBlocks target = left ? product.Transpose : product;
        FftPlan<double> plan = new(Order);
        double turn = conjugated ? -1 : 1;
        foreach ((int first, Segment segment) in Pieces(range))
        {
            WorkTeam.Run(rows.Rows, Parallelism.Current.ThreadsForFlops(60.0 * Order * rows.Rows), i =>
            {
                using Scratch<double> scratch = Workspace.Rent<double>(2 * (nint)Order);
                scratch.Clear();
                double* re = scratch.Pointer, im = scratch.Pointer + Order;
                for (int p = rows.RowPointers[i]; p < rows.RowPointers[i + 1]; p++)
                {
                    int j = rows.ColumnIndices[p] - (transposed ? first : 0);
                    if (!transposed)
                    {
                        (re[segment.Column + j], im[segment.Column + j]) = (segment.Real[j] * rows.Values[p], segment.Imaginary[j] * rows.Values[p]);
                    }
                    else if (j >= 0 && j < segment.Rows.Length)
                    {
                        re[segment.Rows[j]] = rows.Values[p];
                    }
                }

                plan.Run(re, im);
                for (int r = 0; r < (transposed ? range.Columns : segment.Rows.Length); r++)
                {
                    (double u, double v) = segment.Output(transposed, r, re, im);
                    ref double toReal = ref target.Real[i, transposed ? r : first + r], toImaginary = ref target.Imaginary[i, transposed ? r : first + r];
                    (toReal, toImaginary) = transposed && first > 0 ? (toReal + u, toImaginary + (turn * v)) : (u, turn * v);
                }
            });
        }
    }

    /// <summary>The least number of at least n with prime factors 2, 3 and 5 alone.</summary>
    internal static int NextSmooth(int n)
    {
        long best = BitOperations.RoundUpToPowerOf2((uint)n);
        for (long five = 1; five < best; five *= 5)
        {
            for (long three = five; three < best; three *= 3)
            {
                long candidate = three;
                while (candidate < n)
                {
                    candidate *= 2;
                }

                best = Math.Min(best, candidate);
            }
        }

        return (int)best;
    }

    /// <summary>
    /// Some columns. F is symmetric: the transpose scatters, transforms and multiplies by the factors last. The conjugate is the conjugate of the product with the conjugate input.
    /// </summary>
    private void Run(FftPlan<double> plan, Segment segment, bool transposed, bool conjugated, ComplexBlocks a, ComplexBlocks product, bool add)
    {
        int length = a.Real.Rows, k = a.Real.Columns;
        double turn = conjugated ? -1 : 1;
        using Scratch<double> scratch = Workspace.Rent<double>((2 * (nint)Order) + (2 * (nint)length * k));
        double* re = scratch.Pointer, im = re + Order;
        MatrixBlock<double> real = MatrixBlock<double>.RowMajor(im + Order, k, length), imaginary = MatrixBlock<double>.RowMajor(im + Order + ((nint)length * k), k, length);
        BlockCopy.Run(a.Real, real.Transpose);
        if (a.IsReal)
        {
            imaginary.Clear();
        }
        else
        {
            BlockCopy.Run(a.Imaginary, imaginary.Transpose);
        }

        for (int c = 0; c < k; c++)
        {
            new Span<double>(re, 2 * Order).Clear();
            double* x = real.Data + ((nint)c * length), y = imaginary.Data + ((nint)c * length);
            for (int j = 0; j < length; j++)
            {
                double v = turn * y[j];
                if (transposed)
                {
                    (re[segment.Rows[j]], im[segment.Rows[j]]) = (x[j], v);
                }
                else
                {
                    double p = segment.Real[j], q = segment.Imaginary[j];
                    (re[segment.Column + j], im[segment.Column + j]) = ((p * x[j]) - (q * v), (p * v) + (q * x[j]));
                }
            }

            plan.Run(re, im);
            for (int j = 0; j < product.Real.Rows; j++)
            {
                (double u, double v) = segment.Output(transposed, j, re, im);
                ref double toReal = ref product.Real[j, c], toImaginary = ref product.Imaginary[j, c];
                (toReal, toImaginary) = add ? (toReal + u, toImaginary + (turn * v)) : (u, turn * v);
            }
        }
    }

    /// <summary>What a block of the sketch has of each transform, and the first of the block's rows that it makes.</summary>
    private IEnumerable<(int First, Segment Piece)> Pieces(SketchRange range)
    {
        for (int s = range.Row / Order; s <= (range.Row + range.Rows - 1) / Order; s++)
        {
            Segment whole = At(s);
            int from = Math.Max(range.Row, s * Order), skip = from - (s * Order), count = Math.Min(whole.Rows.Length - skip, range.Row + range.Rows - from);
            yield return (from - range.Row, whole.Slice(skip, count, range.Column, range.Columns));
        }
    }

    /// <summary>The draws of one transform, made when first used; two threads at worst draw the same ones twice.</summary>
    private Segment At(int index)
    {
        if (Volatile.Read(ref _segments[index]) is { } known)
        {
            return known;
        }

        double[] signs = new double[2 * Columns], real = new double[Columns], imaginary = new double[Columns];
        State.Draws(StreamFamily.Fourier, 2 * (ulong)index).Signs<double>(signs);
        for (int j = 0; j < Columns; j++)
        {
            (real[j], imaginary[j]) = signs[2 * j] > 0 ? (signs[(2 * j) + 1], 0.0) : (0.0, signs[(2 * j) + 1]);
        }

        int count = Math.Min(Order, Rows - (index * Order));
        CounterRandom draws = State.Draws(StreamFamily.Fourier, (2 * (ulong)index) + 1);
        Segment segment = new(real, imaginary, count == Order ? draws.Permutation(Order) : draws.Sample(Order, count), 0);
        Volatile.Write(ref _segments[index], segment);
        return segment;
    }

    /// <summary>The factors of some coordinates, the first of which is <paramref name="Column"/>, and the outputs of the transform that are rows of the sketch.</summary>
    private sealed record Segment(double[] Real, double[] Imaginary, int[] Rows, int Column)
    {
        public Segment Slice(int row, int rows, int column, int columns)
            => rows == Rows.Length && columns == Real.Length ? this
                : new(Real[column..(column + columns)], Imaginary[column..(column + columns)], Rows[row..(row + rows)], column);

        /// <summary>Entry <paramref name="j"/> of a product with the sketch, or with its transpose, of what was transformed.</summary>
        public (double Real, double Imaginary) Output(bool transposed, int j, double* re, double* im)
        {
            if (!transposed)
            {
                return (re[Rows[j]], im[Rows[j]]);
            }

            (double p, double q, int at) = (Real[j], Imaginary[j], Column + j);
            return ((p * re[at]) - (q * im[at]), (p * im[at]) + (q * re[at]));
        }
    }
}
