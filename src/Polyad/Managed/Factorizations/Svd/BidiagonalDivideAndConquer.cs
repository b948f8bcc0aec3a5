using System.Numerics;

namespace Polyad.Managed;

/// <summary>
/// Singular values and vectors of an upper bidiagonal matrix by divide and conquer (Gu and Eisenstat, SIAM J. Matrix Anal. Appl. 16, 1995; LAPACK dbdsdc, dlasd1):
/// a row is taken out of the middle, both halves are solved, and <see cref="BidiagonalMerge{T}"/> puts the row back.
/// </summary>
internal static unsafe class BidiagonalDivideAndConquer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int LeafRows = 32;

    /// <summary>
    /// B = U diag(d) V^T for the n x n matrix with diagonal d and superdiagonal e (destroyed), d not negative and in no order; u and v, n x n and column-major, are written.
    /// <paramref name="pack"/> and <paramref name="coefficients"/> are n^2 elements of scratch each, <paramref name="gaps"/> likewise.
    /// </summary>
    public static void Run(int n, T* d, T* e, in MatrixBlock<T> u, in MatrixBlock<T> v, T* pack, T* coefficients, T* gaps, Parallelism parallelism)
    {
        BidiagonalMerge<T> merge = new(pack, coefficients, gaps, parallelism);
        Solve(n, 0, d, e, u, v, merge);
    }

    /// <summary>Rows 0..n-1 and, when <paramref name="extra"/> is 1, a column more than rows.</summary>
    private static void Solve(int n, int extra, T* d, T* e, in MatrixBlock<T> u, in MatrixBlock<T> v, in BidiagonalMerge<T> merge)
    {
        if (n <= LeafRows)
        {
            Identity(u);
            Identity(v);
            if (extra == 0)
            {
                BidiagonalQr<T>.Run(n, d, e, u, v);
            }
            else
            {
                BidiagonalQr<T>.RunWide(n, d, e, u, v);
            }

            return;
        }

        int upper = n / 2, lower = n - upper - 1;
        T alpha = d[upper], beta = e[upper];
        Solve(upper, 1, d, e, u.Slice(0, 0, upper, upper), v.Slice(0, 0, upper + 1, upper + 1), merge);
        Solve(
            lower,
            extra,
            d + upper + 1,
            e + upper + 1,
            u.Slice(upper + 1, upper + 1, lower, lower),
            v.Slice(upper + 1, upper + 1, lower + extra, lower + extra),
            merge);
        merge.Run(upper, lower, extra, alpha, beta, d, u, v);
    }

    private static void Identity(in MatrixBlock<T> a)
    {
        a.Clear();
        for (int i = 0; i < a.Rows; i++)
        {
            a[i, i] = T.One;
        }
    }
}
