using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Polyad;

/// <summary>Looks for NaN and infinity: x * 0 is 0 for every finite x and NaN otherwise, so one sum per line tells.</summary>
internal static class FiniteCheck
{
    public static bool All<T>(in ReadOnlyMatrixView<T> a, out int row, out int column)
        where T : unmanaged, INumberBase<T>
    {
        row = column = 0;
        if (a.IsEmpty)
        {
            return true;
        }

        bool byRow = nint.Abs(a.ColumnStride) <= nint.Abs(a.RowStride);
        ReadOnlyMatrixView<T> lines = byRow ? a : a.Transpose;
        for (int i = 0; i < lines.Rows; i++)
        {
            ref T start = ref Unsafe.Add(ref Unsafe.AsRef(in lines.GetPinnableReference()), i * lines.RowStride);
            bool finite = lines.ColumnStride == 1 ? Contiguous(MemoryMarshal.CreateReadOnlySpan(ref start, lines.Columns)) : Strided(ref start, lines.Columns, lines.ColumnStride);
            if (finite)
            {
                continue;
            }

            int j = 0;
            while (T.IsFinite(Unsafe.Add(ref start, j * lines.ColumnStride)))
            {
                j++;
            }

            (row, column) = byRow ? (i, j) : (j, i);
            return false;
        }

        return true;
    }

    private static bool Contiguous<T>(ReadOnlySpan<T> line)
        where T : unmanaged, INumberBase<T>
    {
        T tail = T.Zero;
        int i = 0;
        if (Vector.IsHardwareAccelerated && line.Length >= 2 * Vector<T>.Count)
        {
            Vector<T> s0 = Vector<T>.Zero, s1 = Vector<T>.Zero;
            for (; i <= line.Length - (2 * Vector<T>.Count); i += 2 * Vector<T>.Count)
            {
                s0 += new Vector<T>(line[i..]) * Vector<T>.Zero;
                s1 += new Vector<T>(line[(i + Vector<T>.Count)..]) * Vector<T>.Zero;
            }

            tail = Vector.Sum(s0 + s1);
        }

        for (; i < line.Length; i++)
        {
            tail += line[i] * T.Zero;
        }

        return !T.IsNaN(tail);
    }

    private static bool Strided<T>(ref T start, int count, nint stride)
        where T : unmanaged, INumberBase<T>
    {
        T sum = T.Zero;
        for (int j = 0; j < count; j++)
        {
            sum += Unsafe.Add(ref start, j * stride) * T.Zero;
        }

        return !T.IsNaN(sum);
    }
}
