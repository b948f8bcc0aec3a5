using System.Numerics;

namespace Polyad.Sketching;

/// <summary>
/// Random Maclaurin features (Kar and Karnick 2012) of a dot-product kernel f(x.y) = sum of a_n (x.y)^n: each of the D features draws its degree n with probability p_n and is the root of a_n / (D p_n) times the product
/// of n random projections of the row by random signs. Unbiased for the given coefficients.
/// </summary>
public static class RandomMaclaurin
{
    /// <summary>Draws the degrees and the sketch.</summary>
    /// <param name="inputDimension">d, at least 1.</param>
    /// <param name="coefficients">a_0, a_1, ..., not negative, one positive.</param>
    /// <param name="outputDimension">D, at least 1.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="probabilities">p_0, p_1, ..., positive where the coefficient is; null for p_n proportional to 2^-(n+1) among those. Scaled to the sum 1.</param>
    /// <exception cref="ArgumentException">A coefficient is negative or not finite, all are zero, or a probability is missing.</exception>
    public static MaclaurinSketch<T> Create<T>(int inputDimension, ReadOnlySpan<double> coefficients, int outputDimension, ulong seed = 0, ReadOnlySpan<double> probabilities = default)
        where T : unmanaged, INumberBase<T>
    {
        double[] p = Measure(coefficients, probabilities);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputDimension, 1);
        double[] draws = new double[outputDimension];
        SketchStream.Of(seed, StreamRole.Degree, 0).Uniform(draws.AsSpan());
        int[] counts = new int[p.Length];
        foreach (double draw in draws)
        {
            double sum = 0;
            int degree = 0;
            for (int n = 0; n < p.Length; n++)
            {
                // The last degree that can be drawn takes what rounding leaves.
                degree = p[n] > 0 ? n : degree;
                sum += p[n];
                if (draw < sum)
                {
                    break;
                }
            }

            counts[degree]++;
        }

        List<MaclaurinPart<T>> parts = [];
        for (int n = 0; n < p.Length; n++)
        {
            // A product sketch of D_n features divides by the root of D_n itself.
            if (counts[n] > 0)
            {
                double weight = coefficients[n] * counts[n] / (outputDimension * p[n]);
                parts.Add(new(n, weight, 0, n == 0 ? null : new ProductSketch<T>(inputDimension, n, counts[n], SketchStream.Seed(seed, n), ProjectionWeights.Rademacher, complex: false)));
            }
        }

        // All features of degree 0 are one constant; the rest of them stay zero.
        return new MaclaurinSketch<T>(inputDimension, outputDimension, seed, RowAdaptation.None, parts);
    }

    /// <summary>The variance of the estimate of f(x.y).</summary>
    /// <param name="coefficients">As for <see cref="Create"/>.</param>
    /// <param name="outputDimension">D.</param>
    /// <param name="x">A vector.</param>
    /// <param name="y">A vector of the same length.</param>
    /// <param name="probabilities">As for <see cref="Create"/>.</param>
    public static VariancePrediction Predict(ReadOnlySpan<double> coefficients, int outputDimension, ReadOnlySpan<double> x, ReadOnlySpan<double> y, ReadOnlySpan<double> probabilities = default)
    {
        double[] p = Measure(coefficients, probabilities);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputDimension, 1);
        Arguments.Length(y, x.Length);
        double xx = 0, yy = 0, inner = 0, entries = 0;
        for (int j = 0; j < x.Length; j++)
        {
            double product = x[j] * y[j];
            (xx, yy, inner, entries) = (xx + (x[j] * x[j]), yy + (y[j] * y[j]), inner + product, entries + (product * product));
        }

        // E z(x)^2 z(y)^2 of one feature, its degree drawn too.
        double value = 0, square = 0, row = (xx * yy) + (2 * ((inner * inner) - entries));
        for (int n = 0; n < p.Length; n++)
        {
            value += coefficients[n] * Math.Pow(inner, n);
            square += p[n] > 0 ? coefficients[n] * coefficients[n] / p[n] * Math.Pow(row, n) : 0;
        }

        double variance = (square - (value * value)) / outputDimension;
        return new(variance, variance, variance, PredictionKind.Exact);
    }

    private static double[] Measure(ReadOnlySpan<double> coefficients, ReadOnlySpan<double> probabilities)
    {
        if (coefficients.IsEmpty || coefficients.Length > PolynomialKernel.MaxDegree + 1)
        {
            throw new ArgumentException($"A series has between 1 and {PolynomialKernel.MaxDegree + 1} coefficients; given {coefficients.Length}.", nameof(coefficients));
        }

        if (!probabilities.IsEmpty)
        {
            Arguments.Length(probabilities, coefficients.Length);
        }

        double[] p = new double[coefficients.Length];
        double sum = 0;
        for (int n = 0; n < p.Length; n++)
        {
            if (!double.IsFinite(coefficients[n]) || coefficients[n] < 0)
            {
                throw new ArgumentException($"Coefficient {n} is {coefficients[n]}: a kernel on all vectors has finite coefficients of at least 0.", nameof(coefficients));
            }

            double given = probabilities.IsEmpty ? Math.ScaleB(1, -(n + 1)) : probabilities[n];
            if (coefficients[n] > 0 && !(given > 0 && double.IsFinite(given)))
            {
                throw new ArgumentException($"Degree {n} has coefficient {coefficients[n]} and needs a positive probability; given {given}.", nameof(probabilities));
            }

            p[n] = coefficients[n] > 0 ? given : 0;
            sum += p[n];
        }

        if (sum == 0)
        {
            throw new ArgumentException("All coefficients are zero.", nameof(coefficients));
        }

        return Array.ConvertAll(p, v => v / sum);
    }
}
