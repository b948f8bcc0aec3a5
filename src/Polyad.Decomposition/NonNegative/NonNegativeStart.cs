using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>Starting factors for methods that ask for more than any matrix.</summary>
internal static class NonNegativeStart
{
    /// <summary>
    /// Makes a matrix of columns of any sign one that may be allowed: each column is turned so that its positive entries outweigh the negative ones, which become a hundredth of the mean of the
    /// others (as NNDSVDa does with zeros: Boutsidis, Gallopoulos 2008), so that nothing starts at a bound.
    /// </summary>
    public static void Positive<T>(Tensor<T> factor)
        where T : unmanaged, INumberBase<T>
    {
        int rank = (int)factor.Lengths[1];
        Span<T> x = DenseData.Elements(factor);
        for (int r = 0; r < rank; r++)
        {
            double balance = 0, sum = 0;
            for (int i = r; i < x.Length; i += rank)
            {
                double value = double.CreateTruncating(x[i]);
                balance += value * Math.Abs(value);
            }

            T sign = balance < 0 ? -T.One : T.One;
            for (int i = r; i < x.Length; i += rank)
            {
                x[i] *= sign;
                sum += Math.Max(0, double.CreateTruncating(x[i]));
            }

            T least = T.CreateTruncating(0.01 * sum * rank / x.Length);
            for (int i = r; i < x.Length; i += rank)
            {
                x[i] = double.CreateTruncating(x[i]) > 0 ? x[i] : least;
            }
        }
    }
}
