using System.Numerics;

namespace Polyad.Sketching;

/// <summary>
/// The explicit map of the additive chi-squared kernel 2 x y / (x + y) (Vedaldi and Zisserman 2012), with names, defaults, column order and values of scikit-learn's class of this name.
/// Entries must not be negative; zeros stay zero.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class AdditiveChi2Sampler<T> : FeatureMap<T, AdditiveChi2Sampler<T>>
    where T : unmanaged, INumberBase<T>
{
    /// <summary>Samples of the spectrum, at least 1 (default 2): d (2 steps - 1) features.</summary>
    public int SampleSteps { get; init; } = 2;

    /// <summary>The interval of the samples, above 0; null (default) for 0.8, 0.5, 0.4 at 1, 2, 3 steps. More steps need one.</summary>
    public double? SampleInterval { get; init; }

    /// <summary>The interval in use (<c>sample_interval_</c>).</summary>
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
        RowGeometry.CheckAtLeast(x, 0, strictly: false, nameof(AdditiveChi2Sampler<T>), nameof(x));
        return state;
    }

    /// <inheritdoc/>
    protected internal override void Write(FeatureMapWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Kind(FeatureMapKinds.AdditiveChi2);
        writer.Set("sampleSteps", SampleSteps);
        writer.Set("sampleInterval", SampleInterval);
        writer.Set("columns", InputDimension);
    }

    internal static FeatureMap<T> Read(FeatureMapReader reader)
    {
        AdditiveChi2Sampler<T> map = new() { SampleSteps = reader.WholeNumber("sampleSteps", 1), SampleInterval = reader.OptionalNumber("sampleInterval") };
        return map.Restore(map.NewState(reader.WholeNumber("columns", 1)));
    }

    private HomogeneousState<T> NewState(int columns)
    {
        Hyperparameter.AtLeast(SampleSteps, 1);
        double interval = SampleInterval is { } given ? Hyperparameter.Positive(given, nameof(SampleInterval)) : SampleSteps switch
        {
            1 => 0.8,
            2 => 0.5,
            3 => 0.4,
            _ => throw new ArgumentException($"If SampleSteps is not 1, 2 or 3, SampleInterval must be given; SampleSteps is {SampleSteps}."),
        };
        return HomogeneousState<T>.Create(HomogeneousKernel.Chi2, nameof(AdditiveChi2Sampler<T>), columns, SampleSteps, interval);
    }
}
