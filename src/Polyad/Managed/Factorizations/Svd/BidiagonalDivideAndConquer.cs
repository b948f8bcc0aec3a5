using System.Numerics;
using System.Runtime.CompilerServices;

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
        Solve(n, 0, d, e, u, v, new Squares(pack, coefficients, gaps, n), parallelism);
    }

    /// <summary>Rows 0..n-1 and, when <paramref name="extra"/> is 1, a column more than rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Solve(int n, int extra, T* d, T* e, in MatrixBlock<T> u, in MatrixBlock<T> v, in Squares squares, Parallelism parallelism)
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
        if (parallelism.ThreadsForFlops((double)n * n * n / 3) > 1)
        {
            ShareHalves(n, extra, d, e, u, v, squares, new Parallelism(Math.Max(1, parallelism.MaxThreads / 2)));
        }
        else
        {
            SolveHalf(upperHalf: true, n, extra, d, e, u, v, squares, parallelism);
            SolveHalf(upperHalf: false, n, extra, d, e, u, v, squares, parallelism);
        }

        new BidiagonalMerge<T>(squares.Pack, squares.Coefficients, squares.Gaps, parallelism).Run(upper, lower, extra, alpha, beta, d, u, v);
    }

    /// <summary>Apart, so that only the work of several threads pays for a closure.</summary>
    private static void ShareHalves(int n, int extra, T* d, T* e, MatrixBlock<T> u, MatrixBlock<T> v, Squares squares, Parallelism half)
        => WorkTeam.Run(2, 2, part => SolveHalf(upperHalf: part == 0, n, extra, d, e, u, v, squares, half));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SolveHalf(bool upperHalf, int n, int extra, T* d, T* e, in MatrixBlock<T> u, in MatrixBlock<T> v, in Squares squares, Parallelism parallelism)
    {
        int upper = n / 2, start = upperHalf ? 0 : upper + 1, order = upperHalf ? upper : n - upper - 1, more = upperHalf ? 1 : extra;
        Solve(order, more, d + start, e + start, u.Slice(start, start, order, order), v.Slice(start, start, order + more, order + more), squares.From(start), parallelism);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Identity(in MatrixBlock<T> a)
    {
        a.Clear();
        for (int i = 0; i < a.Rows; i++)
        {
            a[i, i] = T.One;
        }
    }

    /// <summary>The scratch of all merges: columns start .. start + k - 1 of it serve a block of k rows that begins at row start, so that blocks may be solved side by side.</summary>
    private readonly struct Squares(T* pack, T* coefficients, T* gaps, int order)
    {
        public T* Pack => pack;

        public T* Coefficients => coefficients;

        public T* Gaps => gaps;

        public Squares From(int column)
        {
            nint offset = (nint)column * order;
            return new(pack + offset, coefficients + offset, gaps + offset, order);
        }
    }
}
