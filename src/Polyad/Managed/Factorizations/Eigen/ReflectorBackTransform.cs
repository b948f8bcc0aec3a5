using System.Numerics;

namespace Polyad.Managed;

/// <summary>X = Q X for the Q of <see cref="Tridiagonalization"/>, by blocks in compact WY form, H_j .. H_{j+b-1} = I - V S V^T (Schreiber, Van Loan 1989; LAPACK ormtr/larft). 2 n^3 flops.</summary>
internal static unsafe class ReflectorBackTransform
{
    private const int Narrow = 32;
    private const int Wide = 64;
    private const int WideOrder = 256;

    /// <summary>Multiplies in place.</summary>
    /// <param name="a">The reflectors as <see cref="Tridiagonalization.Run"/> leaves them.</param>
    /// <param name="ld">Distance between columns of <paramref name="a"/>.</param>
    /// <param name="tau">n - 1 scalars.</param>
    /// <param name="x">n x n, any strides.</param>
    /// <param name="parallelism">Threads.</param>
    public static void Run<T>(T* a, nint ld, T* tau, in MatrixBlock<T> x, Parallelism parallelism)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // The last reflector acts on one row and is the identity.
        int n = x.Rows, reflectors = n - 2;
        if (reflectors <= 0)
        {
            return;
        }

        int width = Math.Min(n >= WideOrder ? Wide : Narrow, reflectors);
        using Scratch<T> panel = Workspace.Rent<T>(width * ld);
        using Scratch<T> products = Workspace.Rent<T>((nint)2 * width * x.Columns);
        using Scratch<T> small = Workspace.Rent<T>(2 * width * width);
        for (int start = (reflectors - 1) / width * width; start >= 0; start -= width)
        {
            int b = Math.Min(width, reflectors - start), row = start + 1;
            MatrixBlock<T> v = new(panel.Pointer, n - row, b, 1, ld);
            Expand(a, ld, start, v);
            MatrixBlock<T> gram = MatrixBlock<T>.RowMajor(small.Pointer, b, b), factor = MatrixBlock<T>.RowMajor(small.Pointer + (b * b), b, b);
            Gemm.Run(T.One, v.Transpose, v, T.Zero, gram, parallelism);
            Triangle(gram, tau + start, factor);

            MatrixBlock<T> target = x.Slice(row, 0, n - row, x.Columns);
            MatrixBlock<T> vx = MatrixBlock<T>.RowMajor(products.Pointer, b, x.Columns);
            MatrixBlock<T> svx = MatrixBlock<T>.RowMajor(products.Pointer + ((nint)b * x.Columns), b, x.Columns);
            Gemm.Run(T.One, v.Transpose, target, T.Zero, vx, parallelism);
            Gemm.Run(T.One, factor, vx, T.Zero, svx, parallelism);
            Gemm.Run(-T.One, v, svx, T.One, target, parallelism);
        }
    }

    /// <summary>The block of reflectors with its ones and zeros written out.</summary>
    private static void Expand<T>(T* a, nint ld, int start, in MatrixBlock<T> v)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int row = start + 1;
        for (int j = 0; j < v.Columns; j++)
        {
            T* column = v.Data + (j * v.ColumnStride);
            new Span<T>(column, j).Clear();
            column[j] = T.One;
            new ReadOnlySpan<T>(a + ((start + j) * ld) + row + j + 1, v.Rows - j - 1).CopyTo(new Span<T>(column + j + 1, v.Rows - j - 1));
        }
    }

    /// <summary>The upper triangular factor S of I - V S V^T from V^T V: column j is -tau_j S (V^T v_j), the diagonal tau_j.</summary>
    private static void Triangle<T>(in MatrixBlock<T> gram, T* tau, in MatrixBlock<T> factor)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        factor.Clear();
        for (int j = 0; j < factor.Columns; j++)
        {
            for (int i = 0; i < j; i++)
            {
                T sum = T.Zero;
                for (int k = i; k < j; k++)
                {
                    sum += factor[i, k] * gram[k, j];
                }

                factor[i, j] = -tau[j] * sum;
            }

            factor[j, j] = tau[j];
        }
    }
}
