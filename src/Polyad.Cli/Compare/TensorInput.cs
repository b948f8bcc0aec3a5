using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Cli.Compare;

/// <summary>A dense row-major tensor with its elements at hand, and its unfoldings by the definition, one element at a time: slow, and what engines are judged by.</summary>
internal sealed class TensorInput<T>
    where T : unmanaged, INumberBase<T>
{
    private readonly int[] _shape;

    public TensorInput(int[] shape)
        : this(shape, SeededInput.Uniform<T>(TensorInput.Elements(shape)))
    {
    }

    private TensorInput(int[] shape, T[] values)
    {
        _shape = shape;
        Values = values;
        Tensor = System.Numerics.Tensors.Tensor.Create(values, [.. shape.Select(static n => (nint)n)]);
    }

    /// <summary>A sum of so many rank-one tensors, rounded: of that CP, Tucker and tensor-train rank.</summary>
    public static TensorInput<T> Planted(int[] shape, int rank)
    {
        double[] values = new double[TensorInput.Elements(shape)];
        double[][] factors = [.. shape.Select((length, k) => SeededInput.Uniform<double>((long)length * rank, k + 1))];
        for (int r = 0; r < rank; r++)
        {
            // The vector of products, grown mode by mode.
            double[] product = [1];
            for (int k = 0; k < shape.Length; k++)
            {
                double[] next = new double[product.Length * shape[k]];
                for (int i = 0; i < next.Length; i++)
                {
                    next[i] = product[i / shape[k]] * factors[k][(i % shape[k] * rank) + r];
                }

                product = next;
            }

            TensorPrimitives.Add(values, product, values);
        }

        T[] rounded = new T[values.Length];
        TensorPrimitives.ConvertTruncating<double, T>(values, rounded);
        return new TensorInput<T>(shape, rounded);
    }

    public T[] Values { get; }

    public Tensor<T> Tensor { get; }

    public static TensorInput<T> Empty(int[] shape) => new(shape, SeededInput.Zeros<T>(TensorInput.Elements(shape)));

    /// <summary>Entry (i, j) of the mode-n unfolding: the remaining modes in order, the last one fastest.</summary>
    public T Unfolded(int mode, int i, int j)
    {
        long offset = 0, stride = 1;
        for (int k = _shape.Length - 1; k >= 0; k--)
        {
            if (k == mode)
            {
                offset += i * stride;
            }
            else
            {
                offset += j % _shape[k] * stride;
                j /= _shape[k];
            }

            stride *= _shape[k];
        }

        return Values[offset];
    }
}

/// <summary>Sizes of tensors.</summary>
internal static class TensorInput
{
    public static long Elements(int[] shape) => shape.Aggregate(1L, static (product, n) => product * n);
}
