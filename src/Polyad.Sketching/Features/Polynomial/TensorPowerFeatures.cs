using System.Numerics;

namespace Polyad.Sketching;

/// <summary>
/// Features of a polynomial kernel (gamma x'y + c)^p that are sampled entries of the p-th tensor power of the rows (Woodruff and Zandieh 2020, 2022), as <see cref="TensorPowerSampler"/> draws them for the data that the map is
/// fitted to: the Gram matrix of the features, plus the ridge, is within 1 +- epsilon of the kernel matrix plus the ridge in the order of positive matrices. Unbiased. The number of features is what that takes.
/// </summary>
/// <remarks>A feature is a monomial, so a map of s features of degree p is s p numbers, and sparse rows cost s p beside their entries.</remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class TensorPowerFeatures<T> : FeatureMap<T, TensorPowerFeatures<T>>
    where T : unmanaged, INumberBase<T>
{
    /// <summary>The share of the trace of the kernel matrix that is the ridge by default: the effective dimension is then at most 100.</summary>
    private const double DefaultShare = 0.01;

    /// <summary>The kernel (default (x'y + 1)^2).</summary>
    public PolynomialKernel Kernel { get; init; } = new(2, 1, 1);

    /// <summary>lambda, positive, best that of the ridge regression to come; null (default) for a hundredth of the trace of the kernel matrix, which bounds the effective dimension by 100.</summary>
    public double? Ridge { get; init; }

    /// <summary>Epsilon, the number of samples and the rest; its engine is used where this map has none.</summary>
    public TensorPowerSampler Sampler { get; init; } = new();

    /// <summary>The sample: entries, weights, effective dimension.</summary>
    /// <exception cref="NotFittedException">The map is not fitted.</exception>
    public TensorPowerSample<T> Sample => (TensorPowerSample<T>)((SketchState<T>)State).Sketch;

    /// <inheritdoc/>
    protected override FeatureState<T> FitCore(in FeatureRows<T> x, in FitContext context)
    {
        ArgumentNullException.ThrowIfNull(Kernel);
        ArgumentNullException.ThrowIfNull(Sampler);
        double ridge = Ridge ?? (DefaultShare * Kernel.Diagonal(x).Sum(static k => double.CreateChecked(k)));
        if (Ridge is null && ridge == 0)
        {
            throw new ArgumentException($"All {x.Rows} rows have a kernel of zero: there is nothing to sample.", nameof(x));
        }

        return new SketchState<T>(Sampler.Fit(x, Kernel, ridge, context.Seed, Backend ?? Sampler.Backend ?? context.Backend, new Stages(context), context.CancellationToken));
    }

    /// <inheritdoc/>
    protected internal override void Write(FeatureMapWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        TensorPowerSample<T> sample = Sample;
        writer.Kind(FeatureMapKinds.TensorPower);
        sample.Kernel.Write(writer);
        writer.Set("columns", sample.InputDimension);
        writer.Set("asked", Ridge);
        writer.Set("ridge", sample.Ridge);
        writer.Set("effectiveDimension", sample.EffectiveDimension);
        writer.Set("draws", sample.Draws);
        writer.Set("seed", sample.Seed);
        writer.Add<int>("entries", [.. sample.Entries.SelectMany(static entry => entry)]);
        writer.Add("weights", sample.Weights);
    }

    internal static FeatureMap<T> Read(FeatureMapReader reader)
    {
        PolynomialKernel kernel = KernelFile.Read(reader) as PolynomialKernel ?? throw reader.Wrong("the kernel is not polynomial");
        int columns = reader.WholeNumber("columns", 1, int.MaxValue - 1);
        T[] weights = reader.Vector<T>("weights", -1);
        SketchFile.CheckSize(reader, columns, weights.Length, 1);
        int[] places = reader.Indices("entries", checked(weights.Length * kernel.Degree), kernel.Constant > 0 ? columns + 1 : columns);
        TensorPowerSample<T> sample = TensorPowerSample<T>.Of(
            columns, kernel, reader.Seed("seed"), [.. places.Chunk(kernel.Degree)], weights, reader.Number("ridge", 0), reader.Number("effectiveDimension", 0), reader.WholeNumber("draws", 0));
        return new TensorPowerFeatures<T> { Kernel = kernel, Ridge = reader.OptionalNumber("asked", 0) }.Restore(new SketchState<T>(sample));
    }

    /// <summary>Stages as the progress of a fit.</summary>
    private sealed class Stages(FitContext context) : IProgress<TensorPowerProgress>
    {
        public void Report(TensorPowerProgress value) => context.Report(value.Stage, value.Stages);
    }
}
