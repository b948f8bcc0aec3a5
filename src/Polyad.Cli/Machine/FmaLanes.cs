using System.Runtime.Intrinsics;

namespace Polyad.Cli.Machine;

/// <summary>One vector width and element type as the FMA kernel sees it.</summary>
internal interface IFmaLanes<TVector>
    where TVector : struct
{
    /// <summary>Elements in one vector.</summary>
    static abstract int Count { get; }

    static abstract TVector Splat(double value);

    /// <summary>a * b + c, fused where the machine has it.</summary>
    static abstract TVector MultiplyAdd(TVector a, TVector b, TVector c);

    static abstract TVector Add(TVector a, TVector b);

    static abstract double Sum(TVector a);
}

internal readonly struct Double512 : IFmaLanes<Vector512<double>>
{
    public static int Count => 8;

    public static Vector512<double> Splat(double value) => Vector512.Create(value);

    public static Vector512<double> MultiplyAdd(Vector512<double> a, Vector512<double> b, Vector512<double> c) => Vector512.MultiplyAddEstimate(a, b, c);

    public static Vector512<double> Add(Vector512<double> a, Vector512<double> b) => a + b;

    public static double Sum(Vector512<double> a) => Vector512.Sum(a);
}

internal readonly struct Double256 : IFmaLanes<Vector256<double>>
{
    public static int Count => 4;

    public static Vector256<double> Splat(double value) => Vector256.Create(value);

    public static Vector256<double> MultiplyAdd(Vector256<double> a, Vector256<double> b, Vector256<double> c) => Vector256.MultiplyAddEstimate(a, b, c);

    public static Vector256<double> Add(Vector256<double> a, Vector256<double> b) => a + b;

    public static double Sum(Vector256<double> a) => Vector256.Sum(a);
}

internal readonly struct Double128 : IFmaLanes<Vector128<double>>
{
    public static int Count => 2;

    public static Vector128<double> Splat(double value) => Vector128.Create(value);

    public static Vector128<double> MultiplyAdd(Vector128<double> a, Vector128<double> b, Vector128<double> c) => Vector128.MultiplyAddEstimate(a, b, c);

    public static Vector128<double> Add(Vector128<double> a, Vector128<double> b) => a + b;

    public static double Sum(Vector128<double> a) => Vector128.Sum(a);
}

internal readonly struct Single512 : IFmaLanes<Vector512<float>>
{
    public static int Count => 16;

    public static Vector512<float> Splat(double value) => Vector512.Create((float)value);

    public static Vector512<float> MultiplyAdd(Vector512<float> a, Vector512<float> b, Vector512<float> c) => Vector512.MultiplyAddEstimate(a, b, c);

    public static Vector512<float> Add(Vector512<float> a, Vector512<float> b) => a + b;

    public static double Sum(Vector512<float> a) => Vector512.Sum(a);
}

internal readonly struct Single256 : IFmaLanes<Vector256<float>>
{
    public static int Count => 8;

    public static Vector256<float> Splat(double value) => Vector256.Create((float)value);

    public static Vector256<float> MultiplyAdd(Vector256<float> a, Vector256<float> b, Vector256<float> c) => Vector256.MultiplyAddEstimate(a, b, c);

    public static Vector256<float> Add(Vector256<float> a, Vector256<float> b) => a + b;

    public static double Sum(Vector256<float> a) => Vector256.Sum(a);
}

internal readonly struct Single128 : IFmaLanes<Vector128<float>>
{
    public static int Count => 4;

    public static Vector128<float> Splat(double value) => Vector128.Create((float)value);

    public static Vector128<float> MultiplyAdd(Vector128<float> a, Vector128<float> b, Vector128<float> c) => Vector128.MultiplyAddEstimate(a, b, c);

    public static Vector128<float> Add(Vector128<float> a, Vector128<float> b) => a + b;

    public static double Sum(Vector128<float> a) => Vector128.Sum(a);
}
