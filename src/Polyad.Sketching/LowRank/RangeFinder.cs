using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>
/// The randomized range finder (Halko, Martinsson, Tropp 2011, algorithms 4.2 to 4.4): an orthonormal Q whose span holds nearly all of a matrix's action. With rank k, p extra columns and q power
/// iterations E ||A - Q Q^T A|| is at most (1 + 4 sqrt(k + p) / (p - 1) sqrt(min(m, n)))^(1 / (2 q + 1)) s_(k + 1). Costs 2 q + 1 products with k + p vectors.
/// </summary>
public sealed class RangeFinder : RandomizedAlgorithm
{
    /// <summary>Columns of the basis beyond the rank asked for (default 10).</summary>
    public int Oversampling { get; init; } = 10;

    /// <summary>q, products with A A^T, orthonormalized between, that sharpen the decay of the singular values (default 2).</summary>
    public int PowerIterations { get; init; } = 2;

    /// <summary>The distribution of the test matrix (default normal entries).</summary>
    public SketchDistribution Distribution { get; init; } = SketchDistribution.Gaussian;

    /// <summary>Normal vectors that the bound of the error is tested with (default 10): it fails with probability 10^-Probes. 0 gives no bound.</summary>
    public int Probes { get; init; } = 10;

    /// <summary>Columns that are added at a time when a tolerance is to be met (default 16).</summary>
    public int BlockSize { get; init; } = 16;

    /// <summary>A basis of min(rank + oversampling, m, n) columns.</summary>
    /// <param name="a">m x n.</param>
    /// <param name="rank">k, 1 to min(m, n).</param>
    /// <param name="cancellationToken">Looked at before each product.</param>
    /// <exception cref="ArgumentException">The rank does not fit, or an option is out of range.</exception>
    /// <exception cref="NonFiniteInputException">A or a product with it holds NaN or infinity.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public RangeResult<T> Fit<T>(LinearOperator<T> a, int rank, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
    {
        CheckedOperator.CheckRank(a, rank);
        Tensor<T> q = Basis(a, rank, cancellationToken);
        return new(q, Probes == 0 ? double.NaN : ErrorBound(a, q, cancellationToken), true);
    }

    /// <inheritdoc cref="Fit{T}(LinearOperator{T}, int, CancellationToken)"/>
    public RangeResult<T> Fit<T>(Tensor<T> a, int rank, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
        => Fit(CheckedOperator.Of(a), rank, cancellationToken);

    /// <inheritdoc cref="Fit{T}(LinearOperator{T}, int, CancellationToken)"/>
    public RangeResult<T> Fit<T>(CsrMatrix<T> a, int rank, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
        => Fit(CheckedOperator.Of(a), rank, cancellationToken);

    /// <summary>
    /// The adaptive range finder: blocks of columns are added until the bound of ||A - Q Q^T A|| in the spectral norm, which holds but for a probability of 10^-Probes per test, is at most the tolerance.
    /// </summary>
    /// <param name="a">m x n.</param>
    /// <param name="tolerance">The largest error in the spectral norm, in the units of A; above 0.</param>
    /// <param name="maxRank">The most columns; null for min(m, n).</param>
    /// <param name="progress">Told the bound after each block.</param>
    /// <param name="cancellationToken">Looked at before each product.</param>
    /// <returns>The basis; <see cref="RangeResult{T}.Converged"/> is false when the columns ran out first.</returns>
    /// <exception cref="ArgumentException">An argument or option is out of range.</exception>
    /// <exception cref="NonFiniteInputException">A or a product with it holds NaN or infinity.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public RangeResult<T> FitToTolerance<T>(
        LinearOperator<T> a, double tolerance, int? maxRank = null, IProgress<IterationProgress>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(a);
        int most = maxRank ?? Math.Min(a.Rows, a.Columns);
        CheckedOperator.CheckRank(a, most);
        Check();
        Require(Probes >= 1, Probes, "at least 1");
        if (!(tolerance > 0) || !double.IsFinite(tolerance))
        {
            throw new ArgumentOutOfRangeException(nameof(tolerance), tolerance, "The tolerance must be a finite number above 0.");
        }

        cancellationToken.ThrowIfCancellationRequested();
        ILinearAlgebraBackend engine = Engine;
        int found = 0, block = 0, room = (int)Math.Min(most, SubspaceBlocks<T>.FirstRoom * BlockSize);
        Tensor<T> probes = a.SketchRows(new GaussianSketch<T>(Probes, a.Columns, Draws(1)), engine, scale: 1), basis = FreshMemory.Zeros<T>([a.Rows, room]);
        SketchState state = Draws(0);
        double bound = Bound(probes);
        using SubspaceBlocks<T> blocks = new(a, Math.Min(BlockSize, most));
        while (bound > tolerance && found < most)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = Math.Min(BlockSize, most - found);
            if (found + count > room)
            {
                room = (int)Math.Min(most, 2L * room);
                basis = basis.Enlarged(a.Rows, room);
            }

            SketchOperator<T> s = Distribution.Create<T>(count, a.Columns, state);
            state = s.NextState;
            MatrixView<T> q = blocks.NextBlock(a, s, PowerIterations, basis.AsReadOnlyMatrix().Slice(0, 0, a.Rows, found), default, engine, cancellationToken);
            ((ReadOnlyMatrixView<T>)q).CopyTo(basis.AsMatrix().Slice(0, found, a.Rows, count));
            found += count;
            OperatorProducts.ProjectOut(probes.AsMatrix(), q, engine);
            bound = Bound(probes);
            progress?.Report(new(++block, bound));
        }

        return new(basis.FirstColumns(found), bound, bound <= tolerance);
    }

    /// <inheritdoc cref="FitToTolerance{T}(LinearOperator{T}, double, int?, IProgress{IterationProgress}?, CancellationToken)"/>
    public RangeResult<T> FitToTolerance<T>(
        Tensor<T> a, double tolerance, int? maxRank = null, IProgress<IterationProgress>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
        => FitToTolerance(CheckedOperator.Of(a), tolerance, maxRank, progress, cancellationToken);

    /// <inheritdoc cref="FitToTolerance{T}(LinearOperator{T}, double, int?, IProgress{IterationProgress}?, CancellationToken)"/>
    public RangeResult<T> FitToTolerance<T>(
        CsrMatrix<T> a, double tolerance, int? maxRank = null, IProgress<IterationProgress>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
        => FitToTolerance(CheckedOperator.Of(a), tolerance, maxRank, progress, cancellationToken);

    /// <summary>
    /// An upper bound of ||A - Q Q^T A|| in the spectral norm that holds but for a probability of 10^-Probes: 10 sqrt(2 / pi) times the largest image of a normal vector (Halko, Martinsson, Tropp 2011,
    /// lemma 4.1). The vectors do not depend on those that made Q. It is about 10 times the error.
    /// </summary>
    /// <param name="a">m x n.</param>
    /// <param name="basis">m x l, orthonormal columns.</param>
    /// <param name="cancellationToken">Looked at before the product.</param>
    /// <exception cref="ArgumentException">The basis does not have m rows, or there are no probes.</exception>
    /// <exception cref="NonFiniteInputException">The basis or a product with A holds NaN or infinity.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public double ErrorBound<T>(LinearOperator<T> a, Tensor<T> basis, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(basis);
        Require(Probes >= 1, Probes, "at least 1");
        ReadOnlyMatrixView<T> q = basis.AsReadOnlyMatrix();
        if (q.Rows != a.Rows)
        {
            throw new ArgumentException($"A basis of the range of a {a.Rows} x {a.Columns} matrix has {a.Rows} rows; given {q.Rows} x {q.Columns}.", nameof(basis));
        }

        cancellationToken.ThrowIfCancellationRequested();
        Tensor<T> probes = a.SketchRows(new GaussianSketch<T>(Probes, a.Columns, Draws(1)), Engine, scale: 1);
        OperatorProducts.ProjectOut(probes.AsMatrix(), q, Engine);
        return Bound(probes);
    }

    /// <summary>The basis alone.</summary>
    internal Tensor<T> Basis<T>(LinearOperator<T> a, int rank, CancellationToken cancellationToken)
        where T : unmanaged, INumberBase<T>
    {
        Tensor<T> q = FreshMemory.Uninitialized<T>([a.Rows, Width(a, rank)]);
        FillBasis(a, q.AsMatrix(), cancellationToken);
        return q;
    }

    /// <summary>Columns of a basis for a rank.</summary>
    internal int Width<T>(LinearOperator<T> a, int rank)
        where T : unmanaged, INumberBase<T>
    {
        Check();
        return (int)Math.Min((long)rank + Oversampling, Math.Min(a.Rows, a.Columns));
    }

    /// <summary>The basis alone, written to Q of as many columns as <see cref="Width"/> says. All else is scratch: writing to fresh memory costs as much as orthonormalizing.</summary>
    internal void FillBasis<T>(LinearOperator<T> a, in MatrixView<T> q, CancellationToken cancellationToken)
        where T : unmanaged, INumberBase<T>
    {
        ILinearAlgebraBackend engine = Engine;
        (int m, int n, int width) = (a.Rows, a.Columns, q.Columns);
        using Scratch<T> tall = Workspace.Rent<T>((nint)m * width), wide = Workspace.Rent<T>((nint)n * width), basis = Workspace.Rent<T>((nint)n * width), triangle = Workspace.Rent<T>((nint)width * width);
        MatrixView<T> y = new(tall.Span, m, width), z = new(wide.Span, n, width), p = new(basis.Span, n, width), r = new(triangle.Span, width, width);
        cancellationToken.ThrowIfCancellationRequested();
        a.SketchRows(Distribution.Create<T>(width, n, Draws(0)), y, engine);
        for (int power = 0; power < PowerIterations; power++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (IsWellConditioned<T>(y, engine))
            {
                a.ApplyAdjoint(y, z, engine);
            }
            else
            {
                engine.Qr(y, q, r);
                a.ApplyAdjoint(q, z, engine);
            }

            engine.Qr(z, p, r);
            cancellationToken.ThrowIfCancellationRequested();
            a.Apply(p, y, engine);
        }

        engine.Qr(y, q, r);
    }

    /// <summary>
    /// Whether A^T Y will do for A^T Q with Y = Q R: they have one span, and what rounding adds to the first is cond(Y) times what it adds to the second; up to eps^-1/4 it leaves three quarters of the digits of a span
    /// that the next product with A cleans anyway. The Gram matrix costs a quarter of the orthonormal columns.
    /// </summary>
    private static bool IsWellConditioned<T>(in ReadOnlyMatrixView<T> y, ILinearAlgebraBackend engine)
        where T : unmanaged, INumberBase<T>
        => CholeskyQr.GramTriangle(y, 0, engine, out double condition) is not null && condition <= 1 / Math.Sqrt(LinearAlgebra.Epsilon<T>());

    private static double Bound<T>(Tensor<T> probes)
        where T : unmanaged, INumberBase<T>
    {
        // Operators in code are seen here first: NaN is neither above nor below a tolerance.
        Arguments.Finite(probes.AsReadOnlyMatrix(), default, "a");
        int rows = (int)probes.Lengths[0], count = (int)probes.Lengths[1];
        double largest = 0;
        for (int j = 0; j < count; j++)
        {
            largest = Math.Max(largest, LinearAlgebra.FrobeniusNorm(probes.AsReadOnlyMatrix().Slice(0, j, rows, 1)));
        }

        return 10 * Math.Sqrt(2 / Math.PI) * largest;
    }

    private void Check()
    {
        Require(Oversampling >= 0, Oversampling, "at least 0");
        Require(PowerIterations >= 0, PowerIterations, "at least 0");
        Require(Probes >= 0, Probes, "at least 0");
        Require(BlockSize >= 1, BlockSize, "at least 1");
        ArgumentNullException.ThrowIfNull(Distribution);
    }
}

/// <summary>What a range finder found.</summary>
/// <param name="Basis">m x l, orthonormal columns.</param>
/// <param name="ErrorBound">An upper bound of ||A - Q Q^T A|| in the spectral norm, see <see cref="RangeFinder.ErrorBound"/>; NaN when it was not asked for.</param>
/// <param name="Converged">Whether the tolerance was met; true for a fixed rank.</param>
public sealed record RangeResult<T>(Tensor<T> Basis, double ErrorBound, bool Converged)
    where T : unmanaged;
