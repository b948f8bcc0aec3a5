using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Polyad.Decomposition;

/// <summary>A checked input: dense row-major (the caller's own tensor when it lies so, else a copy), not empty, finite. It is never written to.</summary>
internal sealed class DenseInput<T>
    where T : unmanaged, INumberBase<T>
{
    private const int PartElements = 1 << 20;

    private readonly Tensor<T> _tensor;

    private DenseInput(Tensor<T> tensor, double norm, double scale)
    {
        _tensor = tensor;
        Lengths = tensor.Lengths.ToArray();
        Norm = norm;
        Scale = scale;
    }

    public nint[] Lengths { get; }

    public int Order => Lengths.Length;

    /// <summary>The Frobenius norm of <see cref="Elements"/>.</summary>
    public double Norm { get; }

    /// <summary>The power of two by which the caller's tensor was divided (1 nearly always): Gram matrices of <see cref="Elements"/> neither overflow nor vanish.</summary>
    public double Scale { get; }

    public ReadOnlySpan<T> Elements => DenseData.Elements(_tensor);

    public Tensor<T> Tensor => _tensor;

    /// <param name="tensor">The caller's.</param>
    /// <param name="leastOrder">The least number of modes.</param>
    /// <param name="complex">Whether the method takes complex elements.</param>
    /// <param name="measure">The norm of the dense tensor, from a pass over it that the method makes anyway; NaN when it makes none. Not trusted where it is not plainly finite.</param>
    public static DenseInput<T> Of(Tensor<T> tensor, int leastOrder, bool complex = false, Func<Tensor<T>, double>? measure = null)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (typeof(T) != typeof(double) && typeof(T) != typeof(float) && !(complex && typeof(T) == typeof(Complex)))
        {
            throw new NotSupportedException($"Element type {typeof(T).Name} is not supported here; use double{(complex ? ", float or Complex" : " or float")}.");
        }

        string shape = DenseData.Text(tensor.Lengths);
        if (tensor.Rank < leastOrder)
        {
            throw new ArgumentException($"The decomposition needs a tensor of order {leastOrder} or more; this one has shape {shape}.", nameof(tensor));
        }

        if (tensor.FlattenedLength == 0)
        {
            throw new ArgumentException($"A tensor of shape {shape} has no elements to decompose.", nameof(tensor));
        }

        Tensor<T> dense = DenseData.Dense(tensor);
        double most = typeof(T) == typeof(float) ? 1e12 : 1e100;
        if (measure is not null && measure(dense) is var measured && measured < most && measured > 1 / most)
        {
            return new DenseInput<T>(dense, measured, 1);
        }

        double norm = typeof(T) == typeof(Complex) ? NormOf(MemoryMarshal.Cast<T, double>(DenseData.Elements(dense))) : NormOf<T>(DenseData.Elements(dense));
        if (!double.IsFinite(norm))
        {
            ReadOnlySpan<T> elements = DenseData.Elements(dense);
            for (int i = 0; i < elements.Length; i++)
            {
                if (!T.IsFinite(elements[i]))
                {
                    throw new NonFiniteInputException($"The tensor of shape {shape} holds {elements[i]} at row-major position {i}.", nameof(tensor));
                }
            }

            throw new ArgumentException($"The norm of the tensor of shape {shape} overflows its element type: scale it down.", nameof(tensor));
        }

        if (norm == 0 || (norm < most && norm > 1 / most))
        {
            return new DenseInput<T>(dense, norm, 1);
        }

        double scale = Math.ScaleB(1, Math.ILogB(norm));
        T[] scaled = new T[dense.FlattenedLength];
        TensorPrimitives.Divide(DenseData.Elements(dense), T.CreateTruncating(scale), scaled);
        return new DenseInput<T>(System.Numerics.Tensors.Tensor.Create(scaled, dense.Lengths), norm / scale, scale);
    }

    /// <summary>||X|| from the norms of parts that depend on the length alone.</summary>
    private static unsafe double NormOf<TReal>(ReadOnlySpan<TReal> elements)
        where TReal : unmanaged, INumberBase<TReal>
    {
        int parts = (elements.Length + PartElements - 1) / PartElements, length = elements.Length;
        double[] norms = new double[parts];
        fixed (TReal* x = elements)
        fixed (double* all = norms)
        {
            nint source = (nint)x;
            SlabLoop.Run(parts, Parallelism.Current.MaxThreads, part =>
                norms[part] = TensorReductions.FrobeniusNorm((TReal*)source + ((nint)part * PartElements), Math.Min(PartElements, length - (part * PartElements))));
            return TensorReductions.FrobeniusNorm(all, parts);
        }
    }

    /// <summary>Gives the part of a model that carries its size the scale of the caller's tensor.</summary>
    public Tensor<T> Restore(Tensor<T> part)
    {
        if (Scale != 1)
        {
            Span<T> elements = DenseData.Elements(part);
            TensorPrimitives.Multiply(elements, T.CreateTruncating(Scale), elements);
        }

        return part;
    }

    /// <summary>The same elements under another shape.</summary>
    public ReadOnlyTensorSpan<T> Reshaped(ReadOnlySpan<nint> lengths) => new(Elements, lengths);
}
