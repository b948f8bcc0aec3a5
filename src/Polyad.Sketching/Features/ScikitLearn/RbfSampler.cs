using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>
/// Random Fourier features of exp(-gamma |x - y|^2) with names, defaults and formula of scikit-learn's <c>RBFSampler</c>: sqrt(2/D) cos(x'w + b). Given its fitted weights and offsets
/// (<see cref="FromState"/>) the outputs are its outputs. <see cref="RandomFourierFeatures{T}"/> has the same kernel with less variance at the same D.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class RbfSampler<T> : FeatureMap<T, RbfSampler<T>>
    where T : unmanaged, INumberBase<T>
{
    /// <summary>gamma, at least 0 (default 1); null for scikit-learn's 'scale': 1 / (d variance of all entries), 1 where that variance is 0.</summary>
    public double? Gamma { get; init; } = 1;

    /// <summary>D, at least 1 (default 100).</summary>
    public int NComponents { get; init; } = 100;

    /// <summary>The frequencies, d x D (<c>random_weights_</c>).</summary>
    /// <exception cref="NotFittedException">The map is not fitted.</exception>
    public Tensor<T> RandomWeights => FourierParameters.Weights((FourierState<T>)State);

    /// <summary>The D offsets (<c>random_offset_</c>).</summary>
    /// <exception cref="NotFittedException">The map is not fitted.</exception>
    public IReadOnlyList<T> RandomOffset => ((FourierState<T>)State).Offsets!;

    /// <inheritdoc/>
    public override bool IsDataOblivious => Gamma is not null;

    /// <summary>A fitted map from what another system has fitted.</summary>
    /// <param name="randomWeights">d x D frequencies.</param>
    /// <param name="randomOffset">D offsets.</param>
    /// <exception cref="ArgumentException">The sizes do not match, or a number is not finite.</exception>
    public static RbfSampler<T> FromState(Tensor<T> randomWeights, ReadOnlySpan<T> randomOffset)
    {
        FourierState<T> state = FourierParameters.Given(randomWeights, randomOffset);
        RbfSampler<T> map = new() { NComponents = state.OutputDimension };
        return map.Restore(state);
    }

    /// <inheritdoc/>
    protected override FeatureState<T> FitCore(in FeatureRows<T> x, in FitContext context)
    {
        Hyperparameter.AtLeast(NComponents, 1);
        double gamma = Gamma is { } given ? Hyperparameter.NotNegative(given, nameof(Gamma)) : Scale(x);
        return new FourierState<T>(DenseProjection<T>.Independent(new GaussianKernel(gamma), x.Columns, NComponents, context), FourierState<T>.DrawOffsets(NComponents, context));
    }

    /// <inheritdoc/>
    protected internal override void Write(FeatureMapWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Kind(FeatureMapKinds.RbfSampler);
        writer.Set("gamma", Gamma);
        writer.Set("nComponents", NComponents);
        ((FourierState<T>)State).Write(writer);
    }

    internal static FeatureMap<T> Read(FeatureMapReader reader)
    {
        RbfSampler<T> map = new() { Gamma = reader.OptionalNumber("gamma", 0), NComponents = reader.WholeNumber("nComponents", 1) };
        return map.Restore(FourierParameters.Given(reader.Array<T>("weights", -1, map.NComponents), reader.Vector<T>("offsets", map.NComponents)));
    }

    /// <summary>1 / (d var), the variance over all entries: that of the columns about their means and of these about theirs.</summary>
    private static double Scale(in FeatureRows<T> x)
    {
        ColumnMoments moments = ColumnMoments.Of(x);
        double mean = moments.Mean.Average(), variance = moments.Mean.Select((m, j) => (moments.SquareSum[j] / moments.Count) + ((m - mean) * (m - mean))).Average();
        return variance > 0 ? 1 / (x.Columns * variance) : 1;
    }
}

/// <summary>Frequencies and offsets as other systems keep them.</summary>
internal static class FourierParameters
{
    public static Tensor<T> Weights<T>(FourierState<T> state)
        where T : unmanaged, INumberBase<T>
        => ((DenseProjection<T>)state.Projection).Weights.AsReadOnlyMatrix().ToTensor();

    public static FourierState<T> Given<T>(Tensor<T> weights, ReadOnlySpan<T> offsets)
        where T : unmanaged, INumberBase<T>
    {
        FeatureRows<T> rows = weights;
        rows.Check(nameof(weights));
        new FeatureRows<T>(new ReadOnlyMatrixView<T>(offsets, 1, offsets.Length)).Check(nameof(offsets));
        return offsets.Length == rows.Columns
            ? new FourierState<T>(new DenseProjection<T>(rows.Dense.ToTensor()), offsets.ToArray())
            : throw new ArgumentException($"Weights of {rows.Rows} x {rows.Columns} need {rows.Columns} offsets; given {offsets.Length}.", nameof(offsets));
    }
}
