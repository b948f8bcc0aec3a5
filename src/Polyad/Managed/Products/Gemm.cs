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
        => Run(alpha, a, a.Transpose, beta, c, ProductRegion.AtLeastLower, parallelism);

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
        int threads = parallelism.ThreadsForFlops((region == ProductRegion.All ? 2.0 : 1.0) * a.Rows * a.Columns * b.Columns);
        if (threads == 1)
        {
            Columns(alpha, a, b, beta, c, region, 0, c.Columns);
            return;
        }

        Share(alpha, a, b, beta, c, region, threads);
    }

    /// <summary>Apart, so that only the work of several threads pays for a closure.</summary>
    private static void Share<T>(T alpha, MatrixBlock<T> a, MatrixBlock<T> b, T beta, MatrixBlock<T> c, ProductRegion region, int threads)
        where T : unmanaged, INumberBase<T>
    {
        int tileRows = 3 * GemmBlocking.Lanes<T>(), tileColumns = GemmBlocking.TileColumns;
        bool triangle = region != ProductRegion.All;
        bool byColumn = triangle || c.Columns >= 2 * threads * tileColumns || (long)c.Columns * tileRows >= (long)c.Rows * tileColumns;
        WorkTeam.Run(threads, threads, part =>
        {
            if (byColumn)
            {
                // A triangle is cut where neither tiles nor the cache lines of its mirror image are.
                (int from, int to) = triangle
                    ? WorkTeam.TriangleRange(c.Columns, threads, part, SymmetricCopy.Tile<T>(), growing: region is ProductRegion.Upper or ProductRegion.AtLeastUpper)
                    : WorkTeam.Range(c.Columns, threads, part, tileColumns);
                Columns(alpha, a, b, beta, c, region, from, to);
                return;
            }

            (int first, int end) = WorkTeam.Range(c.Rows, threads, part, tileRows);
            if (first < end)
            {
                GemmLoops.Run(alpha, a.Slice(first, 0, end - first, a.Columns), b, beta, c.Slice(first, 0, end - first, c.Columns), region, first, 0);
            }
        });
    }

    /// <summary>Columns from .. to - 1 of C; of a whole symmetric product also their mirror image, which no other columns' part touches.</summary>
    private static void Columns<T>(T alpha, in MatrixBlock<T> a, in MatrixBlock<T> b, T beta, in MatrixBlock<T> c, ProductRegion region, int from, int to)
        where T : unmanaged, INumberBase<T>
    {
        if (from >= to)
        {
            return;
        }

        GemmLoops.Run(alpha, a, b.Slice(0, from, b.Rows, to - from), beta, c.Slice(0, from, c.Rows, to - from), region, 0, from);
        if (region is not (ProductRegion.AtLeastLower or ProductRegion.AtLeastUpper))
        {
            return;
        }

        bool lower = region == ProductRegion.AtLeastLower;
        MatrixBlock<T> oriented = lower ? c : c.Transpose;
        SymmetricCopy.LowerToUpper(oriented, from, lower ? c.Rows : to, lower ? from : 0, to);

        // Without an old C the tiles on the diagonal come out whole and exactly symmetric where vectors are as long as tiles: a_i a_j and a_j a_i are summed in the same order.
        if (!T.IsZero(beta) || GemmBlocking.Lanes<T>() != SymmetricCopy.Tile<T>())
        {
            SymmetricCopy.Diagonal(oriented, from, to);
        }
    }
}
