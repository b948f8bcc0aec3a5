using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>
/// What variances depend on for all pairs of some rows: products of norms, inner products, sums of squared products of entries, and how many pairs of the whole data each stands for.
/// </summary>
internal sealed class PairSample
{
    private PairSample(int rows, int total, int pairs)
    {
        (Rows, Total) = (rows, total);
        (Norms, Inner, Entries, Counts, SquaredNorms) = (new double[pairs], new double[pairs], new double[pairs], new double[pairs], new double[rows]);
    }

    /// <summary>m; pair (i, j), j at most i, is number i (i + 1) / 2 + j.</summary>
    public int Rows { get; }

    /// <summary>n, the rows that these stand for.</summary>
    public int Total { get; }

    /// <summary>|x|^2 |y|^2 of each pair.</summary>
    public double[] Norms { get; }

    /// <summary>x.y of each pair.</summary>
    public double[] Inner { get; }

    /// <summary>The sum of x_j^2 y_j^2 of each pair.</summary>
    public double[] Entries { get; }

    /// <summary>How many ordered pairs of the data each pair stands for.</summary>
    public double[] Counts { get; }

    /// <summary>|x|^2 of each row.</summary>
    public double[] SquaredNorms { get; }

    public int Pairs => Norms.Length;

    /// <summary>The moments of a pair.</summary>
    public PairMoments this[int pair] => PairMoments.Fixed(Norms[pair], Inner[pair], Entries[pair]);

    /// <summary>All pairs of m rows that stand for n.</summary>
    /// <param name="rows">m x d.</param>
    /// <param name="total">n.</param>
    /// <param name="backend">The engine.</param>
    public static PairSample Of(Tensor<double> rows, int total, ILinearAlgebraBackend? backend)
    {
        int m = (int)rows.Lengths[0];
        Tensor<double> squares = Tensor.Multiply<double>(rows, rows), inner = LinearAlgebra.MatMul(rows.AsReadOnlyMatrix(), rows.AsReadOnlyMatrix().Transpose, backend);
        Tensor<double> entries = LinearAlgebra.MatMul(squares.AsReadOnlyMatrix(), squares.AsReadOnlyMatrix().Transpose, backend);
        ReadOnlySpan<double> k = LinearAlgebra.Elements(inner), s = LinearAlgebra.Elements(entries);
        int pairs = m * (m + 1) / 2;
        PairSample sample = new(m, total, pairs);
        double different = m > 1 ? 2.0 * total * (total - 1.0) / ((double)m * (m - 1)) : 0;
        for (int i = 0, pair = 0; i < m; i++)
        {
            sample.SquaredNorms[i] = k[(i * m) + i];
            for (int j = 0; j <= i; j++, pair++)
            {
                sample.Norms[pair] = k[(i * m) + i] * k[(j * m) + j];
                sample.Inner[pair] = k[(i * m) + j];
                sample.Entries[pair] = s[(i * m) + j];
                sample.Counts[pair] = i == j ? (double)total / m : different;
            }
        }

        return sample;
    }

    /// <summary>The pairs of some rows of the data, as a polynomial kernel takes them to its power.</summary>
    public static PairSample Of<T>(in FeatureRows<T> data, in PolynomialKernel kernel, int rows, ulong seed, ILinearAlgebraBackend? backend)
        where T : unmanaged, INumberBase<T>
        => Of(KernelRows.Homogeneous(Draw(data, rows, seed), kernel), data.Rows, backend);

    /// <summary>Some rows of the data, drawn without replacement, in double precision: those from place <paramref name="skip"/> on of a random order, or the last ones of it where there are too few.</summary>
    public static Tensor<double> Draw<T>(in FeatureRows<T> data, int rows, ulong seed, int skip = 0)
        where T : unmanaged, INumberBase<T>
    {
        int m = Math.Min(rows, data.Rows), end = Math.Min(data.Rows, skip + m);
        Tensor<T> gathered = data.Gather(new CounterRandom(seed).Sample(data.Rows, end).AsSpan(end - m));
        return Tensor.ConvertTruncating<T, double>(gathered);
    }

    /// <summary>The sum over pairs of count * weight_i^2 weight_j^2 * variance of a sketch of their powers; weights are 1 where there are none.</summary>
    public double Variance(MomentMap map, int degree, double[]? weights = null) => Sum(map, degree, weights, signed: false);

    /// <summary>As <see cref="Variance"/>, of terms that may be negative where a map is only part of a sketch's.</summary>
    public double SignedVariance(MomentMap map, int degree, double[]? weights = null) => Sum(map, degree, weights, signed: true);

    /// <summary>What is said where no error can be computed.</summary>
    public static OverflowException OutOfRange() => new("The squared values of the kernel on the data leave the range of double: scale the rows down.");

    private double Sum(MomentMap map, int degree, double[]? weights, bool signed)
    {
        // Parts of a fixed size: the sum does not depend on the threads.
        const int Part = 512;
        double[] sums = new double[(Pairs + Part - 1) / Part];
        WorkTeam.Run(sums.Length, Parallelism.Current.ThreadsForFlops(200.0 * degree * Pairs), part =>
        {
            PairMoments[] factors = new PairMoments[degree];
            double sum = 0;
            int first = part * Part, end = Math.Min(Pairs, first + Part);
            (int i, int j) = Place(first);
            for (int pair = first; pair < end; pair++)
            {
                double weight = weights is null ? 1 : weights[i] * weights[j];
                if (weight != 0)
                {
                    Array.Fill(factors, this[pair]);
                    PairMoments output = map(factors);
                    double value = Math.Pow(Inner[pair], degree), variance = (0.5 * (output.Square + output.Pseudo)) - (value * value);
                    sum += Counts[pair] * weight * weight * (signed ? variance : Math.Max(0, variance));
                }

                (i, j) = j == i ? (i + 1, 0) : (i, j + 1);
            }

            sums[part] = sum;
        });
        return sums.Sum();
    }

    /// <summary>The predicted error of the kernel matrix of all rows.</summary>
    /// <param name="squaredError">The sum over pairs of count * squared error.</param>
    /// <param name="squaredKernel">The sum over pairs of count * squared kernel value.</param>
    /// <exception cref="OverflowException">A sum is not finite.</exception>
    public ErrorPrediction Prediction(double squaredError, double squaredKernel)
        => !double.IsFinite(squaredError) || !double.IsFinite(squaredKernel)
            ? throw OutOfRange()
            : new(squaredKernel > 0 ? Math.Sqrt(squaredError / squaredKernel) : 0, squaredError / ((double)Total * Total), Rows, Rows == Total ? PredictionKind.Exact : PredictionKind.Approximation);

    /// <summary>The sum over pairs of count * (x.y)^(2 degree).</summary>
    public double PowerSquares(int degree) => SquareSum((pair, _, _) => Math.Pow(Inner[pair], degree));

    /// <summary>The sum over pairs of count * value(pair, i, j)^2.</summary>
    public double SquareSum(Func<int, int, int, double> value)
    {
        double sum = 0;
        for (int i = 0, pair = 0; i < Rows; i++)
        {
            for (int j = 0; j <= i; j++, pair++)
            {
                double v = value(pair, i, j);
                sum += Counts[pair] * v * v;
            }
        }

        return sum;
    }

    private static (int I, int J) Place(int pair)
    {
        int i = (int)((Math.Sqrt((8.0 * pair) + 1) - 1) / 2);
        while ((long)(i + 1) * (i + 2) / 2 <= pair)
        {
            i++;
        }

        while ((long)i * (i + 1) / 2 > pair)
        {
            i--;
        }

        return (i, pair - (i * (i + 1) / 2));
    }
}
