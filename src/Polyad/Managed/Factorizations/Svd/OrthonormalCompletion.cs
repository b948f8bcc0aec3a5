using System.Numerics;

namespace Polyad.Managed;

/// <summary>Fills missing columns of a matrix with orthonormal columns.</summary>
internal static unsafe class OrthonormalCompletion<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// Columns <paramref name="known"/>.. of the column-major <paramref name="q"/> are made orthonormal to the orthonormal columns before them and to each other: each is the unit vector that lies
    /// furthest outside their span (its residual is at least 1 / sqrt(rows)), orthogonalised twice.
    /// </summary>
    public static void Run(in MatrixBlock<T> q, int known)
    {
        int m = q.Rows;
        if (known == q.Columns)
        {
            return;
        }

        using Scratch<T> scratch = Workspace.Rent<T>((nint)m + q.Columns);
        T* covered = scratch.Pointer;
        T* products = covered + m;
        new Span<T>(covered, m).Clear();
        for (int j = 0; j < q.Columns; j++)
        {
            T* column = q.Data + (j * q.ColumnStride);
            if (j >= known)
            {
                new Span<T>(column, m).Clear();
                column[Least(m, covered)] = T.One;
                MatrixBlock<T> before = q.Slice(0, 0, m, j);
                for (int pass = 0; pass < 2 && j > 0; pass++)
                {
                    Gemv.Run(T.One, before.Transpose, column, T.Zero, products);
                    Gemv.Run(-T.One, before, products, T.One, column);
                }

                VectorKernels.Scale(m, T.One / VectorKernels.Norm2(m, column), column);
            }

            for (int i = 0; i < m; i++)
            {
                covered[i] += column[i] * column[i];
            }
        }
    }

    private static int Least(int n, T* x)
    {
        int least = 0;
        for (int i = 1; i < n; i++)
        {
            least = x[i] < x[least] ? i : least;
        }

        return least;
    }
}
