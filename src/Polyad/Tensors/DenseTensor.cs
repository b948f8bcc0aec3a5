namespace Polyad;

/// <summary>The elements of a tensor in dense row-major order: the caller's own when they lie so already, else a packed copy. Dispose it once.</summary>
internal unsafe struct DenseTensor<T> : IDisposable
    where T : unmanaged
{
    private Scratch<T> _copy;

    private DenseTensor(T* data, Scratch<T> copy)
    {
        Data = data;
        _copy = copy;
    }

    public T* Data { get; }

    /// <summary>For reading.</summary>
    public static DenseTensor<T> Of(T* data, ReadOnlySpan<nint> lengths, ReadOnlySpan<nint> strides, Parallelism parallelism)
    {
        if (TensorLayout.IsDense(lengths, strides))
        {
            return new DenseTensor<T>(data, default);
        }

        Scratch<T> copy = Workspace.Rent<T>(TensorLayout.Count(lengths));
        TensorCopy.Run(data, strides, copy.Pointer, TensorLayout.DenseStrides(lengths), lengths, parallelism);
        return new DenseTensor<T>(copy.Pointer, copy);
    }

    /// <summary>For writing: <see cref="WriteBack"/> brings what was written to its place.</summary>
    public static DenseTensor<T> For(T* data, ReadOnlySpan<nint> lengths, ReadOnlySpan<nint> strides)
    {
        if (TensorLayout.IsDense(lengths, strides))
        {
            return new DenseTensor<T>(data, default);
        }

        Scratch<T> copy = Workspace.Rent<T>(TensorLayout.Count(lengths));
        return new DenseTensor<T>(copy.Pointer, copy);
    }

    public readonly void WriteBack(T* data, ReadOnlySpan<nint> lengths, ReadOnlySpan<nint> strides, Parallelism parallelism)
    {
        if (data != Data)
        {
            TensorCopy.Run(Data, TensorLayout.DenseStrides(lengths), data, strides, lengths, parallelism);
        }
    }

    public void Dispose() => _copy.Dispose();
}
