using System.Runtime.CompilerServices;

namespace Polyad.Draws;

/// <summary>Two normals per block: u = ((low >> 11) + 1) 2^-53 in (0, 1], angle = high >> 11. Magnitudes reach 8.57.</summary>
internal readonly unsafe struct NormalDoubleDraw : IDraw<double>
{
    public static int PerBlock => 2;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Draw<TLanes, TWords, TReals>(uint* keys, ulong stream, ulong block, nint vectors, double* destination)
        where TLanes : struct, IDrawLanes<TWords, TReals>
        where TWords : struct
        where TReals : struct
    {
        for (nint v = 0; v < vectors; v++)
        {
            Philox.Blocks<TLanes, TWords, TReals>(keys, stream, block, out TWords low, out TWords high);
            TReals u = TLanes.Multiply(TLanes.ToReals(TLanes.Add(TLanes.ShiftRight(low, 11), TLanes.Words(1))), TLanes.Reals(1.0 / (1UL << 53)));
            BoxMuller.Pair<TLanes, TWords, TReals>(u, TLanes.ShiftRight(high, 11), out TReals first, out TReals second);
            TLanes.StorePairs((ulong*)destination, TLanes.AsWords(first), TLanes.AsWords(second));
            block += (ulong)TLanes.Count;
            destination += 2 * TLanes.Count;
        }
    }
}

/// <summary>Four normals per block, one pair from each 64-bit half: u = (lower word + 1) 2^-32, angle = upper word. Computed in double, rounded once. Magnitudes reach 6.67.</summary>
internal readonly unsafe struct NormalSingleDraw : IDraw<float>
{
    public static int PerBlock => 4;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Draw<TLanes, TWords, TReals>(uint* keys, ulong stream, ulong block, nint vectors, float* destination)
        where TLanes : struct, IDrawLanes<TWords, TReals>
        where TWords : struct
        where TReals : struct
    {
        int lanes = TLanes.Count;
        double* pairs = stackalloc double[4 * lanes];
        double* others = pairs + (2 * lanes);
        for (nint v = 0; v < vectors; v++)
        {
            Philox.Blocks<TLanes, TWords, TReals>(keys, stream, block, out TWords low, out TWords high);
            Half<TLanes, TWords, TReals>(low, pairs);
            Half<TLanes, TWords, TReals>(high, others);
            for (int i = 0; i < lanes; i++)
            {
                destination[4 * i] = (float)pairs[2 * i];
                destination[(4 * i) + 1] = (float)pairs[(2 * i) + 1];
                destination[(4 * i) + 2] = (float)others[2 * i];
                destination[(4 * i) + 3] = (float)others[(2 * i) + 1];
            }

            block += (ulong)lanes;
            destination += 4 * lanes;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Half<TLanes, TWords, TReals>(TWords bits, double* destination)
        where TLanes : struct, IDrawLanes<TWords, TReals>
        where TWords : struct
        where TReals : struct
    {
        TWords lower = TLanes.Add(TLanes.And(bits, TLanes.Words(uint.MaxValue)), TLanes.Words(1));
        TReals u = TLanes.Multiply(TLanes.ToReals(lower), TLanes.Reals(1.0 / (1UL << 32)));
        TWords angle = TLanes.ShiftLeft(TLanes.ShiftRight(bits, 32), 21);
        BoxMuller.Pair<TLanes, TWords, TReals>(u, angle, out TReals first, out TReals second);
        TLanes.StorePairs((ulong*)destination, TLanes.AsWords(first), TLanes.AsWords(second));
    }
}
