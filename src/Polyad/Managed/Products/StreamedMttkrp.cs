using System.Numerics;
using System.Runtime.Intrinsics;

namespace Polyad.Managed;

/// <summary>
/// The product of a tensor, seen as [left, mode, right], with a Khatri-Rao product of low rank. X is read once and fetched ahead; the vectors lie along its contiguous mode, so the rank needs no padding
/// (a matrix product of ten columns would waste three lanes of eight), and for a mode between no intermediate is stored. How the work is cut comes from the shape alone.
/// </summary>
internal static unsafe class StreamedMttkrp<T>
    where T : unmanaged, INumberBase<T>
{
    /// <summary>Above this rank a product of matrices has little padding.</summary>
    private const int MostRank = 64;

    /// <summary>Bytes of a run of X: with ten columns of K of that length the first-level cache is full.</summary>
    private const int RunBytes = 3072;

    /// <summary>Sums that are kept at a time.</summary>
    private const int SumVectors = 3072;

    /// <summary>Lines of X that pass several tiles stay in the second-level cache between them.</summary>
    private const int RepeatedRows = 128;

    private const int KeptColumns = 512;

    private const int Prefixes = 32;

    /// <summary>Lines of X, and tiles along them, from what is read to what is fetched.</summary>
    private const int LinesAhead = 8, TilesAhead = 4;

    private static bool IsSupported(int rank) => rank <= MostRank && Vector128.IsHardwareAccelerated && (typeof(T) == typeof(float) || typeof(T) == typeof(double));

    /// <summary>Whether a product of matrices would waste a sixth of its lanes or more.</summary>
    private static bool Pads(int rank) => 5 * (((rank + GemmBlocking.Lanes<T>() - 1) / GemmBlocking.Lanes<T>() * GemmBlocking.Lanes<T>()) - rank) >= rank;

    /// <summary>Columns of K for which the sums fit the registers.</summary>
    private static int TileColumns => GemmBlocking.TileColumns == 8 ? 10 : 6;

    /// <summary>Whether <see cref="Sum"/> is for this shape: X's runs are long, and a product of matrices would be padded.</summary>
    public static bool Sums(nint right, int rank) => IsSupported(rank) && Pads(rank) && right >= 4 * GemmBlocking.Lanes<T>();

    /// <summary>Whether <see cref="Keep"/> is for this shape: X has many lines of at least a vector, and a product of matrices would be padded.</summary>
    public static bool Keeps(nint left, nint columns, int rank) => IsSupported(rank) && Pads(rank) && left >= 32 && columns >= GemmBlocking.Lanes<T>();

    /// <summary>The blocks for <see cref="Sum"/>.</summary>
    public static KhatriRaoBlocks<T> SumBlocks(ReadOnlySpan<nint> factors, ReadOnlySpan<nint> lengths, int mode, int rank)
        => new(factors[..mode], lengths[..mode], factors[(mode + 1)..], lengths[(mode + 1)..], rank, RunBytes / sizeof(T));

    /// <summary>The blocks for <see cref="Keep"/>.</summary>
    public static KhatriRaoBlocks<T> KeepBlocks(ReadOnlySpan<nint> factors, ReadOnlySpan<nint> lengths, nint columns, int rank)
        => new([], [], factors, lengths, rank, (int)Math.Clamp((1 << 15) / Math.Min(columns, KeptColumns), 32, 256));

    /// <summary>G[i, :] = sum over l and j of X[l, i, j] K[(l, j), :] for rows row .. row + rows - 1 of the mode and blocks from .. to - 1 of K.</summary>
    public static void Sum(T* x, nint length, nint right, in KhatriRaoBlocks<T> k, int rank, nint row, int rows, nint from, nint to, T* g)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Sum<Simd512<T>, Vector512<T>>(x, length, right, k, rank, row, rows, from, to, g);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Sum<Simd256<T>, Vector256<T>>(x, length, right, k, rank, row, rows, from, to, g);
        }
        else
        {
            Sum<Simd128<T>, Vector128<T>>(x, length, right, k, rank, row, rows, from, to, g);
        }
    }

    /// <summary>Z[c, :] = sum over l of X[l, c] K[l, :] for columns column .. column + columns - 1 and blocks from .. to - 1 of K.</summary>
    public static void Keep(T* x, nint pitch, in KhatriRaoBlocks<T> k, int rank, nint column, nint columns, nint from, nint to, T* z)
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

    private static void Sum<TSimd, TVector>(T* x, nint length, nint right, in KhatriRaoBlocks<T> k, int rank, nint row, int rows, nint from, nint to, T* g)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
    {
        int lanes = TSimd.Count, chunks = (rank + TileColumns - 1) / TileColumns, chunk = (rank + chunks - 1) / chunks;
        int most = Math.Max(2, Math.Min(SumVectors / rank, chunks == 1 ? rows : RepeatedRows) & ~1), pair = 2 * lanes * rank;
        using Scratch<T> sums = Workspace.Rent<T>((nint)((Math.Min(most, rows) + 1) / 2) * pair);
        using Scratch<T> block = Workspace.Rent<T>(rank * k.Stride);
        using Scratch<T> prefixes = Workspace.Rent<T>(Prefixes * rank);
        for (int first = 0; first < rows; first += most)
        {
            int here = Math.Min(most, rows - first);
            new Span<T>(sums.Pointer, (here + 1) / 2 * pair).Clear();
            nint known = -1;
            for (nint b = from; b < to; b++)
            {
                int count = Block<TSimd, TVector>(k, rank, b, true, prefixes.Pointer, ref known, block.Pointer), tail = count % lanes;
                nint start = Offset(k, length, right, row + first, b), next = Offset(k, length, right, row + first, Math.Min(b + 1, to - 1)) - start;
                for (int c = 0; c < rank; c += chunk)
                {
                    int columns = Math.Min(chunk, rank - c);
                    for (int i = 0; i < here; i += 2)
                    {
                        nint ahead = c > 0 ? 0 : i + LinesAhead < here ? LinesAhead * right : next + ((LinesAhead - here) * right);
                        T* a = x + start + (i * right);
                        T* s = sums.Pointer + ((nint)(i / 2) * pair) + (2 * lanes * c);
                        if (i + 1 < here)
                        {
                            Tile<TSimd, TVector, Two, None>(columns, count / lanes, tail, a, right, lanes, block.Pointer + (c * k.Stride), k.Stride, s, ahead);
                        }
                        else
                        {
                            Tile<TSimd, TVector, One, None>(columns, count / lanes, tail, a, 0, lanes, block.Pointer + (c * k.Stride), k.Stride, s, ahead);
                        }
                    }
                }
            }

            for (int i = 0; i < here; i++)
            {
                for (int r = 0; r < rank; r++)
                {
                    g[((nint)(first + i) * rank) + r] = TSimd.Sum(TSimd.Load(sums.Pointer + ((nint)(i / 2) * pair) + (((2 * r) + (i % 2)) * lanes)));
                }
            }
        }
    }

    /// <summary>Makes a block of K, and the prefixes around it when it leaves those from <paramref name="known"/> on. Returns its rows.</summary>
    private static int Block<TSimd, TVector>(in KhatriRaoBlocks<T> k, int rank, nint index, bool right, T* prefixes, ref nint known, T* block)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
    {
        nint outer = index / k.Pieces, start = index % k.Pieces * k.Piece;
        if (known < 0 || outer >= known + Prefixes)
        {
            known = outer;
            k.Prefixes(known, Math.Min(Prefixes, k.Outer - known), prefixes);
        }

        int count = (int)Math.Min(k.Piece, k.Tail - start);
        k.Scale<TSimd, TVector>(prefixes + ((outer - known) * rank), start, count, right, block);
        return count;
    }

    /// <summary>Where the block's run of a row lies in X.</summary>
    private static nint Offset(in KhatriRaoBlocks<T> k, nint length, nint right, nint row, nint block)
    {
        nint outer = block / k.Pieces, left = outer / k.OuterRight;
        return (((left * length) + row) * right) + ((outer % k.OuterRight) * k.Tail) + (block % k.Pieces * k.Piece);
    }

    private static void Keep<TSimd, TVector>(T* x, nint pitch, in KhatriRaoBlocks<T> k, int rank, nint column, int columns, nint from, nint to, T* z)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
    {
        int lanes = TSimd.Count, chunks = (rank + TileColumns - 1) / TileColumns, chunk = (rank + chunks - 1) / chunks;
        int wide = 2 * lanes, tiles = (columns + wide - 1) / wide, tileSums = wide * rank;
        using Scratch<T> sums = Workspace.Rent<T>((nint)tiles * tileSums);
        using Scratch<T> block = Workspace.Rent<T>(rank * k.Stride);
        using Scratch<T> prefixes = Workspace.Rent<T>(Prefixes * rank);
        new Span<T>(sums.Pointer, tiles * tileSums).Clear();
        nint known = -1;
        for (nint b = from; b < to; b++)
        {
            int count = Block<TSimd, TVector>(k, rank, b, false, prefixes.Pointer, ref known, block.Pointer);
            T* lines = x + (((b / k.Pieces * k.Tail) + (b % k.Pieces * k.Piece)) * pitch);
            for (int c = 0; c < rank; c += chunk)
            {
                int here = Math.Min(chunk, rank - c);
                for (int tile = 0; tile < tiles; tile++)
                {
                    nint ahead = c > 0 ? 0 : tile + TilesAhead < tiles ? TilesAhead * wide : (count * pitch) + ((TilesAhead - tiles) * wide);
                    T* a = lines + First(column, columns, tile, lanes, out int second);
                    T* s = sums.Pointer + ((nint)tile * tileSums) + (wide * c);
                    if (second > 0)
                    {
                        Tile<TSimd, TVector, Two, One>(here, count, 0, a, second, pitch, block.Pointer + (c * k.Stride), k.Stride, s, ahead);
                    }
                    else
                    {
                        Tile<TSimd, TVector, One, One>(here, count, 0, a, 0, pitch, block.Pointer + (c * k.Stride), k.Stride, s, ahead);
                    }
                }
            }
        }

        for (int tile = 0; tile < tiles; tile++)
        {
            nint first = First(column, columns, tile, lanes, out int second);
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

    /// <summary>Where a tile of up to two vectors begins, and its second one after that. The last vector ends with the last column: what it shares with the one before comes out the same.</summary>
    private static nint First(nint column, int columns, int tile, int lanes, out int second)
    {
        int start = 2 * lanes * tile, left = columns - start;
        second = left <= lanes ? 0 : Math.Min(lanes, left - lanes);
        return column + (left < lanes ? columns - lanes : start);
    }

    private static void Tile<TSimd, TVector, TVectors, TBroadcast>(int columns, int steps, int tail, T* x, nint second, nint xStep, T* k, nint stride, T* sums, nint ahead)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
        where TVectors : struct, ITileCount
        where TBroadcast : struct, ITileCount
    {
        switch (columns)
        {
            case 1:
                KhatriRaoTile.Run<TSimd, TVector, T, TVectors, One, TBroadcast>(steps, tail, x, second, xStep, k, stride, sums, ahead);
                break;
            case 2:
                KhatriRaoTile.Run<TSimd, TVector, T, TVectors, Two, TBroadcast>(steps, tail, x, second, xStep, k, stride, sums, ahead);
                break;
            case 3:
                KhatriRaoTile.Run<TSimd, TVector, T, TVectors, Three, TBroadcast>(steps, tail, x, second, xStep, k, stride, sums, ahead);
                break;
            case 4:
                KhatriRaoTile.Run<TSimd, TVector, T, TVectors, Four, TBroadcast>(steps, tail, x, second, xStep, k, stride, sums, ahead);
                break;
            case 5:
                KhatriRaoTile.Run<TSimd, TVector, T, TVectors, Five, TBroadcast>(steps, tail, x, second, xStep, k, stride, sums, ahead);
                break;
            case 6:
                KhatriRaoTile.Run<TSimd, TVector, T, TVectors, Six, TBroadcast>(steps, tail, x, second, xStep, k, stride, sums, ahead);
                break;
            case 7:
                KhatriRaoTile.Run<TSimd, TVector, T, TVectors, Seven, TBroadcast>(steps, tail, x, second, xStep, k, stride, sums, ahead);
                break;
            case 8:
                KhatriRaoTile.Run<TSimd, TVector, T, TVectors, Eight, TBroadcast>(steps, tail, x, second, xStep, k, stride, sums, ahead);
                break;
            case 9:
                KhatriRaoTile.Run<TSimd, TVector, T, TVectors, Nine, TBroadcast>(steps, tail, x, second, xStep, k, stride, sums, ahead);
                break;
            default:
                KhatriRaoTile.Run<TSimd, TVector, T, TVectors, Ten, TBroadcast>(steps, tail, x, second, xStep, k, stride, sums, ahead);
                break;
        }
    }
}
