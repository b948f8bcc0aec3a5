using System.Numerics;
using System.Runtime.CompilerServices;

namespace Polyad.Sketching;

/// <summary>sum |x - y|</summary>
internal readonly struct AbsoluteDifference<T> : IPairwiseTerm<T>
    where T : unmanaged, INumberBase<T>
{
    public static T Identity => T.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Combine(Vector<T> soFar, Vector<T> x, Vector<T> y) => soFar + Vector.Abs(x - y);

    public static T Combine(T soFar, T x, T y) => soFar + T.Abs(x - y);

    public static T Join(T a, T b) => a + b;
}

/// <summary>sum min(x, y)</summary>
internal readonly struct Minimum<T> : IPairwiseTerm<T>
    where T : unmanaged, INumberBase<T>
{
    public static T Identity => T.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Combine(Vector<T> soFar, Vector<T> x, Vector<T> y) => soFar + Vector.Min(x, y);

    // For numbers of at least 0 the smaller one is the one of smaller magnitude.
    public static T Combine(T soFar, T x, T y) => soFar + T.MinMagnitude(x, y);

    public static T Join(T a, T b) => a + b;
}

/// <summary>sum (x - y)^2 / (x + y), terms of two zeros being 0</summary>
internal readonly struct ChiSquaredDistance<T> : IPairwiseTerm<T>
    where T : unmanaged, INumberBase<T>
{
    public static T Identity => T.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Combine(Vector<T> soFar, Vector<T> x, Vector<T> y)
    {
        Vector<T> difference = x - y, sum = x + y;
        return soFar + (difference * (difference / Vector.ConditionalSelect(Vector.Equals(sum, Vector<T>.Zero), Vector<T>.One, sum)));
    }

    public static T Combine(T soFar, T x, T y)
    {
        T difference = x - y, sum = x + y;
        return soFar + (difference * (difference / (T.IsZero(sum) ? T.One : sum)));
    }

    public static T Join(T a, T b) => a + b;
}

/// <summary>sum 2 x y / (x + y), terms of two zeros being 0</summary>
internal readonly struct HarmonicMean<T> : IPairwiseTerm<T>
    where T : unmanaged, INumberBase<T>
{
    public static T Identity => T.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Combine(Vector<T> soFar, Vector<T> x, Vector<T> y)
    {
        Vector<T> sum = x + y;
        return soFar + ((x + x) * (y / Vector.ConditionalSelect(Vector.Equals(sum, Vector<T>.Zero), Vector<T>.One, sum)));
    }

    public static T Combine(T soFar, T x, T y)
    {
        T sum = x + y;
        return soFar + ((x + x) * (y / (T.IsZero(sum) ? T.One : sum)));
    }

    public static T Join(T a, T b) => a + b;
}

/// <summary>product 2 x y / (x^2 + y^2), x and y above 0</summary>
internal readonly struct GeometricRatio<T> : IPairwiseTerm<T>
    where T : unmanaged, INumberBase<T>
{
    public static T Identity => T.One;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Combine(Vector<T> soFar, Vector<T> x, Vector<T> y) => soFar * ((x + x) * y / ((x * x) + (y * y)));

    public static T Combine(T soFar, T x, T y) => soFar * ((x + x) * y / ((x * x) + (y * y)));

    public static T Join(T a, T b) => a * b;
}

/// <summary>product (1 + x y)</summary>
internal readonly struct OnePlusProduct<T> : IPairwiseTerm<T>
    where T : unmanaged, INumberBase<T>
{
    public static T Identity => T.One;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Combine(Vector<T> soFar, Vector<T> x, Vector<T> y) => soFar * (Vector<T>.One + (x * y));

    public static T Combine(T soFar, T x, T y) => soFar * (T.One + (x * y));

    public static T Join(T a, T b) => a * b;
}
