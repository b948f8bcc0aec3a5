using System.Numerics;
using System.Runtime.CompilerServices;
using Polyad.Managed;

namespace Polyad;

/// <summary>Looks for NaN and infinity: x * 0 is 0 for every finite x and NaN otherwise, so one sum per line tells.</summary>
internal static unsafe class FiniteCheck
{
    /// <summary>Which entries of line i are looked at.</summary>
    private enum Extent
    {
        Whole,

        /// <summary>0 to i.</summary>
        UpToDiagonal,

        /// <summary>i to the end.</summary>
        FromDiagonal,
    }

    /// <summary>Whether every entry is finite; if not, where the first one is that is not, along the lines in which the matrix lies.</summary>
    public static bool All<T>(in ReadOnlyMatrixView<T> a, out int row, out int column, Parallelism? parallelism = null)
        where T : unmanaged, INumberBase<T>
        => Search(a, Extent.Whole, parallelism ?? Parallelism.Sequential, out row, out column);

    /// <summary>As <see cref="All"/> for one triangle with its diagonal: the other half is not read.</summary>
    public static bool InTriangle<T>(Triangle triangle, in ReadOnlyMatrixView<T> a, out int row, out int column, Parallelism? parallelism = null)
        where T : unmanaged, INumberBase<T>
        => Search(a, triangle == Triangle.Lower ? Extent.UpToDiagonal : Extent.FromDiagonal, parallelism ?? Parallelism.Sequential, out row, out column);

    private static bool Search<T>(in ReadOnlyMatrixView<T> a, Extent extent, Parallelism parallelism, out int row, out int column)
        where T : unmanaged, INumberBase<T>
    {
        row = column = 0;
        if (a.IsEmpty)
        {
            return true;
        }

        bool byRow = nint.Abs(a.ColumnStride) <= nint.Abs(a.RowStride);
        Extent along = byRow || extent == Extent.Whole ? extent : extent == Extent.UpToDiagonal ? Extent.FromDiagonal : Extent.UpToDiagonal;
        fixed (T* data = a)
        {
            MatrixBlock<T> block = Pinned.Block(a, data), lines = byRow ? block : block.Transpose;
            int threads = parallelism.ThreadsForBytes((double)sizeof(T) * lines.Rows * lines.Columns);
            int line = threads == 1 ? FirstBad(lines, along, 0, lines.Rows) : Share(lines, along, threads);
            if (line < 0)
            {
                return true;
            }

            int at = along == Extent.FromDiagonal ? line : 0;
            while (T.IsFinite(lines[line, at]))
            {
                at++;
            }

            (row, column) = byRow ? (line, at) : (at, line);
            return false;
        }
    }

    private static int Share<T>(MatrixBlock<T> lines, Extent extent, int threads)
        where T : unmanaged, INumberBase<T>
    {
        int parts = 4 * threads;
        int[] bad = new int[parts];
        WorkTeam.Run(parts, threads, part =>
        {
            (int from, int to) = WorkTeam.Range(lines.Rows, parts, part, 1);
            bad[part] = FirstBad(lines, extent, from, to);
        });
        int first = Array.FindIndex(bad, static line => line >= 0);
        return first < 0 ? -1 : bad[first];
    }

    /// <summary>The first line of from .. to - 1 with an entry that is not finite, or -1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int FirstBad<T>(in MatrixBlock<T> lines, Extent extent, int from, int to)
        where T : unmanaged, INumberBase<T>
    {
        for (int i = from; i < to; i++)
        {
            int start = extent == Extent.FromDiagonal ? Math.Min(i, lines.Columns) : 0, end = extent == Extent.UpToDiagonal ? Math.Min(i + 1, lines.Columns) : lines.Columns;
            T* data = lines.Data + (i * lines.RowStride) + (start * lines.ColumnStride);
            bool finite = lines.ColumnStride == 1 ? Contiguous(data, end - start) : Strided(data, end - start, lines.ColumnStride);
            if (!finite)
            {
                return i;
            }
        }

        return -1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool Contiguous<T>(T* line, int length)
        where T : unmanaged, INumberBase<T>
    {
        T tail = T.Zero;
        int i = 0, w = Vector<T>.Count;
        if (Vector.IsHardwareAccelerated && length >= w)
        {
            Vector<T> s0 = Vector<T>.Zero, s1 = Vector<T>.Zero, s2 = Vector<T>.Zero, s3 = Vector<T>.Zero, zero = Vector<T>.Zero;
            for (; i <= length - (4 * w); i += 4 * w)
            {
                s0 += Vector.Load(line + i) * zero;
                s1 += Vector.Load(line + i + w) * zero;
                s2 += Vector.Load(line + i + (2 * w)) * zero;
                s3 += Vector.Load(line + i + (3 * w)) * zero;
            }

            for (; i <= length - w; i += w)
            {
                s0 += Vector.Load(line + i) * zero;
            }

            tail = Vector.Sum(s0 + s1 + s2 + s3);
        }

        for (; i < length; i++)
        {
            tail += line[i] * T.Zero;
        }

        return !T.IsNaN(tail);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool Strided<T>(T* start, int count, nint stride)
        where T : unmanaged, INumberBase<T>
    {
        T sum = T.Zero;
        for (int j = 0; j < count; j++)
        {
            sum += start[j * stride] * T.Zero;
        }

        return !T.IsNaN(sum);
    }
}
