using System.Numerics;

namespace Polyad.Managed;

/// <summary>Matrix products on pinned blocks.</summary>
internal static unsafe class Gemm
{
    /// <summary>C = alpha A B + beta C; C is not read when beta is 0.</summary>
    public static void Run<T>(T alpha, in MatrixBlock<T> a, in MatrixBlock<T> b, T beta, in MatrixBlock<T> c, Parallelism parallelism)
        where T : unmanaged, INumberBase<T>
    {
        for (int i = 0; i < c.Rows; i++)
        {
            for (int j = 0; j < c.Columns; j++)
            {
                T sum = T.Zero;
                for (int k = 0; k < a.Columns; k++)
                {
                    sum += a[i, k] * b[k, j];
                }

                c[i, j] = T.IsZero(beta) ? alpha * sum : (alpha * sum) + (beta * c[i, j]);
            }
        }
    }

    /// <summary>The lower triangle of C = alpha A B + beta C for a product known to be symmetric; the strict upper triangle is left alone.</summary>
    public static void Lower<T>(T alpha, in MatrixBlock<T> a, in MatrixBlock<T> b, T beta, in MatrixBlock<T> c, Parallelism parallelism)
        where T : unmanaged, INumberBase<T>
    {
        for (int i = 0; i < c.Rows; i++)
        {
            Run(alpha, a.Slice(i, 0, 1, a.Columns), b.Slice(0, 0, b.Rows, i + 1), beta, c.Slice(i, 0, 1, i + 1), parallelism);
        }
    }

    /// <summary>C = alpha A A^T + beta C, both triangles.</summary>
    public static void Gram<T>(T alpha, in MatrixBlock<T> a, T beta, in MatrixBlock<T> c, Parallelism parallelism)
        where T : unmanaged, INumberBase<T>
    {
        Lower(alpha, a, a.Transpose, beta, c, parallelism);
        for (int i = 0; i < c.Rows; i++)
        {
            for (int j = 0; j < i; j++)
            {
                c[j, i] = c[i, j];
            }
        }
    }
}
