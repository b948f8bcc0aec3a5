using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>
/// The spread of a polynomial sketch's kernel estimates, without drawing the sketch. The variances of all families here are exact for any vectors: closed forms of the sketches of one layer, closed recursions for
/// compositions.
/// </summary>
public sealed class VarianceModel
{
    private readonly MomentMap _moments;

    /// <summary>The model of a sketch.</summary>
    /// <param name="family">The kind of sketch.</param>
    /// <param name="kernel">The kernel; a number is the degree of the homogeneous one.</param>
    /// <param name="inputDimension">d.</param>
    /// <param name="outputDimension">D, real features.</param>
    /// <exception cref="ArgumentException">A dimension is out of range for the family.</exception>
    public VarianceModel(SketchFamily family, PolynomialKernel kernel, int inputDimension, int outputDimension)
    {
        ArgumentNullException.ThrowIfNull(family);
        kernel.Defined();
        ArgumentOutOfRangeException.ThrowIfLessThan(inputDimension, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputDimension, 1);
        family.CheckDimension(outputDimension);
        (Family, Kernel, InputDimension, OutputDimension) = (family, kernel, inputDimension, outputDimension);
        _moments = family.Moments(kernel.Degree, kernel.Homogeneous(inputDimension), outputDimension);
    }

    /// <summary>The kind of sketch.</summary>
    public SketchFamily Family { get; }

    /// <summary>The kernel.</summary>
    public PolynomialKernel Kernel { get; }

    /// <summary>d.</summary>
    public int InputDimension { get; }

    /// <summary>D.</summary>
    public int OutputDimension { get; }

    /// <summary>The variance of the estimate of k(x, y).</summary>
    /// <param name="x">d numbers.</param>
    /// <param name="y">d numbers.</param>
    /// <exception cref="ArgumentException">A vector has another length.</exception>
    /// <exception cref="NonFiniteInputException">A vector holds NaN or infinity.</exception>
    public VariancePrediction Predict(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        PairMoments[] factors = new PairMoments[Kernel.Degree];
        double inner = Pair(x, y, out PairMoments pair);
        Array.Fill(factors, pair);
        return Of(factors, Math.Pow(inner, Kernel.Degree));
    }

    /// <summary>The variance of the estimate of (x1.y1)(x2.y2)...(xp.yp), each factor with the kernel's gamma and constant.</summary>
    /// <param name="x">p vectors of d numbers.</param>
    /// <param name="y">p vectors of d numbers.</param>
    /// <exception cref="ArgumentException">There are not p vectors of d numbers.</exception>
    /// <exception cref="NonFiniteInputException">A vector holds NaN or infinity.</exception>
    public VariancePrediction PredictProduct(ReadOnlySpan<double[]> x, ReadOnlySpan<double[]> y)
    {
        if (x.Length != Kernel.Degree || y.Length != Kernel.Degree)
        {
            throw new ArgumentException($"A product of degree {Kernel.Degree} has {Kernel.Degree} factors; given {x.Length} and {y.Length}.", nameof(x));
        }

        PairMoments[] factors = new PairMoments[Kernel.Degree];
        double product = 1;
        for (int k = 0; k < factors.Length; k++)
        {
            product *= Pair(x[k], y[k], out factors[k]);
        }

        return Of(factors, product);
    }

    /// <summary>
    /// The published bound of TensorSketch, (2 + 3^p) |x|^2p |y|^2p / D (Avron, Nguyen, Woodruff 2014), which <see cref="Predict(ReadOnlySpan{double}, ReadOnlySpan{double})"/> improves to the exact variance.
    /// </summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="x">A vector.</param>
    /// <param name="y">A vector of the same length.</param>
    /// <param name="outputDimension">D.</param>
    public static VariancePrediction TensorSketchBound(PolynomialKernel kernel, ReadOnlySpan<double> x, ReadOnlySpan<double> y, int outputDimension)
    {
        new VarianceModel(SketchFamily.TensorSketch, kernel, x.Length, outputDimension).Pair(x, y, out PairMoments pair);
        double bound = (2 + Math.Pow(3, kernel.Degree)) * Math.Pow(pair.Norms, kernel.Degree) / outputDimension;
        return new(bound, bound, bound, PredictionKind.Bound);
    }

    /// <summary>
    /// The customary approximation of TensorSketch's variance, (k^2 + (|x|^2 |y|^2)^p - 2 (sum of x_j^2 y_j^2)^p) / D for k = (x.y)^p: exact at degree 1, too small above it (Pham and Pagh 2013 give it without the last term as a bound, which it is not:
    /// the signs of a sum of hashes are not four-wise independent).
    /// </summary>
    /// <inheritdoc cref="TensorSketchBound"/>
    public static VariancePrediction TensorSketchApproximation(PolynomialKernel kernel, ReadOnlySpan<double> x, ReadOnlySpan<double> y, int outputDimension)
    {
        double inner = new VarianceModel(SketchFamily.TensorSketch, kernel, x.Length, outputDimension).Pair(x, y, out PairMoments pair);
        int p = kernel.Degree;
        double variance = (Math.Pow(inner, 2 * p) + Math.Pow(pair.Norms, p) - (2 * Math.Pow(pair.Entries, p))) / outputDimension;
        return new(variance, variance, variance, p == 1 ? PredictionKind.Exact : PredictionKind.Approximation);
    }

    /// <summary>The error of the kernel matrix of data: exact for the pairs of the rows that are looked at.</summary>
    /// <param name="data">n x d, finite.</param>
    /// <param name="sampleRows">How many rows are looked at, at least 2, drawn without replacement; all if there are fewer.</param>
    /// <param name="seed">The seed of that draw.</param>
    /// <param name="backend">The engine; null for the current one.</param>
    /// <exception cref="ArgumentException">There is no row, the width is not d, or fewer than 2 rows are to be looked at.</exception>
    /// <exception cref="NonFiniteInputException">A row holds NaN or infinity.</exception>
    /// <exception cref="OverflowException">The squared values of the kernel leave the range of double.</exception>
    public ErrorPrediction Predict<T>(in FeatureRows<T> data, int sampleRows = 200, ulong seed = 0, ILinearAlgebraBackend? backend = null)
        where T : unmanaged, INumberBase<T>
    {
        data.Check(nameof(data));
        if (data.Columns != InputDimension)
        {
            throw new ArgumentException($"The model is of rows of {InputDimension} numbers; given {data.Rows} x {data.Columns}.", nameof(data));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(sampleRows, 2);
        PairSample sample = PairSample.Of(data, Kernel, sampleRows, seed, backend);
        return sample.Prediction(sample.Variance(_moments, Kernel.Degree), sample.PowerSquares(Kernel.Degree));
    }

    /// <summary>The variance for given moments of the factors.</summary>
    internal VariancePrediction Of(ReadOnlySpan<PairMoments> factors, double value)
    {
        PairMoments output = _moments(factors);
        double square = value * value, complex = Math.Max(0, output.Square - square), pseudo = output.Pseudo - square;
        return Family.IsComplex
            ? new(Math.Max(0, 0.5 * (complex + pseudo)), complex, pseudo, PredictionKind.Exact)
            : new(complex, complex, complex, PredictionKind.Exact);
    }

    /// <summary>The moments of the homogeneous rows of two vectors; returns gamma x.y + c.</summary>
    private double Pair(ReadOnlySpan<double> x, ReadOnlySpan<double> y, out PairMoments pair)
    {
        if (x.Length != InputDimension || y.Length != InputDimension)
        {
            throw new ArgumentException($"The vectors must have {InputDimension} numbers; given {x.Length} and {y.Length}.", nameof(x));
        }

        Arguments.Finite(new ReadOnlyMatrixView<double>(x, 1, x.Length), default, nameof(x));
        Arguments.Finite(new ReadOnlyMatrixView<double>(y, 1, y.Length), default, nameof(y));
        double xx = 0, yy = 0, inner = 0, entries = 0;
        for (int j = 0; j < x.Length; j++)
        {
            double product = x[j] * y[j];
            (xx, yy, inner, entries) = (xx + (x[j] * x[j]), yy + (y[j] * y[j]), inner + product, entries + (product * product));
        }

        double g = Kernel.Gamma, c = Kernel.Constant, value = (g * inner) + c;
        pair = PairMoments.Fixed(((g * xx) + c) * ((g * yy) + c), value, (g * g * entries) + (c * c));
        return value;
    }
}
