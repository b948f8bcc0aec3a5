using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>||W^(1/2) (X - M)|| / ||W^(1/2) X|| of a CP model with unit weights, from the differences themselves, a tile at a time.</summary>
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
        int rank = (int)factors[0].Lengths[1];
        ModelTiles<T> model = new(x.Lengths.ToArray(), rank, backend);
        model.Take(factors);
        double[] sums = new double[model.Count];
        T scale = T.CreateTruncating(norm);
        SlabLoop.Run(sums.Length, backend.Parallelism.Min(Parallelism.Current).ThreadsForFlops(2.0 * rank * x.FlattenedLength), index =>
        {
            ModelTiles<T>.Tile tile = model.At(index);
            model.Form(tile, values =>
            {
                using Scratch<T> scratch = Workspace.Rent<T>(tile.Columns);
                Span<T> line = scratch.Span;
                for (int i = 0; i < tile.Rows; i++)
                {
                    int at = ((tile.Row + i) * model.Columns) + tile.Column;
                    TensorPrimitives.Subtract(DenseData.Elements(x).Slice(at, tile.Columns), values.Slice(i * tile.Columns, tile.Columns), line);
                    TensorPrimitives.Divide(line, scale, line);
                    TensorPrimitives.Multiply(line, line, line);
                    sums[index] += double.CreateTruncating(TensorPrimitives.Dot<T>(line, DenseData.Elements(weights).Slice(at, tile.Columns)));
                }
            });
        });
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
            sum += Scalar.Square(values[i]) * double.CreateTruncating(counts[i]);
        }

        return Math.Sqrt(sum);
    }
}
