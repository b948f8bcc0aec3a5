using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>The Gaussian (RBF) kernel exp(-gamma |x - y|^2). Frequencies are normal with variance 2 gamma.</summary>
/// <param name="Gamma">gamma, at least 0, one over a squared distance; null (default) for 1/d. A length scale l is gamma = 1 / (2 l^2).</param>
/// <exception cref="ArgumentOutOfRangeException">gamma is negative, infinite or no number.</exception>
public sealed record GaussianKernel(double? Gamma = null) : IsotropicKernel
{
    /// <summary>gamma; null for 1/d.</summary>
    public double? Gamma { get; init => field = Allowed(value); } = Allowed(Gamma);

    /// <summary>The median heuristic: gamma = 1 / (2 m^2), m the median distance between rows of a sample.</summary>
    /// <param name="x">n x d, finite, n at least 2.</param>
    /// <param name="sample">The most rows to look at (default 1000), at least 2.</param>
    /// <param name="seed">The seed of the sample.</param>
    /// <exception cref="ArgumentException">There are fewer than two rows, or half of the distances are zero.</exception>
    public static GaussianKernel FromMedianDistance<T>(in FeatureRows<T> x, int sample = 1000, ulong seed = 0)
        where T : unmanaged, INumberBase<T>
    {
        x.Check(nameof(x));
        ArgumentOutOfRangeException.ThrowIfLessThan(sample, 2);
        if (x.Rows < 2)
        {
            throw new ArgumentException($"A median distance needs at least two rows; given {x.Rows} x {x.Columns}.", nameof(x));
        }

        int rows = Math.Min(sample, x.Rows);
        ReadOnlyMatrixView<T> distances = new SquaredDistance().Matrix(x.Gather(new CounterRandom(seed, DrawStream.Landmarks).Sample(x.Rows, rows))).AsReadOnlyMatrix();
        double[] squares = new double[rows * (rows - 1) / 2];
        for (int i = 1, at = 0; i < rows; i++)
        {
            for (int j = 0; j < i; j++)
            {
                squares[at++] = double.CreateChecked(distances[i, j]);
            }
        }

        Array.Sort(squares);
        double median = (Math.Sqrt(squares[(squares.Length - 1) / 2]) + Math.Sqrt(squares[squares.Length / 2])) / 2;
        return median > 0 ? new GaussianKernel(0.5 / (median * median)) : throw new ArgumentException("Half of the distances between the rows are zero: they give no scale.", nameof(x));
    }

    /// <inheritdoc/>
    protected internal override void Check<T>(in FeatureRows<T> x, string name) => KernelParameter.Gamma(Gamma, x.Columns);

    /// <inheritdoc/>
    protected internal override void Fill<T>(in FeatureRows<T> x, in ReadOnlyMatrixView<T> y, in MatrixView<T> k, ILinearAlgebraBackend backend)
    {
        T factor = T.CreateChecked(-KernelParameter.Gamma(Gamma, x.Columns));
        RowGeometry.OfSquaredDistances(x, y, k, backend, 0.7, row =>
        {
            TensorPrimitives.Multiply(row, factor, row);
            ElementMath.Exp(row);
        });
    }

    /// <inheritdoc/>
    protected internal override void DrawLengths(int columns, int space, Span<double> lengths, in FitContext context)
    {
        GammaDraws.FillLengths(lengths, space, context.Draws(DrawStream.Lengths));
        TensorPrimitives.Multiply(lengths, Math.Sqrt(2 * KernelParameter.Gamma(Gamma, columns)), lengths);
    }

    /// <inheritdoc/>
    protected internal override void Write(FeatureMapWriter writer)
    {
        KernelFile.Write(writer, KernelFile.Gaussian);
        writer.Set("gamma", Gamma);
    }

    private static double? Allowed(double? gamma) => gamma is { } given ? Hyperparameter.NotNegative(given, nameof(Gamma)) : null;
}

/// <summary>
/// The Matern kernel 2^(1-nu) / Gamma(nu) s^nu K_nu(s), s = sqrt(2 nu) |x - y| / l: exp(-s) for nu = 1/2, (1 + s) exp(-s) for 3/2, (1 + s + s^2/3) exp(-s) for 5/2, Gaussian in the limit.
/// Frequencies follow Student's t distribution with 2 nu degrees of freedom (Rasmussen and Williams 2006, 4.2).
/// </summary>
/// <param name="Nu">nu above 0 (default 1.5): the sample paths are differentiable ceil(nu) - 1 times.</param>
/// <param name="LengthScale">l above 0 (default 1), a distance.</param>
public sealed record MaternKernel(double Nu = 1.5, double LengthScale = 1) : IsotropicKernel
{
    /// <inheritdoc/>
    protected internal override void Check<T>(in FeatureRows<T> x, string name)
    {
        Hyperparameter.Positive(Nu);
        Hyperparameter.Positive(LengthScale);
    }

    /// <inheritdoc/>
    protected internal override void Fill<T>(in FeatureRows<T> x, in ReadOnlyMatrixView<T> y, in MatrixView<T> k, ILinearAlgebraBackend backend)
    {
        double factor = Math.Sqrt(2 * Nu) / LengthScale, nu = Nu;
        bool half = nu is 0.5 or 1.5 or 2.5;
        RowGeometry.OfSquaredDistances(x, y, k, backend, half ? 2 : 2000, row =>
        {
            ElementMath.Sqrt(row);
            TensorPrimitives.Multiply(row, T.CreateChecked(factor), row);
            if (!half)
            {
                ElementMath.Apply(row, s => ModifiedBessel.Matern(nu, s));
                return;
            }

            using Scratch<T> polynomial = Workspace.Rent<T>(row.Length);
            Span<T> p = polynomial.Span;
            p.Fill(T.One);
            if (nu == 2.5)
            {
                TensorPrimitives.Multiply(row, T.CreateChecked(1.0 / 3), p);
                TensorPrimitives.Add(p, T.One, p);
            }

            if (nu > 0.5)
            {
                TensorPrimitives.Multiply(p, row, p);
                TensorPrimitives.Add(p, T.One, p);
            }

            TensorPrimitives.Negate(row, row);
            ElementMath.Exp(row);
            TensorPrimitives.Multiply(row, p, row);
        });
    }

    /// <inheritdoc/>
    protected internal override void DrawLengths(int columns, int space, Span<double> lengths, in FitContext context)
    {
        double[] mixing = new double[lengths.Length];
        GammaDraws.FillLengths(lengths, space, context.Draws(DrawStream.Lengths));
        GammaDraws.Fill(mixing, Nu, context.Draws(DrawStream.Mixing));
        for (int i = 0; i < mixing.Length; i++)
        {
            lengths[i] *= Math.Sqrt(Nu / mixing[i]) / LengthScale;
        }
    }

    /// <inheritdoc/>
    protected internal override void Write(FeatureMapWriter writer)
    {
        KernelFile.Write(writer, KernelFile.Matern);
        writer.Set("nu", Nu);
        writer.Set("lengthScale", LengthScale);
    }
}

/// <summary>
/// The Laplacian kernel exp(-gamma |x - y|_1), with the sum of absolute differences as in scikit-learn; the one of Euclidean distance is <see cref="MaternKernel"/> with nu = 1/2.
/// Every coordinate of a frequency is Cauchy with scale gamma.
/// </summary>
/// <param name="Gamma">gamma, at least 0, one over a distance; null (default) for 1/d.</param>
public sealed record LaplacianKernel(double? Gamma = null) : ShiftInvariantKernel
{
    /// <inheritdoc/>
    protected internal override void Check<T>(in FeatureRows<T> x, string name) => KernelParameter.Gamma(Gamma, x.Columns);

    /// <inheritdoc/>
    protected internal override void Fill<T>(in FeatureRows<T> x, in ReadOnlyMatrixView<T> y, in MatrixView<T> k, ILinearAlgebraBackend backend)
    {
        T factor = T.CreateChecked(-KernelParameter.Gamma(Gamma, x.Columns));
        PairwiseReduction.Run<AbsoluteDifference<T>, T>(x, y, k);
        FeatureMatrix.ForEachRow(k, 0.7, (_, row) =>
        {
            TensorPrimitives.Multiply(row, factor, row);
            ElementMath.Exp(row);
        });
    }

    /// <inheritdoc/>
    protected internal override void DrawFrequencies<T>(in MatrixView<T> frequencies, in FitContext context)
    {
        double gamma = KernelParameter.Gamma(Gamma, frequencies.Columns);
        double[] uniform = new double[frequencies.Columns];
        for (int i = 0; i < frequencies.Rows; i++)
        {
            context.Draws(DrawStream.Weights).Uniform<double>(uniform, (ulong)i * (ulong)uniform.Length);
            for (int j = 0; j < uniform.Length; j++)
            {
                // The middle of the interval that the draw stands for: never a pole of the tangent.
                const double HalfStep = 1.0 / (1L << 54);
                frequencies[i, j] = T.CreateSaturating(gamma * Math.Tan(Math.PI * (uniform[j] - 0.5 + HalfStep)));
            }
        }
    }

    /// <inheritdoc/>
    protected internal override void Write(FeatureMapWriter writer)
    {
        KernelFile.Write(writer, KernelFile.Laplacian);
        writer.Set("gamma", Gamma);
    }
}

/// <summary>|x - y|^2.</summary>
internal sealed record SquaredDistance : Kernel
{
    public override bool IsTranslationInvariant => true;

    protected internal override void Fill<T>(in FeatureRows<T> x, in ReadOnlyMatrixView<T> y, in MatrixView<T> k, ILinearAlgebraBackend backend)
        => RowGeometry.OfSquaredDistances(x, y, k, backend, 0, static _ => { });

    protected internal override void FillDiagonal<T>(in FeatureRows<T> x, Span<T> diagonal) => diagonal.Clear();
}
