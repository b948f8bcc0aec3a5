using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>
/// CP decomposition with something asked of the factors, by block coordinate descent on F = ||X - M||^2 / 2 + penalties: factors are updated in turn on the products of one dimension tree (two
/// readings of the tensor a sweep, 4 R prod(I) flops), as in <see cref="CpAls"/>. F never rises. A start has converged when sqrt(2 F) / ||X||, which is the relative error
/// where nothing is penalised, falls by less than <see cref="IterativeDecomposition.Tolerance"/> (default 1e-8) in a sweep.
/// </summary>
/// <remarks>
/// Before the first sweep the modes from the first free one that allows columns of either sign on are updated once: the arbitrary signs of a start are settled there, not in a mode that would lose them. Where nothing
/// depends on the size of columns, a component that vanishes gets new directions, at most ten times in a start, and may return; a fit does not converge on the sweep before.
/// </remarks>
public abstract class CpBlockDescent : IterativeDecomposition
{
    private const int RelaxedSweeps = 100;

    /// <summary>The rank up to which normal equations of its own for each row are the cheaper way.</summary>
    private const int MostWeighted = 12;

    /// <summary>At most 1000 sweeps, tolerance 1e-8.</summary>
    private protected CpBlockDescent()
        : base(maxIterations: 1000, tolerance: 1e-8)
    {
    }

    /// <summary>Where the first start begins (default <see cref="CpInitialization.GramEigen"/>); what is drawn or found is brought to the nearest allowed factors.</summary>
    public CpInitialization Initialization { get; init; }

    /// <summary>Starts to try (default 1); those after the first begin at random. The one with the least F is returned.</summary>
    public int Restarts { get; init; } = 1;

    /// <summary>Modes whose factors stay as given (default none), whatever is asked of them; the fit must be given factors, and at least one mode must be free.</summary>
    public IReadOnlyList<int> FixedModes { get; init; } = [];

    /// <summary>
    /// Whether sweeps extrapolate (default true; Ang, Cohen, Gillis, Hien 2020): updates see the other factors moved further in the direction of their last change; a sweep that ends worse is
    /// undone. Often several times fewer sweeps, at no cost for each.
    /// </summary>
    public bool Extrapolate { get; init; } = true;

    /// <summary>How tensors with missing entries or weights are fitted (default <see cref="MissingDataMethod.Automatic"/>).</summary>
    public MissingDataMethod MissingData { get; init; }

    /// <summary>Fits a model of <paramref name="rank"/> components.</summary>
    /// <param name="tensor">X, order 2 or more, any strides; not modified.</param>
    /// <param name="rank">The number of components, at least 1; it may exceed the lengths.</param>
    /// <param name="progress">Told after each sweep.</param>
    /// <param name="cancellationToken">Looked at before each sweep.</param>
    /// <exception cref="ArgumentException">The tensor is empty or of order 1, or an option does not fit it.</exception>
    /// <exception cref="NonFiniteInputException">The tensor holds NaN or infinity.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public ConstrainedCpResult<T> Fit<T>(Tensor<T> tensor, int rank, IProgress<DecompositionProgress>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(tensor);
        CheckDrawn(tensor.Lengths, rank);
        CheckAll(tensor.Lengths.ToArray(), rank);
        return Run(new CompleteTarget<T>(DenseInput<T>.Of(tensor, 2), rank, Engine), rank, null, progress, cancellationToken);
    }

    /// <summary>Fits a model from given factors, one I_n x R matrix for each mode; they are copied.</summary>
    /// <inheritdoc cref="Fit{T}(Tensor{T}, int, IProgress{DecompositionProgress}, CancellationToken)"/>
    public ConstrainedCpResult<T> Fit<T>(
        Tensor<T> tensor, IReadOnlyList<Tensor<T>> initialFactors, IProgress<DecompositionProgress>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(tensor);
        ArgumentNullException.ThrowIfNull(initialFactors);
        int rank = CpStart.RankOf(tensor, initialFactors);
        CheckAll(tensor.Lengths.ToArray(), rank);
        return Run(new CompleteTarget<T>(DenseInput<T>.Of(tensor, 2), rank, Engine), rank, initialFactors, progress, cancellationToken);
    }

    /// <summary>Fits a model from another one, weights and all; it is copied.</summary>
    /// <inheritdoc cref="Fit{T}(Tensor{T}, int, IProgress{DecompositionProgress}, CancellationToken)"/>
    public ConstrainedCpResult<T> Fit<T>(Tensor<T> tensor, CpTensor<T> initial, IProgress<DecompositionProgress>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(initial);
        return Fit(tensor, FixedModes.Count > 0 ? initial.Factors : initial.Distribute().Factors, progress, cancellationToken);
    }

    /// <summary>Fits a model of <paramref name="rank"/> components to the entries that were seen.</summary>
    /// <param name="tensor">X and what is known of it. What stands in missing entries has no influence on one bit of the result.</param>
    /// <param name="rank">The number of components, at least 1; it may exceed the lengths.</param>
    /// <param name="progress">Told after each sweep.</param>
    /// <param name="cancellationToken">Looked at before each sweep.</param>
    /// <inheritdoc cref="Fit{T}(Tensor{T}, int, IProgress{DecompositionProgress}, CancellationToken)" path="/exception"/>
    public ConstrainedCpResult<T> Fit<T>(IncompleteTensor<T> tensor, int rank, IProgress<DecompositionProgress>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(tensor);
        CheckDrawn(tensor.Lengths, rank);
        CheckAll(tensor.Lengths.ToArray(), rank);
        return Run(Target(tensor, rank), rank, null, progress, cancellationToken);
    }

    /// <summary>Fits a model to the entries that were seen, from given factors, one I_n x R matrix for each mode; they are copied.</summary>
    /// <inheritdoc cref="Fit{T}(IncompleteTensor{T}, int, IProgress{DecompositionProgress}, CancellationToken)"/>
    public ConstrainedCpResult<T> Fit<T>(
        IncompleteTensor<T> tensor, IReadOnlyList<Tensor<T>> initialFactors, IProgress<DecompositionProgress>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(tensor);
        ArgumentNullException.ThrowIfNull(initialFactors);
        int rank = CpStart.RankOf(tensor.Values, initialFactors);
        CheckAll(tensor.Lengths.ToArray(), rank);
        return Run(Target(tensor, rank), rank, initialFactors, progress, cancellationToken);
    }

    /// <summary>The options of the method that decide what follows, as text.</summary>
    private protected abstract string Describe();

    /// <summary>Refuses options that do not fit.</summary>
    private protected abstract void Check(nint[] lengths, int rank);

    /// <summary>The updates of one start.</summary>
    private protected abstract FactorUpdate<T>[] Updates<T>(nint[] lengths, int rank)
        where T : unmanaged, INumberBase<T>;

    /// <summary>Updates for the sweeps that a start begins with; null for none.</summary>
    private protected virtual FactorUpdate<T>[]? RelaxedUpdates<T>(nint[] lengths, int rank)
        where T : unmanaged, INumberBase<T>
        => null;

    /// <summary>Whether the size of the tensor matters, because a penalty or all constraints depend on it.</summary>
    private protected abstract bool DependsOnScale { get; }

    /// <summary>Whether sweeps extrapolate, where the method has a say.</summary>
    private protected virtual bool MayExtrapolate => true;

    /// <summary>What is wrong with an option, under its name.</summary>
    private protected static ArgumentException Misfit(string message, string option) => new(message, option);

    /// <summary>A mode that is named for something must exist and be named once.</summary>
    private protected static bool[] ModeSet(IReadOnlyList<int> modes, int order, string name)
    {
        bool[] set = new bool[order];
        foreach (int mode in modes)
        {
            if ((uint)mode >= (uint)order || set[mode])
            {
                throw new ArgumentException($"{name} [{string.Join(", ", modes)}] does not name different modes of a tensor of order {order}.", name);
            }

            set[mode] = true;
        }

        return set;
    }

    /// <summary>Refuses what does not go together where no factors are given.</summary>
    private void CheckDrawn(ReadOnlySpan<nint> lengths, int rank)
    {
        CpStart.CheckRank(lengths, rank);
        if (Initialization == CpInitialization.Given)
        {
            throw Misfit("Initialization.Given needs the overload that takes the factors.", nameof(Initialization));
        }

        if (FixedModes.Count > 0)
        {
            throw Misfit($"FixedModes [{string.Join(", ", FixedModes)}] need the overload that takes the factors.", nameof(FixedModes));
        }
    }

    private void CheckAll(nint[] lengths, int rank)
    {
        CheckOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(Restarts, 1);
        if (!ModeSet(FixedModes, lengths.Length, nameof(FixedModes)).Contains(false))
        {
            throw Misfit($"FixedModes [{string.Join(", ", FixedModes)}] leave no factor to fit.", nameof(FixedModes));
        }

        Check(lengths, rank);
    }

    private CpTarget<T> Target<T>(IncompleteTensor<T> tensor, int rank)
        where T : unmanaged, INumberBase<T>
    {
        DenseInput<T> input = DenseInput<T>.Of(tensor.Values, 2);
        if (tensor.IsComplete)
        {
            return new CompleteTarget<T>(input, rank, Engine);
        }

        bool imputes = MissingData == MissingDataMethod.Imputation || (MissingData == MissingDataMethod.Automatic && rank > MostWeighted);
        return imputes ? new ImputedTarget<T>(tensor, input, rank, Engine) : new WeightedTarget<T>(tensor, input, rank, Engine);
    }

    private ConstrainedCpResult<T> Run<T>(
        CpTarget<T> target, int rank, IReadOnlyList<Tensor<T>>? given, IProgress<DecompositionProgress>? progress, CancellationToken cancellationToken)
        where T : unmanaged, INumberBase<T>
    {
        using CpTarget<T> owned = target;
        DenseInput<T> input = target.Input;
        if (DependsOnScale && input.Scale != 1)
        {
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"The norm of the tensor of shape {DenseData.Text(input.Lengths)}, {input.Norm * input.Scale:G3}, is too far from 1 for constraints that depend on size: scale the tensor."),
                nameof(target));
        }

        cancellationToken.ThrowIfCancellationRequested();
        bool[] fixedModes = ModeSet(FixedModes, input.Order, nameof(FixedModes));
        string subject = string.Create(
            CultureInfo.InvariantCulture,
            $"{GetType().Name} {typeof(T).Name} {DenseData.Text(input.Lengths)} norm {target.Norm:R} rank {rank} start {(given is null ? Initialization : CpInitialization.Given)} seed {Seed} restarts {Restarts} fixed [{string.Join(", ", FixedModes)}] extrapolate {Extrapolate} {Describe()} of {target.Description}{CpStart.Print(given)}");
        BlockFit<T> fit = new(this, subject, target, fixedModes, Extrapolate && MayExtrapolate, Restarts);
        FactorUpdate<T>[] allowed = Updates<T>(input.Lengths, rank);
        return fit.Run(() => Updates<T>(input.Lengths, rank), (start, draws) => Start(target, rank, start, given, fixedModes, allowed, draws, cancellationToken), progress, cancellationToken);
    }

    private Tensor<T>[] Start<T>(
        CpTarget<T> target, int rank, int start, IReadOnlyList<Tensor<T>>? given, bool[] fixedModes, FactorUpdate<T>[] updates, CounterRandom draws, CancellationToken cancellationToken)
        where T : unmanaged, INumberBase<T>
    {
        bool copies = given is not null && start == 0;
        Tensor<T>[] factors = copies ? CpStart.Copies(given!) : CpStart.Factors(target.StartInput, rank, start > 0 ? CpInitialization.Random : Initialization, draws, Engine, CpDescent<T>.Carrier(updates, fixedModes));
        for (int n = 0; n < factors.Length; n++)
        {
            if (fixedModes[n])
            {
                factors[n] = DenseData.Copy(given![n]);
            }
            else if (!updates[n].IsSymmetric && !copies)
            {
                NonNegativeStart.Positive(factors[n]);
            }
        }

        if (!copies && target.Norm > 0 && RelaxedUpdates<T>(target.Input.Lengths, rank) is { } relaxed)
        {
            Relax(target, factors, relaxed, fixedModes, cancellationToken);
        }

        for (int n = 0; n < factors.Length; n++)
        {
            if (!fixedModes[n])
            {
                updates[n].Allow(factors[n]);
            }
        }

        return factors;
    }

    private void Relax<T>(CpTarget<T> target, Tensor<T>[] factors, FactorUpdate<T>[] updates, bool[] fixedModes, CancellationToken cancellationToken)
        where T : unmanaged, INumberBase<T>
    {
        for (int n = 0; n < factors.Length; n++)
        {
            if (!fixedModes[n])
            {
                updates[n].Allow(factors[n]);
            }
        }

        CpDescent<T> descent = new(target, CpState<T>.Unscaled(factors, Engine), updates, fixedModes, Extrapolate);
        descent.Begin();
        for (int sweep = 0; sweep < RelaxedSweeps; sweep++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            double before = descent.Objective;
            descent.Sweep();
            if (!descent.WasUndone && before - descent.Objective < Tolerance)
            {
                break;
            }
        }

        descent.Settle();
    }
}
