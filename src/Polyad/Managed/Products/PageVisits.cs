using System.Runtime.CompilerServices;

namespace Polyad.Managed;

/// <summary>
/// Pages of later lines, looked up in equal shares while earlier lines are worked on. Lines that lie far apart have each a page of its own, the entry of which in the system's tables is mostly in no near cache:
/// when a fetch of the first numbers of many lines in turn waits for them, the processor's few units for such look-ups hold up the arithmetic.
/// </summary>
/// <param name="data">The first line.</param>
/// <param name="pitch">From a line to the next.</param>
/// <param name="lines">How many.</param>
/// <param name="span">Numbers of a line.</param>
/// <param name="shares">Equal shares of them all.</param>
/// <param name="done">Shares that others take before.</param>
internal readonly unsafe struct PageVisits<T>(T* data, nint pitch, int lines, nint span, int shares, int done = 0)
    where T : unmanaged
{
    private const nint PageBytes = 4096;

    /// <summary>Looks up one share. An address beyond the data does no harm.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Visit(int index)
    {
        // Of lines that share a page one is enough.
        int share = done + index, step = (int)Math.Max(1, PageBytes / (pitch * sizeof(T)));
        for (int line = lines * share / shares / step * step; line < lines * (share + 1) / shares; line += step)
        {
            T* first = data + (line * pitch);
            for (nint at = 0; at < span - 1; at += PageBytes / sizeof(T))
            {
                Prefetch.Lines(first + at, 1);
            }

            Prefetch.Lines(first + span - 1, 1);
        }
    }
}
