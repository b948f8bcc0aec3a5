using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>
/// Spherical random features (Pennington, Yu, Kumar 2015): the polynomial kernel (1 - |x - y|^2 / a^2)^p of unit vectors, that is ((1 - 2/a^2) + (2/a^2) x'y)^p, by random Fourier features although
/// it is no shift-invariant kernel: its nearest one on distances up to 2 is drawn from. Rows are brought to length 1 first.
/// </summary>
/// <remarks>
/// Every isotropic positive kernel is a mixture of the kernels of frequencies of one length (Schoenberg 1938). The weights of the lengths are a non-negative least-squares problem, convex, whose
/// solution is the best mixture of all; the original fits a few Gaussians by descent. The bias that is left, <see cref="Bias"/>, does not fall with D; the variance is (1 + k(2 delta) - 2 k^2) / D of
/// the fitted kernel.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class SphericalRandomFeatures<T> : FeatureMap<T, SphericalRandomFeatures<T>>
    where T : unmanaged, INumberBase<T>
{
    /// <summary>p, 1 to 64 (default 3).</summary>
    public int Degree { get; init; } = 3;

    /// <summary>a, at least 2 (default 2), which gives (1/2 + x'y / 2)^p.</summary>
    public double Radius { get; init; } = 2;

    /// <summary>D, at least 2 and even (default 1024).</summary>
    public int Dimension { get; init; } = 1024;

    /// <summary>How directions are drawn (default independent).</summary>
    public ProjectionSampling Sampling { get; init; }

    /// <summary>The largest difference between the polynomial kernel and the one that is drawn from, over distances from 0 to 2.</summary>
    /// <exception cref="NotFittedException">The map is not fitted.</exception>
    public double Bias => ((SphericalState)State).Bias;

    /// <inheritdoc/>
    public override bool IsDataOblivious => true;

    /// <inheritdoc/>
    protected override FeatureState<T> FitCore(in FeatureRows<T> x, in FitContext context)
    {
        Check();
        int space = Sampling is ProjectionSampling.Independent or ProjectionSampling.Orthogonal ? x.Columns : StructuredRows.Padded(x.Columns);
        RadialMixture mixture = RadialMixture.Nearest(z => Math.Pow(1 - (z * z / (Radius * Radius)), Degree), space, Math.Sqrt(2.0 * Degree) / Radius);
        Projection<T> projection = Projections.Draw<T>(mixture, Sampling, x.Columns, Dimension / 2, context);
        return new SphericalState(new FourierState<T>(projection, null), mixture.Error);
    }

    /// <inheritdoc/>
    protected internal override void Write(FeatureMapWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Kind(FeatureMapKinds.Spherical);
        writer.Set("degree", Degree);
        writer.Set("radius", Radius);
        writer.Set("dimension", Dimension);
        writer.Set("sampling", Sampling.ToString());
        writer.Set("columns", InputDimension);
        writer.Set("bias", Bias);
        ((SphericalState)State).Fourier.Write(writer);
    }

    internal static FeatureMap<T> Read(FeatureMapReader reader)
    {
        SphericalRandomFeatures<T> map = new()
        {
            Degree = reader.WholeNumber("degree", 1),
            Radius = reader.Number("radius"),
            Dimension = reader.WholeNumber("dimension", 2),
            Sampling = reader.Choice<ProjectionSampling>("sampling"),
        };
        map.Check();
        Projection<T> projection = Projections.Read<T>(reader, map.Sampling, reader.WholeNumber("columns", 1), map.Dimension / 2);
        return map.Restore(new SphericalState(new FourierState<T>(projection, null), reader.Number("bias", 0)));
    }

    private void Check()
    {
        Hyperparameter.Between(Degree, 1, 64);
        Hyperparameter.AtLeast(Dimension, 2);
        Hyperparameter.Defined(Sampling);
        if (!double.IsFinite(Radius) || Radius < 2)
        {
            throw new ArgumentOutOfRangeException(nameof(Radius), Radius, "Radius must be a finite number of at least 2: below, the kernel is negative between far rows.");
        }

        if (Dimension % 2 != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(Dimension), Dimension, "Dimension must be even: features are pairs of cosine and sine.");
        }
    }

    private sealed class SphericalState(FourierState<T> fourier, double bias) : FeatureState<T>(fourier.InputDimension, fourier.OutputDimension)
    {
        public FourierState<T> Fourier => fourier;

        public double Bias => bias;

        public override void Transform(in FeatureRows<T> x, in MatrixView<T> features, ILinearAlgebraBackend backend)
        {
            T[] inverse = RowGeometry.InverseLengths(x);
            int zero = Array.FindIndex(inverse, T.IsZero);
            if (zero >= 0)
            {
                throw new ArgumentException($"Row {zero} is zero: it has no place on the sphere.", nameof(x));
            }

            Tensor<T> unit = FreshMemory.Uninitialized<T>([x.Rows, x.Columns]);
            x.CopyTo(unit.AsMatrix());
            FeatureMatrix.ForEachRow(unit.AsMatrix(), 0.1, (i, row) => TensorPrimitives.Multiply(row, inverse[i], row));
            fourier.Transform(unit, features, backend);
        }
    }
}
