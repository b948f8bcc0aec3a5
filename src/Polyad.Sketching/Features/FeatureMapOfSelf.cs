using System.Numerics;

namespace Polyad.Sketching;

/// <summary>A feature map whose fits return its own type, so that one expression makes, fits and keeps a map with what only its class has: <c>Pca&lt;double&gt; pca = new Pca&lt;double&gt; { NComponents = 2 }.Fit(x)</c>.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <typeparam name="TSelf">The class that derives from this one.</typeparam>
public abstract class FeatureMap<T, TSelf> : FeatureMap<T>
    where T : unmanaged, INumberBase<T>
    where TSelf : FeatureMap<T, TSelf>
{
    /// <summary>A map that is not fitted.</summary>
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> is neither <see cref="float"/> nor <see cref="double"/>, or the map is no <typeparamref name="TSelf"/>.</exception>
    protected FeatureMap()
    {
        if (this is not TSelf)
        {
            throw new NotSupportedException($"A {GetType()} returns itself from its fits, and is no {typeof(TSelf)}: derive it from FeatureMap<T, TSelf> of its own class.");
        }
    }

    /// <inheritdoc cref="FeatureMap{T}.Fit(in FeatureRows{T}, ulong, IProgress{FeatureProgress}, CancellationToken)"/>
    public new TSelf Fit(in FeatureRows<T> x, ulong seed = 0, IProgress<FeatureProgress>? progress = null, CancellationToken cancellationToken = default)
        => (TSelf)base.Fit(x, seed, progress, cancellationToken);

    /// <inheritdoc cref="FeatureMap{T}.PartialFit(in FeatureRows{T}, ulong, IProgress{FeatureProgress}, CancellationToken)"/>
    public new TSelf PartialFit(in FeatureRows<T> x, ulong seed = 0, IProgress<FeatureProgress>? progress = null, CancellationToken cancellationToken = default)
        => (TSelf)base.PartialFit(x, seed, progress, cancellationToken);

    /// <inheritdoc cref="FeatureMap{T}.Restore(FeatureState{T})"/>
    protected new TSelf Restore(FeatureState<T> state) => (TSelf)base.Restore(state);
}
