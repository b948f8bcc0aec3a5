using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>
/// How many components? For each rank: how much the model explains, its core consistency (Bro, Kiers 2003) and whether halves of the samples give the same components (split-half analysis: Harshman 1984).
/// All ranks and starts on one tensor are fitted together (<see cref="CpAls.FitMany"/>).
/// </summary>
public sealed class CpRankSelection
{
    /// <summary>How models are fitted: the best of its starts counts (default 5 starts). Its checkpoints are not used.</summary>
    public CpAls Method { get; init; } = new() { Restarts = 5 };

    /// <summary>The mode of the samples, which is halved (default 0).</summary>
    public int SplitMode { get; init; }

    /// <summary>Random halvings (default 3); 0 to leave the split-half analysis out, as it is where the mode is shorter than 4.</summary>
    public int Splits { get; init; } = 3;

    /// <summary>The least core consistency of a rank that is suggested, in percent (default 50).</summary>
    public double LeastConsistency { get; init; } = 50;

    /// <summary>The least split-half score of a rank that is suggested (default 0.9).</summary>
    public double LeastSplitHalf { get; init; } = 0.9;

    /// <summary>Looks at the ranks from <paramref name="from"/> to <paramref name="to"/>.</summary>
    /// <param name="tensor">X, order 3 or more, double or float; not modified.</param>
    /// <param name="from">The least rank, at least 1.</param>
    /// <param name="to">The greatest rank.</param>
    /// <param name="progress">Told after each set of fits: the whole tensor, then two for each halving.</param>
    /// <param name="cancellationToken">Looked at before each common sweep.</param>
    /// <exception cref="ArgumentException">The tensor is empty or of order below 3, or an option does not fit.</exception>
    /// <exception cref="NonFiniteInputException">The tensor holds NaN or infinity.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public CpRankReport<T> Run<T>(Tensor<T> tensor, int from, int to, IProgress<ManyFitsProgress>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(tensor);
        ArgumentOutOfRangeException.ThrowIfLessThan(from, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(to, from);
        ArgumentOutOfRangeException.ThrowIfNegative(Splits);
        if ((uint)SplitMode >= (uint)tensor.Rank)
        {
            throw new ArgumentException($"Mode {SplitMode} cannot be halved: a tensor of shape {DenseData.Text(tensor.Lengths)} has modes 0 to {tensor.Rank - 1}.", nameof(tensor));
        }

        // Checks all of it before any work.
        DenseInput<T> input = DenseInput<T>.Of(tensor, 3);
        int[] ranks = [.. Enumerable.Range(from, to - from + 1)];
        int length = (int)tensor.Lengths[SplitMode], splits = length < 4 ? 0 : Splits, done = 0;
        CpResult<T>[] Best(Tensor<T> x)
        {
            CpResult<T>[] best = [.. Method.FitMany(x, ranks, null, cancellationToken).Select(static starts => starts.MinBy(static fit => fit.RelativeError)!)];
            progress?.Report(new ManyFitsProgress(0, ++done, 1 + (2 * splits)));
            return best;
        }

        CpResult<T>[] models = Best(tensor);
        double[] scores = new double[ranks.Length];
        for (int split = 0; split < splits; split++)
        {
            int[] order = new CounterRandom(Method.Seed, 0x5711_7000UL + (ulong)split).Permutation(length), first = order[..(length / 2)], second = order[(length / 2)..];
            CpResult<T>[] a = Best(Slabs.Of(input.Tensor, SplitMode, first)), b = Best(Slabs.Of(input.Tensor, SplitMode, second));
            for (int k = 0; k < ranks.Length; k++)
            {
                scores[k] += FactorMatch.Of(a[k], b[k], exceptMode: SplitMode).Score / splits;
            }
        }

        CpRankRow[] rows =
        [
            .. ranks.Select((rank, k) => new CpRankRow(
                rank, models[k].Fit, CoreConsistency.Of(tensor, models[k], Method.Backend), splits > 0 ? scores[k] : null, models[k].Iterations, models[k].Converged)),
        ];
        int? suggested = rows.LastOrDefault(row => row.CoreConsistency >= LeastConsistency && !(row.SplitHalf < LeastSplitHalf))?.Rank;
        return new CpRankReport<T>(rows, models, suggested);
    }
}
