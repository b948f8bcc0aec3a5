using System.Runtime.CompilerServices;
using Polyad.Managed;

namespace Polyad;

/// <summary>The copy of a matrix whose two layouts have different fastest modes: square tiles transposed in registers.</summary>
internal static unsafe class TileTranspose
{
    /// <summary>Destination elements written along one row before the next rows are begun: the source lines they come from stay in the cache.</summary>
    private const int Panel = 128;

    /// <summary>Copies element (i, j), i along the mode that is fastest in the source and j along the one that is fastest in the destination.</summary>
    public static void Run<T>(T* source, T* target, TensorCopy.Axis line, TensorCopy.Axis run)
        where T : unmanaged
    {
        int size = RegisterTranspose.Size<T>(), tile = size > 1 && line.Source == 1 && run.Target == 1 ? size : 0;
        nint rows = line.Length, columns = run.Length, down = line.Target, across = run.Source;
        nint wholeRows = tile == 0 ? 0 : rows - (rows % tile);

        // Rows whose pitch is a multiple of a cache line are all aligned alike: begin where whole lines begin.
        nint head = 0;
        if (tile > 0 && (down * sizeof(T)) % 64 == 0)
        {
            head = Math.Min(columns, (nint)((64 - ((nuint)target & 63)) & 63) / sizeof(T));
        }

        Plain(source, target, line, run, 0, rows, 0, head);
        for (nint j0 = head; j0 < columns; j0 += Panel)
        {
            nint jEnd = Math.Min(j0 + Panel, columns);
            nint wholeEnd = tile == 0 ? j0 : jEnd - ((jEnd - j0) % tile);
            if (tile > 0)
            {
                Panels(source, target, down, across, wholeRows, j0, wholeEnd);
            }

            Plain(source, target, line, run, wholeRows, rows, j0, wholeEnd);
            Plain(source, target, line, run, 0, rows, wholeEnd, jEnd);
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
