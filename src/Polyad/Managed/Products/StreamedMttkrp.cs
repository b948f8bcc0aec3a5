using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Polyad.Managed;

/// <summary>
/// The product of a tensor, seen as [left, mode, right], with a Khatri-Rao product of low rank. X is read once and fetched ahead; the vectors lie along its contiguous mode, so the rank needs no padding
/// (a matrix product of ten columns would waste three lanes of eight), and for a mode between no intermediate is stored. How the work is cut comes from the shape alone.
/// </summary>
internal static unsafe partial class StreamedMttkrp<T>
    where T : unmanaged, INumberBase<T>
{
    /// <summary>The largest rank that was measured to gain.</summary>
    private const int MostRank = 128;

    /// <summary>Bytes of a run of X: with ten columns of K of that length the first-level cache is full.</summary>
    private const int RunBytes = 3072;

    /// <summary>Sums that are kept at a time.</summary>
    private const int SumVectors = 3072;

    /// <summary>Lines of X that pass several tiles stay in the second-level cache between them.</summary>
    private const int RepeatedRows = 128;

    private const int KeptColumns = 512;

    /// <summary>Lines of a block of K: where it has few panels they fit the first-level cache with two vectors of as many lines of X; many panels come from the second-level cache either way, and long runs of sums in registers pay.</summary>
    private const int KeptLines = 104, ManyPanelsLines = 304, ManyPanels = 3;

    /// <summary>As <see cref="KeptLines"/>, for lines a multiple of <see cref="AliasBytes"/> apart: they share a few places of each cache, and more of them would push each other out between being fetched and being used.</summary>
    private const int AliasedLines = 16;

    /// <summary>Bytes after which addresses meet the same places of the nearest cache.</summary>
    private const nint AliasBytes = 4096;

    /// <summary>Sums of a row that a cache still holds.</summary>
    private const nint MostKept = 1 << 20;

    /// <summary>Lines of X, and tiles along them, from what is read to what is fetched.</summary>
    private const int LinesAhead = 8, TilesAhead = 2;

    private static bool IsSupported(int rank) => rank <= MostRank && Vector128.IsHardwareAccelerated && (typeof(T) == typeof(float) || typeof(T) == typeof(double));

    /// <summary>Whether a product of matrices would waste at least one lane for so many that are used.</summary>
    private static bool Pads(int rank, int used) => used * (((rank + GemmBlocking.Lanes<T>() - 1) / GemmBlocking.Lanes<T>() * GemmBlocking.Lanes<T>()) - rank) >= rank;

    /// <summary>Columns of K for which the sums fit the registers, beside a vector of which the lanes may be masked.</summary>
    private static int SumColumns => GemmBlocking.TileColumns == 8 ? 10 : 6;

    /// <summary>As <see cref="SumColumns"/>, for entries of K.</summary>
    private static int TileColumns => GemmBlocking.TileColumns == 8 ? 14 : 6;

    /// <summary>Whether <see cref="Sum"/> is for this shape: X's runs are long, and a product of matrices would be padded.</summary>
    public static bool Sums(nint right, int rank) => IsSupported(rank) && Pads(rank, 5) && right >= 4 * GemmBlocking.Lanes<T>();

    /// <summary>Whether <see cref="Keep"/> is for this shape: X has many lines of many vectors, or of at least one and a product of matrices would be padded.</summary>
    public static bool Keeps(nint left, nint columns, int rank)
        => KeepsBetween(left, columns, rank) || (IsSupported(rank) && left >= 32 && columns >= 24 * GemmBlocking.Lanes<T>());

    /// <summary>As <see cref="Keeps"/> where what is kept is an intermediate: only for a product that would be padded.</summary>
    public static bool KeepsBetween(nint left, nint columns, int rank) => IsSupported(rank) && Pads(rank, 10) && left >= 32 && columns >= GemmBlocking.Lanes<T>();

    /// <summary>
    /// Whether <see cref="KeepRows"/> is for this shape: each row has many lines of many vectors, which are not so long that other rows would be better read first; or a product of matrices would be padded, or,
    /// for the last mode but one behind longer ones, leave a large intermediate.
    /// </summary>
    public static bool KeepsRows(nint left, nint right, nint columns, int rank)
    {
        int lanes = GemmBlocking.Lanes<T>();
        return IsSupported(rank) && left * (right / columns) >= 32 && columns * rank <= MostKept && columns >= 8 * lanes
            && (Pads(rank, 10) || (columns >= 12 * lanes && columns <= KeptColumns) || (right == columns && right < left));
    }

    /// <summary>The blocks for <see cref="Sum"/>.</summary>
    public static KhatriRaoBlocks<T> SumBlocks(ReadOnlySpan<nint> factors, ReadOnlySpan<nint> lengths, int mode, int rank)
        => new(factors[..mode], lengths[..mode], factors[(mode + 1)..], lengths[(mode + 1)..], rank, RunBytes / sizeof(T));

    private static int BlockLines(int rank) => rank > (ManyPanels - 1) * TileColumns ? ManyPanelsLines : KeptLines;

    /// <summary>The blocks for <see cref="Keep"/>.</summary>
    public static KhatriRaoPanels<T> KeepBlocks(ReadOnlySpan<nint> factors, ReadOnlySpan<nint> lengths, int rank)
        => new([], [], factors, lengths, rank, TileColumns, BlockLines(rank));

    /// <summary>The blocks for <see cref="KeepRows"/>: of the factors before the mode, or where there are some between it and the last mode, of those with those before leading.</summary>
    public static KhatriRaoPanels<T> RowBlocks(ReadOnlySpan<nint> factors, ReadOnlySpan<nint> lengths, int mode, int rank, nint pitch)
    {
        int most = pitch * sizeof(T) % AliasBytes == 0 ? AliasedLines : BlockLines(rank);
        ReadOnlySpan<nint> before = factors[..mode], beforeLengths = lengths[..mode], between = factors[(mode + 1)..^1], betweenLengths = lengths[(mode + 1)..^1];
        return TensorLayout.Count(betweenLengths) == 1
            ? new([], [], [.. before, .. between], [.. beforeLengths, .. betweenLengths], rank, TileColumns, most)
            : new(before, beforeLengths, between, betweenLengths, rank, TileColumns, most);
    }

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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sum<TSimd, TVector>(T* x, nint length, nint right, in KhatriRaoBlocks<T> k, int rank, nint row, int rows, nint from, nint to, T* g)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
    {
        int lanes = TSimd.Count, chunks = (rank + SumColumns - 1) / SumColumns, chunk = (rank + chunks - 1) / chunks;
        int most = Math.Max(2, Math.Min(SumVectors / rank, chunks == 1 ? rows : RepeatedRows) & ~1), pair = 2 * lanes * rank;
        using Scratch<T> sums = Workspace.Rent<T>((nint)((Math.Min(most, rows) + 1) / 2) * pair);
        using Scratch<T> block = Workspace.Rent<T>(rank * k.Stride);
        using KhatriRaoPrefixes<T> prefixes = k.Prefixes();
        for (int first = 0; first < rows; first += most)
        {
            int here = Math.Min(most, rows - first);
            for (nint b = from; b < to; b++)
            {
                int count = k.Cut.Count(b), tail = count % lanes;
                k.Scale<TSimd, TVector>(prefixes.Row(b / k.Cut.Pieces), k.Cut.Start(b), count, block.Pointer);
                nint start = Offset(k.Cut, length, right, row + first, b), next = Offset(k.Cut, length, right, row + first, Math.Min(b + 1, to - 1)) - start;
                PageVisits<T> pages = new(x + start + next, right, here, count, (here + 1) / 2);
                for (int c = 0; c < rank; c += chunk)
                {
                    int columns = Math.Min(chunk, rank - c);
                    for (int i = 0; i < here; i += 2)
                    {
                        if (c == 0)
                        {
                            pages.Visit(i / 2);
                        }

                        nint ahead = c > 0 ? 0 : i + LinesAhead < here ? LinesAhead * right : next + ((LinesAhead - here) * right);
                        T* a = x + start + (i * right);
                        T* s = sums.Pointer + ((nint)(i / 2) * pair) + (2 * lanes * c);
                        if (i + 1 < here)
                        {
                            Tile<TSimd, TVector, Two, None, Two>(columns, count / lanes, tail, a, right, lanes, block.Pointer + (c * k.Stride), k.Stride, b > from, s, null, null, a + ahead, right, lanes, lanes);
                        }
                        else
                        {
                            Tile<TSimd, TVector, One, None, One>(columns, count / lanes, tail, a, 0, lanes, block.Pointer + (c * k.Stride), k.Stride, b > from, s, null, null, a + ahead, 0, lanes, lanes);
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

    /// <summary>Where the block's run of a row lies in X.</summary>
    private static nint Offset(in KhatriRaoCut k, nint length, nint right, nint row, nint block)
    {
        nint lines = k.OuterRight * k.Tail, line = k.Line(block);
        return (((line / lines * length) + row) * right) + (line % lines);
    }

    /// <summary>The register tile for so many columns. Inlined: its many arguments would else be handed on twice.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Tile<TSimd, TVector, TVectors, TBroadcast, TFetches>(
        int columns, int steps, int tail, T* x, nint second, nint xStep, T* k, nint stride, bool resume, T* sums, T* weights, T* totals, T* ahead, nint also, nint aheadStep, nint otherStep)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
        where TVectors : struct, ITileCount
        where TBroadcast : struct, ITileCount
        where TFetches : struct, ITileCount
    {
        switch (columns)
        {
            case 1:
                KhatriRaoTile.Run<TSimd, TVector, T, TVectors, One, TBroadcast, TFetches>(steps, tail, x, second, xStep, k, stride, resume, sums, weights, totals, ahead, also, aheadStep, otherStep);
                break;
            case 2:
                KhatriRaoTile.Run<TSimd, TVector, T, TVectors, Two, TBroadcast, TFetches>(steps, tail, x, second, xStep, k, stride, resume, sums, weights, totals, ahead, also, aheadStep, otherStep);
                break;
            case 3:
                KhatriRaoTile.Run<TSimd, TVector, T, TVectors, Three, TBroadcast, TFetches>(steps, tail, x, second, xStep, k, stride, resume, sums, weights, totals, ahead, also, aheadStep, otherStep);
                break;
            case 4:
                KhatriRaoTile.Run<TSimd, TVector, T, TVectors, Four, TBroadcast, TFetches>(steps, tail, x, second, xStep, k, stride, resume, sums, weights, totals, ahead, also, aheadStep, otherStep);
                break;
            case 5:
                KhatriRaoTile.Run<TSimd, TVector, T, TVectors, Five, TBroadcast, TFetches>(steps, tail, x, second, xStep, k, stride, resume, sums, weights, totals, ahead, also, aheadStep, otherStep);
                break;
            case 6:
                KhatriRaoTile.Run<TSimd, TVector, T, TVectors, Six, TBroadcast, TFetches>(steps, tail, x, second, xStep, k, stride, resume, sums, weights, totals, ahead, also, aheadStep, otherStep);
                break;
            case 7:
                KhatriRaoTile.Run<TSimd, TVector, T, TVectors, Seven, TBroadcast, TFetches>(steps, tail, x, second, xStep, k, stride, resume, sums, weights, totals, ahead, also, aheadStep, otherStep);
                break;
            case 8:
                KhatriRaoTile.Run<TSimd, TVector, T, TVectors, Eight, TBroadcast, TFetches>(steps, tail, x, second, xStep, k, stride, resume, sums, weights, totals, ahead, also, aheadStep, otherStep);
                break;
            case 9:
                KhatriRaoTile.Run<TSimd, TVector, T, TVectors, Nine, TBroadcast, TFetches>(steps, tail, x, second, xStep, k, stride, resume, sums, weights, totals, ahead, also, aheadStep, otherStep);
                break;
            case 10:
                KhatriRaoTile.Run<TSimd, TVector, T, TVectors, Ten, TBroadcast, TFetches>(steps, tail, x, second, xStep, k, stride, resume, sums, weights, totals, ahead, also, aheadStep, otherStep);
                break;
            case 11:
                KhatriRaoTile.Run<TSimd, TVector, T, TVectors, Eleven, TBroadcast, TFetches>(steps, tail, x, second, xStep, k, stride, resume, sums, weights, totals, ahead, also, aheadStep, otherStep);
                break;
            case 12:
                KhatriRaoTile.Run<TSimd, TVector, T, TVectors, Twelve, TBroadcast, TFetches>(steps, tail, x, second, xStep, k, stride, resume, sums, weights, totals, ahead, also, aheadStep, otherStep);
                break;
            case 13:
                KhatriRaoTile.Run<TSimd, TVector, T, TVectors, Thirteen, TBroadcast, TFetches>(steps, tail, x, second, xStep, k, stride, resume, sums, weights, totals, ahead, also, aheadStep, otherStep);
                break;
            default:
                KhatriRaoTile.Run<TSimd, TVector, T, TVectors, Fourteen, TBroadcast, TFetches>(steps, tail, x, second, xStep, k, stride, resume, sums, weights, totals, ahead, also, aheadStep, otherStep);
                break;
        }
    }
}
