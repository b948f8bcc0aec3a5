using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Cli.Decompose;

/// <summary>||X - Y|| / ||X||, element by element and summed in double: the error itself, not an identity for it.</summary>
internal static class RelativeError
{
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
        double error = 0, norm = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double value = double.CreateTruncating(x[i]) / largest, difference = value - (double.CreateTruncating(y[i]) / largest);
            error += difference * difference;
            norm += value * value;
        }

        return Math.Sqrt(error / norm);
    }
}
