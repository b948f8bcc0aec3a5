using System.Numerics;

namespace Polyad.Managed;

/// <summary>
/// Multiplies by a product of reflectors, H_0 H_1 .. H_{k-1} C, in blocks I - V T V^T (compact WY: Schreiber and Van Loan, SIAM J. Sci. Stat. Comput. 10, 1989; LAPACK dlarft, dlarfb).
/// </summary>
internal static unsafe class ReflectorProduct<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int BlockColumns = 48;

    /// <summary>C = H_0 .. H_{k-1} C. Reflector j is column j of <paramref name="reflectors"/> from row j + <paramref name="offset"/> on, what is above is not read.</summary>
    public static void ApplyLeft(in MatrixBlock<T> reflectors, int offset, T* tau, in MatrixBlock<T> c, Parallelism parallelism)
    {
        int k = Math.Min(reflectors.Columns, reflectors.Rows - offset);
        int block = Math.Min(BlockColumns, k);
        using Scratch<T> panel = Workspace.Rent<T>((nint)reflectors.Rows * block);
        using Scratch<T> square = Workspace.Rent<T>(2 * (nint)block * block);
        using Scratch<T> product = Workspace.Rent<T>(2 * (nint)block * c.Columns);
        for (int start = (k - 1) / block * block; k > 0 && start >= 0; start -= block)
        {
            int columns = Math.Min(block, k - start), rows = reflectors.Rows - offset - start;
            MatrixBlock<T> v = MatrixBlock<T>.ColumnMajor(panel.Pointer, rows, columns);
            for (int j = 0; j < columns; j++)
            {
                T* target = v.Data + (j * v.ColumnStride);
                new Span<T>(target, j).Clear();
                new ReadOnlySpan<T>(reflectors.Data + ((start + j) * reflectors.ColumnStride) + start + offset + j, rows - j).CopyTo(new Span<T>(target + j, rows - j));
            }

            MatrixBlock<T> gram = MatrixBlock<T>.ColumnMajor(square.Pointer, columns, columns);
            MatrixBlock<T> t = MatrixBlock<T>.ColumnMajor(square.Pointer + ((nint)block * block), columns, columns);
            Gemm.Run(T.One, v.Transpose, v, T.Zero, gram, parallelism);
            Triangle(gram, tau + start, t);

            MatrixBlock<T> part = c.Slice(start + offset, 0, rows, c.Columns);
            MatrixBlock<T> w = MatrixBlock<T>.ColumnMajor(product.Pointer, columns, c.Columns);
            MatrixBlock<T> tw = MatrixBlock<T>.ColumnMajor(product.Pointer + ((nint)block * c.Columns), columns, c.Columns);
            Gemm.Run(T.One, v.Transpose, part, T.Zero, w, parallelism);
            Gemm.Run(T.One, t, w, T.Zero, tw, parallelism);
            Gemm.Run(-T.One, v, tw, T.One, part, parallelism);
        }
    }

    /// <summary>T_jj = tau_j, T_{0..j, j} = -tau_j T_{0..j, 0..j} (V^T v_j), zeros below.</summary>
    private static void Triangle(in MatrixBlock<T> gram, T* tau, in MatrixBlock<T> t)
    {
        for (int j = 0; j < t.Columns; j++)
        {
            for (int i = 0; i < t.Rows; i++)
            {
                T sum = T.Zero;
                for (int l = i; l < j; l++)
                {
                    sum += t[i, l] * gram[l, j];
                }

                t[i, j] = i < j ? -tau[j] * sum : i == j ? tau[j] : T.Zero;
            }
        }
    }
}
