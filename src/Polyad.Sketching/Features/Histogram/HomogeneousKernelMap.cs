using System.Numerics;

namespace Polyad.Sketching;

/// <summary>
/// The explicit map of an additive homogeneous kernel of histograms (Vedaldi and Zisserman 2012): its spectrum sampled at the multiples of an interval. Deterministic; d (2 steps - 1) features.
/// The error is that of sampling and cutting off the spectrum, |k - k^| = sqrt(x y) |K - K^| a column, and is the same for all entries of one ratio.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class HomogeneousKernelMap<T> : FeatureMap<T, HomogeneousKernelMap<T>>
    where T : unmanaged, INumberBase<T>
{
    /// <summary>The kernel (default chi-squared).</summary>
    public HomogeneousKernel Kernel { get; init; }

    /// <summary>Samples of the spectrum from 0 on, 1 to 100 (default 3).</summary>
    public int SampleSteps { get; init; } = 3;

    /// <summary>The interval of the samples, above 0; null (default) for the one with the least worst error over entries that differ by a factor of at most 100.</summary>
    public double? SampleInterval { get; init; }

    /// <summary>The interval in use.</summary>
    /// <exception cref="NotFittedException">The map is not fitted.</exception>
    public double FittedInterval => ((HomogeneousState<T>)State).Interval;

    /// <inheritdoc/>
    public override bool IsDataOblivious => true;

    /// <inheritdoc/>
    public override IReadOnlyList<string> FeatureNames => ((HomogeneousState<T>)State).Names;

    /// <inheritdoc/>
    protected override FeatureState<T> FitCore(in FeatureRows<T> x, in FitContext context)
    {
        HomogeneousState<T> state = NewState(x.Columns);
        RowGeometry.CheckAtLeast(x, 0, strictly: false, nameof(HomogeneousKernelMap<T>), nameof(x));
        return state;
    }

    /// <inheritdoc/>
    protected internal override void Write(FeatureMapWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Kind(FeatureMapKinds.HomogeneousKernel);
        writer.Set("kernel", Kernel.ToString());
        writer.Set("sampleSteps", SampleSteps);
        writer.Set("sampleInterval", SampleInterval);
        writer.Set("columns", InputDimension);
    }

    internal static FeatureMap<T> Read(FeatureMapReader reader)
    {
        HomogeneousKernelMap<T> map = new()
        {
            Kernel = reader.Choice<HomogeneousKernel>("kernel"),
            SampleSteps = reader.WholeNumber("sampleSteps", 1),
            SampleInterval = reader.OptionalNumber("sampleInterval"),
        };
        return map.Restore(map.NewState(reader.WholeNumber("columns", 1)));
    }

    private HomogeneousState<T> NewState(int columns)
    {
        Hyperparameter.Defined(Kernel);
        Hyperparameter.Between(SampleSteps, 1, 100);
        double interval = SampleInterval is { } given ? Hyperparameter.Positive(given, nameof(SampleInterval)) : HomogeneousSpectrum.BestInterval(Kernel, SampleSteps, 100);
        return HomogeneousState<T>.Create(Kernel, nameof(HomogeneousKernelMap<T>), columns, SampleSteps, interval);
    }
}
