using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Polyad;

/// <summary>The checks that a matrix view makes when it is built, so that kernels may trust it.</summary>
internal static class ViewChecks
{
    public static void Layout(int length, int rows, int columns, nint rowStride, nint columnStride)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        ArgumentOutOfRangeException.ThrowIfNegative(rowStride);
        ArgumentOutOfRangeException.ThrowIfNegative(columnStride);
        if (rows == 0 || columns == 0)
        {
            return;
        }

        Int128 needed = ((Int128)(rows - 1) * rowStride) + ((Int128)(columns - 1) * columnStride) + 1;
        if (needed > length)
        {
            throw new ArgumentException($"A {rows} x {columns} matrix with strides ({rowStride}, {columnStride}) needs {needed} elements; the span has {length}.", nameof(length));
        }
    }

    /// <summary>Refuses a writable layout in which two indices name one element.</summary>
    public static void Injective(int rows, int columns, nint rowStride, nint columnStride)
    {
        if (rows == 0 || columns == 0)
        {
            return;
        }

        // Two indices collide when di * rowStride + dj * columnStride = 0 with |di| < rows, |dj| < columns, not both zero.
        Int128 r = Int128.Abs(rowStride), c = Int128.Abs(columnStride);
        bool collides = (rows > 1 && r == 0) || (columns > 1 && c == 0);
        if (!collides && rows > 1 && columns > 1)
        {
            Int128 g = GreatestCommonDivisor(r, c);
            collides = c / g < rows && r / g < columns;
        }

        if (collides)
        {
            throw new ArgumentException($"A writable {rows} x {columns} matrix with strides ({rowStride}, {columnStride}) would store several entries in one element.");
        }
    }

    public static unsafe void Pointer(void* origin, int rows, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        if (origin == null && rows > 0 && columns > 0)
        {
            throw new ArgumentNullException(nameof(origin), $"A {rows} x {columns} matrix cannot lie at a null pointer.");
        }
    }

    public static void Rank2(ReadOnlySpan<nint> lengths)
    {
        if (lengths.Length != 2)
        {
            throw new ArgumentException($"A matrix view needs a tensor of rank 2; this one has shape [{string.Join(", ", lengths.ToArray())}].");
        }

        if (lengths[0] > int.MaxValue || lengths[1] > int.MaxValue)
        {
            throw new ArgumentException($"A matrix view holds at most {int.MaxValue} rows and columns; the tensor is {lengths[0]} x {lengths[1]}.");
        }
    }

    public static void Index(int row, int column, int rows, int columns)
    {
        if ((uint)row >= (uint)rows)
        {
            throw new ArgumentOutOfRangeException(nameof(row), row, $"The row is outside a {rows} x {columns} matrix.");
        }

        if ((uint)column >= (uint)columns)
        {
            throw new ArgumentOutOfRangeException(nameof(column), column, $"The column is outside a {rows} x {columns} matrix.");
        }
    }

    public static void Slice(int row, int column, int rows, int columns, int allRows, int allColumns)
    {
        if (row < 0 || rows < 0 || (long)row + rows > allRows)
        {
            throw new ArgumentOutOfRangeException(nameof(row), $"Rows {row} to {(long)row + rows} leave a {allRows} x {allColumns} matrix.");
        }

        if (column < 0 || columns < 0 || (long)column + columns > allColumns)
        {
            throw new ArgumentOutOfRangeException(nameof(column), $"Columns {column} to {(long)column + columns} leave a {allRows} x {allColumns} matrix.");
        }
    }

    public static ref T Origin<T>(T[,] array)
        where T : unmanaged
        => ref array.Length == 0 ? ref Unsafe.NullRef<T>() : ref Unsafe.As<byte, T>(ref MemoryMarshal.GetArrayDataReference((Array)array));

    private static Int128 GreatestCommonDivisor(Int128 a, Int128 b)
    {
        while (b != 0)
        {
            (a, b) = (b, a % b);
        }

        return a;
    }
}
