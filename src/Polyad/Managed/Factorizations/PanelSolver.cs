using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Polyad.Managed;

/// <summary>
/// Solves X L^T = B where a product reads X next: in its panels of rows, which fill the vectors of a register tile. As many columns as a tile has are updated at once by those before them,
/// then solved among themselves.
/// </summary>
internal static unsafe class PanelSolver
{
    /// <summary>Solves for rows from .. to - 1 of B and writes X over them as well as into its panels.</summary>
    /// <param name="l">n x n, n a multiple of a tile's columns; the lower triangle is read.</param>
    /// <param name="b">m x n, any strides.</param>
    /// <param name="x">m x n.</param>
    /// <param name="from">A multiple of a panel's rows.</param>
    /// <param name="to">One past the last row.</param>
    /// <param name="shared">Whether other threads read X.</param>
    public static void Run<T>(in MatrixBlock<T> l, in MatrixBlock<T> b, in PackedRows<T> x, int from, int to, bool shared)
        where T : unmanaged, INumberBase<T>
    {
        int n = l.Rows, size = TriangleElements(n);
        using Scratch<T> scratch = Workspace.Rent<T>(ScratchElements<T>(n));
        PackTriangle(l, scratch.Pointer);
        for (int i = from; i < to; i += PackedRows<T>.PanelRows)
        {
            int step = x.Step(i);
            MatrixBlock<T> rows = b.Slice(i, 0, Math.Min(PackedRows<T>.PanelRows, to - i), n);

            // Changing lines that another core has read costs seven times as much as overwriting them past the caches.
            T* panel = shared ? scratch.Pointer + size : x.Row(i);
            PanelPacking.Rows(rows, step, panel);
            Substitute(n, scratch.Pointer, panel, step);
            BlockCopy.Run(new MatrixBlock<T>(panel, rows.Rows, n, 1, step), rows);
            if (shared)
            {
                StreamingStore.Copy(panel, x.Row(i), (nint)step * n);
            }
        }

        if (shared)
        {
            StreamingStore.Fence();
        }
    }

    /// <summary>Elements that a thread rents for n columns: the triangle, and a panel.</summary>
    public static int ScratchElements<T>(int n)
        where T : unmanaged
        => TriangleElements(n) + (n * PackedRows<T>.PanelRows);

    private static int TriangleElements(int n) => n * (n + GemmBlocking.TileColumns) / 2;

    /// <summary>L in groups of rows as wide as a tile, up to the diagonal, whose reciprocals take its place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackTriangle<T>(in MatrixBlock<T> l, T* packed)
        where T : unmanaged, INumberBase<T>
    {
        int tile = GemmBlocking.TileColumns;
        for (int q = 0; q < l.Rows; q += tile)
        {
            PanelPacking.Rows(l.Slice(q, 0, tile, q + tile), tile, packed);
            packed += q * tile;
            for (int r = 0; r < tile; r++, packed += tile)
            {
                packed[r] = T.One / packed[r];
            }
        }
    }

    private static void Substitute<T>(int n, T* l, T* x, int step)
        where T : unmanaged, INumberBase<T>
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Substitute<Simd512<T>, Vector512<T>, T, Eight>(n, l, x, step);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Substitute<Simd256<T>, Vector256<T>, T, Four>(n, l, x, step);
        }
        else if (GemmBlocking.TileColumns == 8)
        {
            Substitute<Simd128<T>, Vector128<T>, T, Eight>(n, l, x, step);
        }
        else if (Vector128.IsHardwareAccelerated)
        {
            Substitute<Simd128<T>, Vector128<T>, T, Four>(n, l, x, step);
        }
        else
        {
            Substitute<SimdScalar<T>, T, T, Four>(n, l, x, step);
        }
    }

    private static void Substitute<TSimd, TVector, T, TColumns>(int n, T* l, T* x, int step)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
        where T : unmanaged, INumberBase<T>
        where TColumns : struct, ITileCount
    {
        for (int i = 0; i < step; i += 3 * TSimd.Count)
        {
            switch ((step - i) / TSimd.Count)
            {
                case 1:
                    Substitute<TSimd, TVector, T, One, TColumns>(n, l, x + i, step);
                    break;
                case 2:
                    Substitute<TSimd, TVector, T, Two, TColumns>(n, l, x + i, step);
                    break;
                default:
                    Substitute<TSimd, TVector, T, Three, TColumns>(n, l, x + i, step);
                    break;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Substitute<TSimd, TVector, T, TVectors, TColumns>(int n, T* l, T* x, int step)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
        where T : unmanaged, INumberBase<T>
        where TVectors : struct, ITileCount
        where TColumns : struct, ITileCount
    {
        int tile = TColumns.Count, lanes = TSimd.Count;
        for (int q = 0; q < n; q += tile)
        {
            T* columns = x + ((nint)q * step);
            if (q > 0)
            {
                MicroKernel.Run<TSimd, TVector, T, TVectors, TColumns, None>(q, x, step, l, tile, 1, tile - 1, columns, step, -T.One, T.One);
                l += q * tile;
            }

            for (int r = 0; r < tile; r++)
            {
                T* solved = columns + (r * step);
                TVector s0 = TSimd.Load(solved);
                TVector s1 = TVectors.Count > 1 ? TSimd.Load(solved + lanes) : TSimd.Zero;
                TVector s2 = TVectors.Count > 2 ? TSimd.Load(solved + (2 * lanes)) : TSimd.Zero;
                for (int p = 0; p < r; p++)
                {
                    T* before = columns + (p * step);
                    TVector factor = TSimd.Broadcast(-l[(p * tile) + r]);
                    s0 = TSimd.MultiplyAdd(factor, TSimd.Load(before), s0);
                    s1 = TVectors.Count > 1 ? TSimd.MultiplyAdd(factor, TSimd.Load(before + lanes), s1) : s1;
                    s2 = TVectors.Count > 2 ? TSimd.MultiplyAdd(factor, TSimd.Load(before + (2 * lanes)), s2) : s2;
                }

                TVector reciprocal = TSimd.Broadcast(l[(r * tile) + r]);
                TSimd.Store(solved, TSimd.Multiply(s0, reciprocal));
                if (TVectors.Count > 1)
                {
                    TSimd.Store(solved + lanes, TSimd.Multiply(s1, reciprocal));
                }

                if (TVectors.Count > 2)
                {
                    TSimd.Store(solved + (2 * lanes), TSimd.Multiply(s2, reciprocal));
                }
            }

            l += tile * tile;
        }
    }
}
