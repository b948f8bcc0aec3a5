using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>
/// All monomials of one degree, each weighted by the root of its multinomial coefficient: the inner product of the features of two rows is (x.y)^p exactly. C(d + p - 1, p) features, one multiplication for each and
/// for the lower degrees on the way; the rows themselves at degree 1. There is nothing random in it.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed unsafe class ExactPowers<T> : RowSketch<T>
    where T : unmanaged, INumberBase<T>
{
    private readonly T[] _weights;

    /// <summary>The monomials of a degree.</summary>
    /// <param name="inputDimension">d, at least 1.</param>
    /// <param name="degree">p, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1, or there are too many monomials for an array.</exception>
    public ExactPowers(int inputDimension, int degree)
        : base(inputDimension, Features(inputDimension, degree), 0)
    {
        Degree = degree;
        double[] weights = new double[OutputDimension];
        int at = 0;
        Weigh(weights, ref at, 0, degree, 1);
        _weights = Array.ConvertAll(weights, T.CreateTruncating);
    }

    /// <summary>p.</summary>
    public int Degree { get; }

    /// <summary>The number of monomials of d variables and degree p; infinity where it is beyond counting.</summary>
    public static double Count(int inputDimension, int degree)
    {
        double count = 1;
        for (int k = 1; k <= degree; k++)
        {
            count = count * (inputDimension + k - 1) / k;
        }

        return Math.Round(count);
    }

    internal override void Fill(RowSource<T> rows, MatrixBlock<T> features, ILinearAlgebraBackend backend)
    {
        int d = InputDimension, size = OutputDimension;
        WorkTeam.Run(features.Rows, Parallelism.Current.ThreadsForBytes(2.0 * features.Rows * size * sizeof(T)), i =>
        {
            using Scratch<T> scratch = Workspace.Rent<T>((2 * (nint)size) + d);
            T* x = scratch.Pointer;
            T* lower = x + d;
            T* upper = lower + size;
            rows.CopyRow(i, x);
            new Span<T>(x, d).CopyTo(new Span<T>(lower, d));
            for (int p = 2; p <= Degree; p++)
            {
                // Monomials of degree p begin with x_j and go on with those of degree p - 1 in x_j, x_(j+1), ...: the last ones of the list.
                int count = (int)Count(d, p - 1);
                T* target = upper;
                for (int j = 0; j < d; j++)
                {
                    int tail = (int)Count(d - j, p - 1);
                    TensorPrimitives.Multiply(new ReadOnlySpan<T>(lower + (count - tail), tail), x[j], new Span<T>(target, tail));
                    target += tail;
                }

                T* last = lower;
                lower = upper;
                upper = last;
            }

            TensorPrimitives.Multiply(new ReadOnlySpan<T>(lower, size), _weights, new Span<T>(lower, size));
            BlockCopy.Run(MatrixBlock<T>.RowMajor(lower, 1, size), features.Slice(i, 0, 1, size));
        });
        CheckOverflow(features);
    }

    private static int Features(int inputDimension, int degree)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputDimension, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(degree, 1);
        double count = Count(inputDimension, degree);
        return count <= Array.MaxLength ? (int)count : throw new ArgumentOutOfRangeException(nameof(degree), degree, $"{inputDimension} variables have {count:G4} monomials of degree {degree}.");
    }

    /// <summary>The roots of p! / (product of the multiplicities' factorials), in the order of the monomials: products of binomials, since p! itself leaves the range of a double at p = 171.</summary>
    private void Weigh(double[] weights, ref int at, int first, int left, double ways)
    {
        if (left == 0 || first == InputDimension - 1)
        {
            weights[at++] = Math.Sqrt(ways);
            return;
        }

        // Lexicographic order: high powers of the first variable come first.
        for (int power = left; power >= 0; power--)
        {
            Weigh(weights, ref at, first + 1, left - power, ways * DotProductKernel.Binomial(left, power));
        }
    }
}
