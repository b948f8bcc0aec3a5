using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>
/// Canonical polyadic (PARAFAC) decomposition by alternating least squares (Carroll, Chang 1970; Harshman 1970) with a dimension tree: a sweep reads the tensor twice
/// whatever its order, 4 R prod(I) flops, and stores neither an unfolding nor a Khatri-Rao product of the tensor's size. Elements are <see cref="float"/>, <see cref="double"/> or <see cref="Complex"/>.
/// A start has converged when the relative error ||X - M|| / ||X|| changes by less than <see cref="IterativeDecomposition.Tolerance"/> (default 1e-8) from one sweep to the next.
/// The error never rises from sweep to sweep but by rounding (with a <see cref="Ridge"/>: the penalised sum of squares).
/// </summary>
public sealed partial class CpAls : IterativeDecomposition
{
    /// <summary>At most 500 sweeps, tolerance 1e-8.</summary>
    public CpAls()
        : base(maxIterations: 500, tolerance: 1e-8)
    {
    }

    /// <summary>Where the first start begins (default <see cref="CpInitialization.GramEigen"/>).</summary>
    public CpInitialization Initialization { get; init; }

    /// <summary>Starts to try (default 1); those after the first begin at random. The one with the least error is returned.</summary>
    public int Restarts { get; init; } = 1;

    /// <summary>Help over slow stretches (default <see cref="CpAcceleration.Anderson"/>).</summary>
    public CpAcceleration Acceleration { get; init; } = CpAcceleration.Anderson;

    /// <summary>The l2 penalty: the sum of squares ||X - M||^2 + ridge (||U_0||^2 + ||U_1||^2 + ...) is made small, the U carrying all of the model's size in equal parts (default 0).</summary>
    public double Ridge { get; init; }

    /// <summary>
    /// Modes whose factors stay as given (default none); the fit must be given factors, and at least one mode must be free. The result then has the fixed factors as they were given and the
    /// components in their order, unit columns in the free modes, the last of which carries the sign, and weights that are not negative.
    /// </summary>
    public IReadOnlyList<int> FixedModes { get; init; } = [];

    /// <summary>Fits a model of <paramref name="rank"/> components.</summary>
    /// <param name="tensor">X, order 2 or more, any strides; not modified.</param>
    /// <param name="rank">The number of components, at least 1; it may exceed the lengths.</param>
    /// <param name="progress">Told after each sweep.</param>
    /// <param name="cancellationToken">Looked at before each sweep.</param>
    /// <exception cref="ArgumentException">The tensor is empty or of order 1, or an option does not fit.</exception>
    /// <exception cref="NonFiniteInputException">The tensor holds NaN or infinity.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public CpResult<T> Fit<T>(Tensor<T> tensor, int rank, IProgress<DecompositionProgress>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(tensor);
        CpStart.CheckRank(tensor.Lengths, rank);
        CheckDrawn();
        return Run(tensor, rank, null, progress, cancellationToken);
    }

    /// <summary>Fits a model from given factors, one I_n x R matrix for each mode; they are copied.</summary>
    /// <inheritdoc cref="Fit{T}(Tensor{T}, int, IProgress{DecompositionProgress}, CancellationToken)"/>
    public CpResult<T> Fit<T>(
        Tensor<T> tensor, IReadOnlyList<Tensor<T>> initialFactors, IProgress<DecompositionProgress>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(tensor);
        ArgumentNullException.ThrowIfNull(initialFactors);
        return Run(tensor, CpStart.RankOf(tensor, initialFactors), initialFactors, progress, cancellationToken);
    }

    /// <summary>Fits a model from another one, weights and all; it is copied.</summary>
    /// <inheritdoc cref="Fit{T}(Tensor{T}, int, IProgress{DecompositionProgress}, CancellationToken)"/>
    public CpResult<T> Fit<T>(Tensor<T> tensor, CpTensor<T> initial, IProgress<DecompositionProgress>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(initial);
        return Fit(tensor, FixedModes.Count > 0 ? initial.Factors : initial.Distribute().Factors, progress, cancellationToken);
    }

    /// <summary>Refuses options that ask for factors where none are given.</summary>
    private void CheckDrawn()
    {
        if (Initialization == CpInitialization.Given)
        {
            throw new ArgumentException("Initialization.Given needs the overload that takes the factors.", nameof(Initialization));
        }

        if (FixedModes.Count > 0)
        {
            throw new ArgumentException($"The modes {string.Join(", ", FixedModes)} are fixed: that needs the overload that takes the factors.", nameof(FixedModes));
        }
    }

    private CpResult<T> Run<T>(
        Tensor<T> tensor, int rank, IReadOnlyList<Tensor<T>>? given, IProgress<DecompositionProgress>? progress, CancellationToken cancellationToken)
        where T : unmanaged, INumberBase<T>
    {
        DenseInput<T> input = Input(tensor);
        AlsPlan plan = Plan(input);
        Tensor<T>[]? copies = given is null ? null : CpStart.Copies(given);
        cancellationToken.ThrowIfCancellationRequested();
        string subject = Subject(input, string.Create(CultureInfo.InvariantCulture, $"rank {rank}{CpStart.Print(given)}"));
        Resume?.Require(subject);
        CpRestarts<T> starts = new(input, plan.Backend, Resume?.State, plan.Ridge > 0);
        for (int start = starts.First; start < Restarts; start++)
        {
            AlternatingLeastSquares<T> model = starts.TakeResumed() is { } archive ? Restored(input, archive, "", start, plan) : Started(input, rank, start, copies, plan);
            int current = start;
            FitCheckpoint Snapshot()
            {
                FitCheckpoint checkpoint = starts.Snapshot(subject, current, model.Fit.Errors.Count);
                model.AddTo(checkpoint.State, "");
                return checkpoint;
            }

            Descend(input, model, start, plan, Snapshot, progress, cancellationToken);
            starts.Consider(model.Fit);
        }

        return FixedModes.Count > 0 ? starts.Best!.Result(input, starts.Least, plan.FixedModes, copies!) : starts.Best!.Result(input, starts.Least);
    }

    private void Descend<T>(
        DenseInput<T> input, AlternatingLeastSquares<T> model, int start, AlsPlan plan, Func<FitCheckpoint> snapshot,
        IProgress<DecompositionProgress>? progress, CancellationToken cancellationToken)
        where T : unmanaged, INumberBase<T>
    {
        CpFitState<T> fit = model.Fit;
        using DimensionTree<T>? tree = fit.Converged ? null : new(input.Tensor, fit.State.Rank, plan.Backend);
        ModeUpdate<T> update = (mode, product) => model.Update(mode, product.AsReadOnlyMatrix());
        while (!fit.Converged && fit.Errors.Count < MaxIterations)
        {
            cancellationToken.ThrowIfCancellationRequested();
            model.Begin();
            tree!.Sweep(fit.State.Factors, update, plan.FixedModes);
            model.End();
            progress?.Report(new DecompositionProgress(fit.Errors.Count, fit.Errors[^1], start));
            Checkpoint?.Leave(fit.Errors.Count, snapshot);
        }
    }

    /// <summary>The checked input; every option has been looked at.</summary>
    private DenseInput<T> Input<T>(Tensor<T> tensor)
        where T : unmanaged, INumberBase<T>
    {
        CheckOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(Restarts, 1);
        NonNegative(Ridge, nameof(Ridge));
        DenseInput<T> input = DenseInput<T>.Of(tensor, 2, complex: true);
        CheckFixed(FixedModes, input.Lengths);
        return input;
    }

    private static void CheckFixed(IReadOnlyList<int> fixedModes, nint[] lengths)
    {
        if (fixedModes.Any(mode => (uint)mode >= (uint)lengths.Length))
        {
            throw new ArgumentException($"Fixed modes [{string.Join(", ", fixedModes)}]: a tensor of shape {DenseData.Text(lengths)} has modes 0 to {lengths.Length - 1}.", nameof(fixedModes));
        }

        if (fixedModes.Distinct().Count() == lengths.Length)
        {
            throw new ArgumentException("All modes are fixed; at least one must be free.", nameof(fixedModes));
        }
    }

    private AlsPlan Plan<T>(DenseInput<T> input)
        where T : unmanaged, INumberBase<T>
    {
        // Factors of X / s are s^(1/N) smaller each, and the sum of squares s^2: the penalty that does the same is s^(2/N - 2) as large.
        double ridge = Ridge * Math.Pow(input.Scale, (2.0 / input.Order) - 2);
        bool[] fixedModes = FixedModes.Count == 0 ? [] : [.. Enumerable.Range(0, input.Order).Select(FixedModes.Contains)];
        return new AlsPlan(ridge, fixedModes, Acceleration, Tolerance, Engine);
    }

    /// <summary>A model at the beginning of a start.</summary>
    private AlternatingLeastSquares<T> Started<T>(DenseInput<T> input, int rank, int start, Tensor<T>[]? given, AlsPlan plan)
        where T : unmanaged, INumberBase<T>
    {
        CounterRandom draws = Draws(start);
        Tensor<T>[] factors = given is not null && start == 0 ? [.. given.Select(DenseData.Copy)]
            : CpStart.Factors(input, rank, start > 0 ? CpInitialization.Random : Initialization, draws, plan.Backend);
        for (int n = 0; n < plan.FixedModes.Length; n++)
        {
            factors[n] = plan.FixedModes[n] ? DenseData.Copy(given![n]) : factors[n];
        }

        CpState<T> state = plan.Ridge > 0 ? CpState<T>.Unscaled(factors, plan.Backend) : new CpState<T>(factors, plan.Backend, draws);
        CpFitState<T> fit = new(state);
        if (input.Norm == 0)
        {
            Array.Clear(state.Weights);
            fit.Converged = true;
        }

        return new AlternatingLeastSquares<T>(input, fit, plan);
    }

    private AlternatingLeastSquares<T> Restored<T>(DenseInput<T> input, ModelArchive archive, string prefix, int start, AlsPlan plan)
        where T : unmanaged, INumberBase<T>
    {
        AlternatingLeastSquares<T> model = new(input, CpFitState<T>.Of(archive, prefix, input.Order, plan.Backend, Draws(start), plan.Ridge > 0), plan);
        model.Restore(archive, prefix);
        return model;
    }

    private CounterRandom Draws(int start) => new(Seed, (ulong)start << 32);

    /// <summary>Everything that a state depends on.</summary>
    private string Subject<T>(DenseInput<T> input, string models)
        where T : unmanaged, INumberBase<T>
        => string.Create(
            CultureInfo.InvariantCulture,
            $"CpAls {typeof(T).Name} {DenseData.Text(input.Lengths)} norm {input.Norm:R} {models} start {Initialization} seed {Seed} restarts {Restarts} ridge {Ridge:R} acceleration {Acceleration} fixed [{string.Join(", ", FixedModes)}]");
}
