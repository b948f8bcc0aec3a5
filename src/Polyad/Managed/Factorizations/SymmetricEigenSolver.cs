using System.Numerics;
using System.Runtime.CompilerServices;

namespace Polyad.Managed;

/// <summary>
/// Eigenvalues and eigenvectors of a symmetric matrix (LAPACK syevd's class): tridiagonal form by blocked reflectors, divide and conquer, back-transformation.
/// The matrix is brought to unit norm by a power of two, so that no magnitude of input over- or underflows on the way.
/// </summary>
internal static unsafe class SymmetricEigenSolver
{
    private const int CopyWidth = 64;

    /// <summary>A = V diag(w) V^T, w ascending, any signs. Reads the lower triangle. Input that is not finite gives NaN everywhere.</summary>
    /// <param name="a">n x n, n at least 1, any strides.</param>
    /// <param name="eigenvalues">n.</param>
    /// <param name="eigenvectors">n x n, any strides.</param>
    /// <param name="parallelism">Threads.</param>
    /// <exception cref="NonConvergenceException">The QL iteration of a small block did not converge.</exception>
    public static void Run<T>(in MatrixBlock<T> a, T* eigenvalues, in MatrixBlock<T> eigenvectors, Parallelism parallelism)
        where T : unmanaged, INumberBase<T>
    {
        if (typeof(T) == typeof(double))
        {
            Solve(a.Cast<double>(), (double*)eigenvalues, eigenvectors.Cast<double>(), parallelism);
        }
        else if (typeof(T) == typeof(float))
        {
            Solve(a.Cast<float>(), (float*)eigenvalues, eigenvectors.Cast<float>(), parallelism);
        }
        else
        {
            throw Unsupported<T>();
        }
    }

    /// <summary>The eigenvalues alone, ascending, by the root-free QL iteration. Reads the lower triangle. Input that is not finite gives NaN everywhere.</summary>
    /// <param name="a">n x n, n at least 1, any strides.</param>
    /// <param name="eigenvalues">n.</param>
    /// <param name="parallelism">Threads.</param>
    /// <exception cref="NonConvergenceException">The QL iteration did not converge.</exception>
    public static void RunValues<T>(in MatrixBlock<T> a, T* eigenvalues, Parallelism parallelism)
        where T : unmanaged, INumberBase<T>
    {
        if (typeof(T) == typeof(double))
        {
            Solve(a.Cast<double>(), (double*)eigenvalues, default, parallelism);
        }
        else if (typeof(T) == typeof(float))
        {
            Solve(a.Cast<float>(), (float*)eigenvalues, default, parallelism);
        }
        else
        {
            throw Unsupported<T>();
        }
    }

    /// <summary>Eigenvalues alone when <paramref name="vectors"/> is empty.</summary>
    private static void Solve<T>(in MatrixBlock<T> a, T* values, in MatrixBlock<T> vectors, Parallelism parallelism)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int n = a.Rows;
        nint ld = ColumnKernels.LeadingDimension<T>(n);
        using Scratch<T> matrix = Workspace.Rent<T>(n * ld);
        CopyLower(a, matrix.Pointer, ld, parallelism);
        T norm = LargestMagnitude(matrix.Pointer, n * ld);
        if (!T.IsFinite(norm))
        {
            new Span<T>(values, n).Fill(T.NaN);
            vectors.AsView().Fill(T.NaN);
            return;
        }

        int exponent = FloatingPointLimits<T>.ExponentToUnit(norm);
        for (int j = 0; j < n && exponent != 0; j++)
        {
            VectorKernels.Scale(n, T.ScaleB(T.One, exponent), matrix.Pointer + (j * ld));
        }

        using Scratch<T> diagonals = Workspace.Rent<T>((nint)3 * n);
        T* d = diagonals.Pointer;
        T* e = d + n;
        T* tau = e + n;
        Tridiagonalization<T>.Run(matrix.Pointer, ld, n, d, e, tau, parallelism);
        if (vectors.IsEmpty)
        {
            TridiagonalQl.RunValues(n, d, e);
            new ReadOnlySpan<T>(d, n).CopyTo(new Span<T>(values, n));
        }
        else
        {
            Vectors(matrix.Pointer, ld, n, d, e, tau, values, vectors, parallelism);
        }

        VectorKernels.Scale(n, T.ScaleB(T.One, -exponent), values);
    }

    private static void Vectors<T>(T* a, nint ld, int n, T* d, T* e, T* tau, T* values, in MatrixBlock<T> vectors, Parallelism parallelism)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using Scratch<T> inner = Workspace.Rent<T>(n * ld);
        using Scratch<T> scratch = Workspace.Rent<T>(n * ld);
        TridiagonalDivideAndConquer<T>.Run(n, d, e, inner.Pointer, ld, scratch.Pointer, parallelism);

        // The back-transformation works on columns: in the caller's memory when it is laid out so.
        bool direct = vectors.RowStride == 1;
        MatrixBlock<T> target = direct ? vectors : new MatrixBlock<T>(scratch.Pointer, n, n, 1, ld);
        using Scratch<int> columns = Workspace.Rent<int>(n);
        new ReadOnlySpan<T>(d, n).CopyTo(new Span<T>(values, n));
        for (int i = 0; i < n; i++)
        {
            columns.Pointer[i] = i;
        }

        new Span<T>(values, n).Sort(columns.Span);
        BlockCopy.Columns(new MatrixBlock<T>(inner.Pointer, n, n, 1, ld), columns.Pointer, target, parallelism);

        // The last reflector acts on one row and is the identity.
        ReflectorProduct<T>.ApplyLeft(new MatrixBlock<T>(a, n, Math.Max(n - 2, 0), 1, ld), 1, tau, target, parallelism);
        if (!direct)
        {
            BlockCopy.Run(target, vectors, parallelism);
        }
    }

    /// <summary>The lower triangle with zeros above it and in the padding below.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CopyLower<T>(MatrixBlock<T> a, T* target, nint ld, Parallelism parallelism)
        where T : unmanaged
    {
        int n = a.Rows;
        WorkTeam.Run((n + CopyWidth - 1) / CopyWidth, parallelism.ThreadsForBytes(1.5 * sizeof(T) * n * n), part =>
        {
            int j0 = part * CopyWidth, width = Math.Min(CopyWidth, n - j0);
            BlockCopy.Run(a.Slice(j0, j0, n - j0, width), new MatrixBlock<T>(target + j0 + (j0 * ld), n - j0, width, 1, ld));
            for (int j = j0; j < j0 + width; j++)
            {
                T* column = target + (j * ld);
                new Span<T>(column, j).Clear();
                new Span<T>(column + n, (int)ld - n).Clear();
            }
        });
    }

    /// <summary>The largest magnitude; not finite when an element is not (x * 0 is NaN for those alone).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static T LargestMagnitude<T>(T* a, nint length)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T max = T.Zero, zero = T.Zero;
        nint i = 0;
        if (Vector.IsHardwareAccelerated)
        {
            Vector<T> m = Vector<T>.Zero, s = Vector<T>.Zero;
            for (; i <= length - Vector<T>.Count; i += Vector<T>.Count)
            {
                Vector<T> v = Vector.Load(a + i);
                m = Vector.Max(m, Vector.Abs(v));
                s += v * Vector<T>.Zero;
            }

            for (int lane = 0; lane < Vector<T>.Count; lane++)
            {
                max = T.Max(max, m[lane]);
                zero += s[lane];
            }
        }

        for (; i < length; i++)
        {
            max = T.Max(max, T.Abs(a[i]));
            zero += a[i] * T.Zero;
        }

        return max + zero;
    }

    private static NotSupportedException Unsupported<T>() => new($"Element type {typeof(T).Name} is not supported here; use double or float.");
}
