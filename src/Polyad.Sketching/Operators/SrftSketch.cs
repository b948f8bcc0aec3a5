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

    internal override void ProductCore(bool transposed, bool conjugated, ComplexBlocks a, ComplexBlocks product, ILinearAlgebraBackend backend)
    {
        FftPlan<double> plan = new(Order);
        int k = a.Real.Columns;
        for (int s = 0; s < _segments.Length; s++)
        {
            Segment segment = At(s);
            int first = s * Order;
            ComplexBlocks from = transposed ? a.Slice(first, 0, segment.Rows.Length, k) : a, to = transposed ? product : product.Slice(first, 0, segment.Rows.Length, k);
            WorkTeam.Run((k + Lines - 1) / Lines, Parallelism.Current.ThreadsForFlops(60.0 * Order * k), part =>
            {
                int column = part * Lines, count = Math.Min(Lines, k - column);
                Run(plan, segment, transposed, conjugated, from.Slice(0, column, from.Real.Rows, count), to.Slice(0, column, to.Real.Rows, count), add: transposed && first > 0);
            });
        }
    }

    internal override void SparseRowsCore(CsrMatrix<double> a, ComplexBlocks product, double scale)
    {
        FftPlan<double> plan = new(Order);
        for (int s = 0; s < _segments.Length; s++)
        {
            Segment segment = At(s);
            int first = s * Order;
            WorkTeam.Run(a.Rows, Parallelism.Current.ThreadsForFlops(60.0 * Order * a.Rows), i =>
            {
                using Scratch<double> scratch = Workspace.Rent<double>(2 * (nint)Order);
                scratch.Clear();
                double* re = scratch.Pointer, im = scratch.Pointer + Order;
                for (int p = a.RowPointers[i]; p < a.RowPointers[i + 1]; p++)
                {
                    int j = a.ColumnIndices[p];
                    (re[j], im[j]) = (segment.Real[j] * a.Values[p], segment.Imaginary[j] * a.Values[p]);
                }

                plan.Run(re, im);
                for (int r = 0; r < segment.Rows.Length; r++)
                {
                    (product.Real[i, first + r], product.Imaginary[i, first + r]) = (scale * re[segment.Rows[r]], scale * im[segment.Rows[r]]);
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
                    (re[j], im[j]) = ((p * x[j]) - (q * v), (p * v) + (q * x[j]));
                }
            }

            plan.Run(re, im);
            for (int j = 0; j < product.Real.Rows; j++)
            {
                int at = transposed ? j : segment.Rows[j];
                (double p, double q) = transposed ? (segment.Real[j], segment.Imaginary[j]) : (1.0, 0.0);
                (double u, double v) = ((p * re[at]) - (q * im[at]), turn * ((p * im[at]) + (q * re[at])));
                ref double toReal = ref product.Real[j, c], toImaginary = ref product.Imaginary[j, c];
                (toReal, toImaginary) = add ? (toReal + u, toImaginary + v) : (u, v);
            }
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
        Segment segment = new(real, imaginary, count == Order ? draws.Permutation(Order) : draws.Sample(Order, count));
        Volatile.Write(ref _segments[index], segment);
        return segment;
    }

    private sealed record Segment(double[] Real, double[] Imaginary, int[] Rows);
}
