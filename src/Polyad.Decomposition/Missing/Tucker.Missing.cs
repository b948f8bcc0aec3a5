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
    /// <exception cref="ArgumentException">Ranks or an option do not fit the tensor; given factors, and so <see cref="FixedModes"/>, are not taken here.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public TuckerResult<T> Fit<T>(IncompleteTensor<T> tensor, IReadOnlyList<int> ranks, IProgress<DecompositionProgress>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(tensor);
        ArgumentNullException.ThrowIfNull(ranks);
        CheckOptions();
        TuckerPlan plan = TuckerPlan.Of(tensor.Values, CompressedModes, [.. ranks], FixedModes, null);
        if (tensor.IsComplete)
        {
            return Fit(tensor.Values, ranks, progress, cancellationToken);
        }

        ILinearAlgebraBackend engine = Backend ?? Polyad.Backend.Current;
        int order = plan.Order;
        bool[] whole = [.. Enumerable.Range(0, order).Select(n => !plan.Modes.Contains(n))];
        int[] all = [.. Enumerable.Range(0, order).Select(n => whole[n] ? (int)plan.Lengths[n] : plan.Ranks![n])];
        TuckerTarget<T> target = TuckerStart.Target(tensor, MissingData, all, engine);
        cancellationToken.ThrowIfCancellationRequested();
        string subject = string.Create(
            CultureInfo.InvariantCulture,
            $"Tucker {typeof(T).Name} {DenseData.Text(plan.Lengths)} norm {target.Norm:R} modes [{string.Join(", ", plan.Modes)}] ranks [{string.Join(", ", all)}] of {target.Description}");
        FactorUpdate<T>[] updates = [.. all.Select(static _ => new LeastSquaresUpdate<T>())];
        TuckerBlockFit<T> fit = new(new TuckerBlockOptions(MaxIterations, StopTolerance, 1, true, engine, Checkpoint, Resume), subject, target, updates, null, whole);
        TuckerBlockResult<T> found = fit.Run(_ => Begin(target, plan, engine, cancellationToken), progress, cancellationToken);
        return Orthonormal(found, target.Input, plan, engine);
    }

    private static TuckerState<T> Begin<T>(TuckerTarget<T> target, TuckerPlan plan, ILinearAlgebraBackend engine, CancellationToken cancellationToken)
        where T : unmanaged, INumberBase<T>
    {
        Tensor<T>[] factors = [.. TuckerStart.Leading(plan, target.StartInput, engine, cancellationToken).Select((f, n) => f ?? LinearAlgebra.Identity<T>((int)plan.Lengths[n]))];
        return TuckerStart.WithCore(factors, target.StartInput, nonNegative: false, engine);
    }

    /// <summary>U_n = Q_n R_n; the core takes R_n, and its own higher-order SVD settles what is left free: the core becomes all-orthogonal, as that of every start by HOSVD.</summary>
    private static TuckerResult<T> Orthonormal<T>(TuckerBlockResult<T> found, DenseInput<T> input, TuckerPlan plan, ILinearAlgebraBackend engine)
        where T : unmanaged, INumberBase<T>
    {
        Tensor<T> core = found.Core;
        Tensor<T>[] bases = [.. found.Factors];
        foreach (int n in plan.Modes)
        {
            (Tensor<T> q, Tensor<T> r) = LinearAlgebra.Qr(bases[n], engine);
            (bases[n], core) = (q, TensorAlgebra.ModeProduct(core, r, n, engine));
        }

        TuckerResult<T> turned = new Tucker { Method = SubspaceMethod.QrSvd, Sequential = false, MaxIterations = 0, CompressedModes = plan.Modes, Backend = engine }.Fit(core, [.. plan.Modes.Select(n => plan.Ranks![n])]);
        Tensor<T>[] factors = [.. plan.Modes.Select((n, k) => LinearAlgebra.MatMul(bases[n], turned.Factors[k], engine))];
        return new TuckerResult<T>(input.Restore(turned.Core), factors, found.RelativeError, found.Errors, found.Converged, SubspaceMethod.Gram, plan.Modes);
    }
}
