using System.Runtime.CompilerServices;

namespace Polyad.Draws;

/// <summary>The raw 64-bit words, two per block.</summary>
internal readonly unsafe struct WordDraw : IDraw<ulong>
{
    public static int PerBlock => 2;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Draw<TLanes, TWords, TReals>(uint* keys, ulong stream, ulong block, nint vectors, ulong* destination)
        where TLanes : struct, IDrawLanes<TWords, TReals>
        where TWords : struct
        where TReals : struct
    {
        for (nint v = 0; v < vectors; v++)
        {
            Philox.Blocks<TLanes, TWords, TReals>(keys, stream, block, out TWords low, out TWords high);
            TLanes.StorePairs(destination, low, high);
            block += (ulong)TLanes.Count;
            destination += 2 * TLanes.Count;
        }
    }
}

/// <summary>(w >> 11) 2^-53 of each 64-bit word: every multiple of 2^-53 in [0, 1) with equal probability.</summary>
internal readonly unsafe struct UniformDoubleDraw : IDraw<double>
{
    public static int PerBlock => 2;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Draw<TLanes, TWords, TReals>(uint* keys, ulong stream, ulong block, nint vectors, double* destination)
        where TLanes : struct, IDrawLanes<TWords, TReals>
        where TWords : struct
        where TReals : struct
    {
        TReals unit = TLanes.Reals(1.0 / (1UL << 53));
        for (nint v = 0; v < vectors; v++)
        {
            Philox.Blocks<TLanes, TWords, TReals>(keys, stream, block, out TWords low, out TWords high);
            TReals a = TLanes.Multiply(TLanes.ToReals(TLanes.ShiftRight(low, 11)), unit);
            TReals b = TLanes.Multiply(TLanes.ToReals(TLanes.ShiftRight(high, 11)), unit);
            TLanes.StorePairs((ulong*)destination, TLanes.AsWords(a), TLanes.AsWords(b));
            block += (ulong)TLanes.Count;
            destination += 2 * TLanes.Count;
        }
    }
}

/// <summary>(w >> 8) 2^-24 of each 32-bit word: every multiple of 2^-24 in [0, 1) with equal probability.</summary>
internal readonly unsafe struct UniformSingleDraw : IDraw<float>
{
    public static int PerBlock => 4;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Draw<TLanes, TWords, TReals>(uint* keys, ulong stream, ulong block, nint vectors, float* destination)
        where TLanes : struct, IDrawLanes<TWords, TReals>
        where TWords : struct
        where TReals : struct
    {
        // Words are written where the floats will stand, then converted in place: a sequence of 32-bit words, low half first.
        WordDraw.Draw<TLanes, TWords, TReals>(keys, stream, block, vectors, (ulong*)destination);
        int* words = (int*)destination;
        for (nint i = 0; i < vectors * TLanes.Count * 4; i++)
        {
            destination[i] = (words[i] >>> 8) * (1.0f / (1 << 24));
        }
    }
}
