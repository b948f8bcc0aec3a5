using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Polyad.Managed;

/// <content>The products in which vectors of sums lie along the tensor's contiguous mode, which is kept.</content>
internal static unsafe partial class StreamedMttkrp<T>
{
    /// <summary>Z[c, :] = sum over l of X[l, c] K[l, :] for columns column .. column + columns - 1 and blocks from .. to - 1 of K.</summary>
    public static void Keep(T* x, nint pitch, in KhatriRaoPanels<T> k, int rank, nint column, nint columns, nint from, nint to, T* z)
    {
        nint parts = (columns + KeptColumns - 1) / KeptColumns;
        for (nint part = 0; part < parts; part++)
        {
            nint first = column + (columns * part / parts);
            int count = (int)(column + (columns * (part + 1) / parts) - first);
            if (Vector512.IsHardwareAccelerated)
            {
                Keep<Simd512<T>, Vector512<T>>(x, pitch, k, rank, first, count, from, to, z);
            }
            else if (Vector256.IsHardwareAccelerated)
            {
                Keep<Simd256<T>, Vector256<T>>(x, pitch, k, rank, first, count, from, to, z);
            }
            else
            {
                Keep<Simd128<T>, Vector128<T>>(x, pitch, k, rank, first, count, from, to, z);
            }
        }
    }

    /// <summary>
    /// G[i, :] = sum over j of Z[j, :] last[j, :] with Z[j, :] = sum over l of X[l, i, j] K[l, :], for rows row .. row + rows - 1 of the mode and blocks from .. to - 1 of K: what is kept lives for one row, in the cache.
    /// </summary>
    public static void KeepRows(in KeptRows x, in KhatriRaoPanels<T> k, T* last, int rank, nint row, nint rows, nint from, nint to, T* g)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            KeepRows<Simd512<T>, Vector512<T>>(x, k, last, rank, row, rows, from, to, g);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            KeepRows<Simd256<T>, Vector256<T>>(x, k, last, rank, row, rows, from, to, g);
        }
        else
        {
            KeepRows<Simd128<T>, Vector128<T>>(x, k, last, rank, row, rows, from, to, g);
        }
    }

    private static void Keep<TSimd, TVector>(T* x, nint pitch, in KhatriRaoPanels<T> k, int rank, nint column, int columns, nint from, nint to, T* z)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
    {
        int lanes = TSimd.Count, wide = 2 * lanes, tiles = Tiles(columns, lanes), tileSums = wide * rank;
        using Scratch<T> sums = Workspace.Rent<T>((nint)tiles * tileSums);
        using KhatriRaoPanels<T>.Block block = new(k);
        using Scratch<T> kept = Workspace.Rent<T>((nint)k.Cut.Piece * 2 * lanes);
        new Span<T>(sums.Pointer, tiles * tileSums).Clear();
        for (nint b = from; b < to; b++)
        {
            int count = block.Make<TSimd, TVector>(b);
            Add<TSimd, TVector>(x + column + (k.Cut.Line(b) * pitch), pitch, count, k.Panels, block, rank, columns, sums.Pointer, kept.Pointer, count * pitch);
        }

        for (int tile = 0; tile < tiles; tile++)
        {
            nint first = column + First(columns, tile, lanes, out int second);
            for (int r = 0; r < rank; r++)
            {
                T* s = sums.Pointer + ((nint)tile * tileSums) + (wide * r);
                for (int v = 0; v < (second > 0 ? wide : lanes); v++)
                {
                    z[((first + (v < lanes ? v : second + v - lanes)) * rank) + r] = s[v];
                }
            }
        }
    }

    private static void KeepRows<TSimd, TVector>(in KeptRows x, in KhatriRaoPanels<T> k, T* last, int rank, nint row, nint rows, nint from, nint to, T* g)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
    {
        int columns = x.Columns, lanes = TSimd.Count, together = (int)Math.Min(rows, Math.Max(1, KeptColumns / columns)), size = Tiles(columns, lanes) * 2 * lanes * rank;
        using Scratch<T> sums = Workspace.Rent<T>((nint)together * size);
        using Scratch<T> weights = Workspace.Rent<T>(size);
        using KhatriRaoPanels<T>.Block block = new(k);
        using Scratch<T> kept = Workspace.Rent<T>((nint)k.Cut.Piece * 2 * lanes);
        Weights(last, rank, columns, lanes, weights.Pointer);
        for (nint first = row; first < row + rows; first += together)
        {
            int here = (int)Math.Min(together, row + rows - first);
            new Span<T>(sums.Pointer, here * size).Clear();
            for (nint b = from; b < to; b++)
            {
                int count = block.Make<TSimd, TVector>(b);
                T* lines = x.Data + (first * x.RowPitch) + x.Offset(k.Cut, b);
                for (int i = 0; i < here; i++)
                {
                    nint next = i + 1 < here ? x.RowPitch : b + 1 < to ? x.Offset(k.Cut, b + 1) - x.Offset(k.Cut, b) - (i * x.RowPitch) : x.RowPitch + x.Offset(k.Cut, from) - x.Offset(k.Cut, b);
                    Add<TSimd, TVector>(lines + (i * x.RowPitch), x.Pitch, count, k.Panels, block, rank, columns, sums.Pointer + ((nint)i * size), kept.Pointer, next);
                }
            }

            for (int i = 0; i < here; i++)
            {
                Contract<TSimd, TVector>(sums.Pointer + ((nint)i * size), weights.Pointer, size, rank, g + ((first - row + i) * rank));
            }
        }
    }

    /// <summary>
    /// The sums of so many columns += lines of X times a block of K, two vectors of columns at a time: the first panel of K leaves them in the first-level cache, aligned, for the others,
    /// during which later ones are fetched; those after the last are at <paramref name="next"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add<TSimd, TVector>(T* lines, nint pitch, int count, int panels, in KhatriRaoPanels<T>.Block block, int rank, int columns, T* sums, T* kept, nint next)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
    {
        int lanes = TSimd.Count, wide = 2 * lanes, tiles = Tiles(columns, lanes), away = panels == 1 ? TilesAhead : 1;
        bool atOnce = panels <= 2;
        for (int tile = 0; tile < tiles; tile++)
        {
            int first = First(columns, tile, lanes, out int second);
            T* x = lines + first;
            T* ahead = lines + (tile + away < tiles ? (tile + away) * wide : next + ((tile + away - tiles) * wide));
            for (int panel = 0; panel < panels; panel++)
            {
                T* k = block.Panel(panel, out int width);
                T* s = sums;
                sums += wide * width;
                if (panels == 1)
                {
                    Pass<TSimd, TVector, One>(width, count, x, second, pitch, k, s, kept, ahead, pitch);
                    continue;
                }

                if (panel == 0)
                {
                    Pass<TSimd, TVector, Two>(width, count, x, second, pitch, k, s, kept, atOnce ? ahead : x, pitch);
                    continue;
                }

                // Two of the later panels fetch a vector a step.
                int vector = (panel - 1) * 2 / (panels - 1);
                bool fetches = !atOnce && (panel == 1 || (panel - 2) * 2 / (panels - 1) < vector);
                T* line = fetches ? ahead + (vector * lanes) : kept;
                Pass<TSimd, TVector, Three>(width, count, kept, second > 0 ? lanes : 0, wide, k, s, kept, line, fetches ? pitch : 0);
            }
        }
    }

    /// <summary>One pass over lines of a tile, with two vectors where there is a second one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pass<TSimd, TVector, TPass>(int columns, int steps, T* x, nint second, nint xStep, T* k, T* sums, T* kept, T* ahead, nint aheadStep)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
        where TPass : struct, ITileCount
    {
        if (second > 0)
        {
            Tile<TSimd, TVector, Two, TPass>(columns, steps, 0, x, second, xStep, k, 0, sums, kept, ahead, aheadStep);
        }
        else
        {
            Tile<TSimd, TVector, One, TPass>(columns, steps, 0, x, 0, xStep, k, 0, sums, kept, ahead, aheadStep);
        }
    }

    /// <summary>The entries of the last factor in the order of the sums, zero where a sum is there twice.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Weights(T* last, int rank, int columns, int lanes, T* weights)
    {
        int tiles = Tiles(columns, lanes), wide = 2 * lanes, done = 0;
        for (int tile = 0; tile < tiles; tile++)
        {
            int first = First(columns, tile, lanes, out int second);
            for (int v = 0; v < wide; v++)
            {
                int column = v < lanes ? first + v : first + second + v - lanes;
                bool counts = column >= done && (v < lanes || second > 0);
                for (int r = 0; r < rank; r++)
                {
                    weights[(((nint)tile * rank) + r) * wide + v] = counts ? last[((nint)column * rank) + r] : T.Zero;
                }

                done = counts ? column + 1 : done;
            }
        }
    }

    /// <summary>Every column's sums times their weights.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Contract<TSimd, TVector>(T* sums, T* weights, int size, int rank, T* g)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
    {
        int lanes = TSimd.Count, wide = 2 * lanes;
        for (int r = 0; r < rank; r++)
        {
            TVector even = TSimd.Zero, odd = TSimd.Zero;
            for (int at = wide * r; at < size; at += wide * rank)
            {
                even = TSimd.MultiplyAdd(TSimd.Load(sums + at), TSimd.Load(weights + at), even);
                odd = TSimd.MultiplyAdd(TSimd.Load(sums + at + lanes), TSimd.Load(weights + at + lanes), odd);
            }

            g[r] = TSimd.Sum(TSimd.Add(even, odd));
        }
    }

    private static int Tiles(int columns, int lanes) => (columns + (2 * lanes) - 1) / (2 * lanes);

    /// <summary>Where a tile of up to two vectors begins, and its second one after that. The last vector ends with the last column: what it shares with the one before comes out the same.</summary>
    private static int First(int columns, int tile, int lanes, out int second)
    {
        int start = 2 * lanes * tile, left = columns - start;
        second = left <= lanes ? 0 : Math.Min(lanes, left - lanes);
        return left < lanes ? columns - lanes : start;
    }

    /// <summary>X as rows of the mode that is computed, each with a line of the contiguous mode for every row of K.</summary>
    /// <param name="data">The first line.</param>
    /// <param name="columns">Entries of a line.</param>
    /// <param name="pitch">From a line to the next one of a block.</param>
    /// <param name="rowPitch">From a row to the next.</param>
    /// <param name="leadingPitch">From the lines of one of K's leading rows to those of the next.</param>
    internal readonly struct KeptRows(T* data, int columns, nint pitch, nint rowPitch, nint leadingPitch)
    {
        public T* Data { get; } = data;

        public int Columns { get; } = columns;

        public nint Pitch { get; } = pitch;

        public nint RowPitch { get; } = rowPitch;

        /// <summary>From a row's beginning to its first line for a block of K.</summary>
        public nint Offset(in KhatriRaoCut k, nint block)
        {
            nint lines = k.OuterRight * k.Tail, line = k.Line(block);
            return (line / lines * leadingPitch) + (line % lines * Pitch);
        }
    }
}
