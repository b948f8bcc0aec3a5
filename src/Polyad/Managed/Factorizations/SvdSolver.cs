using System.Numerics;

namespace Polyad.Managed;

/// <summary>
/// The singular value decomposition of a dense matrix: one-sided Jacobi for a few columns, else bidiagonalisation and divide and conquer, after a QR factorization where the matrix is tall;
/// wide matrices through their transpose. About 20/3 n^3 flops for square thin factors, most of them in matrix products.
/// </summary>
internal static unsafe class SvdSolver
{
    /// <summary>A = U diag(s) V^T, s descending; thin or full U (m x k or m x m) and Vt (k x n or n x n), any signs. NaN or infinity in A gives NaN everywhere.</summary>
    /// <exception cref="NonConvergenceException">An inner iteration used up its steps.</exception>
    public static void Run<T>(in MatrixBlock<T> a, in MatrixBlock<T> u, T* s, in MatrixBlock<T> vt, Parallelism parallelism)
        where T : unmanaged, INumberBase<T>
    {
        if (typeof(T) == typeof(double))
        {
            DenseSvd<double>.Run(a.Cast<double>(), u.Cast<double>(), (double*)s, vt.Cast<double>(), parallelism);
        }
        else if (typeof(T) == typeof(float))
        {
            DenseSvd<float>.Run(a.Cast<float>(), u.Cast<float>(), (float*)s, vt.Cast<float>(), parallelism);
        }
        else
        {
            throw new NotSupportedException($"Element type {typeof(T).Name} is not supported here; use double or float.");
        }
    }

    /// <summary>The singular values alone, descending.</summary>
    /// <exception cref="NonConvergenceException">An inner iteration used up its steps.</exception>
    public static void RunValues<T>(in MatrixBlock<T> a, T* s, Parallelism parallelism)
        where T : unmanaged, INumberBase<T>
    {
        if (typeof(T) == typeof(double))
        {
            DenseSvd<double>.RunValues(a.Cast<double>(), (double*)s, parallelism);
        }
        else if (typeof(T) == typeof(float))
        {
            DenseSvd<float>.RunValues(a.Cast<float>(), (float*)s, parallelism);
        }
        else
        {
            throw new NotSupportedException($"Element type {typeof(T).Name} is not supported here; use double or float.");
        }
    }
}
