using System.Numerics;
using System.Runtime.InteropServices;

namespace Polyad.Conformance;

/// <summary>
/// A matrix in a pinned buffer of its own, in a given layout. Everything in the buffer that is not part of the matrix holds a NaN of a known bit pattern:
/// reading it spoils a result, writing it is found afterwards.
/// </summary>
internal sealed unsafe class LayoutedMatrix<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Guard = 64;

    private readonly T[] _buffer;
    private readonly int _origin;
    private T[] _before = [];

    public LayoutedMatrix(int rows, int columns, Layout layout)
    {
        Rows = rows;
        Columns = columns;
        (RowStride, ColumnStride) = layout switch
        {
            Layout.ColumnMajor => (1, Math.Max(rows, 1)),
            Layout.Sliced => (columns + 5, 1),
            Layout.Transposed => (1, rows + 3),
            Layout.GeneralStrides => ((2 * columns) + 3, 2),
            Layout.Reversed => (-(columns + 1), -1),
            _ => (Math.Max(columns, 1), 1),
        };
        int extent = rows == 0 || columns == 0 ? 0 : ((rows - 1) * Math.Abs(RowStride)) + ((columns - 1) * Math.Abs(ColumnStride)) + 1;
        int lead = layout == Layout.Offset ? Guard + 1 : Guard;
        _buffer = GC.AllocateUninitializedArray<T>(extent + lead + Guard, pinned: true);
        _buffer.AsSpan().Fill(T.NaN);
        _origin = layout == Layout.Reversed && extent > 0 ? lead + extent - 1 : lead;
    }

    public int Rows { get; }

    public int Columns { get; }

    private int RowStride { get; }

    private int ColumnStride { get; }

    public MatrixView<T> View => MatrixView<T>.FromPointer((T*)Marshal.UnsafeAddrOfPinnedArrayElement(_buffer, _origin), Rows, Columns, RowStride, ColumnStride);

    /// <summary>The elements of a row whose stride is one.</summary>
    public Span<T> RowSpan => _buffer.AsSpan(_origin, Columns);

    public static LayoutedMatrix<T> Of(Dense values, Layout layout)
    {
        LayoutedMatrix<T> result = new(values.Rows, values.Columns, layout);
        result.Set((i, j) => values[i, j]);
        return result;
    }

    public void Set(Func<int, int, double> entry)
    {
        for (int i = 0; i < Rows; i++)
        {
            for (int j = 0; j < Columns; j++)
            {
                _buffer[At(i, j)] = T.CreateTruncating(entry(i, j));
            }
        }

        Remember();
    }

    /// <summary>Keeps the buffer's bits for the later comparisons.</summary>
    public LayoutedMatrix<T> Remember()
    {
        _before = [.. _buffer];
        return this;
    }

    public Dense ToDense() => Dense.From(Rows, Columns, (i, j) => double.CreateTruncating(_buffer[At(i, j)]));

    public double[] ToVector() => ToDense().Data;

    public T Element(int i, int j) => _buffer[At(i, j)];

    public ReadOnlySpan<byte> Bytes => MemoryMarshal.AsBytes<T>(_buffer);

    public void AssertUnchanged(string name)
        => Assert.True(Bytes.SequenceEqual(MemoryMarshal.AsBytes<T>(_before)), $"'{name}' was modified");

    public void AssertOutsideUntouched(string name)
    {
        T[] now = [.. _buffer], before = [.. _before.Length == 0 ? Untouched() : _before];
        for (int i = 0; i < Rows; i++)
        {
            for (int j = 0; j < Columns; j++)
            {
                now[At(i, j)] = before[At(i, j)] = T.Zero;
            }
        }

        Assert.True(MemoryMarshal.AsBytes<T>(now).SequenceEqual(MemoryMarshal.AsBytes<T>(before)), $"memory outside '{name}' was written");
    }

    private T[] Untouched()
    {
        T[] buffer = new T[_buffer.Length];
        buffer.AsSpan().Fill(T.NaN);
        return buffer;
    }

    private int At(int i, int j) => _origin + (i * RowStride) + (j * ColumnStride);
}
