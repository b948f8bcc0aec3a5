using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>
/// A is about C U R with k of its own columns and k of its own rows (Mahoney, Drineas 2009; Voronin, Martinsson 2017): columns by an interpolative decomposition of A, rows by one of these columns, and
/// U = C^+ A R^+, the best for them.
/// </summary>
public sealed class CurDecomposition : RandomizedAlgorithm
{
    /// <summary>Rows of the sketch beyond the rank (default 10).</summary>
    public int Oversampling { get; init; } = 10;

    /// <summary>Power iterations that the sketch is sharpened by (default 1).</summary>
    public int PowerIterations { get; init; } = 1;

    /// <summary>Decomposes a matrix.</summary>
    /// <param name="a">m x n.</param>
    /// <param name="rank">k, 1 to min(m, n).</param>
    /// <param name="cancellationToken">Looked at before each product.</param>
    /// <exception cref="ArgumentException">The rank does not fit, or an option is out of range.</exception>
    /// <exception cref="NonFiniteInputException">A holds NaN or infinity.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public CurResult<T> Fit<T>(Tensor<T> a, int rank, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
        => Fit(CheckedOperator.Of(a), a, rank, cancellationToken);

    /// <inheritdoc cref="Fit{T}(Tensor{T}, int, CancellationToken)"/>
    public CurResult<T> Fit<T>(CsrMatrix<T> a, int rank, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
        => Fit(CheckedOperator.Of(a), null, rank, cancellationToken);

    /// <inheritdoc cref="Fit{T}(Tensor{T}, int, CancellationToken)"/>
    /// <remarks>Columns and rows are products with those of the identity: 2 k products beyond those of the sketch and of U.</remarks>
    public CurResult<T> Fit<T>(LinearOperator<T> a, int rank, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
        => Fit(a, null, rank, cancellationToken);

    private CurResult<T> Fit<T>(LinearOperator<T> matrix, Tensor<T>? dense, int rank, CancellationToken cancellationToken)
        where T : unmanaged, INumberBase<T>
    {
        ILinearAlgebraBackend engine = Engine;
        InterpolativeDecomposition finder = new() { Oversampling = Oversampling, PowerIterations = PowerIterations, Seed = Seed, Backend = Backend };
        (int[] columns, _) = finder.Columns(matrix, rank, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        Tensor<T> c = dense?.TakeColumns(columns) ?? matrix.TakeColumns(columns, engine);
        PivotedQrResult<T> chosen = LinearAlgebra.PivotedQr(c.AsReadOnlyMatrix().Transpose);
        int k = Math.Max(1, Math.Min(columns.Length, chosen.Rank));
        int[] rows = chosen.Permutation[..k];
        cancellationToken.ThrowIfCancellationRequested();
        Tensor<T> r = dense is null ? matrix.Adjoint.TakeColumns(rows, engine).AsReadOnlyMatrix().Transpose.ToTensor() : InterpolativeDecomposition.TakeRows(dense, rows);
        cancellationToken.ThrowIfCancellationRequested();

        // Pseudo-inverses, because columns of a matrix of low rank may be dependent.
        Tensor<T> left = LinearAlgebra.Pinv(c.AsReadOnlyMatrix(), backend: engine), right = LinearAlgebra.Pinv(r.AsReadOnlyMatrix(), backend: engine);
        Tensor<T> u = LinearAlgebra.MatMul(left, matrix.Apply(right, engine), engine);
        return new(c, u, r, columns, rows);
    }
}

/// <summary>A is about C U R.</summary>
/// <param name="C">m x k: columns of A.</param>
/// <param name="U">k x k.</param>
/// <param name="R">k x n: rows of A.</param>
/// <param name="Columns">Their numbers.</param>
/// <param name="Rows">Their numbers.</param>
public sealed record CurResult<T>(Tensor<T> C, Tensor<T> U, Tensor<T> R, int[] Columns, int[] Rows)
    where T : unmanaged, INumberBase<T>
{
    /// <summary>C U R, m x n.</summary>
    /// <param name="backend">The engine; null for the current one.</param>
    public Tensor<T> Reconstruct(ILinearAlgebraBackend? backend = null) => LinearAlgebra.MatMul(LinearAlgebra.MatMul(C, U, backend), R, backend);
}
