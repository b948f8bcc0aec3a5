using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.MathNet;

/// <summary>
/// Math.NET squares entries without scaling. A matrix whose largest entry is far from 1 is multiplied by a power of two first (exactly), the results by its inverse.
/// </summary>
internal static class PowerOfTwoScale
{
    /// <summary>Scales in place. Returns false when an entry is not finite.</summary>
    /// <param name="a">The entries.</param>
    /// <param name="restore">What values of the scaled matrix are to be multiplied with.</param>
    public static bool Normalize<T>(Span<T> a, out T restore)
        where T : unmanaged, INumberBase<T>
    {
        restore = T.One;
        T largest = TensorPrimitives.MaxMagnitude<T>(a); // NaN where an entry is NaN
        if (!T.IsFinite(largest))
        {
            return false;
        }

        int exponent = T.IsZero(largest) ? 0 : Math.ILogB(double.CreateChecked(largest));
        (int safe, int most) = typeof(T) == typeof(double) ? (200, 1000) : (20, 120);
        if (Math.Abs(exponent) <= safe)
        {
            return true;
        }

        exponent = Math.Clamp(exponent, -most, most);
        restore = T.CreateChecked(Math.ScaleB(1, exponent));
        Multiply(a, T.CreateChecked(Math.ScaleB(1, -exponent)));
        return true;
    }

    public static void Multiply<T>(Span<T> a, T factor)
        where T : unmanaged, INumberBase<T>
    {
        if (factor == T.One)
        {
            return;
        }

        TensorPrimitives.Multiply(a, factor, a);
    }
}
