using System.Numerics;
using System.Runtime.CompilerServices;

namespace Polyad.Managed;

/// <summary>Copies parts of a matrix into panels: the layout in which the micro-kernel reads forward only.</summary>
internal static unsafe class PanelPacking
{
    /// <summary>Rows of A as one panel: for each column, <paramref name="width"/> consecutive rows, zeros after the last one.</summary>
    public static void Rows<T>(in MatrixBlock<T> a, int width, T* panel)
        where T : unmanaged, INumberBase<T>
    {
        if (a.RowStride == 1)
        {
            CopyLines(a.Data, a.Rows, a.Columns, a.ColumnStride, width, panel);
        }
        else
        {
            Interleave(a.Data, a.Rows, a.Columns, a.RowStride, a.ColumnStride, width, panel);
        }
    }

    /// <summary>Columns of B as one panel: for each row, <paramref name="width"/> consecutive columns, zeros after the last one.</summary>
    public static void Columns<T>(in MatrixBlock<T> b, int width, T* panel)
        where T : unmanaged, INumberBase<T>
        => Rows(b.Transpose, width, panel);

    /// <summary>The packed dimension is contiguous in the source: one short copy a step.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CopyLines<T>(T* source, int count, int steps, nint stepStride, int width, T* panel)
        where T : unmanaged, INumberBase<T>
    {
        if (count == width && width % Vector<T>.Count == 0)
        {
            for (int p = 0; p < steps; p++, source += stepStride, panel += width)
            {
                for (int i = 0; i < width; i += Vector<T>.Count)
                {
                    Vector.Load(source + i).Store(panel + i);
                }
            }

            return;
        }

        for (int p = 0; p < steps; p++, source += stepStride, panel += width)
        {
            int i = 0;
            for (; i < count; i++)
            {
                panel[i] = source[i];
            }

            for (; i < width; i++)
            {
                panel[i] = T.Zero;
            }
        }
    }

    /// <summary>The packed dimension is strided: lines are taken four (or a vector) at a time and interleaved.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Interleave<T>(T* source, int count, int steps, nint lineStride, nint stepStride, int width, T* panel)
        where T : unmanaged, INumberBase<T>
    {
        int line = 0;
        if (stepStride == 1)
        {
            int large = RegisterTranspose.LargeSize<T>(), small = RegisterTranspose.Size<T>();
            for (; large > 1 && line <= count - large; line += large)
            {
                int done = RegisterTranspose.LargeStrip(source + (line * lineStride), lineStride, steps, panel + line, width);
                InterleaveRest(source + (line * lineStride), large, done, steps, lineStride, panel + line, width);
            }

            for (; small > 1 && line <= count - small; line += small)
            {
                int done = RegisterTranspose.Strip(source + (line * lineStride), lineStride, steps, panel + line, width);
                InterleaveRest(source + (line * lineStride), small, done, steps, lineStride, panel + line, width);
            }
        }

        for (; line <= count - 4; line += 4)
        {
            T* r0 = source + (line * lineStride);
            T* r1 = r0 + lineStride;
            T* r2 = r1 + lineStride;
            T* r3 = r2 + lineStride;
            T* to = panel + line;
            nint from = 0;
            for (int p = 0; p < steps; p++, from += stepStride, to += width)
            {
                to[0] = r0[from];
                to[1] = r1[from];
                to[2] = r2[from];
                to[3] = r3[from];
            }
        }

        for (; line < width; line++)
        {
            T* from = source + (line * lineStride);
            for (int p = 0; p < steps; p++)
            {
                panel[(p * width) + line] = line < count ? from[p * stepStride] : T.Zero;
            }
        }
    }

    /// <summary>The steps that are too few for a block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void InterleaveRest<T>(T* source, int lines, int from, int steps, nint lineStride, T* panel, int width)
        where T : unmanaged
    {
        for (int i = 0; i < lines; i++, source += lineStride)
        {
            for (int p = from; p < steps; p++)
            {
                panel[((nint)p * width) + i] = source[p];
            }
        }
    }
}
