using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>The normal form of a non-negative Tucker model: unit columns, by descending norm of the core's slices.</summary>
internal static class NormalForm
{
    public static (Tensor<T> Core, Tensor<T>[] Factors) Of<T>(Tensor<T> core, Tensor<T>[] factors)
        where T : unmanaged, INumberBase<T>
    {
        Tensor<T>[] unit = new Tensor<T>[factors.Length];
        for (int n = 0; n < factors.Length; n++)
        {
            double[] norms = ColumnNorms.Of(factors[n]);
            unit[n] = ColumnNorms.Scaled(factors[n], norms);
            core = Slices(core, n, [.. Enumerable.Range(0, norms.Length)], norms);
        }

        for (int n = 0; n < factors.Length; n++)
        {
            int[] order = ComponentOrder.ByWeight(SliceNorms(core, n));
            unit[n] = ComponentOrder.Columns(unit[n], order);
            core = Slices(core, n, order, null);
        }

        return (core, unit);
    }

    private static double[] SliceNorms<T>(Tensor<T> core, int mode)
        where T : unmanaged, INumberBase<T>
    {
        int rank = (int)core.Lengths[mode], right = DenseData.Product(core.Lengths[(mode + 1)..]);
        double[] squares = new double[rank];
        ReadOnlySpan<T> g = DenseData.Elements(core);
        for (int i = 0; i < g.Length; i++)
        {
            squares[i / right % rank] += Scalar.Square(g[i]);
        }

        return [.. squares.Select(Math.Sqrt)];
    }

    /// <summary>The slices of a mode in another order, then each times its factor.</summary>
    private static Tensor<T> Slices<T>(Tensor<T> core, int mode, int[] order, double[]? factors)
        where T : unmanaged, INumberBase<T>
    {
        int rank = order.Length, right = DenseData.Product(core.Lengths[(mode + 1)..]);
        T[] arranged = new T[core.FlattenedLength];
        ReadOnlySpan<T> g = DenseData.Elements(core);
        for (int row = 0; row < arranged.Length / right; row++)
        {
            int r = row % rank;
            ReadOnlySpan<T> from = g.Slice((row - r + order[r]) * right, right);
            TensorPrimitives.Multiply(from, factors is null ? T.One : T.CreateTruncating(factors[r]), arranged.AsSpan(row * right, right));
        }

        return Tensor.Create(arranged, core.Lengths);
    }
}
