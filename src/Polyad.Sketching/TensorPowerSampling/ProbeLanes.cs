using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Polyad.Sketching;

/// <summary>
/// The kernels of the walk: the numbers of all probes of one row or coordinate lie side by side, padded with zeros to a multiple of 16. Single precision is enough: whatever the rounding, weights are a function of the coordinates
/// drawn before, and probabilities are those of the weights that were in fact computed. Spans must have the lengths that their use implies; nothing is checked in loops.
/// </summary>
internal static class ProbeLanes
{
    /// <summary>Numbers of a vector.</summary>
    public const int Width = 16;

    /// <summary>Masses that are summed at once.</summary>
    public const int Together = 8;

    /// <summary>Numbers of a row that hold k probes.</summary>
    public static int Padded(int probes) => (probes + Width - 1) / Width * Width;

    /// <summary>a += c f.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add(float c, ReadOnlySpan<float> f, ref float a)
    {
        ref float source = ref MemoryMarshal.GetReference(f);
        Vector512<float> factor = Vector512.Create(c);
        for (nuint q = 0; q < (nuint)f.Length; q += Width)
        {
            Vector512.FusedMultiplyAdd(factor, Vector512.LoadUnsafe(ref source, q), Vector512.LoadUnsafe(ref a, q)).StoreUnsafe(ref a, q);
        }
    }

    /// <summary>a = c e f, lane by lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Multiply(float c, ReadOnlySpan<float> e, ReadOnlySpan<float> f, ref float a)
    {
        ref float left = ref MemoryMarshal.GetReference(e), right = ref MemoryMarshal.GetReference(f);
        Vector512<float> factor = Vector512.Create(c);
        for (nuint q = 0; q < (nuint)f.Length; q += Width)
        {
            (factor * Vector512.LoadUnsafe(ref left, q) * Vector512.LoadUnsafe(ref right, q)).StoreUnsafe(ref a, q);
        }
    }

    /// <summary>The squared length of one row of lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float SquaredLength(ReadOnlySpan<float> a)
    {
        ref float source = ref MemoryMarshal.GetReference(a);
        Vector512<float> sum = Vector512<float>.Zero;
        for (nuint q = 0; q < (nuint)a.Length; q += Width)
        {
            Vector512<float> value = Vector512.LoadUnsafe(ref source, q);
            sum = Vector512.FusedMultiplyAdd(value, value, sum);
        }

        return Vector512.Sum(sum);
    }

    /// <summary>The squared length of the sum of rows of lanes with factors.</summary>
    /// <param name="factors">One for each row.</param>
    /// <param name="rows">Which rows.</param>
    /// <param name="f">All rows.</param>
    /// <param name="lanes">Numbers of a row.</param>
    public static float CombinedSquaredLength(ReadOnlySpan<double> factors, ReadOnlySpan<int> rows, ReadOnlySpan<float> f, int lanes)
    {
        ref float source = ref MemoryMarshal.GetReference(f);
        Vector512<float> total = Vector512<float>.Zero;
        for (int q = 0; q < lanes; q += Width)
        {
            Vector512<float> even = Vector512<float>.Zero, odd = even;
            int p = 0;
            for (; p + 2 <= rows.Length; p += 2)
            {
                even = Vector512.FusedMultiplyAdd(Vector512.Create((float)factors[p]), Vector512.LoadUnsafe(ref source, (nuint)(((nint)rows[p] * lanes) + q)), even);
                odd = Vector512.FusedMultiplyAdd(Vector512.Create((float)factors[p + 1]), Vector512.LoadUnsafe(ref source, (nuint)(((nint)rows[p + 1] * lanes) + q)), odd);
            }

            if (p < rows.Length)
            {
                even = Vector512.FusedMultiplyAdd(Vector512.Create((float)factors[p]), Vector512.LoadUnsafe(ref source, (nuint)(((nint)rows[p] * lanes) + q)), even);
            }

            even += odd;
            total = Vector512.FusedMultiplyAdd(even, even, total);
        }

        return Vector512.Sum(total);
    }

    /// <summary>a += c e, e a vector of signs: lane p is negative where bit p is set.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddSigned(float c, int bits, ref float a)
    {
        Vector512<int> lanes = Vector512.Create(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768);
        Vector512<float> negative = Vector512.Equals(Vector512.Create(bits) & lanes, lanes).AsSingle(), value = Vector512.Create(c);
        (Vector512.LoadUnsafe(ref a) + Vector512.ConditionalSelect(negative, -value, value)).StoreUnsafe(ref a);
    }

    /// <summary>The mass of each of some coordinates: the sum over all lanes p of (sum over rows s of W[s, p] x[rows[s], c])^2.</summary>
    /// <param name="w">W, a row of lanes for each of the rows.</param>
    /// <param name="lanes">Numbers of a row of W.</param>
    /// <param name="rows">Which rows of x.</param>
    /// <param name="entries">Row 0 of x.</param>
    /// <param name="stride">From a row of x to the next.</param>
    /// <param name="masses">One for each coordinate; overwritten.</param>
    public static void CoordinateMasses(ReadOnlySpan<float> w, int lanes, ReadOnlySpan<int> rows, in float entries, int stride, Span<double> masses)
    {
        ref float left = ref MemoryMarshal.GetReference(w);
        ref float right = ref Unsafe.AsRef(in entries);
        masses.Clear();
        for (int q = 0; q < lanes; q += Width)
        {
            int c = 0;
            for (; c + 8 <= masses.Length; c += 8)
            {
                Vector512<float> s0 = Vector512<float>.Zero, s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
                for (int s = 0; s < rows.Length; s++)
                {
                    Vector512<float> probe = Vector512.LoadUnsafe(ref left, (nuint)(((nint)s * lanes) + q));
                    ref float x = ref Unsafe.Add(ref right, ((nint)rows[s] * stride) + c);
                    s0 = Vector512.FusedMultiplyAdd(Vector512.Create(x), probe, s0);
                    s1 = Vector512.FusedMultiplyAdd(Vector512.Create(Unsafe.Add(ref x, 1)), probe, s1);
                    s2 = Vector512.FusedMultiplyAdd(Vector512.Create(Unsafe.Add(ref x, 2)), probe, s2);
                    s3 = Vector512.FusedMultiplyAdd(Vector512.Create(Unsafe.Add(ref x, 3)), probe, s3);
                    s4 = Vector512.FusedMultiplyAdd(Vector512.Create(Unsafe.Add(ref x, 4)), probe, s4);
                    s5 = Vector512.FusedMultiplyAdd(Vector512.Create(Unsafe.Add(ref x, 5)), probe, s5);
                    s6 = Vector512.FusedMultiplyAdd(Vector512.Create(Unsafe.Add(ref x, 6)), probe, s6);
                    s7 = Vector512.FusedMultiplyAdd(Vector512.Create(Unsafe.Add(ref x, 7)), probe, s7);
                }

                AddSquares(masses[c..], s0, s1, s2, s3, s4, s5, s6, s7);
            }

            for (; c < masses.Length; c++)
            {
                Vector512<float> sum = Vector512<float>.Zero;
                for (int s = 0; s < rows.Length; s++)
                {
                    sum = Vector512.FusedMultiplyAdd(Vector512.Create(Unsafe.Add(ref right, ((nint)rows[s] * stride) + c)), Vector512.LoadUnsafe(ref left, (nuint)(((nint)s * lanes) + q)), sum);
                }

                masses[c] += Vector512.Sum(sum * sum);
            }
        }
    }

    /// <summary>
    /// The mass of each of some buckets: the sum over all lanes p of (sum over rows s of W[s, p] S[rows[s], b, p mod 16])^2. A probe meets one of a bucket's random sums, not all: as many products as lanes for a row.
    /// </summary>
    /// <param name="w">W, a row of lanes for each of the rows.</param>
    /// <param name="lanes">Numbers of a row of W.</param>
    /// <param name="rows">Which rows of S.</param>
    /// <param name="sums">S, 16 numbers of each bucket, of row 0.</param>
    /// <param name="stride">From a row of S to the next.</param>
    /// <param name="masses">One for each bucket; overwritten.</param>
    public static void BucketMasses(ReadOnlySpan<float> w, int lanes, ReadOnlySpan<int> rows, in float sums, int stride, Span<double> masses)
    {
        ref float left = ref MemoryMarshal.GetReference(w);
        ref float right = ref Unsafe.AsRef(in sums);
        masses.Clear();
        int pairs = lanes / (2 * Width) * 2 * Width, fours = masses.Length / 4 * 4;
        for (int q = 0; q < pairs; q += 2 * Width)
        {
            // Two vectors of lanes meet the same sums: four buckets of both stay in registers.
            for (int b = 0; b < fours; b += 4)
            {
                Vector512<float> s0 = Vector512<float>.Zero, s1 = s0, s2 = s0, s3 = s0, t0 = s0, t1 = s0, t2 = s0, t3 = s0;
                for (int s = 0; s < rows.Length; s++)
                {
                    Vector512<float> p = Vector512.LoadUnsafe(ref left, (nuint)(((nint)s * lanes) + q)), r = Vector512.LoadUnsafe(ref left, (nuint)(((nint)s * lanes) + q + Width));
                    ref float sum = ref Unsafe.Add(ref right, ((nint)rows[s] * stride) + (b * Width));
                    Vector512<float> c0 = Vector512.LoadUnsafe(ref sum), c1 = Vector512.LoadUnsafe(ref sum, Width), c2 = Vector512.LoadUnsafe(ref sum, 2 * Width), c3 = Vector512.LoadUnsafe(ref sum, 3 * Width);
                    s0 = Vector512.FusedMultiplyAdd(c0, p, s0);
                    t0 = Vector512.FusedMultiplyAdd(c0, r, t0);
                    s1 = Vector512.FusedMultiplyAdd(c1, p, s1);
                    t1 = Vector512.FusedMultiplyAdd(c1, r, t1);
                    s2 = Vector512.FusedMultiplyAdd(c2, p, s2);
                    t2 = Vector512.FusedMultiplyAdd(c2, r, t2);
                    s3 = Vector512.FusedMultiplyAdd(c3, p, s3);
                    t3 = Vector512.FusedMultiplyAdd(c3, r, t3);
                }

                masses[b] += Vector512.Sum((s0 * s0) + (t0 * t0));
                masses[b + 1] += Vector512.Sum((s1 * s1) + (t1 * t1));
                masses[b + 2] += Vector512.Sum((s2 * s2) + (t2 * t2));
                masses[b + 3] += Vector512.Sum((s3 * s3) + (t3 * t3));
            }
        }

        for (int q = 0; q < lanes; q += Width)
        {
            // The products of eight buckets stay in registers.
            int b = q < pairs ? fours : 0;
            for (; b + 8 <= masses.Length; b += 8)
            {
                Vector512<float> s0 = Vector512<float>.Zero, s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
                for (int s = 0; s < rows.Length; s++)
                {
                    Vector512<float> probe = Vector512.LoadUnsafe(ref left, (nuint)(((nint)s * lanes) + q));
                    ref float sum = ref Unsafe.Add(ref right, ((nint)rows[s] * stride) + (b * Width));
                    s0 = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref sum), probe, s0);
                    s1 = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref sum, Width), probe, s1);
                    s2 = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref sum, 2 * Width), probe, s2);
                    s3 = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref sum, 3 * Width), probe, s3);
                    s4 = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref sum, 4 * Width), probe, s4);
                    s5 = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref sum, 5 * Width), probe, s5);
                    s6 = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref sum, 6 * Width), probe, s6);
                    s7 = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref sum, 7 * Width), probe, s7);
                }

                AddSquares(masses[b..], s0, s1, s2, s3, s4, s5, s6, s7);
            }

            for (; b < masses.Length; b++)
            {
                Vector512<float> sum = Vector512<float>.Zero;
                for (int s = 0; s < rows.Length; s++)
                {
                    sum = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref right, (nuint)(((nint)rows[s] * stride) + (b * Width))), Vector512.LoadUnsafe(ref left, (nuint)(((nint)s * lanes) + q)), sum);
                }

                masses[b] += Vector512.Sum(sum * sum);
            }
        }
    }

    /// <summary>Adds the squared lengths of eight vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddSquares(
        Span<double> masses, Vector512<float> s0, Vector512<float> s1, Vector512<float> s2, Vector512<float> s3, Vector512<float> s4, Vector512<float> s5, Vector512<float> s6, Vector512<float> s7)
    {
        masses[0] += Vector512.Sum(s0 * s0);
        masses[1] += Vector512.Sum(s1 * s1);
        masses[2] += Vector512.Sum(s2 * s2);
        masses[3] += Vector512.Sum(s3 * s3);
        masses[4] += Vector512.Sum(s4 * s4);
        masses[5] += Vector512.Sum(s5 * s5);
        masses[6] += Vector512.Sum(s6 * s6);
        masses[7] += Vector512.Sum(s7 * s7);
    }
}
