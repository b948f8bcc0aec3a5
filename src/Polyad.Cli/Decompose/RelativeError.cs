using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Cli.Decompose;

/// <summary>||X - Y|| / ||X||, element by element and summed in double: the error itself, not an identity for it.</summary>
internal static class RelativeError
{
    private const int BlockElements = 4096;

    public static double Of<T>(Tensor<T> exact, Tensor<T> model)
        where T : unmanaged, INumberBase<T>
    {
        T[] x = new T[exact.FlattenedLength], y = new T[model.FlattenedLength];
        exact.FlattenTo(x);
        model.FlattenTo(y);
        double largest = 0;
        foreach (T value in x)
        {
            largest = Math.Max(largest, Math.Abs(double.CreateTruncating(value)));
        }

        if (largest == 0)
        {
            return 0;
        }

        // Scaled by the largest element, so that squares neither overflow nor vanish.
        // Summed block by block: one sum over millions of squares would round by more than what it is compared with.
        double error = 0, norm = 0;
        for (int start = 0; start < x.Length; start += BlockElements)
        {
            double blockError = 0, blockNorm = 0;
            for (int i = start; i < Math.Min(x.Length, start + BlockElements); i++)
            {
                double value = double.CreateTruncating(x[i]) / largest, difference = value - (double.CreateTruncating(y[i]) / largest);
                blockError += difference * difference;
                blockNorm += value * value;
            }

            error += blockError;
            norm += blockNorm;
        }

        return Math.Sqrt(error / norm);
    }
}
