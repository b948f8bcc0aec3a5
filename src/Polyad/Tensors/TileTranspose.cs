using System.Runtime.CompilerServices;
using Polyad.Managed;

namespace Polyad;

/// <summary>The copy of a matrix whose two layouts have different fastest modes: square tiles transposed in registers.</summary>
internal static unsafe class TileTranspose
{
    /// <summary>Destination elements written along one row before the next rows are begun: the source lines they come from stay in the cache.</summary>
    private const int PanelColumns = 128;

    /// <summary>As <see cref="PanelColumns"/>, in bytes, where the lines for the next panel are fetched meanwhile.</summary>
    private const int StreamedBytes = 256;

    /// <summary>A pitch that is a multiple of this many bytes puts lines into few cache sets: of the source then only those for one line of the destination are kept.</summary>
    private const int AliasedPitch = 512;

    /// <summary>Copies element (i, j), i along the mode that is fastest in the source and j along the one that is fastest in the destination.</summary>
    /// <param name="source">Element (0, 0) of the source.</param>
    /// <param name="target">Its place in the destination.</param>
    /// <param name="line">The mode of i.</param>
    /// <param name="run">The mode of j.</param>
    /// <param name="stream">Whether the destination is better left to memory: its whole lines are stored past the caches, and <see cref="StreamingStore.Fence"/> is to follow.</param>
    public static void Run<T>(T* source, T* target, TensorCopy.Axis line, TensorCopy.Axis run, bool stream = false)
        where T : unmanaged
    {
        int tile = Side<T>(line, run);
        nint rows = line.Length, columns = run.Length, down = line.Target, across = run.Source;
        if (tile == 0)
        {
            Plain(source, target, line, run);
            return;
        }

        if (IsAliased<T>(across) && IsAliased<T>(down))
        {
            Staged(source, target, line, run, stream);
            return;
        }

        // Rows whose pitch is a multiple of a tile's lines are all aligned alike: begin where whole lines begin.
        int bytes = tile * sizeof(T);
        bool alike = down * sizeof(T) % bytes == 0;
        nint head = alike ? StreamingStore.ElementsBefore(target, bytes) : 0;
        bool lines = stream && alike && bytes == StreamingStore.CacheLine && (nuint)(target + head) % StreamingStore.CacheLine == 0;
        if (head > 0)
        {
            Panel<T, CachedLine>(source, target, down, across, rows, 0, tile, tile);
        }

        int panel = IsAliased<T>(across) ? StreamingStore.CacheLine / sizeof(T) : lines ? StreamedBytes / sizeof(T) : PanelColumns;
        nint whole = columns - ((columns - head) % tile);
        for (nint j = head; j < whole; j += panel)
        {
            nint end = Math.Min(j + panel, whole);
            if (lines)
            {
                Panel<T, StreamedLine>(source, target, down, across, rows, j, end, tile);
            }
            else
            {
                Panel<T, CachedLine>(source, target, down, across, rows, j, end, tile);
            }
        }

        if (whole < columns)
        {
            Panel<T, CachedLine>(source, target, down, across, rows, columns - tile, columns, tile);
        }
    }

    /// <summary>The side of the tiles: the largest that the matrix holds; 0 when none does.</summary>
    private static int Side<T>(TensorCopy.Axis line, TensorCopy.Axis run)
        where T : unmanaged
    {
        nint least = Math.Min(line.Length, run.Length);
        int large = RegisterTranspose.LargeSize<T>(), small = RegisterTranspose.Size<T>();
        return line.Source != 1 || run.Target != 1 || small == 1 ? 0 : least >= large ? large : least >= small ? small : 0;
    }

    private static bool IsAliased<T>(nint pitch)
        where T : unmanaged
        => pitch * sizeof(T) % AliasedPitch == 0;

    /// <summary>Where both sides have such a pitch their lines push each other out of the cache: blocks are transposed into a padded buffer and leave it in whole lines.</summary>
    [SkipLocalsInit]
    private static void Staged<T>(T* source, T* target, TensorCopy.Axis line, TensorCopy.Axis run, bool stream)
        where T : unmanaged
    {
        const int Side = 64;
        int pitch = Side + (64 / sizeof(T));
        T* buffer = stackalloc T[(Side * (Side + (64 / sizeof(T)))) + (64 / sizeof(T))];
        buffer = (T*)(((nuint)buffer + 63) & ~(nuint)63);
        for (nint j0 = 0; j0 < run.Length; j0 += Side)
        {
            nint columns = Math.Min(Side, run.Length - j0);
            for (nint i0 = 0; i0 < line.Length; i0 += Side)
            {
                nint rows = Math.Min(Side, line.Length - i0);
                T* to = target + (i0 * line.Target) + j0;
                Run(source + i0 + (j0 * run.Source), buffer, new(rows, 1, pitch), new(columns, run.Source, 1));
                for (nint i = 0; i < rows; i++)
                {
                    StreamingStore.Copy(buffer + (i * pitch), to + (i * line.Target), columns, stream);
                }
            }
        }
    }

    /// <summary>Columns from .. to - 1, a multiple of the tile. The last tiles of a column end with its last row: what they share with those before is written twice.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Panel<T, TLine>(T* source, T* target, nint down, nint across, nint rows, nint from, nint to, int tile)
        where T : unmanaged
        where TLine : struct, ILineStore
    {
        bool large = tile == RegisterTranspose.LargeSize<T>();
        nint ahead = (to - from) * across;
        for (nint next = 0; next < rows; next += tile)
        {
            nint i = Math.Min(next, rows - tile);
            for (nint j = from; j < to; j += tile)
            {
                // Lines far apart, of which each gives a few entries: none that the processor would see coming. Beyond the last panel a fetch does no harm.
                for (int k = 0; k < tile && typeof(TLine) == typeof(StreamedLine); k++)
                {
                    Prefetch.Lines(source + i + ((j + k) * across) + ahead, 1);
                }

                if (large)
                {
                    RegisterTranspose.LargeTile<T, TLine>(source + i + (j * across), across, target + (i * down) + j, down);
                }
                else
                {
                    RegisterTranspose.Tile<T, TLine>(source + i + (j * across), across, target + (i * down) + j, down);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Plain<T>(T* source, T* target, TensorCopy.Axis line, TensorCopy.Axis run)
        where T : unmanaged
    {
        const int Rows = 16, Columns = 128;
        for (nint j0 = 0; j0 < run.Length; j0 += Columns)
        {
            nint jEnd = Math.Min(j0 + Columns, run.Length);
            for (nint i0 = 0; i0 < line.Length; i0 += Rows)
            {
                nint iEnd = Math.Min(i0 + Rows, line.Length);
                for (nint j = j0; j < jEnd; j++)
                {
                    T* from = source + (i0 * line.Source) + (j * run.Source);
                    T* to = target + (i0 * line.Target) + (j * run.Target);
                    for (nint i = i0; i < iEnd; i++)
                    {
                        *to = *from;
                        from += line.Source;
                        to += line.Target;
                    }
                }
            }
        }
    }
}
