using System.Numerics;

namespace Polyad.Decomposition;

/// <summary>What real and complex elements need under one name; the branches fold away for each element type.</summary>
internal static class Scalar
{
    /// <summary>The real part.</summary>
    public static double Real<T>(T value)
        where T : unmanaged, INumberBase<T>
        => typeof(T) == typeof(Complex) ? ((Complex)(object)value).Real : double.CreateTruncating(value);

    public static T Conjugate<T>(T value)
        where T : unmanaged, INumberBase<T>
        => typeof(T) == typeof(Complex) ? (T)(object)Complex.Conjugate((Complex)(object)value) : value;

    /// <summary>|x|^2</summary>
    public static double Square<T>(T value)
        where T : unmanaged, INumberBase<T>
    {
        if (typeof(T) == typeof(Complex))
        {
            Complex z = (Complex)(object)value;
            return (z.Real * z.Real) + (z.Imaginary * z.Imaginary);
        }

        double real = double.CreateTruncating(value);
        return real * real;
    }

    public static double Magnitude<T>(T value)
        where T : unmanaged, INumberBase<T>
        => typeof(T) == typeof(Complex) ? Complex.Abs((Complex)(object)value) : Math.Abs(double.CreateTruncating(value));

    /// <summary>The 2-norm of all elements, without overflow or underflow on the way.</summary>
    public static unsafe double Norm<T>(ReadOnlySpan<T> elements)
        where T : unmanaged, INumberBase<T>
    {
        fixed (T* x = elements)
        {
            return typeof(T) == typeof(Complex) ? TensorReductions.FrobeniusNorm((double*)x, 2 * (nint)elements.Length) : TensorReductions.FrobeniusNorm(x, elements.Length);
        }
    }
}
