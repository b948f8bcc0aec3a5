using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad;

/// <summary>A = U diag(S) Vt: singular values descending, orthonormal columns of U and rows of Vt.</summary>
/// <param name="U">m x k.</param>
/// <param name="S">k values.</param>
/// <param name="Vt">k x n.</param>
public sealed record SvdResult<T>(Tensor<T> U, Tensor<T> S, Tensor<T> Vt)
    where T : unmanaged;

/// <summary>A = Q R: orthonormal columns of Q, R upper triangular with a diagonal that is not negative.</summary>
/// <param name="Q">m x k.</param>
/// <param name="R">k x n.</param>
public sealed record QrResult<T>(Tensor<T> Q, Tensor<T> R)
    where T : unmanaged;

/// <summary>A V = V diag(w) of a symmetric matrix.</summary>
/// <param name="Values">k eigenvalues.</param>
/// <param name="Vectors">n x k, orthonormal columns.</param>
public sealed record EigenResult<T>(Tensor<T> Values, Tensor<T> Vectors)
    where T : unmanaged;

/// <summary>A P = Q R with the column of largest remaining norm taken first, so that the diagonal of R does not increase.</summary>
/// <param name="Q">m x min(m, n), orthonormal columns.</param>
/// <param name="R">min(m, n) x n, upper trapezoidal, diagonal not negative.</param>
/// <param name="Permutation">Column j of A P is column <c>Permutation[j]</c> of A.</param>
/// <param name="Rank">The number of leading diagonal entries of R above eps max(m, n) R[0, 0]: an estimate that only contrived matrices defeat.</param>
public sealed record PivotedQrResult<T>(Tensor<T> Q, Tensor<T> R, int[] Permutation, int Rank)
    where T : unmanaged;

/// <summary>The minimum-norm solution of min ||A X - B||.</summary>
/// <param name="Solution">n x k, or n when B is a vector.</param>
/// <param name="ResidualNorms">||A x - b|| of each column, computed from the residual itself.</param>
/// <param name="Rank">Singular values above rcond times the largest.</param>
/// <param name="SingularValues">Of A, descending.</param>
public sealed record LeastSquaresResult<T>(Tensor<T> Solution, Tensor<T> ResidualNorms, int Rank, Tensor<T> SingularValues)
    where T : unmanaged;

/// <summary>P A = L U with partial pivoting.</summary>
/// <param name="Lu">m x n: L below the diagonal (its ones not stored), U on and above it.</param>
/// <param name="Pivots">min(m, n) row swaps, 0-based: row i was swapped with row Pivots[i] at step i.</param>
/// <param name="ZeroPivot">The index of the first pivot that is exactly zero, or -1.</param>
public sealed record LuResult<T>(Tensor<T> Lu, int[] Pivots, int ZeroPivot)
    where T : unmanaged, INumberBase<T>
{
    /// <summary>The unit lower trapezoidal factor, m x min(m, n).</summary>
    public Tensor<T> L()
    {
        int rows = (int)Lu.Lengths[0], columns = (int)Lu.Lengths[1], inner = Math.Min(rows, columns);
        Tensor<T> lower = FreshMemory.Zeros<T>([rows, inner]);
        ReadOnlySpan<T> from = LinearAlgebra.Elements(Lu);
        Span<T> to = LinearAlgebra.Elements(lower);
        for (int i = 0; i < rows; i++)
        {
            from.Slice(i * columns, Math.Min(i, inner)).CopyTo(to[(i * inner)..]);
            if (i < inner)
            {
                to[(i * inner) + i] = T.One;
            }
        }

        return lower;
    }

    /// <summary>The upper trapezoidal factor, min(m, n) x n.</summary>
    public Tensor<T> U()
    {
        int columns = (int)Lu.Lengths[1], inner = Math.Min((int)Lu.Lengths[0], columns);
        Tensor<T> upper = FreshMemory.Zeros<T>([inner, columns]);
        ReadOnlySpan<T> from = LinearAlgebra.Elements(Lu);
        Span<T> to = LinearAlgebra.Elements(upper);
        for (int i = 0; i < inner; i++)
        {
            from.Slice((i * columns) + i, columns - i).CopyTo(to[((i * columns) + i)..]);
        }

        return upper;
    }

    /// <summary>The order of rows: row i of P A is row <c>Permutation()[i]</c> of A.</summary>
    public int[] Permutation()
    {
        int[] order = [.. Enumerable.Range(0, (int)Lu.Lengths[0])];
        for (int i = 0; i < Pivots.Length; i++)
        {
            (order[i], order[Pivots[i]]) = (order[Pivots[i]], order[i]);
        }

        return order;
    }
}
