using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Polyad;

/// <summary>
/// A matrix that somebody else owns, seen for reading and writing through a row stride and a column stride. Making one copies nothing.
/// Element (i, j) lies at <c>origin + i * RowStride + j * ColumnStride</c>, strides in elements. Distinct indices are distinct elements.
/// </summary>
/// <typeparam name="T">The element type, an unmanaged number.</typeparam>
public readonly ref struct MatrixView<T>
    where T : unmanaged
{
    private readonly ref T _origin;

    internal MatrixView(ref T origin, int rows, int columns, nint rowStride, nint columnStride)
    {
        _origin = ref origin;
        Rows = rows;
        Columns = columns;
        RowStride = rowStride;
        ColumnStride = columnStride;
    }

    /// <summary>Views the first <c>rows * columns</c> elements of <paramref name="data"/> as a row-major matrix.</summary>
    /// <exception cref="ArgumentException">A size is negative, or the span is too short.</exception>
    public MatrixView(Span<T> data, int rows, int columns)
        : this(data, rows, columns, columns, 1)
    {
    }

    /// <summary>Views <paramref name="data"/> with the given strides (in elements, not negative, no two indices on one element).</summary>
    /// <exception cref="ArgumentException">A size or stride is negative, indices collide, or the span is too short for the last element.</exception>
    public MatrixView(Span<T> data, int rows, int columns, nint rowStride, nint columnStride)
    {
        ViewChecks.Layout(data.Length, rows, columns, rowStride, columnStride);
        ViewChecks.Injective(rows, columns, rowStride, columnStride);
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
    public MatrixView<T> Transpose => new(ref _origin, Columns, Rows, ColumnStride, RowStride);

    /// <summary>Element (<paramref name="row"/>, <paramref name="column"/>).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The index is outside the matrix.</exception>
    public ref T this[int row, int column]
    {
        get
        {
            ViewChecks.Index(row, column, Rows, Columns);
            return ref Unsafe.Add(ref _origin, (row * RowStride) + (column * ColumnStride));
        }
    }

    /// <summary>The block of <paramref name="rows"/> x <paramref name="columns"/> elements that starts at (<paramref name="row"/>, <paramref name="column"/>).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The block leaves the matrix.</exception>
    public MatrixView<T> Slice(int row, int column, int rows, int columns)
    {
        ViewChecks.Slice(row, column, rows, columns, Rows, Columns);
        return new(ref rows == 0 || columns == 0 ? ref _origin : ref Unsafe.Add(ref _origin, (row * RowStride) + (column * ColumnStride)), rows, columns, RowStride, ColumnStride);
    }

    /// <summary>Views a column-major array (LAPACK's layout) with leading dimension <c>rows</c>.</summary>
    /// <exception cref="ArgumentException">A size is negative, or the span is too short.</exception>
    public static MatrixView<T> FromColumnMajor(Span<T> data, int rows, int columns) => new(data, rows, columns, 1, Math.Max(rows, 1));

    /// <summary>Views memory at a pointer. The caller keeps it alive and large enough; strides may be any sign.</summary>
    /// <exception cref="ArgumentException">A size is negative, the pointer is null for a non-empty matrix, or indices collide.</exception>
    public static unsafe MatrixView<T> FromPointer(T* origin, int rows, int columns, nint rowStride, nint columnStride)
    {
        ViewChecks.Pointer(origin, rows, columns);
        ViewChecks.Injective(rows, columns, rowStride, columnStride);
        return new(ref Unsafe.AsRef<T>(origin), rows, columns, rowStride, columnStride);
    }

    /// <summary>Views a rank-2 tensor span, whatever its strides.</summary>
    /// <exception cref="ArgumentException">The tensor's rank is not 2, a length exceeds <see cref="int.MaxValue"/>, or indices collide (a broadcast).</exception>
    public static MatrixView<T> FromTensor(scoped in TensorSpan<T> tensor)
    {
        ViewChecks.Rank2(tensor.Lengths);
        int rows = (int)tensor.Lengths[0], columns = (int)tensor.Lengths[1];
        ViewChecks.Injective(rows, columns, tensor.Strides[0], tensor.Strides[1]);
        return new(ref tensor.GetPinnableReference(), rows, columns, tensor.Strides[0], tensor.Strides[1]);
    }

    /// <summary>Reading through a writable view.</summary>
    public static implicit operator ReadOnlyMatrixView<T>(in MatrixView<T> view) => new(ref view._origin, view.Rows, view.Columns, view.RowStride, view.ColumnStride);

    /// <summary>Views a two-dimensional array.</summary>
    public static implicit operator MatrixView<T>(T[,] array)
    {
        ArgumentNullException.ThrowIfNull(array);
        return new(ref ViewChecks.Origin(array), array.GetLength(0), array.GetLength(1), array.GetLength(1), 1);
    }

    /// <summary>Views a rank-2 tensor.</summary>
    public static implicit operator MatrixView<T>(Tensor<T> tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return FromTensor(tensor.AsTensorSpan());
    }

    /// <summary>Sets every element.</summary>
    public void Fill(T value)
    {
        for (int i = 0; i < Rows; i++)
        {
            ref T row = ref Unsafe.Add(ref _origin, i * RowStride);
            if (ColumnStride == 1)
            {
                MemoryMarshal.CreateSpan(ref row, Columns).Fill(value);
                continue;
            }

            for (int j = 0; j < Columns; j++)
            {
                Unsafe.Add(ref row, j * ColumnStride) = value;
            }
        }
    }

    /// <summary>"rows x columns".</summary>
    public override string ToString() => $"{Rows} x {Columns}";

    /// <summary>A reference to element (0, 0), for <c>fixed</c>; null when the view is empty.</summary>
    public ref T GetPinnableReference() => ref _origin;
}
