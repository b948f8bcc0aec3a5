using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>Variances of random Fourier features.</summary>
public static class RandomFourierVariance
{
    /// <summary>
    /// The variance of the estimate of k = exp(-gamma |x - y|^2). Pairs: (1 - k^2)^2 / D; with offsets (1 + k^4/2 - k^2) / D. Orthogonal frequencies add, for every ordered pair of frequencies in a block, the covariance
    /// 1F1(d; d/2; -z) - k^2 with z = gamma |x - y|^2: the squared length of the sum of two orthogonal frequencies has 2 d degrees of freedom, and its direction is uniform.
    /// </summary>
    /// <param name="squaredDistance">|x - y|^2, finite, at least 0.</param>
    /// <param name="gamma">Finite and positive.</param>
    /// <param name="features">D, even but for offsets.</param>
    /// <param name="form">Sines and cosines, or offsets.</param>
    /// <param name="orthogonalDimension">0 for independent frequencies; d for frequencies that are orthogonal in blocks of d, with the lengths of independent ones (Yu et al. 2016).</param>
    /// <exception cref="ArgumentException">A number is out of range, or frequencies with offsets are to be orthogonal.</exception>
    public static VariancePrediction Predict(double squaredDistance, double gamma, int features, FourierForm form = FourierForm.SineCosine, int orthogonalDimension = 0)
    {
        if (!(squaredDistance >= 0 && double.IsFinite(squaredDistance)))
        {
            throw new ArgumentOutOfRangeException(nameof(squaredDistance), squaredDistance, $"The squared distance must be finite and at least 0; given {squaredDistance}.");
        }

        if (!(gamma > 0 && double.IsFinite(gamma)))
        {
            throw new ArgumentOutOfRangeException(nameof(gamma), gamma, $"gamma must be finite and positive; given {gamma}.");
        }

        if (features < 1 || orthogonalDimension < 0 || (form == FourierForm.Offset ? orthogonalDimension > 0 : features % 2 != 0))
        {
            throw new ArgumentException($"A positive number of features, even for sines and cosines, and a dimension of at least 0 (0 with offsets) are needed; given {features} and {orthogonalDimension}.", nameof(features));
        }

        double variance = Of(gamma * squaredDistance, features, form, orthogonalDimension);
        return new(variance, variance, variance, PredictionKind.Exact);
    }

    /// <summary>The error of the kernel matrix of data: exact for the pairs of the rows that are looked at.</summary>
    /// <param name="data">n x d, finite.</param>
    /// <param name="gamma">Positive.</param>
    /// <param name="features">D.</param>
    /// <param name="form">Sines and cosines, or offsets.</param>
    /// <param name="orthogonal">Whether frequencies are orthogonal in blocks of d.</param>
    /// <param name="sampleRows">How many rows are looked at, at least 2; all if there are fewer.</param>
    /// <param name="seed">The seed of their draw.</param>
    /// <exception cref="ArgumentException">There is no row, or a number is out of range.</exception>
    /// <exception cref="NonFiniteInputException">A row holds NaN or infinity.</exception>
    public static ErrorPrediction Predict<T>(in FeatureRows<T> data, double gamma, int features, FourierForm form = FourierForm.SineCosine, bool orthogonal = false, int sampleRows = 200, ulong seed = 0)
        where T : unmanaged, INumberBase<T>
    {
        data.Check(nameof(data));
        int d = orthogonal ? data.Columns : 0;
        _ = Predict(0, gamma, features, form, d);
        ArgumentOutOfRangeException.ThrowIfLessThan(sampleRows, 2);
        PairSample sample = PairSample.Of(PairSample.Draw(data, sampleRows, seed), data.Rows, null);
        double error = 0, total = 0;
        for (int i = 0, pair = 0; i < sample.Rows; i++)
        {
            for (int j = 0; j <= i; j++, pair++)
            {
                double z = i == j ? 0 : gamma * Math.Max(0, sample.SquaredNorms[i] + sample.SquaredNorms[j] - (2 * sample.Inner[pair])), k = Math.Exp(-z);
                error += sample.Counts[pair] * Of(z, features, form, d);
                total += sample.Counts[pair] * k * k;
            }
        }

        return sample.Prediction(error, total);
    }

    private static double Of(double z, int features, FourierForm form, int dimension)
    {
        double k = Math.Exp(-z), k2 = k * k;
        if (form == FourierForm.Offset)
        {
            return (1 + (0.5 * k2 * k2) - k2) / features;
        }

        double independent = (1 - k2) * (1 - k2) / features;
        if (dimension == 0)
        {
            return independent;
        }

        double m = features / 2, whole = Math.Floor(m / dimension), rest = m - (whole * dimension), pairs = (whole * dimension * (dimension - 1)) + (rest * (rest - 1));
        return Math.Max(0, independent + (pairs / (m * m) * (SumOfOrthogonal(z, dimension) - k2)));
    }

    /// <summary>
    /// E cos(w1.t) cos(w2.t) of two orthogonal frequencies: 1F1(d; d/2; -2 z) for z = gamma |t|^2, by Kummer's transformation e^(-2z) 1F1(-d/2; d/2; 2z), whose terms are below those of e^(2z) e^(-2z) = 1: the error is a few units of rounding.
    /// </summary>
    private static double SumOfOrthogonal(double z, int dimension)
    {
        double half = 0.5 * dimension, x = z, term = Math.Exp(-x), sum = term;
        for (int j = 0; j < 10000 && (Math.Abs(term) > 1e-18 || j < x); j++)
        {
            term *= (j - half) / (half + j) * x / (j + 1);
            sum += term;
        }

        return sum;
    }
}
