using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>
/// Leading singular triplets and eigenpairs to a tolerance by a randomized block Krylov method with full orthogonalization (Golub, Underwood 1977; Musco, Musco 2015): a basis of four blocks, restarted
/// from its best vectors. It needs products alone, and many fewer than the randomized SVD with power iterations where the spectrum is flat.
/// </summary>
public sealed class BlockLanczos : RandomizedAlgorithm
{
    /// <summary>The largest residual, relative to the largest value (triplets) or to ||A||_F (eigenpairs; to the largest magnitude where that norm is not known). Null for 1e-9 in double, 1e-4 in float.</summary>
    public double? Tolerance { get; init; }

    /// <summary>The bases that are built before it gives up (default 50).</summary>
    public int MaxRestarts { get; init; } = 50;

    /// <summary>The k leading singular triplets. For k above min(m, n) / 4 the matrix is written out and its full SVD is cut.</summary>
    /// <param name="a">m x n.</param>
    /// <param name="rank">k, 1 to min(m, n).</param>
    /// <param name="progress">Told the largest relative residual after each basis.</param>
    /// <param name="cancellationToken">Looked at before each product.</param>
    /// <exception cref="ArgumentException">The rank does not fit, or an option is out of range.</exception>
    /// <exception cref="NonFiniteInputException">A or a product with it holds NaN or infinity.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public LanczosResult<T> FitSvd<T>(LinearOperator<T> a, int rank, IProgress<IterationProgress>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
    {
        CheckedOperator.CheckRank(a, rank);
        if (KrylovIteration.Svd(a, rank, Settings(progress, cancellationToken)) is { } found)
        {
            return new(found.Values, found.Left, found.Right, found.Residual, found.Restarts, found.Converged);
        }

        cancellationToken.ThrowIfCancellationRequested();
        SvdResult<T> full = LinearAlgebra.Svd(KrylovIteration.WriteOut(a, Engine).AsReadOnlyMatrix(), backend: Engine);
        return new(full.S.FirstElements(rank), full.U.FirstColumns(rank), full.Vt.AsReadOnlyMatrix().Slice(0, 0, rank, a.Columns).ToTensor(), 0, 0, true);
    }

    /// <inheritdoc cref="FitSvd{T}(LinearOperator{T}, int, IProgress{IterationProgress}?, CancellationToken)"/>
    public LanczosResult<T> FitSvd<T>(Tensor<T> a, int rank, IProgress<IterationProgress>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
        => FitSvd(CheckedOperator.Of(a), rank, progress, cancellationToken);

    /// <inheritdoc cref="FitSvd{T}(LinearOperator{T}, int, IProgress{IterationProgress}?, CancellationToken)"/>
    public LanczosResult<T> FitSvd<T>(CsrMatrix<T> a, int rank, IProgress<IterationProgress>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
        => FitSvd(CheckedOperator.Of(a), rank, progress, cancellationToken);

    /// <summary>The k largest eigenvalues of a symmetric operator and their vectors. For k above n / 4 the matrix is written out and all its eigenvalues are computed.</summary>
    /// <param name="a">n x n, symmetric (not checked).</param>
    /// <param name="rank">k, 1 to n.</param>
    /// <param name="progress">Told the largest relative residual after each basis.</param>
    /// <param name="cancellationToken">Looked at before each product.</param>
    /// <exception cref="ArgumentException">A is not square, the rank does not fit, or an option is out of range.</exception>
    /// <exception cref="NonFiniteInputException">A or a product with it holds NaN or infinity.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public LanczosResult<T> FitEigen<T>(LinearOperator<T> a, int rank, IProgress<IterationProgress>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
    {
        CheckedOperator.CheckSquare(a);
        CheckedOperator.CheckRank(a, rank);
        if (KrylovIteration.Eigen(a, rank, Settings(progress, cancellationToken)) is { } found)
        {
            return new(found.Values, found.Left, null, found.Residual, found.Restarts, found.Converged);
        }

        cancellationToken.ThrowIfCancellationRequested();
        EigenResult<T> top = LinearAlgebra.TopSymmetricEigen(KrylovIteration.WriteOut(a, Engine), rank, backend: Engine);
        return new(top.Values, top.Vectors, null, 0, 0, true);
    }

    /// <inheritdoc cref="FitEigen{T}(LinearOperator{T}, int, IProgress{IterationProgress}?, CancellationToken)"/>
    public LanczosResult<T> FitEigen<T>(Tensor<T> a, int rank, IProgress<IterationProgress>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
        => FitEigen(CheckedOperator.Of(a), rank, progress, cancellationToken);

    /// <inheritdoc cref="FitEigen{T}(LinearOperator{T}, int, IProgress{IterationProgress}?, CancellationToken)"/>
    public LanczosResult<T> FitEigen<T>(CsrMatrix<T> a, int rank, IProgress<IterationProgress>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
        => FitEigen(CheckedOperator.Of(a), rank, progress, cancellationToken);

    private KrylovSettings Settings(IProgress<IterationProgress>? progress, CancellationToken cancellationToken)
    {
        Require(MaxRestarts >= 1, MaxRestarts, "at least 1");
        Require(Tolerance is null or > 0, Tolerance, "above 0");
        return new(Tolerance, Seed, Engine, MaxRestarts, progress is null ? null : (restart, residual) => progress.Report(new(restart, residual)), cancellationToken);
    }
}

/// <summary>Leading triplets A v = s u, A^T u = s v, or eigenpairs A u = w u.</summary>
/// <param name="Values">k values, descending.</param>
/// <param name="Vectors">m x k, orthonormal columns: left singular vectors or eigenvectors.</param>
/// <param name="Vt">k x n, orthonormal rows: right singular vectors; null for eigenpairs.</param>
/// <param name="Residual">The largest relative residual, which bounds the error of the values; 0 where the full factorization was cut.</param>
/// <param name="Restarts">Bases built.</param>
/// <param name="Converged">Whether the residual meets the tolerance.</param>
public sealed record LanczosResult<T>(Tensor<T> Values, Tensor<T> Vectors, Tensor<T>? Vt, double Residual, int Restarts, bool Converged)
    where T : unmanaged;
