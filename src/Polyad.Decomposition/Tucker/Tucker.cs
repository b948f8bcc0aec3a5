using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>
/// Tucker decomposition: the sequentially truncated higher-order SVD (Vannieuwenhoven, Vandebril, Meerbergen 2012), improved by higher-order orthogonal iteration (De Lathauwer, De Moor, Vandewalle 2000). A sweep of the
/// iteration contracts the tensor twice whatever its order (a dimension tree), stores no unfolding, and never raises the error. Elements are float or double.
/// </summary>
public sealed partial class Tucker
{
    /// <summary>What is taken for rounding, in units of eps.</summary>
    private const double RoundingUnits = 16;

    /// <summary>Without ranks: the smallest ranks for which ||X - T|| is at most this times ||X|| (default 1e-6); every mode may drop an equal share of the energy that those before it left.</summary>
    public double Tolerance { get; init; } = 1e-6;

    /// <summary>The most sweeps after the start (default 200); 0 for the start alone.</summary>
    public int MaxIterations { get; init; } = 200;

    /// <summary>HOOI has converged when the relative error changes by less than this (default 1e-8), or its square by less than rounding lets it know, 16 eps; 0 never stops early.</summary>
    public double StopTolerance { get; init; } = 1e-8;

    /// <summary>
    /// How singular vectors are found. Default <see cref="SubspaceMethod.Automatic"/>: by Gram matrices, where a tolerance stands clear of their rounding; and again by QR when the exact error of the result does not show
    /// that nothing was lost. The result tells which.
    /// </summary>
    public SubspaceMethod Method { get; init; }

    /// <summary>The modes to compress; the others stay as they are (a partial Tucker decomposition). Null, the default, for all.</summary>
    public IReadOnlyList<int>? CompressedModes { get; init; }

    /// <summary>Whether each mode is truncated before the next is looked at (default true: ST-HOSVD, the mode with the largest saving first); false for HOSVD, which finds all factors from X itself.</summary>
    public bool Sequential { get; init; } = true;

    /// <summary>Modes whose given factors stay as they are (default none); needs the overload that takes factors.</summary>
    public IReadOnlyList<int> FixedModes { get; init; } = [];

    /// <summary>The seed of the sketches of <see cref="SubspaceMethod.Randomized"/> (default 0).</summary>
    public ulong Seed { get; init; }

    /// <summary>Directions that a sketch has beyond the rank (default 10).</summary>
    public int Oversampling { get; init; } = 10;

    /// <summary>Times that a sketch is multiplied by X_(n) X_(n)^T (default 1).</summary>
    public int PowerIterations { get; init; } = 1;

    /// <summary>The engine; null for <see cref="Polyad.Backend.Current"/>.</summary>
    public ILinearAlgebraBackend? Backend { get; init; }

    /// <summary>Where the state of the sweeps goes while they run; null for nowhere.</summary>
    public CheckpointPlan? Checkpoint { get; init; }

    /// <summary>A state to go on from: the fit must be given the same tensor, ranks and options as the one that left it, and ends bit for bit as that one would have.</summary>
    public FitCheckpoint? Resume { get; init; }

    /// <summary>Decomposes with ranks chosen by <see cref="Tolerance"/>.</summary>
    /// <param name="tensor">X, any order from 1, any strides; not modified.</param>
    /// <param name="progress">Told after the start (iteration 0) and each sweep.</param>
    /// <param name="cancellationToken">Looked at before each mode.</param>
    /// <exception cref="ArgumentException">The tensor is empty, or an option does not fit.</exception>
    /// <exception cref="NonFiniteInputException">The tensor holds NaN or infinity.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public TuckerResult<T> Fit<T>(Tensor<T> tensor, IProgress<DecompositionProgress>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
        => Run(tensor, null, null, progress, cancellationToken);

    /// <summary>Decomposes with given ranks: one for each compressed mode, from 1 to its length.</summary>
    /// <inheritdoc cref="Fit{T}(Tensor{T}, IProgress{DecompositionProgress}, CancellationToken)"/>
    public TuckerResult<T> Fit<T>(Tensor<T> tensor, IReadOnlyList<int> ranks, IProgress<DecompositionProgress>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(ranks);
        return Run(tensor, [.. ranks], null, progress, cancellationToken);
    }

    /// <summary>
    /// Decomposes from given factors, one I_n x r_n matrix of independent columns for each compressed mode. They are where HOOI begins; those of <see cref="FixedModes"/> stay exactly as given, orthonormal or not, and
    /// the core belongs to them.
    /// </summary>
    /// <param name="tensor">X, any order from 1, any strides; not modified.</param>
    /// <param name="initialFactors">Copied, not modified.</param>
    /// <param name="progress">Told after the start (iteration 0) and each sweep.</param>
    /// <param name="cancellationToken">Looked at before each mode.</param>
    /// <exception cref="ArgumentException">The tensor is empty, the factors or an option do not fit, or the columns of a factor depend on each other.</exception>
    /// <exception cref="NonFiniteInputException">The tensor or a factor holds NaN or infinity.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public TuckerResult<T> Fit<T>(Tensor<T> tensor, IReadOnlyList<Tensor<T>> initialFactors, IProgress<DecompositionProgress>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(initialFactors);
        return Run(tensor, null, initialFactors, progress, cancellationToken);
    }

    private unsafe TuckerResult<T> Run<T>(Tensor<T> tensor, int[]? ranks, IReadOnlyList<Tensor<T>>? given, IProgress<DecompositionProgress>? progress, CancellationToken cancellationToken)
        where T : unmanaged, INumberBase<T>
    {
        CheckOptions();
        ArgumentNullException.ThrowIfNull(tensor);
        TuckerPlan plan = TuckerPlan.Of(tensor, CompressedModes, ranks, FixedModes, given);
        DenseInput<T> input = DenseInput<T>.Of(tensor, 1);
        GivenFactors<T>? start = given is null ? null : new GivenFactors<T>(plan, given, Backend ?? Polyad.Backend.Current);
        cancellationToken.ThrowIfCancellationRequested();
        fixed (T* data = input.Elements)
        {
            using TensorBlock<T> x = new(data, input.Lengths);
            SubspaceMethod method = Method != SubspaceMethod.Automatic ? Method : ClearOfRounding<T>(plan) ? SubspaceMethod.Gram : SubspaceMethod.QrSvd;
            if (Method == SubspaceMethod.Automatic && Resume?.Subject == Subject(input, plan, start, SubspaceMethod.QrSvd))
            {
                method = SubspaceMethod.QrSvd;
            }

            TuckerResult<T> result = Attempt(input, x, plan, start, method, Resume, progress, cancellationToken);
            return Method != SubspaceMethod.Automatic || method != SubspaceMethod.Gram || Proven(result, plan) ? result
                : Attempt(input, x, plan, start, SubspaceMethod.QrSvd, null, progress, cancellationToken);
        }
    }

    private void CheckOptions()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(MaxIterations);
        ArgumentOutOfRangeException.ThrowIfNegative(Oversampling);
        ArgumentOutOfRangeException.ThrowIfNegative(PowerIterations);
        IterativeDecomposition.NonNegative(Tolerance, nameof(Tolerance));
        IterativeDecomposition.NonNegative(StopTolerance, nameof(StopTolerance));
        if (Checkpoint is { } checkpoints)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(checkpoints.Every, 1, nameof(CheckpointPlan.Every));
        }
    }

    private TuckerResult<T> Attempt<T>(
        DenseInput<T> input, TensorBlock<T> x, TuckerPlan plan, GivenFactors<T>? given, SubspaceMethod method, FitCheckpoint? resume, IProgress<DecompositionProgress>? progress, CancellationToken cancellationToken)
        where T : unmanaged, INumberBase<T>
    {
        ILinearAlgebraBackend backend = Backend ?? Polyad.Backend.Current;
        string subject = Subject(input, plan, given, method);
        resume?.Require(subject);
        (TuckerFit<T> fit, TensorBlock<T>? start) = resume is not null ? TuckerFit<T>.Of(resume.State, plan)
            : given is null ? new HigherOrderSvd<T>(plan, input.Norm, backend, Settings(method), cancellationToken).Run(x, withCore: true)
            : (new TuckerFit<T>([.. given.Bases]), null);
        using OrthogonalIteration<T> iteration = new(plan, x, fit.Factors, start ?? x.Products(backend, fit.Factors, transpose: true), backend, method, cancellationToken);
        if (resume is null)
        {
            fit.Errors.Add(iteration.Error(input.Norm));
            progress?.Report(new DecompositionProgress(0, fit.Errors[0]));
        }

        fit.Converged |= MaxIterations == 0 || !iteration.CanImprove || input.Norm == 0;
        while (!fit.Converged && fit.Errors.Count <= MaxIterations)
        {
            iteration.Sweep();
            fit.Errors.Add(iteration.Error(input.Norm));
            fit.Converged = IsSettled(fit.Errors[^2], fit.Errors[^1], DenseData.Epsilon<T>());
            progress?.Report(new DecompositionProgress(fit.Errors.Count - 1, fit.Errors[^1]));
            Checkpoint?.Leave(fit.Errors.Count - 1, () => fit.Snapshot(subject, iteration.Core));
        }

        double exact = input.Norm == 0 ? 0 : TuckerResidual.Relative(backend, x, input.Norm, iteration.Core, fit.Factors);
        Tensor<T> core = input.Restore(iteration.Core.ToTensor());
        return fit.Result(plan, core, exact, method, given, input.Norm, backend);
    }

    /// <summary>The error is the root of what the core lacks of ||X||^2, which rounding moves by several eps: near zero the roots differ by some 1e-8 (single precision: 1e-3) for ever.</summary>
    private bool IsSettled(double before, double after, double epsilon)
        => StopTolerance > 0 && (Math.Abs(before - after) < StopTolerance || Math.Abs((before * before) - (after * after)) <= RoundingUnits * epsilon);

    private HigherOrderSvdSettings Settings(SubspaceMethod method) => new(Tolerance, method, Sequential, new CounterRandom(Seed), Oversampling, PowerIterations);

    /// <summary>A Gram matrix rounds its eigenvalues by about eps ||X||^2, their sum over I of them by I times that: what may be dropped must stand clear of it.</summary>
    private bool ClearOfRounding<T>(TuckerPlan plan)
        => plan.Ranks is not null || Tolerance * Tolerance / plan.Modes.Length >= 100 * plan.Lengths.Max() * DenseData.Epsilon<T>();

    /// <summary>
    /// Whether the exact error shows that Gram matrices lost nothing: in the energy of the best subspaces they lose at most about 2 eps ||X||^2 for each column kept, so the error must be far above that, or down at rounding.
    /// </summary>
    private bool Proven<T>(TuckerResult<T> result, TuckerPlan plan)
        where T : unmanaged, INumberBase<T>
    {
        double epsilon = DenseData.Epsilon<T>(), columns = result.Factors.Sum(static f => (double)f.Lengths[1]), clear = typeof(T) == typeof(float) ? 10 : 1000;
        double units = DenseData.RoundingUnits(result.Factors.Max(static f => (double)f.Lengths[0]));
        bool rounding = result.RelativeError <= 2 * units * epsilon, large = result.RelativeError * result.RelativeError >= clear * 2 * epsilon * columns;
        return rounding || (plan.Ranks is null ? result.RelativeError <= Tolerance : large);
    }

    private string Subject<T>(DenseInput<T> input, TuckerPlan plan, GivenFactors<T>? given, SubspaceMethod method)
        where T : unmanaged, INumberBase<T>
        => string.Create(
            CultureInfo.InvariantCulture,
            $"Tucker {typeof(T).Name} {DenseData.Text(input.Lengths)} norm {input.Norm:R} modes [{string.Join(", ", plan.Modes)}] ranks [{(plan.Ranks is null ? $"for {Tolerance:R}" : string.Join(", ", plan.Ranks))}] "
            + $"{(given is null ? Sequential ? "ST-HOSVD" : "HOSVD" : $"given {given.Print}")} fixed [{string.Join(", ", FixedModes)}] {method} seed {Seed} {Oversampling} {PowerIterations}");
}
