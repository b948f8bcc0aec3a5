using System.Numerics;
using System.Runtime.InteropServices;
using Polyad.Torch.Loading;
using TorchSharp;
using static TorchSharp.torch;

namespace Polyad.Torch;

/// <summary>
/// One operation of the engine: every tensor made during it is freed at its end, no autograd records are kept, and libtorch runs with the threads that the operation may use.
/// Matrices are lent to libtorch where they lie; a result is written by one copy.
/// </summary>
internal readonly unsafe ref struct TorchCall : IDisposable
{
    private readonly TorchRuntime _runtime;
    private readonly Device? _device;
    private readonly Parallelism _parallelism;
    private readonly DisposeScope _tensors;
    private readonly IDisposable _inference;
    private readonly ThreadScope _threads;

    /// <summary>Begins an operation.</summary>
    /// <param name="runtime">The loaded library.</param>
    /// <param name="device">Where to compute; null for the CPU, where nothing is moved.</param>
    /// <param name="parallelism">The most threads for copies.</param>
    /// <param name="threads">Threads for libtorch.</param>
    public TorchCall(TorchRuntime runtime, Device? device, Parallelism parallelism, int threads)
    {
        _parallelism = parallelism;
        _runtime = runtime;
        _device = device;
        _threads = new ThreadScope(threads);
        _tensors = NewDisposeScope();
        _inference = inference_mode(true);
    }

    /// <summary>True where results can be computed in the caller's own memory.</summary>
    public bool InPlace => _device is null;

    public void Dispose()
    {
        _inference.Dispose();
        _tensors.Dispose();
        _threads.Dispose();
    }

    /// <summary>A matrix as input.</summary>
    public Tensor Input<T>(in MatrixBlock<T> a)
        where T : unmanaged, INumberBase<T>
    {
        Tensor lent = Flipped(a, Lend(a));
        return _device is null ? lent : lent.to(_device);
    }

    /// <summary>
    /// A matrix as input of a factorization, column-major, for which libtorch's own copy is a plain one: it transposes slowly. Dispose the scratch after the call.
    /// </summary>
    public Scratch<T> ColumnMajor<T>(in MatrixBlock<T> a, out Tensor tensor)
        where T : unmanaged, INumberBase<T>
    {
        if (_device is not null || a.ColumnStride != 1 || a.RowStride < a.Columns)
        {
            tensor = Input(a);
            return default;
        }

        Scratch<T> scratch = Workspace.Rent<T>((nint)a.Rows * a.Columns);
        MatrixBlock<T> copy = MatrixBlock<T>.ColumnMajor(scratch.Pointer, a.Rows, a.Columns);
        BlockCopy.Run(a, copy);
        tensor = Lend(copy);
        return scratch;
    }

    /// <summary>The matrix itself, to be written by libtorch. Its strides are not negative.</summary>
    public Tensor Lend<T>(in MatrixBlock<T> a)
        where T : unmanaged, INumberBase<T>
    {
        nint down = a.Rows == 1 ? 0 : nint.Abs(a.RowStride), across = a.Columns == 1 ? 0 : nint.Abs(a.ColumnStride);
        T* origin = a.Data + Math.Min(0, (a.Rows - 1) * a.RowStride) + Math.Min(0, (a.Columns - 1) * a.ColumnStride);
        if ((across == 1 || a.Columns == 1) && (down == a.Columns || a.Rows == 1))
        {
            return Over(origin, a.Rows, a.Columns);
        }

        if ((down == 1 || a.Rows == 1) && (across == a.Rows || a.Columns == 1))
        {
            return Over(origin, a.Columns, a.Rows).t();
        }

        // A mode of size 1 has any stride; libtorch's products want one that could be a leading dimension.
        nint extent = ((a.Rows - 1) * down) + ((a.Columns - 1) * across) + 1;
        return Over(origin, extent).as_strided([a.Rows, a.Columns], [a.Rows == 1 ? extent : down, a.Columns == 1 ? 1 : across]);
    }

    /// <summary>Writes a result to the caller's matrix. LAPACK's results lie column by column: the copy transposes them in registers.</summary>
    public void Output<T>(Tensor result, in MatrixBlock<T> target)
        where T : unmanaged, INumberBase<T>
    {
        Tensor near = Near(result);
        T* source = (T*)_runtime.Data(near.Handle), destination = target.Data;
        nint sourceDown = (nint)near.stride(0), sourceAcross = (nint)near.stride(1), down = target.RowStride, across = target.ColumnStride;
        Ascend(target.Rows, ref source, ref sourceDown, ref destination, ref down);
        Ascend(target.Columns, ref source, ref sourceAcross, ref destination, ref across);
        TensorCopy.Run(source, [sourceDown, sourceAcross], destination, [down, across], [target.Rows, target.Columns], _parallelism);
    }

    /// <summary>Writes a vector to the caller's memory.</summary>
    public void Output<T>(Tensor result, Span<T> target)
        where T : unmanaged, INumberBase<T>
        => new ReadOnlySpan<T>((T*)_runtime.Data(Near(result).contiguous().Handle), target.Length).CopyTo(target);

    private Tensor Near(Tensor result) => _device is null ? result : result.cpu();

    /// <summary>Walks a mode the other way round where the destination's stride is negative.</summary>
    private static void Ascend<T>(int length, ref T* source, ref nint sourceStride, ref T* destination, ref nint stride)
        where T : unmanaged
    {
        if (stride < 0)
        {
            source += (length - 1) * sourceStride;
            destination += (length - 1) * stride;
            (sourceStride, stride) = (-sourceStride, -stride);
        }
    }

    private static Tensor Flipped<T>(in MatrixBlock<T> a, Tensor tensor)
        where T : unmanaged
    {
        bool rows = a.RowStride < 0 && a.Rows > 1, columns = a.ColumnStride < 0 && a.Columns > 1;
        return rows && columns ? tensor.flip(0, 1) : rows ? tensor.flip(0) : columns ? tensor.flip(1) : tensor;
    }

    private Tensor Over<T>(T* data, params ReadOnlySpan<nint> lengths)
        where T : unmanaged
    {
        long* sizes = stackalloc long[2];
        for (int i = 0; i < lengths.Length; i++)
        {
            sizes[i] = lengths[i];
        }

        sbyte type = (sbyte)(typeof(T) == typeof(float) ? ScalarType.Float32 : ScalarType.Float64);
        nint handle = _runtime.FromBlob(data, &KeepMemory, sizes, lengths.Length, type, type, (int)DeviceType.CPU, 0, 0);
        if (handle == 0)
        {
            CheckForErrors();
            throw new InvalidOperationException("libtorch made no tensor over .NET memory and gave no reason.");
        }

        return Tensor.UnsafeCreateTensor(handle);
    }

    /// <summary>The memory belongs to the caller, who holds it for the whole operation: there is nothing to free.</summary>
    [UnmanagedCallersOnly]
    private static void KeepMemory(void* data)
    {
    }
}
