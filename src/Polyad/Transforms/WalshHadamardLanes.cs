using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Polyad.Transforms;

/// <summary>
/// The transform of the lanes of one vector, largest stride first. In a stage every lane adds its partner to itself or, where it is the second of the pair, to its negative:
/// a + b and a - b, with the rounding of these. The products by one and minus one are exact, so that fusing them changes no result; fused they leave the units that add to the stages between vectors.
/// </summary>
internal interface IWalshHadamardLanes<TVector>
    where TVector : struct
{
    static abstract TVector Transform(TVector x);

    /// <summary>The vector with the sign changed in the lanes whose byte is -1; the bytes of the others are 0.</summary>
    static abstract unsafe TVector Negate(TVector x, sbyte* negative);
}

internal readonly struct Lanes512Double : IWalshHadamardLanes<Vector512<double>>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Transform(Vector512<double> x)
    {
        x = Vector512.MultiplyAddEstimate(x, Vector512.Create(1.0, 1, 1, 1, -1, -1, -1, -1), Avx512F.Shuffle4x128(x, x, 0x4E));
        x = Vector512.MultiplyAddEstimate(x, Vector512.Create(1.0, 1, -1, -1, 1, 1, -1, -1), Avx512F.Permute4x64(x, 0x4E));
        x = Vector512.MultiplyAddEstimate(x, Vector512.Create(1.0, -1, 1, -1, 1, -1, 1, -1), Avx512F.Permute2x64(x, 0x55));
        return x;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Vector512<double> Negate(Vector512<double> x, sbyte* negative)
        => x ^ (Avx512F.ConvertToVector512Int64(Sse2.LoadScalarVector128((long*)negative).AsSByte()).AsDouble() & Vector512.Create(-0.0));
}

internal readonly struct Lanes256Double : IWalshHadamardLanes<Vector256<double>>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Transform(Vector256<double> x)
    {
        x = Vector256.MultiplyAddEstimate(x, Vector256.Create(1.0, 1, -1, -1), Avx2.Permute4x64(x, 0x4E));
        x = Vector256.MultiplyAddEstimate(x, Vector256.Create(1.0, -1, 1, -1), Avx.Permute(x, 0x5));
        return x;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Vector256<double> Negate(Vector256<double> x, sbyte* negative)
        => x ^ (Avx2.ConvertToVector256Int64(negative).AsDouble() & Vector256.Create(-0.0));
}

internal readonly struct Lanes512Single : IWalshHadamardLanes<Vector512<float>>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Transform(Vector512<float> x)
    {
        x = Vector512.MultiplyAddEstimate(x, Vector512.Create(1f, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1, -1, -1), Avx512F.Shuffle4x128(x, x, 0x4E));
        x = Vector512.MultiplyAddEstimate(x, Vector512.Create(1f, 1, 1, 1, -1, -1, -1, -1, 1, 1, 1, 1, -1, -1, -1, -1), Avx512F.Shuffle4x128(x, x, 0xB1));
        x = Vector512.MultiplyAddEstimate(x, Vector512.Create(1f, 1, -1, -1, 1, 1, -1, -1, 1, 1, -1, -1, 1, 1, -1, -1), Avx512F.Permute4x32(x, 0x4E));
        x = Vector512.MultiplyAddEstimate(x, Vector512.Create(1f, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1, -1), Avx512F.Permute4x32(x, 0xB1));
        return x;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Vector512<float> Negate(Vector512<float> x, sbyte* negative)
        => x ^ (Avx512F.ConvertToVector512Int32(Vector128.Load(negative)).AsSingle() & Vector512.Create(-0f));
}

internal readonly struct Lanes256Single : IWalshHadamardLanes<Vector256<float>>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Transform(Vector256<float> x)
    {
        x = Vector256.MultiplyAddEstimate(x, Vector256.Create(1f, 1, 1, 1, -1, -1, -1, -1), Avx.Permute2x128(x, x, 1));
        x = Vector256.MultiplyAddEstimate(x, Vector256.Create(1f, 1, -1, -1, 1, 1, -1, -1), Avx.Permute(x, 0x4E));
        x = Vector256.MultiplyAddEstimate(x, Vector256.Create(1f, -1, 1, -1, 1, -1, 1, -1), Avx.Permute(x, 0xB1));
        return x;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Vector256<float> Negate(Vector256<float> x, sbyte* negative)
        => x ^ (Avx2.ConvertToVector256Int32(negative).AsSingle() & Vector256.Create(-0f));
}
