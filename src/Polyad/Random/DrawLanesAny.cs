using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Polyad.Draws;

/// <summary>As many lanes as <see cref="Vector{T}"/> has: 256 bits with AVX2, 128 elsewhere, in software where the machine has no vectors.</summary>
internal readonly unsafe struct DrawLanesAny : IDrawLanes<Vector<ulong>, Vector<double>>
{
    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector<ulong>.Count;
    }

    /// <summary>With 256 bits unpacking joins lanes 0, 2 and lanes 1, 3, which this order makes blocks 0, 1 and 2, 3; two lanes need no order.</summary>
    public static Vector<ulong> BlockOffsets
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Avx2.IsSupported && Vector<ulong>.Count == 4 ? Vector256.Create(0UL, 2, 1, 3).AsVector() : Vector<ulong>.Indices;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<ulong> Words(ulong value) => new(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<double> Reals(double value) => new(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<ulong> Add(Vector<ulong> a, Vector<ulong> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<ulong> Subtract(Vector<ulong> a, Vector<ulong> b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<ulong> And(Vector<ulong> a, Vector<ulong> b) => a & b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<ulong> Or(Vector<ulong> a, Vector<ulong> b) => a | b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<ulong> Xor(Vector<ulong> a, Vector<ulong> b) => a ^ b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<ulong> ShiftLeft(Vector<ulong> a, int count) => a << count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<ulong> ShiftRight(Vector<ulong> a, int count) => a >>> count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<ulong> MultiplyLow32(Vector<ulong> a, Vector<ulong> b)
    {
        if (Avx2.IsSupported && Vector<ulong>.Count == 4)
        {
            return Avx2.Multiply(a.AsVector256().AsUInt32(), b.AsVector256().AsUInt32()).AsVector();
        }

        if (Sse2.IsSupported && Vector<ulong>.Count == 2)
        {
            return Sse2.Multiply(a.AsVector128().AsUInt32(), b.AsVector128().AsUInt32()).AsVector();
        }

        Vector<ulong> mask = new(uint.MaxValue);
        return (a & mask) * (b & mask);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<double> Add(Vector<double> a, Vector<double> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<double> Subtract(Vector<double> a, Vector<double> b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<double> Multiply(Vector<double> a, Vector<double> b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<double> Divide(Vector<double> a, Vector<double> b) => a / b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<double> SquareRoot(Vector<double> a) => Vector.SquareRoot(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<double> ToReals(Vector<ulong> signed) => Vector.ConvertToDouble(Vector.AsVectorInt64(signed));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<double> AsReals(Vector<ulong> bits) => Vector.AsVectorDouble(bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<ulong> AsWords(Vector<double> value) => Vector.AsVectorUInt64(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<ulong> IsPositive(Vector<ulong> signed) => Vector.AsVectorUInt64(Vector.GreaterThan(Vector.AsVectorInt64(signed), Vector<long>.Zero));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<double> Select(Vector<ulong> mask, Vector<double> whereOnes, Vector<double> whereZeros) => Vector.ConditionalSelect(Vector.AsVectorDouble(mask), whereOnes, whereZeros);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePairs(ulong* destination, Vector<ulong> first, Vector<ulong> second)
    {
        if (Avx2.IsSupported && Vector<ulong>.Count == 4)
        {
            Avx2.UnpackLow(first.AsVector256(), second.AsVector256()).Store(destination);
            Avx2.UnpackHigh(first.AsVector256(), second.AsVector256()).Store(destination + 4);
            return;
        }

        for (int i = 0; i < Vector<ulong>.Count; i++)
        {
            destination[2 * i] = first[i];
            destination[(2 * i) + 1] = second[i];
        }
    }
}
