using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

public sealed partial class CpAls
{
    /// <summary>Columns of all models that sweep together, at most: the product of the tensor with so many is bound by arithmetic, and partial products stay small.</summary>
    private const int SharedColumns = 96;

    /// <summary>
    /// Fits models of several ranks, each from <see cref="Restarts"/> starts, on one tensor. The factors of many models stand side by side, so that each reading of the tensor serves all of them
    /// and its products run at the speed of matrix products (concurrent alternating least squares: Psarras, Karlsson, Bro, Bientinesi 2022). A model that has converged makes room for the next.
    /// Every model is what <see cref="Fit{T}(Tensor{T}, int, IProgress{DecompositionProgress}, CancellationToken)"/> makes of that start alone, to rounding.
    /// </summary>
    /// <param name="tensor">X, order 2 or more, any strides; not modified.</param>
    /// <param name="ranks">The numbers of components.</param>
    /// <param name="progress">Told after each common sweep.</param>
    /// <param name="cancellationToken">Looked at before each common sweep.</param>
    /// <returns>For each rank the fits of all starts, in order.</returns>
    /// <exception cref="ArgumentException">The tensor is empty or of order 1, there is no rank or one below 1, or an option does not fit.</exception>
    /// <exception cref="NonFiniteInputException">The tensor holds NaN or infinity.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public IReadOnlyList<IReadOnlyList<CpResult<T>>> FitMany<T>(
        Tensor<T> tensor, IReadOnlyList<int> ranks, IProgress<ManyFitsProgress>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(tensor);
        ArgumentNullException.ThrowIfNull(ranks);
        ArgumentOutOfRangeException.ThrowIfZero(ranks.Count, nameof(ranks));
        foreach (int rank in ranks)
        {
            CpStart.CheckRank(tensor.Lengths, rank);
        }

        CheckDrawn();
        DenseInput<T> input = Input(tensor);
        AlsPlan plan = Plan(input);
        string subject = Subject(input, string.Create(CultureInfo.InvariantCulture, $"ranks {string.Join(", ", ranks)}"));
        Resume?.Require(subject);
        (int Rank, int Start)[] tasks = [.. ranks.SelectMany(rank => Enumerable.Range(0, Restarts).Select(start => (rank, start)))];
        Tensor<T>[]? leading = Initialization == CpInitialization.GramEigen ? CpStart.Factors(input, ranks.Max(), Initialization, Draws(0), plan.Backend) : null;
        using ConcurrentModels<T> models = new(input, plan, Math.Max(SharedColumns, ranks.Max()), tasks.Length, MaxIterations)
        {
            Ranks = [.. tasks.Select(static t => t.Rank)],
            Start = task => tasks[task] is var (rank, start) && start == 0 && leading is not null
                ? Started(input, rank, 0, First(leading, input, rank), plan)
                : Started(input, rank, start, null, plan),
            Restore = (task, archive, prefix) => Restored(input, archive, prefix, tasks[task].Start, plan),
        };
        if (Resume is { } checkpoint)
        {
            models.Read(checkpoint.State);
        }

        while (models.Fill())
        {
            cancellationToken.ThrowIfCancellationRequested();
            models.Sweep();
            progress?.Report(new ManyFitsProgress(models.Sweeps, models.Finished, tasks.Length));
            Checkpoint?.Leave(models.Sweeps, () =>
            {
                FitCheckpoint state = FitCheckpoint.Of(subject, models.Sweeps);
                models.AddTo(state.State);
                return state;
            });
        }

        return [.. models.Results().Chunk(Restarts)];
    }

    /// <summary>The start of a smaller rank from that of the largest: subspaces need be found once. Columns that are drawn are those that a fit of this rank alone would draw.</summary>
    private Tensor<T>[] First<T>(Tensor<T>[] leading, DenseInput<T> input, int rank)
        where T : unmanaged, INumberBase<T>
    {
        Tensor<T>[] factors = RandomFactors.Draw<T>(input.Lengths, rank, Draws(0));
        for (int n = 1; n < factors.Length; n++)
        {
            int rows = (int)input.Lengths[n], columns = Math.Min(rank, rows);
            leading[n].AsReadOnlyMatrix().Slice(0, 0, rows, columns).CopyTo(factors[n].AsMatrix().Slice(0, 0, rows, columns));
        }

        return factors;
    }
}
