using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>
/// How sure are the components? The samples are drawn anew, with replacement, and the model is fitted to each such set from where it stands (Kiers 2004): the spread of the fitted factors is the
/// uncertainty of the model's.
/// </summary>
public sealed class CpBootstrap
{
    /// <summary>Sets of samples (default 100).</summary>
    public int Samples { get; init; } = 100;

    /// <summary>The mode of the samples (default 0).</summary>
    public int SampleMode { get; init; }

    /// <summary>The share of sets that an interval holds (default 0.95).</summary>
    public double Level { get; init; } = 0.95;

    /// <summary>How models are fitted; its starts, checkpoints and fixed modes are not used.</summary>
    public CpAls Method { get; init; } = new();

    /// <summary>Draws and fits. The sets are dealt out to the threads; the result does not depend on their number.</summary>
    /// <param name="tensor">X, double, float or complex; not modified.</param>
    /// <param name="model">A model of it.</param>
    /// <param name="progress">Told after each set, from any of the threads.</param>
    /// <param name="cancellationToken">Looked at before each sweep.</param>
    /// <exception cref="ArgumentException">The shapes differ, or an option does not fit.</exception>
    /// <exception cref="NonFiniteInputException">The tensor holds NaN or infinity.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public CpBootstrapResult<T> Run<T>(Tensor<T> tensor, CpTensor<T> model, IProgress<ManyFitsProgress>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(tensor);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfLessThan(Samples, 2);
        if (!tensor.Lengths.SequenceEqual(model.Lengths) || (uint)SampleMode >= (uint)tensor.Rank || !(Level > 0 && Level < 1))
        {
            throw new ArgumentException(
                $"A bootstrap at level {Level} over mode {SampleMode} of a tensor of shape {DenseData.Text(tensor.Lengths)} does not suit a model of shape {DenseData.Text(model.Lengths)}.", nameof(model));
        }

        DenseInput<T> input = DenseInput<T>.Of(tensor, 2, complex: true);
        CpTensor<T> reference = model.Normalize();
        Tensor<T> whole = input.Scale == 1 ? input.Tensor : DenseData.Dense(tensor);
        int length = (int)tensor.Lengths[SampleMode], finished = 0;
        CpTensor<T>[] models = new CpTensor<T>[Samples];
        double[][] scores = new double[Samples][];
        CpAls method = new()
        {
            MaxIterations = Method.MaxIterations, Tolerance = Method.Tolerance, Acceleration = Method.Acceleration, Ridge = Method.Ridge, Seed = Method.Seed, Backend = Method.Backend,
        };
        ParallelFits.Run(Samples, method.Engine, sample =>
        {
            int[] indices = new int[length];
            new CounterRandom(Method.Seed, 0xB007_0000UL + (ulong)sample).Integers(indices, length);
            Tensor<T>[] start = [.. reference.Distribute().Factors];
            start[SampleMode] = Slabs.Of(start[SampleMode], 0, indices);
            CpResult<T> fit = method.Fit(Slabs.Of(whole, SampleMode, indices), start, null, cancellationToken);
            scores[sample] = [.. FactorMatch.Of(fit, reference, exceptMode: SampleMode).Scores];
            models[sample] = fit.Align(reference, SampleMode);
            progress?.Report(new ManyFitsProgress(0, Interlocked.Increment(ref finished), Samples));
        });
        return CpBootstrapResult<T>.Of(reference, models, scores, SampleMode, Level);
    }
}
