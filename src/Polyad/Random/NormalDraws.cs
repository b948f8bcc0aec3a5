using System.Runtime.CompilerServices;

namespace Polyad.Draws;

/// <summary>
/// Standard normals by the transform of Box and Muller (1958): r = sqrt(-2 log u), (r cos 2 pi v, r sin 2 pi v). The logarithm and the circular functions are
/// polynomials evaluated with correctly rounded operations only (the reductions and minimax coefficients of Sun's fdlibm 5.3), hence equal on every machine.
/// </summary>
internal static class BoxMuller
{
    private const double Ln2High = 6.93147180369123816490e-01;
    private const double Ln2Low = 1.90821492927058770002e-10;

    /// <summary>The natural logarithm of positive normal numbers, below 1 ulp: x = 2^e m with m in [sqrt(1/2), sqrt(2)), log m by s = (m - 1)/(m + 1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TReals Log<TLanes, TWords, TReals>(TReals x)
        where TLanes : struct, IDrawLanes<TWords, TReals>
        where TWords : struct
        where TReals : struct
    {
        // Adding (1 - sqrt(1/2)) in units of the mantissa's bits carries into the exponent exactly where m would reach sqrt(2).
        TWords bits = TLanes.Add(TLanes.AsWords(x), TLanes.Words(0x3FF0000000000000UL - 0x3FE6A09E667F3BCDUL));
        TReals e = TLanes.ToReals(TLanes.Subtract(TLanes.ShiftRight(bits, 52), TLanes.Words(1023)));
        TReals m = TLanes.AsReals(TLanes.Add(TLanes.And(bits, TLanes.Words(0x000FFFFFFFFFFFFFUL)), TLanes.Words(0x3FE6A09E667F3BCDUL)));

        TReals f = TLanes.Subtract(m, TLanes.Reals(1));
        TReals s = TLanes.Divide(f, TLanes.Add(TLanes.Reals(2), f));
        TReals z = TLanes.Multiply(s, s);
        TReals w = TLanes.Multiply(z, z);
        TReals even = Step<TLanes, TWords, TReals>(1.531383769920937332e-01, w, 2.222219843214978396e-01);
        even = TLanes.Multiply(w, TLanes.Add(TLanes.Multiply(even, w), TLanes.Reals(3.999999999940941908e-01)));
        TReals odd = Step<TLanes, TWords, TReals>(1.479819860511658591e-01, w, 1.818357216161805012e-01);
        odd = TLanes.Add(TLanes.Multiply(odd, w), TLanes.Reals(2.857142874366239149e-01));
        odd = TLanes.Multiply(z, TLanes.Add(TLanes.Multiply(odd, w), TLanes.Reals(6.666666666666735130e-01)));
        TReals remainder = TLanes.Add(odd, even);
        TReals halfSquare = TLanes.Multiply(TLanes.Multiply(TLanes.Reals(0.5), f), f);
        TReals tail = TLanes.Add(TLanes.Multiply(s, TLanes.Add(halfSquare, remainder)), TLanes.Multiply(e, TLanes.Reals(Ln2Low)));
        return TLanes.Subtract(TLanes.Multiply(e, TLanes.Reals(Ln2High)), TLanes.Subtract(TLanes.Subtract(halfSquare, tail), f));
    }

    /// <summary>The cosine and sine of 2 pi k 2^-53 for words k below 2^53, within 2 ulp. The reduction to an eighth of the circle is exact, in integers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void CosineSine<TLanes, TWords, TReals>(TWords k, out TReals cosine, out TReals sine)
        where TLanes : struct, IDrawLanes<TWords, TReals>
        where TWords : struct
        where TReals : struct
    {
        TWords quadrant = TLanes.ShiftRight(TLanes.Add(k, TLanes.Words(1UL << 50)), 51);
        TWords rest = TLanes.Subtract(k, TLanes.ShiftLeft(quadrant, 51));
        TReals x = TLanes.Multiply(TLanes.ToReals(rest), TLanes.Reals(Math.PI / 2 / (1UL << 51)));
        TReals z = TLanes.Multiply(x, x);

        TReals p = Step<TLanes, TWords, TReals>(1.58969099521155010221e-10, z, -2.50507602534068634195e-08);
        p = TLanes.Add(TLanes.Multiply(p, z), TLanes.Reals(2.75573137070700676789e-06));
        p = TLanes.Add(TLanes.Multiply(p, z), TLanes.Reals(-1.98412698298579493134e-04));
        p = TLanes.Add(TLanes.Multiply(p, z), TLanes.Reals(8.33333333332248946124e-03));
        p = TLanes.Add(TLanes.Multiply(p, z), TLanes.Reals(-1.66666666666666324348e-01));
        TReals s = TLanes.Add(x, TLanes.Multiply(TLanes.Multiply(z, x), p));

        p = Step<TLanes, TWords, TReals>(-1.13596475577881948265e-11, z, 2.08757232129817482790e-09);
        p = TLanes.Add(TLanes.Multiply(p, z), TLanes.Reals(-2.75573143513906633035e-07));
        p = TLanes.Add(TLanes.Multiply(p, z), TLanes.Reals(2.48015872894767294178e-05));
        p = TLanes.Add(TLanes.Multiply(p, z), TLanes.Reals(-1.38888888888741095749e-03));
        p = TLanes.Add(TLanes.Multiply(p, z), TLanes.Reals(4.16666666666666019037e-02));
        TReals half = TLanes.Multiply(TLanes.Reals(0.5), z), one = TLanes.Reals(1), lead = TLanes.Subtract(one, half);
        TReals c = TLanes.Add(lead, TLanes.Add(TLanes.Subtract(TLanes.Subtract(one, lead), half), TLanes.Multiply(TLanes.Multiply(z, z), p)));

        // Quadrant q: (c, s), (-s, c), (-c, -s), (s, -c).
        TWords odd = TLanes.IsPositive(TLanes.And(quadrant, TLanes.Words(1)));
        TWords sineSign = TLanes.ShiftLeft(TLanes.And(quadrant, TLanes.Words(2)), 62);
        TWords cosineSign = TLanes.ShiftLeft(TLanes.And(TLanes.Add(quadrant, TLanes.Words(1)), TLanes.Words(2)), 62);
        cosine = TLanes.AsReals(TLanes.Xor(TLanes.AsWords(TLanes.Select(odd, s, c)), cosineSign));
        sine = TLanes.AsReals(TLanes.Xor(TLanes.AsWords(TLanes.Select(odd, c, s)), sineSign));
    }

    /// <summary>Two normals from a radius variable u in (0, 1] and an angle of 53 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Pair<TLanes, TWords, TReals>(TReals u, TWords angle, out TReals first, out TReals second)
        where TLanes : struct, IDrawLanes<TWords, TReals>
        where TWords : struct
        where TReals : struct
    {
        TReals radius = TLanes.SquareRoot(TLanes.Multiply(TLanes.Reals(-2), Log<TLanes, TWords, TReals>(u)));
        CosineSine<TLanes, TWords, TReals>(angle, out TReals cosine, out TReals sine);
        first = TLanes.Multiply(radius, cosine);
        second = TLanes.Multiply(radius, sine);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TReals Step<TLanes, TWords, TReals>(double lead, TReals x, double next)
        where TLanes : struct, IDrawLanes<TWords, TReals>
        where TWords : struct
        where TReals : struct
        => TLanes.Add(TLanes.Multiply(TLanes.Reals(lead), x), TLanes.Reals(next));
}

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
