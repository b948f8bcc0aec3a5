using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace Polyad.Decomposition;

/// <summary>||X - M|| / ||X|| of a CP model: at no cost from the products of a sweep, or from the differences themselves.</summary>
internal static class CpError
{
    /// <summary>A squared relative error below which the identity has lost the digits that a stopping rule needs, so that the differences must be formed.</summary>
    public static double Coarse<T>() => typeof(T) == typeof(float) ? 1e-3 : 1e-10;

    /// <summary>
    /// err^2 = 1 + (||M||^2 - 2 Re &lt;X, M&gt;) / ||X||^2, where &lt;X, M&gt; is read off the product of the mode that was updated last; from the differences where that is too coarse.
    /// </summary>
    /// <param name="input">X.</param>
    /// <param name="state">The model.</param>
    /// <param name="mode">The mode updated last.</param>
    /// <param name="product">Its MTTKRP, I_n x R.</param>
    /// <param name="backend">The engine.</param>
    public static double Relative<T>(DenseInput<T> input, CpState<T> state, int mode, Tensor<T> product, ILinearAlgebraBackend backend)
        where T : unmanaged, INumberBase<T>
    {
        double square = Square(input, state, mode, product);
        return square > Coarse<T>() ? Math.Sqrt(square) : Exact(input, state, backend);
    }

    /// <summary>From the differences, a block at a time.</summary>
    public static double Exact<T>(DenseInput<T> input, CpState<T> state, ILinearAlgebraBackend backend)
        where T : unmanaged, INumberBase<T>
    {
        T[] weights = [.. state.Weights.Select(static w => T.CreateTruncating(w))];
        return StreamedResidual.Relative<T>(backend, input.Elements, input.Norm, state.Factors, weights);
    }

    /// <summary>err^2 by the identity; of the size of the machine epsilon it is noise, and may be negative.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Square<T>(DenseInput<T> input, CpState<T> state, int mode, Tensor<T> product)
        where T : unmanaged, INumberBase<T>
    {
        int rank = state.Rank;
        ReadOnlySpan<T> g = DenseData.Elements(product), u = DenseData.Elements(state.Factors[mode]);
        double[] shared = new double[rank];
        for (int i = 0; i < g.Length; i += rank)
        {
            for (int r = 0; r < rank; r++)
            {
                shared[r] += Scalar.Real(g[i + r] * Scalar.Conjugate(u[i + r])) / input.Norm;
            }
        }

        double inner = 0, square = 0;
        for (int r = 0; r < rank; r++)
        {
            double weight = state.Weights[r] / input.Norm;
            inner += weight * shared[r];
            for (int s = 0; s < rank; s++)
            {
                T term = T.CreateTruncating(weight * (state.Weights[s] / input.Norm));
                foreach (Tensor<T> gram in state.Grams)
                {
                    term *= DenseData.Elements(gram)[(r * rank) + s];
                }

                square += Scalar.Real(term);
            }
        }

        return 1 + square - (2 * inner);
    }
}
