using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>
/// A = Q B by blocks (randQB_EI; Yu, Gu, Li 2018): columns are added until ||A - Q B||_F is small enough, its square being ||A||_F^2 less that of B. Every block costs 2 q + 2 products with b vectors.
/// </summary>
public sealed class QbDecomposition : RandomizedAlgorithm
{
    /// <summary>b, the columns that are added at a time (default 16).</summary>
    public int BlockSize { get; init; } = 16;

    /// <summary>q, power iterations of each block (default 1).</summary>
    public int PowerIterations { get; init; } = 1;

    /// <summary>The distribution of the test matrices (default normal entries).</summary>
    public SketchDistribution Distribution { get; init; } = SketchDistribution.Gaussian;

    /// <summary>A decomposition of a given rank.</summary>
    /// <param name="a">m x n.</param>
    /// <param name="rank">1 to min(m, n).</param>
    /// <param name="progress">Told ||A - Q B||_F / ||A||_F after each block; NaN where the norm of A is not known.</param>
    /// <param name="cancellationToken">Looked at before each block and power iteration.</param>
    /// <exception cref="ArgumentException">The rank does not fit, or an option is out of range.</exception>
    /// <exception cref="NonFiniteInputException">A or a product with it holds NaN or infinity.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public QbResult<T> Fit<T>(LinearOperator<T> a, int rank, IProgress<IterationProgress>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
    {
        CheckedOperator.CheckRank(a, rank);
        return Run(a, rank, 0, progress, cancellationToken);
    }

    /// <inheritdoc cref="Fit{T}(LinearOperator{T}, int, IProgress{IterationProgress}?, CancellationToken)"/>
    public QbResult<T> Fit<T>(Tensor<T> a, int rank, IProgress<IterationProgress>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
        => Fit(CheckedOperator.Of(a), rank, progress, cancellationToken);

    /// <inheritdoc cref="Fit{T}(LinearOperator{T}, int, IProgress{IterationProgress}?, CancellationToken)"/>
    public QbResult<T> Fit<T>(CsrMatrix<T> a, int rank, IProgress<IterationProgress>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
        => Fit(CheckedOperator.Of(a), rank, progress, cancellationToken);

    /// <summary>The decomposition of least rank, in blocks, with ||A - Q B||_F at most a tolerance times ||A||_F.</summary>
    /// <param name="a">m x n, with a known norm.</param>
    /// <param name="tolerance">Relative error, at least 4 sqrt(eps) (6e-8 in double, 1.4e-3 in float): below that the difference of squares has no digits left.</param>
    /// <param name="maxRank">The largest rank; null for min(m, n).</param>
    /// <param name="progress">Told ||A - Q B||_F / ||A||_F after each block.</param>
    /// <param name="cancellationToken">Looked at before each block and power iteration.</param>
    /// <returns>The decomposition; <see cref="QbResult{T}.Converged"/> is false when the columns ran out first.</returns>
    /// <exception cref="ArgumentException">An argument or option is out of range, or the norm of A is not known.</exception>
    /// <exception cref="NonFiniteInputException">A or a product with it holds NaN or infinity.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public QbResult<T> FitToTolerance<T>(
        LinearOperator<T> a, double tolerance, int? maxRank = null, IProgress<IterationProgress>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(a);
        int most = maxRank ?? Math.Min(a.Rows, a.Columns);
        CheckedOperator.CheckRank(a, most);
        double least = 4 * Math.Sqrt(LinearAlgebra.Epsilon<T>());
        if (!(tolerance >= least && tolerance < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(tolerance), tolerance, $"The relative error must be at least {least:E1} and below 1.");
        }

        if (a.FrobeniusNorm is null)
        {
            throw new ArgumentException("The error is measured against the norm of A, which this operator does not know: ask for a rank, or use RangeFinder.FitToTolerance.", nameof(a));
        }

        return Run(a, most, tolerance, progress, cancellationToken);
    }

    /// <inheritdoc cref="FitToTolerance{T}(LinearOperator{T}, double, int?, IProgress{IterationProgress}?, CancellationToken)"/>
    public QbResult<T> FitToTolerance<T>(
        Tensor<T> a, double tolerance, int? maxRank = null, IProgress<IterationProgress>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
        => FitToTolerance(CheckedOperator.Of(a), tolerance, maxRank, progress, cancellationToken);

    /// <inheritdoc cref="FitToTolerance{T}(LinearOperator{T}, double, int?, IProgress{IterationProgress}?, CancellationToken)"/>
    public QbResult<T> FitToTolerance<T>(
        CsrMatrix<T> a, double tolerance, int? maxRank = null, IProgress<IterationProgress>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
        => FitToTolerance(CheckedOperator.Of(a), tolerance, maxRank, progress, cancellationToken);

    private QbResult<T> Run<T>(LinearOperator<T> a, int most, double tolerance, IProgress<IterationProgress>? progress, CancellationToken cancellationToken)
        where T : unmanaged, INumberBase<T>
    {
        Require(BlockSize >= 1, BlockSize, "at least 1");
        Require(PowerIterations >= 0, PowerIterations, "at least 0");
        ArgumentNullException.ThrowIfNull(Distribution);
        ILinearAlgebraBackend engine = Engine;
        double norm = a.FrobeniusNorm ?? double.NaN, kept = 0, error = norm == 0 ? 0 : 1;
        int room = tolerance == 0 ? most : (int)Math.Min(most, SubspaceBlocks<T>.FirstRoom * BlockSize);
        Tensor<T> basis = FreshMemory.Zeros<T>([a.Rows, room]), right = FreshMemory.Zeros<T>([room, a.Columns]);
        SketchState state = Draws(0);
        int found = 0;
        using SubspaceBlocks<T> blocks = new(a, Math.Min(BlockSize, most));
        for (int block = 1; found < most && (tolerance == 0 || error > tolerance); block++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = Math.Min(BlockSize, most - found);
            if (found + count > room)
            {
                room = (int)Math.Min(most, 2L * room);
                (basis, right) = (basis.Enlarged(a.Rows, room), right.Enlarged(room, a.Columns));
            }

            SketchOperator<T> s = Distribution.Create<T>(count, a.Columns, state);
            state = s.NextState;
            MatrixView<T> q = blocks.NextBlock(
                a, s, PowerIterations, basis.AsReadOnlyMatrix().Slice(0, 0, a.Rows, found), right.AsReadOnlyMatrix().Slice(0, 0, found, a.Columns), engine, cancellationToken);
            MatrixView<T> rows = right.AsMatrix().Slice(found, 0, count, a.Columns);
            a.ApplyAdjoint(q, rows.Transpose, engine);
            ((ReadOnlyMatrixView<T>)q).CopyTo(basis.AsMatrix().Slice(0, found, a.Rows, count));
            found += count;

            // ||A - Q B||^2 = ||A||^2 - ||B||^2, of numbers scaled by ||A|| so that no square overflows.
            double size = LinearAlgebra.FrobeniusNorm((ReadOnlyMatrixView<T>)rows), share = size / norm;
            if (!double.IsFinite(size))
            {
                Arguments.Finite<T>(rows, default, nameof(a));
            }

            kept += share * share;
            error = norm == 0 ? 0 : Math.Sqrt(Math.Max(0, 1 - kept));
            progress?.Report(new(block, error));
        }

        return new(basis.FirstColumns(found), found == room ? right : right.AsReadOnlyMatrix().Slice(0, 0, found, a.Columns).ToTensor(), error, tolerance == 0 || error <= tolerance);
    }
}

/// <summary>A is about Q B.</summary>
/// <param name="Q">m x k, orthonormal columns.</param>
/// <param name="B">k x n: Q^T A.</param>
/// <param name="RelativeError">||A - Q B||_F / ||A||_F by the difference of squares, to about sqrt(eps); NaN where the norm of A is not known, 0 for a zero matrix.</param>
/// <param name="Converged">Whether the tolerance was met; true for a fixed rank.</param>
public sealed record QbResult<T>(Tensor<T> Q, Tensor<T> B, double RelativeError, bool Converged)
    where T : unmanaged;
