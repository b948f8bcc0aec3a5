using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Polyad;

/// <summary>
/// A matrix that somebody else owns, seen read-only through a row stride and a column stride. Making one copies nothing.
/// Element (i, j) lies at <c>origin + i * RowStride + j * ColumnStride</c>, strides in elements.
/// </summary>
/// <typeparam name="T">The element type, an unmanaged number.</typeparam>
public readonly ref struct ReadOnlyMatrixView<T>
    where T : unmanaged
{
    private readonly ref T _origin;

    internal ReadOnlyMatrixView(ref T origin, int rows, int columns, nint rowStride, nint columnStride)
    {
        _origin = ref origin;
        Rows = rows;
        Columns = columns;
        RowStride = rowStride;
        ColumnStride = columnStride;
    }

    /// <summary>Views the first <c>rows * columns</c> elements of <paramref name="data"/> as a row-major matrix.</summary>
    /// <exception cref="ArgumentException">A size is negative, or the span is too short.</exception>
    public ReadOnlyMatrixView(ReadOnlySpan<T> data, int rows, int columns)
        : this(data, rows, columns, columns, 1)
    {
    }

    /// <summary>Views <paramref name="data"/> with the given strides (in elements, not negative).</summary>
    /// <exception cref="ArgumentException">A size or stride is negative, or the span is too short for the last element.</exception>
    public ReadOnlyMatrixView(ReadOnlySpan<T> data, int rows, int columns, nint rowStride, nint columnStride)
    {
        ViewChecks.Layout(data.Length, rows, columns, rowStride, columnStride);
        _origin = ref MemoryMarshal.GetReference(data);
        Rows = rows;
        Columns = columns;
        RowStride = rowStride;
        ColumnStride = columnStride;
    }

    /// <summary>Number of rows.</summary>
    public int Rows { get; }

    /// <summary>Number of columns.</summary>
    public int Columns { get; }

    /// <summary>Distance in elements from (i, j) to (i + 1, j).</summary>
    public nint RowStride { get; }

    /// <summary>Distance in elements from (i, j) to (i, j + 1).</summary>
    public nint ColumnStride { get; }

    /// <summary>True when the view has no element.</summary>
    public bool IsEmpty => Rows == 0 || Columns == 0;

    /// <summary>The transpose: the same elements, rows and columns exchanged, nothing copied.</summary>
    public ReadOnlyMatrixView<T> Transpose => new(ref _origin, Columns, Rows, ColumnStride, RowStride);

    /// <summary>Element (<paramref name="row"/>, <paramref name="column"/>).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The index is outside the matrix.</exception>
    public ref readonly T this[int row, int column]
    {
        get
        {
            ViewChecks.Index(row, column, Rows, Columns);
            return ref Unsafe.Add(ref _origin, (row * RowStride) + (column * ColumnStride));
        }
    }

    /// <summary>The block of <paramref name="rows"/> x <paramref name="columns"/> elements that starts at (<paramref name="row"/>, <paramref name="column"/>).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The block leaves the matrix.</exception>
    public ReadOnlyMatrixView<T> Slice(int row, int column, int rows, int columns)
    {
        ViewChecks.Slice(row, column, rows, columns, Rows, Columns);
        return new(ref rows == 0 || columns == 0 ? ref _origin : ref Unsafe.Add(ref _origin, (row * RowStride) + (column * ColumnStride)), rows, columns, RowStride, ColumnStride);
    }

    /// <summary>Views a column-major array (LAPACK's layout) with leading dimension <c>rows</c>.</summary>
    /// <exception cref="ArgumentException">A size is negative, or the span is too short.</exception>
    public static ReadOnlyMatrixView<T> FromColumnMajor(ReadOnlySpan<T> data, int rows, int columns) => new(data, rows, columns, 1, rows);

    /// <summary>Views memory at a pointer. The caller keeps it alive and large enough; strides may be any sign.</summary>
    /// <exception cref="ArgumentException">A size is negative, or the pointer is null for a non-empty matrix.</exception>
    public static unsafe ReadOnlyMatrixView<T> FromPointer(T* origin, int rows, int columns, nint rowStride, nint columnStride)
    {
        ViewChecks.Pointer(origin, rows, columns);
        return new(ref Unsafe.AsRef<T>(origin), rows, columns, rowStride, columnStride);
    }

    /// <summary>Views a rank-2 tensor span, whatever its strides.</summary>
    /// <exception cref="ArgumentException">The tensor's rank is not 2, or a length exceeds <see cref="int.MaxValue"/>.</exception>
    public static ReadOnlyMatrixView<T> FromTensor(scoped in ReadOnlyTensorSpan<T> tensor)
    {
        ViewChecks.Rank2(tensor.Lengths);
        return new(ref Unsafe.AsRef(in tensor.GetPinnableReference()), (int)tensor.Lengths[0], (int)tensor.Lengths[1], tensor.Strides[0], tensor.Strides[1]);
    }

    /// <summary>Views a two-dimensional array.</summary>
    public static implicit operator ReadOnlyMatrixView<T>(T[,] array)
    {
        ArgumentNullException.ThrowIfNull(array);
        return new(ref ViewChecks.Origin(array), array.GetLength(0), array.GetLength(1), array.GetLength(1), 1);
    }

    /// <summary>Views a rank-2 tensor.</summary>
    public static implicit operator ReadOnlyMatrixView<T>(Tensor<T> tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return FromTensor(tensor.AsReadOnlyTensorSpan());
    }

    /// <summary>Copies the matrix into <paramref name="destination"/>, which has the same shape and shares no element with it.</summary>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public unsafe void CopyTo(in MatrixView<T> destination)
    {
        if (destination.Rows != Rows || destination.Columns != Columns)
        {
            throw new ArgumentException($"Cannot copy a {Rows} x {Columns} matrix into a {destination.Rows} x {destination.Columns} one.", nameof(destination));
        }

        fixed (T* source = &_origin)
        fixed (T* target = &destination.GetPinnableReference())
        {
            BlockCopy.Run(new MatrixBlock<T>(source, Rows, Columns, RowStride, ColumnStride), new MatrixBlock<T>(target, Rows, Columns, destination.RowStride, destination.ColumnStride));
        }
    }

    /// <summary>Copies the matrix into a new row-major tensor of rank 2.</summary>
    public Tensor<T> ToTensor()
    {
        Tensor<T> result = FreshMemory.Uninitialized<T>([Rows, Columns]);
        CopyTo(result.AsMatrix());
        return result;
    }

    /// <summary>"rows x columns".</summary>
    public override string ToString() => $"{Rows} x {Columns}";

    /// <summary>A reference to element (0, 0), for <c>fixed</c>; null when the view is empty.</summary>
    public ref readonly T GetPinnableReference() => ref _origin;
}
