using System.Runtime.CompilerServices;

namespace Polyad;

/// <summary>Decides whether two strided matrices share an element: disjoint blocks of one buffer do not.</summary>
internal static unsafe class Overlap
{
    /// <summary>Pairs of lines that the general case looks at before it gives up and calls the matrices overlapping.</summary>
    private const long LinePairLimit = 1 << 22;

    public static bool Exists<T>(in ReadOnlyMatrixView<T> a, in ReadOnlyMatrixView<T> b)
        where T : unmanaged
    {
        if (a.IsEmpty || b.IsEmpty)
        {
            return false;
        }

        // Addresses are compared, never dereferenced: views into moving arrays keep their distance when both lie in one object.
        nint distance = Unsafe.ByteOffset(in a.GetPinnableReference(), in b.GetPinnableReference());
        (nint aLow, nint aHigh) = Extent(a.Rows, a.Columns, a.RowStride, a.ColumnStride);
        (nint bLow, nint bHigh) = Extent(b.Rows, b.Columns, b.RowStride, b.ColumnStride);
        if (distance + (bHigh * sizeof(T)) + sizeof(T) <= aLow * sizeof(T) || distance + (bLow * sizeof(T)) >= (aHigh * sizeof(T)) + sizeof(T))
        {
            return false;
        }

        if (distance % sizeof(T) != 0)
        {
            return true;
        }

        return Intersect(a, b, distance / sizeof(T));
    }

    private static bool Intersect<T>(in ReadOnlyMatrixView<T> a, in ReadOnlyMatrixView<T> b, nint distance)
        where T : unmanaged
    {
        // Both walk along their shorter stride; lines are rows of the possibly transposed views.
        ReadOnlyMatrixView<T> p = Math.Abs(a.RowStride) < Math.Abs(a.ColumnStride) ? a.Transpose : a;
        ReadOnlyMatrixView<T> q = Math.Abs(b.RowStride) < Math.Abs(b.ColumnStride) ? b.Transpose : b;
        if ((long)p.Rows * q.Rows > LinePairLimit)
        {
            return !DisjointByGrid(p, q, distance);
        }

        for (int i = 0; i < p.Rows; i++)
        {
            for (int k = 0; k < q.Rows; k++)
            {
                if (LinesMeet(i * p.RowStride, p.ColumnStride, p.Columns, distance + (k * q.RowStride), q.ColumnStride, q.Columns))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Blocks of one row-major (or column-major) grid: they are disjoint when their row or column ranges are.</summary>
    private static bool DisjointByGrid<T>(in ReadOnlyMatrixView<T> p, in ReadOnlyMatrixView<T> q, nint distance)
        where T : unmanaged
    {
        if (p.RowStride != q.RowStride || p.ColumnStride != q.ColumnStride || p.RowStride <= 0 || p.ColumnStride <= 0)
        {
            return false;
        }

        nint rows = distance / p.RowStride, rest = distance % p.RowStride;
        if (rest < 0)
        {
            rows--;
            rest += p.RowStride;
        }

        // The origin of q sits `rows` lines and `rest` elements after p's; counted from the next line it lies to the left of it.
        nint pWidth = ((p.Columns - 1) * p.ColumnStride) + 1, qWidth = ((q.Columns - 1) * q.ColumnStride) + 1;
        bool here = rows >= p.Rows || -rows >= q.Rows || rest >= pWidth;
        bool next = rows + 1 >= p.Rows || -(rows + 1) >= q.Rows || p.RowStride - rest >= qWidth;
        return here && next;
    }

    private static bool LinesMeet(nint start1, nint step1, int count1, nint start2, nint step2, int count2)
    {
        step1 = count1 == 1 ? 1 : step1;
        step2 = count2 == 1 ? 1 : step2;
        nint low1 = Math.Min(start1, start1 + ((count1 - 1) * step1)), high1 = Math.Max(start1, start1 + ((count1 - 1) * step1));
        nint low2 = Math.Min(start2, start2 + ((count2 - 1) * step2)), high2 = Math.Max(start2, start2 + ((count2 - 1) * step2));
        if (high1 < low2 || high2 < low1)
        {
            return false;
        }

        if (Math.Abs(step1) == 1 && Math.Abs(step2) == 1)
        {
            return true;
        }

        // Walk the shorter line and test membership in the other.
        (nint walk, nint walkStep, int walkCount, nint lattice, nint latticeStep, nint low, nint high) = count1 <= count2
            ? (start1, step1, count1, start2, step2, low2, high2)
            : (start2, step2, count2, start1, step1, low1, high1);
        for (int i = 0; i < walkCount; i++, walk += walkStep)
        {
            if (walk >= low && walk <= high && (latticeStep == 0 || (walk - lattice) % latticeStep == 0))
            {
                return true;
            }
        }

        return false;
    }

    private static (nint Low, nint High) Extent(int rows, int columns, nint rowStride, nint columnStride)
    {
        nint r = (rows - 1) * rowStride, c = (columns - 1) * columnStride;
        return (Math.Min(r, 0) + Math.Min(c, 0), Math.Max(r, 0) + Math.Max(c, 0));
    }
}
