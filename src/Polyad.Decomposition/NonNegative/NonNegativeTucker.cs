using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>
/// Non-negative Tucker decomposition by hierarchical alternating least squares (Phan, Cichocki 2011) with extrapolation: X is about G x_0 U_0 x_1 U_1 .., no entry of core or factors negative.
/// It lowers F = ||X - model||^2 / 2 + penalty, factors in turn and then the core, each by exact minimisation of one coordinate after the other; a sweep reads X twice, whatever its order, and a
/// cycle over all entries of the core takes sum(r) prod(r) multiplications. F never rises. A start has converged when sqrt(2 F) / ||X||, which is the relative error where nothing is penalised, falls by
/// less than <see cref="IterativeDecomposition.Tolerance"/> (default 1e-8) in a sweep. Elements are float or double.
/// </summary>
/// <remarks>Such a model is unique, but for order and scale, only where factors and core have enough zeros; a <see cref="CoreSparsity"/> makes cores that can be read.</remarks>
public sealed class NonNegativeTucker : IterativeDecomposition
{
    /// <summary>At most 1000 sweeps, tolerance 1e-8.</summary>
    public NonNegativeTucker()
        : base(maxIterations: 1000, tolerance: 1e-8)
    {
    }

    /// <summary>Starts to try (default 1). The first begins at the singular vectors of the unfoldings, made positive, the others at random; the one with the least F is returned.</summary>
    public int Restarts { get; init; } = 1;

    /// <summary>Whether the first start too is drawn at random (default false).</summary>
    public bool RandomStart { get; init; }

    /// <summary>Modes whose factors stay as given (default none); needs the overload that takes a model.</summary>
    public IReadOnlyList<int> FixedModes { get; init; } = [];

    /// <summary>
    /// p in the penalty p sum(G) of the core (default 0). Columns of factors are then at most 1 long, since otherwise the size of the model would flee into them and make the penalty void.
    /// </summary>
    public double CoreSparsity { get; init; }

    /// <summary>The most inner cycles on a factor, and on the core, in one sweep (default 20).</summary>
    public int InnerCycles { get; init; } = 20;

    /// <summary>Inner cycles end sooner when one of them moves its unknowns less than this times what the first one moved them (default 0.1; 0 for all cycles).</summary>
    public double InnerReduction { get; init; } = 0.1;

    /// <summary>Whether sweeps extrapolate (default true): updates see the other factors moved further in the direction of their last change; a sweep that ends worse is undone.</summary>
    public bool Extrapolate { get; init; } = true;

    /// <summary>How tensors with missing entries or weights are fitted. Automatic (default): weighted while the core has at most 128 entries, imputation above.</summary>
    public MissingDataMethod MissingData { get; init; }

    /// <summary>Fits a model of given ranks.</summary>
    /// <param name="tensor">X, order 2 or more, any strides; not modified.</param>
    /// <param name="ranks">One for each mode, from 1 to its length.</param>
    /// <param name="progress">Told after the start (iteration 0) and each sweep.</param>
    /// <param name="cancellationToken">Looked at before each sweep.</param>
    /// <exception cref="ArgumentException">The tensor is empty or of order 1, or ranks or an option do not fit it.</exception>
    /// <exception cref="NonFiniteInputException">The tensor holds NaN or infinity.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public NonNegativeTuckerResult<T> Fit<T>(Tensor<T> tensor, IReadOnlyList<int> ranks, IProgress<DecompositionProgress>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(tensor);
        TuckerPlan plan = Plan(tensor, ranks, null);
        return Run(new CompleteTuckerTarget<T>(DenseInput<T>.Of(tensor, 2), Engine), plan, null, progress, cancellationToken);
    }

    /// <summary>Fits a model from another one, of which no entry is negative; it is copied.</summary>
    /// <param name="tensor">X, order 2 or more, any strides; not modified.</param>
    /// <param name="initial">A model of the tensor's shape with a factor for each mode.</param>
    /// <param name="progress">Told after the start (iteration 0) and each sweep.</param>
    /// <param name="cancellationToken">Looked at before each sweep.</param>
    /// <inheritdoc cref="Fit{T}(Tensor{T}, IReadOnlyList{int}, IProgress{DecompositionProgress}, CancellationToken)" path="/exception"/>
    public NonNegativeTuckerResult<T> Fit<T>(Tensor<T> tensor, TuckerTensor<T> initial, IProgress<DecompositionProgress>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(tensor);
        ArgumentNullException.ThrowIfNull(initial);
        TuckerPlan plan = Plan(tensor, null, initial);
        return Run(new CompleteTuckerTarget<T>(DenseInput<T>.Of(tensor, 2), Engine), plan, initial, progress, cancellationToken);
    }

    /// <summary>Fits a model of given ranks to the entries that were seen.</summary>
    /// <param name="tensor">X and what is known of it. What stands in missing entries has no influence on one bit of the result.</param>
    /// <param name="ranks">One for each mode, from 1 to its length.</param>
    /// <param name="progress">Told after the start (iteration 0) and each sweep.</param>
    /// <param name="cancellationToken">Looked at before each sweep.</param>
    /// <inheritdoc cref="Fit{T}(Tensor{T}, IReadOnlyList{int}, IProgress{DecompositionProgress}, CancellationToken)" path="/exception"/>
    public NonNegativeTuckerResult<T> Fit<T>(IncompleteTensor<T> tensor, IReadOnlyList<int> ranks, IProgress<DecompositionProgress>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(tensor);
        TuckerPlan plan = Plan(tensor.Values, ranks, null);
        return Run(TuckerStart.Target(tensor, MissingData, plan.Ranks!, Engine), plan, null, progress, cancellationToken);
    }

    /// <summary>Fits a model to the entries that were seen, from another one; it is copied.</summary>
    /// <param name="tensor">X and what is known of it. What stands in missing entries has no influence on one bit of the result.</param>
    /// <param name="initial">A model of the tensor's shape with a factor for each mode, no entry negative.</param>
    /// <param name="progress">Told after the start (iteration 0) and each sweep.</param>
    /// <param name="cancellationToken">Looked at before each sweep.</param>
    /// <inheritdoc cref="Fit{T}(Tensor{T}, IReadOnlyList{int}, IProgress{DecompositionProgress}, CancellationToken)" path="/exception"/>
    public NonNegativeTuckerResult<T> Fit<T>(IncompleteTensor<T> tensor, TuckerTensor<T> initial, IProgress<DecompositionProgress>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(tensor);
        ArgumentNullException.ThrowIfNull(initial);
        TuckerPlan plan = Plan(tensor.Values, null, initial);
        return Run(TuckerStart.Target(tensor, MissingData, plan.Ranks!, Engine), plan, initial, progress, cancellationToken);
    }

    private TuckerPlan Plan<T>(Tensor<T> tensor, IReadOnlyList<int>? ranks, TuckerTensor<T>? initial)
        where T : unmanaged, INumberBase<T>
    {
        CheckOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(Restarts, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(InnerCycles, 1);
        NonNegative(InnerReduction, nameof(InnerReduction));
        NonNegative(CoreSparsity, nameof(CoreSparsity));
        if (initial is null)
        {
            ArgumentNullException.ThrowIfNull(ranks);
            return TuckerPlan.Of(tensor, null, [.. ranks], FixedModes, null);
        }

        if (initial.FactorModes.Count != initial.Order)
        {
            throw new ArgumentException($"A non-negative model has a factor for each mode; the given one has them for modes [{string.Join(", ", initial.FactorModes)}] of {initial.Order}.", nameof(initial));
        }

        foreach (Tensor<T> block in initial.Factors.Append(initial.Core))
        {
            ReadOnlySpan<T> elements = DenseData.Elements(block);
            for (int i = 0; i < elements.Length; i++)
            {
                if (!T.IsFinite(elements[i]) || (T.IsNegative(elements[i]) && elements[i] != T.Zero))
                {
                    throw new ArgumentException($"The given model holds {elements[i]} at row-major position {i} of a part of shape {DenseData.Text(block.Lengths)}: neither core nor factors may be negative.", nameof(initial));
                }
            }
        }

        return TuckerPlan.Of(tensor, null, null, FixedModes, initial.Factors);
    }

    private NonNegativeTuckerResult<T> Run<T>(
        TuckerTarget<T> target, TuckerPlan plan, TuckerTensor<T>? given, IProgress<DecompositionProgress>? progress, CancellationToken cancellationToken)
        where T : unmanaged, INumberBase<T>
    {
        DenseInput<T> input = target.Input;
        if (CoreSparsity > 0 && input.Scale != 1)
        {
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"The norm of the tensor of shape {DenseData.Text(input.Lengths)}, {input.Norm * input.Scale:G3}, is too far from 1 for a penalty: scale the tensor."), nameof(target));
        }

        cancellationToken.ThrowIfCancellationRequested();
        NonNegativeSettings factor = new(NonNegativeMethod.Hals, InnerCycles, InnerReduction, 0);
        FactorUpdate<T>[] updates = [.. input.Lengths.Select(_ => CoreSparsity > 0 ? (FactorUpdate<T>)new BoundedColumnUpdate<T>(true, InnerCycles, InnerReduction) : new NonNegativeUpdate<T>(factor))];
        string subject = string.Create(
            CultureInfo.InvariantCulture,
            $"NonNegativeTucker {typeof(T).Name} {DenseData.Text(input.Lengths)} norm {target.Norm:R} ranks [{string.Join(", ", plan.Ranks!)}] start {(given is null ? RandomStart ? "random" : "ST-HOSVD" : "given")} seed {Seed} restarts {Restarts} fixed [{string.Join(", ", FixedModes)}] extrapolate {Extrapolate} sparsity {CoreSparsity:R} inner {InnerCycles} {InnerReduction:R} of {target.Description}{CpStart.Print(given?.Factors)}");
        TuckerBlockOptions options = new(MaxIterations, Tolerance, Restarts, Extrapolate, Engine, Checkpoint, Resume);
        TuckerBlockFit<T> fit = new(options, subject, target, updates, factor with { Penalty = CoreSparsity }, plan.Fixed);
        TuckerBlockResult<T> found = fit.Run(start => Start(target, plan, given, start, updates, cancellationToken), progress, cancellationToken);
        (Tensor<T> core, Tensor<T>[] factors) = CoreSparsity > 0 || FixedModes.Count > 0 ? (found.Core, found.Factors) : NormalForm.Of(found.Core, found.Factors);
        return new NonNegativeTuckerResult<T>(input.Restore(core), factors, found.RelativeError, found.Errors, found.Converged, found.KktResidual, found.Objectives);
    }

    private TuckerState<T> Start<T>(TuckerTarget<T> target, TuckerPlan plan, TuckerTensor<T>? given, int start, FactorUpdate<T>[] updates, CancellationToken cancellationToken)
        where T : unmanaged, INumberBase<T>
    {
        Tensor<T>[] factors;
        if (given is not null && start == 0)
        {
            factors = [.. given.Factors.Select(DenseData.Copy)];
        }
        else if (start > 0 || RandomStart)
        {
            CounterRandom draws = new(Seed, (ulong)start << 32);
            factors = [.. plan.Lengths.Select((length, n) => plan.Fixed[n] ? DenseData.Copy(given!.Factors[n]) : draws.WithStream(draws.Stream + (ulong)n).Uniform<T>(length, plan.Ranks![n]))];
        }
        else
        {
            factors = [.. TuckerStart.Leading(plan, target.StartInput, Engine, cancellationToken).Select(static f => f!)];
            foreach (Tensor<T> factor in factors)
            {
                NonNegativeStart.Positive(factor);
            }
        }

        for (int n = 0; n < factors.Length; n++)
        {
            if (!plan.Fixed[n])
            {
                updates[n].Allow(factors[n]);
            }
        }

        if (given is null || start > 0)
        {
            return TuckerStart.WithCore(factors, target.StartInput, nonNegative: true, Engine);
        }

        Tensor<T> core = DenseData.Copy(given.Core);
        TensorPrimitives.Divide(DenseData.Elements(core), T.CreateTruncating(target.Input.Scale), DenseData.Elements(core));
        return new TuckerState<T>(factors, core, Engine);
    }
}
