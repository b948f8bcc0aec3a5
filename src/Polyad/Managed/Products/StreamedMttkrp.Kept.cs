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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Keep<TSimd, TVector>(T* x, nint pitch, in KhatriRaoPanels<T> k, int rank, nint column, int columns, nint from, nint to, T* z)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
    {
        int lanes = TSimd.Count, wide = 2 * lanes, tiles = Tiles(columns, lanes), tileSums = wide * rank;
        using Scratch<T> sums = Workspace.Rent<T>((nint)tiles * tileSums);
        using KhatriRaoPanels<T>.Block block = new(k);
        for (nint b = from; b < to; b++)
        {
            int count = block.Make<TSimd, TVector>(b);
            T* lines = x + column + (k.Cut.Line(b) * pitch);
            PageVisits<T> pages = new(lines + (count * pitch), pitch, count, columns, tiles);
            Add<TSimd, TVector>(lines, pitch, count, block, rank, columns, b > from, sums.Pointer, count * pitch, pages, null, null);
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void KeepRows<TSimd, TVector>(in KeptRows x, in KhatriRaoPanels<T> k, T* last, int rank, nint row, nint rows, nint from, nint to, T* g)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
    {
        int columns = x.Columns, lanes = TSimd.Count, together = (int)Math.Min(rows, Math.Max(1, KeptColumns / columns)), tiles = Tiles(columns, lanes), size = tiles * 2 * lanes * rank;
        bool adjacent = x.RowPitch == columns;
        using Scratch<T> sums = Workspace.Rent<T>((nint)together * size);
        using Scratch<T> weights = Workspace.Rent<T>(size);
        using KhatriRaoPanels<T>.Block block = new(k);
        using Scratch<T> totals = Workspace.Rent<T>(rank * lanes);
        Weights(last, rank, columns, lanes, weights.Pointer);
        for (nint first = row; first < row + rows; first += together)
        {
            int here = (int)Math.Min(together, row + rows - first);
            for (nint b = from; b < to; b++)
            {
                bool complete = b + 1 == to;
                int count = block.Make<TSimd, TVector>(b);
                T* lines = x.Data + (first * x.RowPitch) + x.Offset(k.Cut, b);
                nint later = complete ? (here * x.RowPitch) + x.Offset(k.Cut, from) - x.Offset(k.Cut, b) : x.Offset(k.Cut, b + 1) - x.Offset(k.Cut, b);
                for (int i = 0; i < here; i++)
                {
                    T* line = lines + (i * x.RowPitch);
                    if (complete)
                    {
                        new Span<T>(totals.Pointer, rank * lanes).Clear();
                    }

                    PageVisits<T> pages = adjacent ? new(lines + later, x.Pitch, count, here * columns, here * tiles, i * tiles) : new(line + later, x.Pitch, count, columns, tiles);
                    Add<TSimd, TVector>(
                        line, x.Pitch, count, block, rank, columns, b > from, sums.Pointer + ((nint)i * size), i + 1 < here ? x.RowPitch : later - (i * x.RowPitch), pages,
                        complete ? weights.Pointer : null, totals.Pointer);
                    for (int r = 0; r < rank && complete; r++)
                    {
                        g[((first - row + i) * rank) + r] = TSimd.Sum(TSimd.Load(totals.Pointer + (r * lanes)));
                    }
                }
            }
        }
    }

    /// <summary>
    /// The sums of so many columns += lines of X times a block of K, two vectors of columns at a time, which pass all panels of K. Vectors further on are fetched meanwhile; those after the last are at
    /// <paramref name="next"/>, and with every tile some <paramref name="pages"/> are looked up. Sums that are complete with this block go with their <paramref name="weights"/> into the <paramref name="totals"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add<TSimd, TVector>(
        T* lines, nint pitch, int count, in KhatriRaoPanels<T>.Block block, int rank, int columns, bool resume, T* sums, nint next, in PageVisits<T> pages, T* weights, T* totals)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
    {
        int lanes = TSimd.Count, wide = 2 * lanes, tiles = Tiles(columns, lanes), panels = block.Panels, away = panels == 1 ? 2 * TilesAhead : TilesAhead;
        for (int tile = 0; tile < tiles; tile++)
        {
            int first = First(columns, tile, lanes, out int second);
            T* x = lines + first;
            pages.Visit(tile);

            // The line that holds a vector's last entry: the one of its first entry came with the vector before.
            T* ahead = lines + (tile + away < tiles ? (tile + away) * wide : next + ((tile + away - tiles) * wide)) + lanes - 1;
            for (int panel = 0; panel < panels; panel++)
            {
                T* k = block.Panel(panel, out int width);
                int column = block.Column(panel);
                nint at = (((nint)tile * rank) + column) * wide;
                T* w = weights == null ? null : weights + at;
                T* fetch = Share(ahead, x, lanes, pitch, count, panel, panels, out nint also, out nint otherStep);
                if (second == 0)
                {
                    Tile<TSimd, TVector, One, One, Two>(width, count, 0, x, 0, pitch, k, 0, resume, sums + at, w, totals + (column * lanes), fetch, also, pitch, otherStep);
                }
                else if (panels == 1)
                {
                    Tile<TSimd, TVector, Two, One, Two>(width, count, 0, x, second, pitch, k, 0, resume, sums + at, w, totals + (column * lanes), fetch, also, pitch, otherStep);
                }
                else
                {
                    Tile<TSimd, TVector, Two, One, One>(width, count, 0, x, second, pitch, k, 0, resume, sums + at, w, totals + (column * lanes), fetch, also, pitch, otherStep);
                }
            }
        }
    }

    /// <summary>
    /// The share of a pass over the lines in fetching two vectors of as many of them: a single pass fetches both in every step, of four each fetches half a vector, a line with every other step;
    /// of further ones each asks for what is there.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T* Share(T* ahead, T* x, int lanes, nint pitch, int count, int panel, int panels, out nint also, out nint otherStep)
    {
        int whole = Math.Max(0, 4 - panels), half = panel + whole;
        also = panels == 1 ? lanes : 0;
        otherStep = panels == 1 || panel < whole ? pitch : 0;
        return panels == 1 ? ahead : panel < whole ? ahead + (panel * lanes) : half < 4 ? ahead + (half / 2 * lanes) + (half % 2 * (count / 2) * pitch) : x;
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
