using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>
/// The core consistency diagnostic, CORCONDIA (Bro, Kiers 2003): the least-squares Tucker core for the factors of a CP model, compared with the superdiagonal of ones that CP assumes. 100 is perfect;
/// near or below 0 the components share what they should not, and there are too many of them.
/// </summary>
public static class CoreConsistency
{
    /// <summary>
    /// 100 (1 - sum (G - I)^2 / R) with G = X x_0 U_0^+ x_1 U_1^+ ..., the weights taken into U_0. The products shrink the tensor one mode at a time, so that no Kronecker product is formed (Papalexakis,
    /// Faloutsos 2015): 2 R prod(I) flops and R^N numbers beside it.
    /// </summary>
    /// <param name="tensor">X: double or float, finite.</param>
    /// <param name="model">A CP model of it. A rank above a length is allowed: the pseudo-inverse is then the least-norm one.</param>
    /// <param name="backend">The engine; null for the current one.</param>
    /// <returns>In percent.</returns>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    /// <exception cref="NonFiniteInputException">The tensor or a factor holds NaN or infinity.</exception>
    public static double Of<T>(Tensor<T> tensor, CpTensor<T> model, ILinearAlgebraBackend? backend = null)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(tensor);
        ArgumentNullException.ThrowIfNull(model);
        if (!tensor.Lengths.SequenceEqual(model.Lengths))
        {
            throw new ArgumentException($"A model of shape {DenseData.Text(model.Lengths)} has no core consistency with a tensor of shape {DenseData.Text(tensor.Lengths)}.", nameof(model));
        }

        ILinearAlgebraBackend engine = backend ?? Backend.Current;
        DenseInput<T> input = DenseInput<T>.Of(tensor, 1);
        Tensor<T>[] inverses = [.. model.Factors.Select((factor, n) => LinearAlgebra.Pinv(n == 0 ? Weighted(factor, model.Weights) : DenseData.Dense(factor), backend: engine))];
        ReadOnlySpan<T> core = DenseData.Elements(DenseData.Dense(input.Restore(DenseData.Copy(TensorAlgebra.MultiModeProduct<T>(input.Tensor, inverses, backend: engine)))));
        long rank = model.Rank, step = 0;
        for (int n = 0; n < model.Order; n++)
        {
            step = (step * rank) + 1;
        }

        double distance = 0;
        for (int i = 0; i < core.Length; i++)
        {
            double difference = double.CreateChecked(core[i]) - (i % step == 0 && i / step < rank ? 1 : 0);
            distance += difference * difference;
        }

        return 100 * (1 - (distance / rank));
    }

    private static Tensor<T> Weighted<T>(Tensor<T> factor, Tensor<T> weights)
        where T : unmanaged, INumberBase<T>
    {
        Tensor<T> weighted = DenseData.Copy(factor);
        Span<T> elements = DenseData.Elements(weighted);
        T[] scales = weights.ToArray();
        for (int i = 0; i < elements.Length; i++)
        {
            elements[i] *= scales[i % scales.Length];
        }

        return weighted;
    }
}
