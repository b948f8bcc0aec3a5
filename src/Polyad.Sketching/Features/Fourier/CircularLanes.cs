using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Polyad.Sketching;

/// <summary>
/// One vector width, as sines and cosines need it. Multiply-adds are fused on every machine (in software where it has no FMA), so a lane's bits depend on its value alone.
/// </summary>
internal unsafe interface ICircularLanes<TVector, T>
    where TVector : struct
    where T : unmanaged, INumberBase<T>
{
    static abstract int Count { get; }

    static abstract TVector Broadcast(T value);

    static abstract TVector Load(T* source);

    static abstract void Store(T* destination, TVector value);

    static abstract TVector Add(TVector a, TVector b);

    static abstract TVector Subtract(TVector a, TVector b);

    static abstract TVector Multiply(TVector a, TVector b);

    /// <summary>a * b + c, rounded once.</summary>
    static abstract TVector MultiplyAdd(TVector a, TVector b, TVector c);

    /// <summary>Whether a lane is above the limit in magnitude, or NaN.</summary>
    static abstract bool AnyBeyond(TVector x, T limit);

    /// <summary>
    /// From the sine and cosine of r to those of r + q pi/2, where the lowest two bits of <paramref name="shifted"/> are q modulo 4: odd q exchange the two,
    /// bit 1 of q negates the sine, bit 1 of q + 1 the cosine.
    /// </summary>
    static abstract void Turn(TVector shifted, ref TVector sine, ref TVector cosine);
}

/// <summary>Lanes of 512 bits.</summary>
internal readonly unsafe struct CircularLanes512<T> : ICircularLanes<Vector512<T>, T>
    where T : unmanaged, INumberBase<T>
{
    public static int Count => Vector512<T>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Broadcast(T value) => Vector512.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Load(T* source) => Vector512.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(T* destination, Vector512<T> value) => value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Add(Vector512<T> a, Vector512<T> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Subtract(Vector512<T> a, Vector512<T> b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Multiply(Vector512<T> a, Vector512<T> b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> MultiplyAdd(Vector512<T> a, Vector512<T> b, Vector512<T> c)
        => typeof(T) == typeof(double)
            ? Vector512.FusedMultiplyAdd(a.AsDouble(), b.AsDouble(), c.AsDouble()).As<double, T>()
            : Vector512.FusedMultiplyAdd(a.AsSingle(), b.AsSingle(), c.AsSingle()).As<float, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AnyBeyond(Vector512<T> x, T limit) => !Vector512.LessThanOrEqualAll(Vector512.Abs(x), Vector512.Create(limit));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Turn(Vector512<T> shifted, ref Vector512<T> sine, ref Vector512<T> cosine)
    {
        if (typeof(T) == typeof(double))
        {
            Vector512<ulong> q = shifted.AsUInt64(), top = Vector512.Create(1UL << 63);
            Vector512<double> odd = Vector512.Equals(q & Vector512.Create(1UL), Vector512.Create(1UL)).AsDouble(), s = sine.AsDouble(), c = cosine.AsDouble();
            sine = (Vector512.ConditionalSelect(odd, c, s).AsUInt64() ^ ((q << 62) & top)).As<ulong, T>();
            cosine = (Vector512.ConditionalSelect(odd, s, c).AsUInt64() ^ (((q + Vector512.Create(1UL)) << 62) & top)).As<ulong, T>();
        }
        else
        {
            Vector512<uint> q = shifted.AsUInt32(), top = Vector512.Create(1U << 31);
            Vector512<float> odd = Vector512.Equals(q & Vector512.Create(1U), Vector512.Create(1U)).AsSingle(), s = sine.AsSingle(), c = cosine.AsSingle();
            sine = (Vector512.ConditionalSelect(odd, c, s).AsUInt32() ^ ((q << 30) & top)).As<uint, T>();
            cosine = (Vector512.ConditionalSelect(odd, s, c).AsUInt32() ^ (((q + Vector512.Create(1U)) << 30) & top)).As<uint, T>();
        }
    }
}

/// <summary>Lanes of 256 bits.</summary>
internal readonly unsafe struct CircularLanes256<T> : ICircularLanes<Vector256<T>, T>
    where T : unmanaged, INumberBase<T>
{
    public static int Count => Vector256<T>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Broadcast(T value) => Vector256.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Load(T* source) => Vector256.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(T* destination, Vector256<T> value) => value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Add(Vector256<T> a, Vector256<T> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Subtract(Vector256<T> a, Vector256<T> b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Multiply(Vector256<T> a, Vector256<T> b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> MultiplyAdd(Vector256<T> a, Vector256<T> b, Vector256<T> c)
        => typeof(T) == typeof(double)
            ? Vector256.FusedMultiplyAdd(a.AsDouble(), b.AsDouble(), c.AsDouble()).As<double, T>()
            : Vector256.FusedMultiplyAdd(a.AsSingle(), b.AsSingle(), c.AsSingle()).As<float, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AnyBeyond(Vector256<T> x, T limit) => !Vector256.LessThanOrEqualAll(Vector256.Abs(x), Vector256.Create(limit));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Turn(Vector256<T> shifted, ref Vector256<T> sine, ref Vector256<T> cosine)
    {
        if (typeof(T) == typeof(double))
        {
            Vector256<ulong> q = shifted.AsUInt64(), top = Vector256.Create(1UL << 63);
            Vector256<double> odd = Vector256.Equals(q & Vector256.Create(1UL), Vector256.Create(1UL)).AsDouble(), s = sine.AsDouble(), c = cosine.AsDouble();
            sine = (Vector256.ConditionalSelect(odd, c, s).AsUInt64() ^ ((q << 62) & top)).As<ulong, T>();
            cosine = (Vector256.ConditionalSelect(odd, s, c).AsUInt64() ^ (((q + Vector256.Create(1UL)) << 62) & top)).As<ulong, T>();
        }
        else
        {
            Vector256<uint> q = shifted.AsUInt32(), top = Vector256.Create(1U << 31);
            Vector256<float> odd = Vector256.Equals(q & Vector256.Create(1U), Vector256.Create(1U)).AsSingle(), s = sine.AsSingle(), c = cosine.AsSingle();
            sine = (Vector256.ConditionalSelect(odd, c, s).AsUInt32() ^ ((q << 30) & top)).As<uint, T>();
            cosine = (Vector256.ConditionalSelect(odd, s, c).AsUInt32() ^ (((q + Vector256.Create(1U)) << 30) & top)).As<uint, T>();
        }
    }
}

/// <summary>Lanes of 128 bits.</summary>
internal readonly unsafe struct CircularLanes128<T> : ICircularLanes<Vector128<T>, T>
    where T : unmanaged, INumberBase<T>
{
    public static int Count => Vector128<T>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Broadcast(T value) => Vector128.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Load(T* source) => Vector128.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(T* destination, Vector128<T> value) => value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Add(Vector128<T> a, Vector128<T> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Subtract(Vector128<T> a, Vector128<T> b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Multiply(Vector128<T> a, Vector128<T> b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> MultiplyAdd(Vector128<T> a, Vector128<T> b, Vector128<T> c)
        => typeof(T) == typeof(double)
            ? Vector128.FusedMultiplyAdd(a.AsDouble(), b.AsDouble(), c.AsDouble()).As<double, T>()
            : Vector128.FusedMultiplyAdd(a.AsSingle(), b.AsSingle(), c.AsSingle()).As<float, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AnyBeyond(Vector128<T> x, T limit) => !Vector128.LessThanOrEqualAll(Vector128.Abs(x), Vector128.Create(limit));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Turn(Vector128<T> shifted, ref Vector128<T> sine, ref Vector128<T> cosine)
    {
        if (typeof(T) == typeof(double))
        {
            Vector128<ulong> q = shifted.AsUInt64(), top = Vector128.Create(1UL << 63);
            Vector128<double> odd = Vector128.Equals(q & Vector128.Create(1UL), Vector128.Create(1UL)).AsDouble(), s = sine.AsDouble(), c = cosine.AsDouble();
            sine = (Vector128.ConditionalSelect(odd, c, s).AsUInt64() ^ ((q << 62) & top)).As<ulong, T>();
            cosine = (Vector128.ConditionalSelect(odd, s, c).AsUInt64() ^ (((q + Vector128.Create(1UL)) << 62) & top)).As<ulong, T>();
        }
        else
        {
            Vector128<uint> q = shifted.AsUInt32(), top = Vector128.Create(1U << 31);
            Vector128<float> odd = Vector128.Equals(q & Vector128.Create(1U), Vector128.Create(1U)).AsSingle(), s = sine.AsSingle(), c = cosine.AsSingle();
            sine = (Vector128.ConditionalSelect(odd, c, s).AsUInt32() ^ ((q << 30) & top)).As<uint, T>();
            cosine = (Vector128.ConditionalSelect(odd, s, c).AsUInt32() ^ (((q + Vector128.Create(1U)) << 30) & top)).As<uint, T>();
        }
    }
}
