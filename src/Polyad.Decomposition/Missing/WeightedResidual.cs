using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>||W^(1/2) (X - M)|| / ||W^(1/2) X|| of a CP model with unit weights, from the differences themselves, a block at a time.</summary>
internal static class WeightedResidual
{
    /// <param name="x">X, 0 where the weight is 0.</param>
    /// <param name="weights">W, of the same shape.</param>
    /// <param name="norm">||W^(1/2) X||.</param>
    /// <param name="factors">The model.</param>
    /// <param name="backend">The engine.</param>
    public static double Relative<T>(Tensor<T> x, Tensor<T> weights, double norm, IReadOnlyList<Tensor<T>> factors, ILinearAlgebraBackend backend)
        where T : unmanaged, INumberBase<T>
    {
        ModelRows<T> model = new(factors, backend);
        double[] sums = new double[model.Blocks];
        T scale = T.CreateTruncating(norm);
        for (int block = 0; block < sums.Length; block++)
        {
            model.Form(block, (row, rows, values) =>
            {
                using Scratch<T> scratch = Workspace.Rent<T>(values.Length);
                Span<T> difference = scratch.Span;
                int at = row * model.Columns;
                TensorPrimitives.Subtract(DenseData.Elements(x).Slice(at, values.Length), values, difference);
                TensorPrimitives.Divide(difference, scale, difference);
                for (int i = 0; i < rows; i++)
                {
                    Span<T> line = difference.Slice(i * model.Columns, model.Columns);
                    TensorPrimitives.Multiply(line, line, line);
                    sums[block] += double.CreateTruncating(TensorPrimitives.Dot<T>(line, DenseData.Elements(weights).Slice(at + (i * model.Columns), model.Columns)));
                }
            });
        }

        return Math.Sqrt(sums.Sum());
    }

    /// <summary>||W^(1/2) X||.</summary>
    public static double Norm<T>(Tensor<T> x, Tensor<T> weights)
        where T : unmanaged, INumberBase<T>
    {
        ReadOnlySpan<T> values = DenseData.Elements(x), counts = DenseData.Elements(weights);
        double sum = 0;
        for (int i = 0; i < values.Length; i++)
        {
            double value = double.CreateTruncating(values[i]);
            sum += value * value * double.CreateTruncating(counts[i]);
        }

        return Math.Sqrt(sum);
    }
}
