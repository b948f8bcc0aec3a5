using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>Makes tensors of which not every entry is known, or not equally well.</summary>
public static class IncompleteTensor
{
    /// <summary>A tensor in which NaN stands for what is missing.</summary>
    /// <param name="tensor">Any strides; not modified, copied.</param>
    /// <param name="allowEmptySlices">See <see cref="IncompleteTensor{T}.EmptySlices"/>.</param>
    /// <exception cref="ArgumentException">The tensor is empty, nothing or too little of it was seen.</exception>
    /// <exception cref="NonFiniteInputException">It holds infinity.</exception>
    public static IncompleteTensor<T> FromNaN<T>(Tensor<T> tensor, bool allowEmptySlices = false)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(tensor);
        T[] weights = new T[tensor.FlattenedLength];
        ReadOnlySpan<T> values = weights.Length == 0 ? [] : DenseData.Elements(DenseData.Dense(tensor));
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = T.IsNaN(values[i]) ? T.Zero : T.One;
        }

        return new IncompleteTensor<T>(tensor, weights, allowEmptySlices);
    }

    /// <summary>A tensor with a mask of what is missing; what stands in masked entries, NaN too, has no influence on anything.</summary>
    /// <param name="tensor">Any strides; not modified, copied.</param>
    /// <param name="missing">As many entries, true where one is missing.</param>
    /// <param name="allowEmptySlices">See <see cref="IncompleteTensor{T}.EmptySlices"/>.</param>
    /// <exception cref="ArgumentException">The shapes differ, the tensor is empty, nothing or too little of it was seen.</exception>
    /// <exception cref="NonFiniteInputException">An entry that is not missing is NaN or infinite.</exception>
    public static IncompleteTensor<T> FromMask<T>(Tensor<T> tensor, Tensor<bool> missing, bool allowEmptySlices = false)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(tensor);
        ArgumentNullException.ThrowIfNull(missing);
        CheckShape(tensor.Lengths, missing.Lengths, nameof(missing));
        bool[] mask = new bool[missing.FlattenedLength];
        missing.FlattenTo(mask);
        return new IncompleteTensor<T>(tensor, [.. mask.Select(static m => m ? T.Zero : T.One)], allowEmptySlices);
    }

    /// <summary>A tensor with weights: the squared error of an entry counts so many times. Entries of weight 0 are missing, and what stands in them has no influence on anything.</summary>
    /// <param name="tensor">Any strides; not modified, copied.</param>
    /// <param name="weights">As many entries, each from 0 to 1.</param>
    /// <param name="allowEmptySlices">See <see cref="IncompleteTensor{T}.EmptySlices"/>.</param>
    /// <exception cref="ArgumentException">The shapes differ, the tensor is empty, nothing or too little of it was seen, or a weight is not within 0 and 1.</exception>
    /// <exception cref="NonFiniteInputException">An entry that is not missing is NaN or infinite.</exception>
    public static IncompleteTensor<T> FromWeights<T>(Tensor<T> tensor, Tensor<T> weights, bool allowEmptySlices = false)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(tensor);
        ArgumentNullException.ThrowIfNull(weights);
        CheckShape(tensor.Lengths, weights.Lengths, nameof(weights));
        T[] elements = new T[weights.FlattenedLength];
        weights.FlattenTo(elements);
        for (int i = 0; i < elements.Length; i++)
        {
            double weight = double.CreateTruncating(elements[i]);
            if (!(weight >= 0 && weight <= 1))
            {
                throw new ArgumentException($"The weights of shape {DenseData.Text(weights.Lengths)} hold {weight.ToString(CultureInfo.InvariantCulture)} at row-major position {i}: not from 0 to 1.", nameof(weights));
            }
        }

        return new IncompleteTensor<T>(tensor, elements, allowEmptySlices);
    }

    private static void CheckShape(ReadOnlySpan<nint> tensor, ReadOnlySpan<nint> other, string name)
    {
        if (!tensor.SequenceEqual(other))
        {
            throw new ArgumentException($"A tensor of shape {DenseData.Text(tensor)} needs as many entries in '{name}'; it has shape {DenseData.Text(other)}.", name);
        }
    }
}
