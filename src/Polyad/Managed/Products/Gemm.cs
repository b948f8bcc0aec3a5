using System.Numerics;
using System.Runtime.Intrinsics;

namespace Polyad.Managed;

/// <summary>
/// Matrix products on pinned blocks: brings any strides into the orientation of <see cref="GemmLoops"/> and shares the work among threads.
/// Every entry of C is summed in the same order on every path, so neither layout path nor thread count changes a bit.
/// </summary>
internal static unsafe class Gemm
{
    /// <summary>C = alpha A B + beta C; C is not read when beta is 0.</summary>
    public static void Run<T>(T alpha, in MatrixBlock<T> a, in MatrixBlock<T> b, T beta, in MatrixBlock<T> c, Parallelism parallelism)
        where T : unmanaged, INumberBase<T>
        => Run(alpha, a, b, beta, c, ProductRegion.All, parallelism);

    /// <summary>The lower triangle of C = alpha A B + beta C for a product known to be symmetric; the strict upper triangle is left alone.</summary>
    public static void Lower<T>(T alpha, in MatrixBlock<T> a, in MatrixBlock<T> b, T beta, in MatrixBlock<T> c, Parallelism parallelism)
        where T : unmanaged, INumberBase<T>
        => Run(alpha, a, b, beta, c, ProductRegion.Lower, parallelism);

    /// <summary>C = alpha A A^T + beta C, both triangles; the lower one of C is read when beta is not 0.</summary>
    public static void Gram<T>(T alpha, in MatrixBlock<T> a, T beta, in MatrixBlock<T> c, Parallelism parallelism)
        where T : unmanaged, INumberBase<T>
    {
        Run(alpha, a, a.Transpose, beta, c, ProductRegion.AtLeastLower, parallelism);

        // Without an old C the blocks on the diagonal come out whole and exactly symmetric: a_i a_j and a_j a_i are summed in the same order.
        SymmetricCopy.LowerToUpper(c, completeDiagonal: T.IsZero(beta) && GemmBlocking.TileColumns == 8);
    }

    private static void Run<T>(T alpha, in MatrixBlock<T> a, in MatrixBlock<T> b, T beta, in MatrixBlock<T> c, ProductRegion region, Parallelism parallelism)
        where T : unmanaged, INumberBase<T>
    {
        if (c.IsEmpty)
        {
            return;
        }

        // The loops want the rows of C contiguous: C^T = B^T A^T otherwise.
        if (nint.Abs(c.ColumnStride) < nint.Abs(c.RowStride) || (c.Rows == 1 && c.Columns > 1 && c.RowStride != 1))
        {
            ProductRegion turned = region switch
            {
                ProductRegion.Lower => ProductRegion.Upper,
                ProductRegion.AtLeastLower => ProductRegion.AtLeastUpper,
                _ => region,
            };
            Share(alpha, b.Transpose, a.Transpose, beta, c.Transpose, turned, parallelism);
            return;
        }

        Share(alpha, a, b, beta, c, region, parallelism);
    }

    private static void Share<T>(T alpha, in MatrixBlock<T> a, in MatrixBlock<T> b, T beta, in MatrixBlock<T> c, ProductRegion region, Parallelism parallelism)
        where T : unmanaged, INumberBase<T>
    {
        int threads = parallelism.ThreadsForFlops(2.0 * a.Rows * a.Columns * b.Columns);
        if (threads == 1)
        {
            GemmLoops.Run(alpha, a, b, beta, c, region, 0, 0);
            return;
        }

        // A triangle's columns carry unequal work: more, smaller parts then.
        int tileRows = 3 * GemmBlocking.Lanes<T>(), tileColumns = GemmBlocking.TileColumns;
        int parts = region == ProductRegion.All ? threads : 4 * threads;
        bool byColumn = c.Columns >= 2 * parts * tileColumns || (long)c.Columns * tileRows >= (long)c.Rows * tileColumns;
        MatrixBlock<T> left = a, right = b, target = c;
        WorkTeam.Run(parts, threads, part =>
        {
            if (byColumn)
            {
                (int from, int to) = WorkTeam.Range(target.Columns, parts, part, tileColumns);
                if (from < to)
                {
                    GemmLoops.Run(
                        alpha, left, right.Slice(0, from, right.Rows, to - from), beta, target.Slice(0, from, target.Rows, to - from), region, 0, from);
                }
            }
            else
            {
                (int from, int to) = WorkTeam.Range(target.Rows, parts, part, tileRows);
                if (from < to)
                {
                    GemmLoops.Run(
                        alpha, left.Slice(from, 0, to - from, left.Columns), right, beta, target.Slice(from, 0, to - from, target.Columns), region, from, 0);
                }
            }
        });
    }
}
