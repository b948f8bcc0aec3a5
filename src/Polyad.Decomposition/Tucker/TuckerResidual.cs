using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>||X - G x_0 U_0 ..|| / ||X|| from the differences themselves: all factors but one are expanded, that one is multiplied where it is compared.</summary>
internal static class TuckerResidual
{
    /// <param name="backend">The engine.</param>
    /// <param name="x">X.</param>
    /// <param name="norm">Its norm, not zero.</param>
    /// <param name="core">G.</param>
    /// <param name="factors">By mode; null where there is none.</param>
    public static double Relative<T>(ILinearAlgebraBackend backend, TensorBlock<T> x, double norm, TensorBlock<T> core, Tensor<T>?[] factors)
        where T : unmanaged, INumberBase<T>
    {
        // One product compares all of X when the mode is the first or the last; in the middle it takes one for each slab.
        int last = x.Order - 1;
        int streamed = factors[0] is not null ? 0 : factors[last] is not null ? last : Array.FindIndex(factors, static f => f is not null);
        Tensor<T>?[] others = [.. factors];
        Tensor<T> factor = others[streamed]!;
        others[streamed] = null;
        TensorBlock<T> expanded = core.Products(backend, others, transpose: false);
        try
        {
            (int left, int length, int right) = x.View(streamed);
            int rank = (int)factor.Lengths[1];
            if (right == 1)
            {
                return StreamedResidual.Relative(backend, x.Elements, norm, new ReadOnlyMatrixView<T>(expanded.Elements, left, rank), factor.AsReadOnlyMatrix().Transpose);
            }

            double sum = 0;
            for (int l = 0; l < left; l++)
            {
                double part = StreamedResidual.Relative(
                    backend,
                    x.Elements.Slice(l * length * right, length * right),
                    norm,
                    factor.AsReadOnlyMatrix(),
                    new ReadOnlyMatrixView<T>(expanded.Elements.Slice(l * rank * right, rank * right), rank, right));
                sum += part * part;
            }

            return Math.Sqrt(sum);
        }
        finally
        {
            core.Release(expanded);
        }
    }
}
