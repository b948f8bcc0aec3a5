using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>Brings the unscaled factors of a fit into the form that results have.</summary>
internal static class FittedModel
{
    /// <summary>
    /// Weights and copies of the factors: unit columns in free modes that allow it (a column of zeros stays, and makes the weight 0), components by descending size unless a mode is fixed, and in
    /// free symmetric modes but the last of them the entry of largest magnitude of each column positive.
    /// </summary>
    public static (Tensor<T> Weights, Tensor<T>[] Factors) Of<T>(IReadOnlyList<Tensor<T>> factors, FactorUpdate<T>[] updates, bool[] fixedModes)
        where T : unmanaged, INumberBase<T>
    {
        int rank = (int)factors[0].Lengths[1];
        double[] weights = new double[rank], sizes = new double[rank];
        weights.AsSpan().Fill(1);
        sizes.AsSpan().Fill(1);
        Tensor<T>[] scaled = [.. factors];
        for (int n = 0; n < scaled.Length; n++)
        {
            double[] norms = ColumnNorms.Of(factors[n]);
            TensorPrimitives.Multiply(sizes, norms, sizes);
            if (updates[n].IsScaleFree && !fixedModes[n])
            {
                TensorPrimitives.Multiply(weights, norms, weights);
                scaled[n] = ColumnNorms.Scaled(factors[n], norms);
            }
        }

        int[] order = fixedModes.Contains(true) ? [.. Enumerable.Range(0, rank)] : ComponentOrder.ByWeight(sizes);
        int[] turned = [.. Enumerable.Range(0, scaled.Length).Where(n => updates[n].IsSymmetric && !fixedModes[n])];
        Tensor<T>[] sorted = [.. scaled.Select(f => ComponentOrder.Columns(f, order))];
        if (turned.Length > 1)
        {
            // Every mode but the last of these is turned, and that one carries what is left.
            Tensor<T>[] settled = ComponentOrder.Arrange([.. turned.Select(n => sorted[n])], [.. Enumerable.Range(0, rank)], turned.Length - 1);
            for (int k = 0; k < turned.Length; k++)
            {
                sorted[turned[k]] = settled[k];
            }
        }

        return (Tensor.Create([.. order.Select(r => T.CreateTruncating(weights[r]))], [rank]), sorted);
    }
}
