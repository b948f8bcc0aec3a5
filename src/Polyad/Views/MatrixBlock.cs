using System.Runtime.CompilerServices;

namespace Polyad;

/// <summary>A pinned matrix: what kernels work on once the public door has checked and pinned a view. It can be captured and copied.</summary>
internal readonly unsafe struct MatrixBlock<T>
    where T : unmanaged
{
    public readonly T* Data;
    public readonly int Rows;
    public readonly int Columns;
    public readonly nint RowStride;
    public readonly nint ColumnStride;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public MatrixBlock(T* data, int rows, int columns, nint rowStride, nint columnStride)
    {
        Data = data;
        Rows = rows;
        Columns = columns;
        RowStride = rowStride;
        ColumnStride = columnStride;
    }

    public MatrixBlock<T> Transpose
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Data, Columns, Rows, ColumnStride, RowStride);
    }

    public bool IsEmpty => Rows == 0 || Columns == 0;

    public ref T this[int row, int column]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref Data[(row * RowStride) + (column * ColumnStride)];
    }

    /// <summary>The block that starts at (row, column); no check.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public MatrixBlock<T> Slice(int row, int column, int rows, int columns)
        => new(Data + (row * RowStride) + (column * ColumnStride), rows, columns, RowStride, ColumnStride);

    /// <summary>A dense row-major block at <paramref name="data"/>.</summary>
    public static MatrixBlock<T> RowMajor(T* data, int rows, int columns) => new(data, rows, columns, columns, 1);

    /// <summary>A dense column-major block at <paramref name="data"/>.</summary>
    public static MatrixBlock<T> ColumnMajor(T* data, int rows, int columns) => new(data, rows, columns, 1, rows);

    /// <summary>The same block under another name of its element type, of the same size: how generic code reaches a typed kernel.</summary>
    public MatrixBlock<TOther> Cast<TOther>()
        where TOther : unmanaged
        => new((TOther*)Data, Rows, Columns, RowStride, ColumnStride);

    public ReadOnlyMatrixView<T> AsReadOnlyView() => ReadOnlyMatrixView<T>.FromPointer(Data, Rows, Columns, RowStride, ColumnStride);

    public MatrixView<T> AsView() => new(ref Unsafe.AsRef<T>(Data), Rows, Columns, RowStride, ColumnStride);

    public void Clear()
    {
        MatrixBlock<T> lines = nint.Abs(RowStride) < nint.Abs(ColumnStride) ? Transpose : this;
        for (int i = 0; i < lines.Rows; i++)
        {
            if (lines.ColumnStride == 1)
            {
                new Span<T>(lines.Data + (i * lines.RowStride), lines.Columns).Clear();
                continue;
            }

            for (int j = 0; j < lines.Columns; j++)
            {
                lines[i, j] = default;
            }
        }
    }
}
