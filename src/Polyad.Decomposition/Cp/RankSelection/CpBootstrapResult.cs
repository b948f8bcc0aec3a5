using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>The uncertainty of a CP model.</summary>
/// <param name="Model">The model in normal form, whose components all others were matched to.</param>
/// <param name="Lower">For each mode the lower ends of the intervals of its factor's entries, unit columns (of complex ones: of the real and imaginary part); null for the mode of the samples.</param>
/// <param name="Upper">The upper ends.</param>
/// <param name="Stability">For each component the mean factor match score of its partners, the mode of the samples left out; 1 when every set of samples gives the same component.</param>
public sealed record CpBootstrapResult<T>(CpTensor<T> Model, IReadOnlyList<Tensor<T>?> Lower, IReadOnlyList<Tensor<T>?> Upper, IReadOnlyList<double> Stability)
    where T : unmanaged, INumberBase<T>
{
    internal static CpBootstrapResult<T> Of(CpTensor<T> reference, CpTensor<T>[] models, double[][] scores, int sampleMode, double level)
    {
        Tensor<T>?[] lower = new Tensor<T>?[reference.Order], upper = new Tensor<T>?[reference.Order];
        int sets = models.Length;
        double[] real = new double[sets], imaginary = new double[sets];
        for (int n = 0; n < reference.Order; n++)
        {
            if (n == sampleMode)
            {
                continue;
            }

            (lower[n], upper[n]) = (FreshMemory.Zeros<T>(reference.Factors[n].Lengths), FreshMemory.Zeros<T>(reference.Factors[n].Lengths));
            for (int i = 0; i < reference.Factors[n].FlattenedLength; i++)
            {
                for (int b = 0; b < sets; b++)
                {
                    T entry = DenseData.Elements(models[b].Factors[n])[i];
                    (real[b], imaginary[b]) = (Scalar.Real(entry), typeof(T) == typeof(Complex) ? ((Complex)(object)entry).Imaginary : 0);
                }

                Array.Sort(real);
                Array.Sort(imaginary);
                DenseData.Elements(lower[n]!)[i] = Entry(real, imaginary, (1 - level) / 2);
                DenseData.Elements(upper[n]!)[i] = Entry(real, imaginary, (1 + level) / 2);
            }
        }

        return new CpBootstrapResult<T>(reference, lower, upper, [.. Enumerable.Range(0, reference.Rank).Select(r => scores.Average(s => s[r]))]);
    }

    private static T Entry(double[] real, double[] imaginary, double share)
        => typeof(T) == typeof(Complex) ? (T)(object)new Complex(Quantile(real, share), Quantile(imaginary, share)) : T.CreateTruncating(Quantile(real, share));

    /// <summary>Linear between the order statistics.</summary>
    private static double Quantile(double[] sorted, double share)
    {
        double at = share * (sorted.Length - 1);
        int below = (int)at;
        return below + 1 < sorted.Length ? sorted[below] + ((at - below) * (sorted[below + 1] - sorted[below])) : sorted[^1];
    }
}
