using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Polyad.Conformance;

/// <summary>As <see cref="LayoutedMatrix{T}"/> for a tensor of any rank. Values are given and read in row-major order of the indices.</summary>
internal sealed class LayoutedTensor<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Guard = 64;

    private readonly T[] _buffer;
    private readonly nint[] _lengths;
    private readonly nint[] _strides;
    private readonly int _origin;
    private readonly int _extent;
    private T[] _before;

    public LayoutedTensor(int[] shape, Layout layout)
    {
        Shape = shape;
        int rank = shape.Length;
        _lengths = [.. shape.Select(n => (nint)n)];
        _strides = new nint[rank];
        bool firstFastest = layout is Layout.ColumnMajor or Layout.Transposed;
        nint step = layout == Layout.GeneralStrides ? 2 : 1, pad = layout is Layout.Sliced or Layout.Transposed or Layout.GeneralStrides ? 3 : 0;
        for (int at = 0; at < rank; at++)
        {
            int axis = firstFastest ? at : rank - 1 - at;
            _strides[axis] = step;
            step *= Math.Max(shape[axis], 1) + (at == 0 ? pad : pad / 2);
        }

        Count = shape.Aggregate(1, (a, b) => a * b);
        _extent = Count == 0 ? 0 : (int)(1 + shape.Select((n, axis) => (long)((n - 1) * _strides[axis])).Sum());
        _origin = layout == Layout.Offset ? Guard + 1 : Guard;
        _buffer = new T[_extent + _origin + Guard];
        _buffer.AsSpan().Fill(T.NaN);
        _before = [.. _buffer];
        for (int axis = 0; axis < rank; axis++)
        {
            // The library writes stride 0 for modes of length 1.
            _strides[axis] = shape[axis] == 1 ? 0 : _strides[axis];
        }
    }

    public int[] Shape { get; }

    public int Count { get; }

    public TensorSpan<T> Span => new(_buffer.AsSpan(_origin, _extent), _lengths, Count == 0 ? [] : _strides);

    public ReadOnlyTensorSpan<T> ReadOnlySpan => Span;

    public static LayoutedTensor<T> Of(int[] shape, double[] values, Layout layout)
    {
        LayoutedTensor<T> result = new(shape, layout);
        for (int linear = 0; linear < result.Count; linear++)
        {
            result._buffer[result.At(linear)] = T.CreateTruncating(values[linear]);
        }

        result._before = [.. result._buffer];
        return result;
    }

    public double[] ToVector()
    {
        double[] values = new double[Count];
        for (int linear = 0; linear < Count; linear++)
        {
            values[linear] = double.CreateTruncating(_buffer[At(linear)]);
        }

        return values;
    }

    public ReadOnlySpan<byte> Bytes => MemoryMarshal.AsBytes<T>(_buffer);

    public void AssertUnchanged(string name)
        => Assert.True(Bytes.SequenceEqual(MemoryMarshal.AsBytes<T>(_before)), $"'{name}' was modified");

    public void AssertOutsideUntouched(string name)
    {
        T[] now = [.. _buffer], before = [.. _before];
        for (int linear = 0; linear < Count; linear++)
        {
            now[At(linear)] = before[At(linear)] = T.Zero;
        }

        Assert.True(MemoryMarshal.AsBytes<T>(now).SequenceEqual(MemoryMarshal.AsBytes<T>(before)), $"memory outside '{name}' was written");
    }

    private int At(int linear)
    {
        nint at = _origin;
        for (int axis = Shape.Length - 1; axis >= 0; axis--)
        {
            at += linear % Shape[axis] * _strides[axis];
            linear /= Shape[axis];
        }

        return (int)at;
    }
}
