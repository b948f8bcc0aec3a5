using System.Runtime.CompilerServices;
using Polyad.Managed;

namespace Polyad;

/// <summary>The copy of a matrix whose two layouts have different fastest modes: square tiles transposed in registers.</summary>
internal static unsafe class TileTranspose
{
    /// <summary>Destination elements written along one row before the next rows are begun: the source lines they come from stay in the cache.</summary>
    private const int Panel = 128;

    /// <summary>A pitch that is a multiple of this many bytes puts lines into few cache sets: of the source then only those for one line of the destination are kept.</summary>
    private const int AliasedPitch = 512;

    /// <summary>Copies element (i, j), i along the mode that is fastest in the source and j along the one that is fastest in the destination.</summary>
    public static void Run<T>(T* source, T* target, TensorCopy.Axis line, TensorCopy.Axis run)
        where T : unmanaged
    {
        int size = RegisterTranspose.Size<T>(), tile = size > 1 && line.Source == 1 && run.Target == 1 ? size : 0;
        nint rows = line.Length, columns = run.Length, down = line.Target, across = run.Source;
        if (tile > 0 && IsAliased<T>(across) && IsAliased<T>(down) && rows >= tile && columns >= tile)
        {
            Staged(source, target, line, run);
            return;
        }

        nint wholeRows = tile == 0 ? 0 : rows - (rows % tile);

        // Rows whose pitch is a multiple of a cache line are all aligned alike: begin where whole lines begin.
        nint head = 0;
        if (tile > 0 && (down * sizeof(T)) % 64 == 0)
        {
            head = Math.Min(columns, (nint)((64 - ((nuint)target & 63)) & 63) / sizeof(T));
        }

        Plain(source, target, line, run, 0, rows, 0, head);
        int panel = IsAliased<T>(across) ? 64 / sizeof(T) : Panel;
        for (nint j0 = head; j0 < columns; j0 += panel)
        {
            nint jEnd = Math.Min(j0 + panel, columns);
            nint wholeEnd = tile == 0 ? j0 : jEnd - ((jEnd - j0) % tile);
            if (tile > 0)
            {
                Panels(source, target, down, across, wholeRows, j0, wholeEnd);
            }

            Plain(source, target, line, run, wholeRows, rows, j0, wholeEnd);
            Plain(source, target, line, run, 0, rows, wholeEnd, jEnd);
        }
    }

    private static bool IsAliased<T>(nint pitch)
        where T : unmanaged
        => pitch * sizeof(T) % AliasedPitch == 0;

    /// <summary>Where both sides have such a pitch their lines push each other out of the cache: blocks are transposed into a padded buffer and leave it in whole lines.</summary>
    [SkipLocalsInit]
    private static void Staged<T>(T* source, T* target, TensorCopy.Axis line, TensorCopy.Axis run)
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
                    new ReadOnlySpan<T>(buffer + (i * pitch), (int)columns).CopyTo(new Span<T>(to + (i * line.Target), (int)columns));
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Panels<T>(T* source, T* target, nint down, nint across, nint rows, nint from, nint to)
        where T : unmanaged
    {
        int tile = RegisterTranspose.Size<T>();
        for (nint i = 0; i < rows; i += tile)
        {
            for (nint j = from; j < to; j += tile)
            {
                RegisterTranspose.Tile(source + i + (j * across), across, target + (i * down) + j, down);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Plain<T>(T* source, T* target, TensorCopy.Axis line, TensorCopy.Axis run, nint iFrom, nint iTo, nint jFrom, nint jTo)
        where T : unmanaged
    {
        if (iFrom == iTo || jFrom == jTo)
        {
            return;
        }

        for (nint i0 = iFrom; i0 < iTo; i0 += 16)
        {
            nint iEnd = Math.Min(i0 + 16, iTo);
            for (nint j = jFrom; j < jTo; j++)
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
