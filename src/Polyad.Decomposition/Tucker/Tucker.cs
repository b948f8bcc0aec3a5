using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>
/// Tucker decomposition: the sequentially truncated higher-order SVD (Vannieuwenhoven, Vandebril, Meerbergen 2012), improved by higher-order orthogonal iteration
/// (De Lathauwer, De Moor, Vandewalle 2000).
/// </summary>
public sealed class Tucker
{
    /// <summary>Without ranks: the smallest ranks for which ||X - T|| is at most this times ||X|| (default 1e-6), tol^2 / order of the energy being dropped in each mode.</summary>
    public double Tolerance { get; init; } = 1e-6;

    /// <summary>The most HOOI sweeps after ST-HOSVD (default 50); 0 for ST-HOSVD alone.</summary>
    public int MaxIterations { get; init; } = 50;

    /// <summary>HOOI has converged when the relative error changes by less than this (default 1e-8).</summary>
    public double StopTolerance { get; init; } = 1e-8;

    /// <summary>
    /// How singular vectors are found (default <see cref="SubspaceMethod.Automatic"/>: Gram with given ranks, and with a tolerance of at least 1e-7 for double or 3e-4 for float
    /// that stands clear of the rounding of a Gram matrix).
    /// </summary>
    public SubspaceMethod Method { get; init; }

    /// <summary>The engine; null for <see cref="Polyad.Backend.Current"/>.</summary>
    public ILinearAlgebraBackend? Backend { get; init; }

    /// <summary>Decomposes with ranks chosen by <see cref="Tolerance"/>.</summary>
    /// <param name="tensor">X, any order from 1, any strides; not modified.</param>
    /// <param name="progress">Told after ST-HOSVD (iteration 0) and each sweep.</param>
    /// <param name="cancellationToken">Looked at before each mode.</param>
    /// <exception cref="ArgumentException">The tensor is empty, or an option does not fit.</exception>
    /// <exception cref="NonFiniteInputException">The tensor holds NaN or infinity.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public TuckerResult<T> Fit<T>(Tensor<T> tensor, IProgress<DecompositionProgress>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
        => Run(tensor, null, progress, cancellationToken);

    /// <summary>Decomposes with given ranks, one for each mode, from 1 to its length.</summary>
    /// <inheritdoc cref="Fit{T}(Tensor{T}, IProgress{DecompositionProgress}, CancellationToken)"/>
    public TuckerResult<T> Fit<T>(Tensor<T> tensor, IReadOnlyList<int> ranks, IProgress<DecompositionProgress>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(tensor);
        ArgumentNullException.ThrowIfNull(ranks);
        bool fits = ranks.Count == tensor.Rank;
        for (int n = 0; n < ranks.Count && fits; n++)
        {
            fits = ranks[n] >= 1 && ranks[n] <= tensor.Lengths[n];
        }

        return fits ? Run(tensor, [.. ranks], progress, cancellationToken)
            : throw new ArgumentException($"Ranks [{string.Join(", ", ranks)}] do not fit a tensor of shape {DenseData.Text(tensor.Lengths)}: one for each mode, from 1 to its length.", nameof(ranks));
    }

    private TuckerResult<T> Run<T>(Tensor<T> tensor, int[]? ranks, IProgress<DecompositionProgress>? progress, CancellationToken cancellationToken)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentOutOfRangeException.ThrowIfNegative(MaxIterations);
        ArgumentOutOfRangeException.ThrowIfNegative(Tolerance);
        ArgumentOutOfRangeException.ThrowIfNegative(StopTolerance);
        DenseInput<T> input = DenseInput<T>.Of(tensor, 1);
        ILinearAlgebraBackend backend = Backend ?? Polyad.Backend.Current;
        SubspaceMethod method = Method != SubspaceMethod.Automatic ? Method : Choose<T>(input.Lengths, ranks is not null);
        Tensor<T>[] factors = new Tensor<T>[input.Order];
        Tensor<T> core = Truncate(input, ranks, factors, backend, method, cancellationToken);
        List<double> errors = [CoreError(input, core)];
        progress?.Report(new DecompositionProgress(0, errors[0]));
        bool converged = MaxIterations == 0 || input.Order < 2;
        while (!converged && errors.Count <= MaxIterations && input.Norm > 0)
        {
            core = Iterate(input, factors, backend, method, cancellationToken);
            errors.Add(CoreError(input, core));
            progress?.Report(new DecompositionProgress(errors.Count - 1, errors[^1]));
            converged = Math.Abs(errors[^2] - errors[^1]) < StopTolerance;
        }

        double exact = ExactError(input, core, factors, backend);
        return new TuckerResult<T>(input.Restore(core), factors, exact, errors, converged || input.Norm == 0, method);
    }

    /// <summary>A Gram matrix rounds its eigenvalues by about I eps ||X||^2: what is dropped must stand clear of that.</summary>
    private SubspaceMethod Choose<T>(nint[] lengths, bool ranksGiven)
    {
        double least = typeof(T) == typeof(float) ? 3e-4 : 1e-7;
        double clear = Math.Sqrt(64.0 * lengths.Length * lengths.Max() * DenseData.Epsilon<T>());
        return ranksGiven || Tolerance >= Math.Max(least, clear) ? SubspaceMethod.Gram : SubspaceMethod.QrSvd;
    }

    private Tensor<T> Truncate<T>(
        DenseInput<T> input, int[]? ranks, Tensor<T>[] factors, ILinearAlgebraBackend backend, SubspaceMethod method, CancellationToken cancellationToken)
        where T : unmanaged, INumberBase<T>
    {
        // The mode that shrinks most comes first; without ranks none is known to.
        int[] order = [.. Enumerable.Range(0, input.Order)];
        if (ranks is not null)
        {
            Array.Sort([.. order.Select(n => (double)ranks[n] / input.Lengths[n])], order);
        }

        Tensor<T> core = input.Tensor;
        double drop = Tolerance * Tolerance / input.Order;
        foreach (int n in order)
        {
            cancellationToken.ThrowIfCancellationRequested();
            (double[] values, Tensor<T> vectors) = LeadingSubspace.Of(backend, core, n, method);
            int rank = ranks?[n] ?? TruncationRank.Of(values, Math.Sqrt(drop) * input.Norm);
            factors[n] = vectors.AsReadOnlyMatrix().Slice(0, 0, values.Length, rank).ToTensor();
            core = Project(core, factors[n], n, backend);
        }

        return core;
    }

    private static Tensor<T> Iterate<T>(DenseInput<T> input, Tensor<T>[] factors, ILinearAlgebraBackend backend, SubspaceMethod method, CancellationToken cancellationToken)
        where T : unmanaged, INumberBase<T>
    {
        Tensor<T> projected = input.Tensor;
        for (int n = 0; n < factors.Length; n++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Tensor<T>?[] others = [.. factors];
            others[n] = null;
            projected = TensorAlgebra.MultiModeProduct(input.Tensor, others, transpose: true, backend);
            (_, Tensor<T> vectors) = LeadingSubspace.Of(backend, projected, n, method);
            factors[n] = vectors.AsReadOnlyMatrix().Slice(0, 0, (int)input.Lengths[n], (int)factors[n].Lengths[1]).ToTensor();
        }

        return Project(projected, factors[^1], factors.Length - 1, backend);
    }

    private static Tensor<T> Project<T>(Tensor<T> tensor, Tensor<T> factor, int mode, ILinearAlgebraBackend backend)
        where T : unmanaged, INumberBase<T>
    {
        Tensor<T>?[] one = new Tensor<T>?[tensor.Rank];
        one[mode] = factor;
        return TensorAlgebra.MultiModeProduct(tensor, one, transpose: true, backend);
    }

    /// <summary>sqrt(||X||^2 - ||G||^2) / ||X||, which holds for orthonormal factors.</summary>
    private static double CoreError<T>(DenseInput<T> input, Tensor<T> core)
        where T : unmanaged, INumberBase<T>
    {
        double share = input.Norm == 0 ? 1 : double.CreateSaturating(TensorAlgebra.FrobeniusNorm(core)) / input.Norm;
        return Math.Sqrt(Math.Max(0, (1 - share) * (1 + share)));
    }

    private static double ExactError<T>(DenseInput<T> input, Tensor<T> core, Tensor<T>[] factors, ILinearAlgebraBackend backend)
        where T : unmanaged, INumberBase<T>
    {
        // All modes but the first are expanded; the first one is streamed.
        Tensor<T>?[] others = [.. factors];
        others[0] = null;
        Tensor<T> right = TensorAlgebra.MultiModeProduct(core, others, backend: backend);
        return StreamedResidual.Relative(backend, input.Elements, input.Norm, factors[0].AsReadOnlyMatrix(), TensorAlgebra.UnfoldView(right));
    }
}
