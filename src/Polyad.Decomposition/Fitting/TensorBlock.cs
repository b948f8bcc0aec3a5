using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>A dense row-major tensor in pinned or pooled memory: what a method contracts again and again without allocating.</summary>
internal sealed unsafe class TensorBlock<T> : IDisposable
    where T : unmanaged, INumberBase<T>
{
    private readonly PooledMemory<T> _memory;

    private TensorBlock(PooledMemory<T> memory, nint[] lengths) => (_memory, Lengths, Count) = (memory, lengths, DenseData.Product(lengths));

    /// <summary>Somebody else's elements, which stay where they are while this is used.</summary>
    public TensorBlock(T* data, nint[] lengths)
        : this(new PooledMemory<T>(data), lengths)
    {
    }

    /// <summary>Pooled memory, not cleared.</summary>
    public TensorBlock(nint[] lengths)
        : this(new PooledMemory<T>(DenseData.Product(lengths)), lengths)
    {
    }

    public nint[] Lengths { get; }

    public int Count { get; }

    public int Order => Lengths.Length;

    public T* Data => _memory.Data;

    public Span<T> Elements => _memory.Span(Count);

    public TensorSpan<T> Span => new(Data, Count, Lengths);

    /// <summary>The same elements under another shape.</summary>
    public TensorSpan<T> As(ReadOnlySpan<nint> lengths) => new(Data, Count, lengths);

    public double Norm => Scalar.Norm<T>(Elements);

    /// <summary>The elements before and after a mode, and its length: the [left, mode, right] view.</summary>
    public (int Left, int Length, int Right) View(int mode)
        => (DenseData.Product(Lengths.AsSpan()[..mode]), (int)Lengths[mode], DenseData.Product(Lengths.AsSpan()[(mode + 1)..]));

    /// <summary>X x_n M, or with M^T.</summary>
    public TensorBlock<T> Product(ILinearAlgebraBackend backend, Tensor<T> matrix, int mode, bool transpose)
    {
        ReadOnlyMatrixView<T> view = matrix.AsReadOnlyMatrix();
        if (transpose)
        {
            view = view.Transpose;
        }

        nint[] lengths = [.. Lengths];
        lengths[mode] = view.Rows;
        TensorBlock<T> result = new(lengths);
        backend.ModeProduct(Span, view, mode, result.Span);
        return result;
    }

    /// <summary>X x_n M_n for every mode that has a matrix, the product that shrinks most first. The result is this itself when there is none.</summary>
    /// <param name="backend">The engine.</param>
    /// <param name="matrices">By mode; null to leave one alone.</param>
    /// <param name="transpose">Whether M^T is meant.</param>
    public TensorBlock<T> Products(ILinearAlgebraBackend backend, IReadOnlyList<Tensor<T>?> matrices, bool transpose)
    {
        TensorBlock<T> result = this;
        foreach (int mode in Enumerable.Range(0, Order).Where(n => matrices[n] is not null).OrderBy(n => Growth(matrices[n]!, transpose)))
        {
            TensorBlock<T> next = result.Product(backend, matrices[mode]!, mode, transpose);
            Release(result);
            result = next;
        }

        return result;
    }

    /// <summary>Disposes of an intermediate result, unless it is this itself.</summary>
    public void Release(TensorBlock<T> other)
    {
        if (other != this)
        {
            other.Dispose();
        }
    }

    public Tensor<T> ToTensor() => Tensor.Create(Elements.ToArray(), Lengths);

    public void Dispose() => _memory.Dispose();

    private static double Growth(Tensor<T> matrix, bool transpose)
        => transpose ? (double)matrix.Lengths[1] / matrix.Lengths[0] : (double)matrix.Lengths[0] / matrix.Lengths[1];
}
