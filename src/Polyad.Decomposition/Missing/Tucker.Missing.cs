using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

public sealed partial class Tucker
{
    /// <summary>How tensors with missing entries or weights are fitted. Automatic (default): weighted while the core has at most 128 entries, imputation above.</summary>
    public MissingDataMethod MissingData { get; init; }

    /// <summary>
    /// Fits a model of given ranks to the entries that were seen, from the ST-HOSVD of a first guess: sweeps of least squares over the factors in turn and then the core, with extrapolation, which
    /// never raise the error over seen entries; at most <see cref="MaxIterations"/> of them, until one lowers the relative error by less than <see cref="StopTolerance"/>. Elements are float or double.
    /// </summary>
    /// <param name="tensor">X and what is known of it, order 2 or more. What stands in missing entries has no influence on one bit of the result.</param>
    /// <param name="ranks">One for each compressed mode, from 1 to its length.</param>
    /// <param name="progress">Told after the start (iteration 0) and each sweep.</param>
    /// <param name="cancellationToken">Looked at before each sweep.</param>
    /// <returns>A model with orthonormal factors, whose errors are those of the entries that were seen. It has no singular values and no bounds. Without a missing entry: what the other overload returns.</returns>
    /// <exception cref="ArgumentException">Ranks or an option do not fit the tensor; <see cref="FixedModes"/> need the overload that takes factors.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public TuckerResult<T> Fit<T>(IncompleteTensor<T> tensor, IReadOnlyList<int> ranks, IProgress<DecompositionProgress>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(tensor);
        ArgumentNullException.ThrowIfNull(ranks);
        return tensor.IsComplete ? Fit(tensor.Values, ranks, progress, cancellationToken) : Run(tensor, [.. ranks], null, progress, cancellationToken);
    }

    /// <summary>
    /// Fits a model to the entries that were seen, from given factors, one I_n x r_n matrix of independent columns for each compressed mode, and the core that fits them best. Those of
    /// <see cref="FixedModes"/> stay exactly as given, orthonormal or not, and the core belongs to them.
    /// </summary>
    /// <param name="tensor">X and what is known of it, order 2 or more. What stands in missing entries has no influence on one bit of the result.</param>
    /// <param name="initialFactors">Copied, not modified.</param>
    /// <param name="progress">Told after the start (iteration 0) and each sweep.</param>
    /// <param name="cancellationToken">Looked at before each sweep.</param>
    /// <returns>A model with orthonormal factors, but for fixed ones, whose errors are those of the entries that were seen. Without a missing entry: what the overload for complete tensors returns.</returns>
    /// <exception cref="ArgumentException">The factors or an option do not fit the tensor, or the columns of a factor depend on each other.</exception>
    /// <exception cref="NonFiniteInputException">A factor holds NaN or infinity.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public TuckerResult<T> Fit<T>(
        IncompleteTensor<T> tensor, IReadOnlyList<Tensor<T>> initialFactors, IProgress<DecompositionProgress>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(tensor);
        ArgumentNullException.ThrowIfNull(initialFactors);
        return tensor.IsComplete ? Fit(tensor.Values, initialFactors, progress, cancellationToken) : Run(tensor, null, initialFactors, progress, cancellationToken);
    }

    private TuckerResult<T> Run<T>(
        IncompleteTensor<T> tensor, int[]? ranks, IReadOnlyList<Tensor<T>>? initialFactors, IProgress<DecompositionProgress>? progress, CancellationToken cancellationToken)
        where T : unmanaged, INumberBase<T>
    {
        CheckOptions();
        TuckerPlan plan = TuckerPlan.Of(tensor.Values, CompressedModes, ranks, FixedModes, initialFactors);
        ILinearAlgebraBackend engine = Backend ?? Polyad.Backend.Current;
        GivenFactors<T>? given = initialFactors is null ? null : new GivenFactors<T>(plan, initialFactors, engine);
        bool[] whole = [.. Enumerable.Range(0, plan.Order).Select(n => !plan.Modes.Contains(n))];
        int[] all = [.. whole.Select((stays, n) => stays ? (int)plan.Lengths[n] : plan.Ranks![n])];
        TuckerTarget<T> target = TuckerStart.Target(tensor, MissingData, all, engine);
        cancellationToken.ThrowIfCancellationRequested();
        string start = given is null ? "" : $" given {given.Print} fixed [{string.Join(", ", FixedModes)}]";
        string subject = string.Create(
            CultureInfo.InvariantCulture,
            $"Tucker {typeof(T).Name} {DenseData.Text(plan.Lengths)} norm {target.Norm:R} modes [{string.Join(", ", plan.Modes)}] ranks [{string.Join(", ", all)}]{start} of {target.Description}");
        FactorUpdate<T>[] updates = [.. all.Select(static _ => new LeastSquaresUpdate<T>())];
        bool[] stay = [.. whole.Select((stays, n) => stays || plan.Fixed[n])];
        TuckerBlockFit<T> fit = new(new TuckerBlockOptions(MaxIterations, StopTolerance, 1, true, engine, Checkpoint, Resume), subject, target, updates, null, stay);
        TuckerBlockResult<T> found = fit.Run(_ => Begin(target, plan, given, engine, cancellationToken), progress, cancellationToken);
        return Orthonormal(found, target.Input, plan, given, engine);
    }

    private static TuckerState<T> Begin<T>(TuckerTarget<T> target, TuckerPlan plan, GivenFactors<T>? given, ILinearAlgebraBackend engine, CancellationToken cancellationToken)
        where T : unmanaged, INumberBase<T>
    {
        Tensor<T>?[] compressed = given is null ? TuckerStart.Leading(plan, target.StartInput, engine, cancellationToken) : [.. given.Bases.Select(static f => f is null ? null : DenseData.Copy(f))];
        Tensor<T>[] factors = [.. compressed.Select((f, n) => f ?? LinearAlgebra.Identity<T>((int)plan.Lengths[n]))];
        if (given is null)
        {
            return TuckerStart.WithCore(factors, target.StartInput, nonNegative: false, engine);
        }

        TuckerState<T> state = new(factors, FreshMemory.Zeros<T>([.. factors.Select(static f => f.Lengths[1])]), engine);
        target.FitCore(state, cancellationToken);
        return state;
    }

    /// <summary>
    /// U_n = Q_n R_n; the core takes R_n, and its own higher-order SVD settles what is left free: the core becomes all-orthogonal, as that of every start by HOSVD. Fixed factors, of which the fit saw
    /// the orthonormal bases, take their own place again.
    /// </summary>
    private static TuckerResult<T> Orthonormal<T>(TuckerBlockResult<T> found, DenseInput<T> input, TuckerPlan plan, GivenFactors<T>? given, ILinearAlgebraBackend engine)
        where T : unmanaged, INumberBase<T>
    {
        Tensor<T> core = found.Core;
        Tensor<T>?[] bases = [.. found.Factors];
        int[] free = [.. plan.Modes.Where(n => !plan.Fixed[n])];
        foreach (int n in free)
        {
            (Tensor<T> q, Tensor<T> r) = LinearAlgebra.Qr(bases[n]!, engine);
            (bases[n], core) = (q, TensorAlgebra.ModeProduct(core, r, n, engine));
        }

        if (free.Length > 0)
        {
            TuckerResult<T> turned = new Tucker { Method = SubspaceMethod.QrSvd, Sequential = false, MaxIterations = 0, CompressedModes = free, Backend = engine }.Fit(core, [.. free.Select(n => plan.Ranks![n])]);
            core = turned.Core;
            for (int k = 0; k < free.Length; k++)
            {
                bases[free[k]] = LinearAlgebra.MatMul(bases[free[k]]!, turned.Factors[k], engine);
            }
        }

        (Tensor<T> restored, Tensor<T>?[] factors) = given is null ? (core, bases) : given.Restore(core, bases, engine);
        return new TuckerResult<T>(input.Restore(restored), [.. plan.Modes.Select(n => factors[n]!)], found.RelativeError, found.Errors, found.Converged, SubspaceMethod.Gram, plan.Modes);
    }
}
