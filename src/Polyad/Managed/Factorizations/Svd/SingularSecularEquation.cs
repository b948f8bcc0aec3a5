using System.Numerics;
using System.Runtime.CompilerServices;

namespace Polyad.Managed;

/// <summary>
/// Roots of f(s) = 1 + sum z_i^2 / (d_i^2 - s^2), 0 = d_0 &lt; d_1 &lt; .. : the singular values of the matrix with first row z and diagonal (0, d_1, ..).
/// Each root is sought as a distance tau from the pole nearest to it, by rational interpolation with the two neighbouring poles (R.-C. Li's "middle way", LAPACK WN 89; dlasd4),
/// kept inside a bracket that always shrinks.
/// </summary>
internal static unsafe class SingularSecularEquation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int MaxSteps = 200;

    /// <summary>The root between d_j and d_{j+1} (or above d_{k-1}); writes d_i^2 - s^2 for every i, each to full relative accuracy, to <paramref name="gaps"/>.</summary>
    /// <exception cref="NonConvergenceException">The bracket did not close; NaN does that.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static T Root(int k, int j, T* d, T* z, T* gaps)
    {
        T half = T.One / (T.One + T.One);
        T origin, low, high;
        int left, right;
        T sum, slopeLeft, slopeRight, size;
        if (k == 1)
        {
            gaps[0] = -(z[0] * z[0]);
            return T.Abs(z[0]);
        }

        if (j == k - 1)
        {
            (left, right) = (k - 2, k - 1);
            origin = d[k - 1];
            T square = VectorKernels.Dot(k, z, z);
            low = T.Zero;
            high = square / (origin + T.Sqrt((origin * origin) + square));
            high += T.CreateChecked(4) * FloatingPointLimits<T>.Ulp * high;
        }
        else
        {
            (left, right) = (j, j + 1);
            T middle = half * (d[j + 1] - d[j]);
            Evaluate(k, j, d, z, d[j], middle, out sum, out _, out _, out _);
            bool lower = sum >= T.Zero;
            origin = lower ? d[j] : d[j + 1];
            low = lower ? T.Zero : -middle;
            high = lower ? middle : T.Zero;
        }

        // The first guess: both neighbouring poles exact, the others frozen at the far end of the bracket.
        T end = T.IsZero(low) ? high : low;
        Evaluate(k, left, d, z, origin, end, out sum, out slopeLeft, out slopeRight, out size);
        T tau = Guess(d, z, left, right, origin, end, sum, j == k - 1);
        if (!(tau > low && tau < high))
        {
            tau = Between(low, high);
        }

        // What rounding leaves of a sum of k terms; a root this good keeps Loewner's z within rounding of the given one.
        T noise = T.CreateChecked(4 + (k / 64)) * FloatingPointLimits<T>.Ulp;
        T moved = T.Abs(tau);
        for (int step = 0; step < MaxSteps; step++)
        {
            Evaluate(k, j == k - 1 ? k - 2 : j, d, z, origin, tau, out sum, out slopeLeft, out slopeRight, out size);
            if (T.Abs(sum) <= noise * size || moved <= FloatingPointLimits<T>.Ulp * T.Abs(tau) * half)
            {
                Gaps(k, d, origin, tau, gaps);
                return origin + tau;
            }

            if (sum < T.Zero)
            {
                low = tau;
            }
            else
            {
                high = tau;
            }

            T next = tau + Correction(d, left, right, origin, tau, sum, slopeLeft, slopeRight, j == k - 1);
            next = next > low && next < high && step % 8 != 7 ? next : Between(low, high);
            moved = T.Abs(next - tau);
            tau = next;
        }

        throw new NonConvergenceException("A root of the secular equation was not found.", MaxSteps);
    }

    /// <summary>A point inside the bracket: the geometric mean where both ends are on one side of 0, so that tiny distances are found too.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Between(T low, T high)
    {
        T half = T.One / (T.One + T.One);
        if (T.IsZero(low))
        {
            return high * T.CreateChecked(1.0 / 64);
        }

        if (T.IsZero(high))
        {
            return low * T.CreateChecked(1.0 / 64);
        }

        T a = T.Abs(low), b = T.Abs(high);
        return T.Max(a, b) > (T.One + T.One) * T.Min(a, b) ? T.CopySign(T.Sqrt(a) * T.Sqrt(b), low) : half * (low + high);
    }

    /// <summary>Solves c + z_l^2 / (d_l^2 - s^2) + z_r^2 / (d_r^2 - s^2) = 0 for the distance s - origin.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static T Guess(T* d, T* z, int left, int right, T origin, T at, T sum, bool last)
    {
        T gapLeft = (d[left] - origin - at) * (d[left] + origin + at), gapRight = (d[right] - origin - at) * (d[right] + origin + at);
        T zl = z[left] * z[left], zr = z[right] * z[right];
        T c = sum - (zl / gapLeft) - (zr / gapRight);

        // In x = s^2 - origin^2 with p, q the poles' squares relative to it: c (p - x)(q - x) + zl (q - x) + zr (p - x) = 0.
        T p = (d[left] - origin) * (d[left] + origin), q = (d[right] - origin) * (d[right] + origin);
        T b = (c * (p + q)) + zl + zr, a0 = (c * p * q) + (zl * q) + (zr * p);
        T x = Quadratic(c, b, a0, last);
        return x / (origin + T.Sqrt(T.Max(T.Zero, (origin * origin) + x)));
    }

    /// <summary>The root of c x^2 - b x + a0 that lies between the poles, or, as <paramref name="upper"/>, the one above both.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Quadratic(T c, T b, T a0, bool upper)
    {
        T two = T.One + T.One;
        T root = T.Sqrt(T.Abs((b * b) - (two * two * c * a0)));
        if (upper)
        {
            return b >= T.Zero ? (b + root) / (two * c) : two * a0 / (b - root);
        }

        return b <= T.Zero ? (b - root) / (two * c) : two * a0 / (b + root);
    }

    /// <summary>One step of the middle way, as a change of s.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static T Correction(T* d, int left, int right, T origin, T tau, T sum, T slopeLeft, T slopeRight, bool last)
    {
        T sigma = origin + tau;
        T gl = (d[left] - origin - tau) * (d[left] + sigma), gr = (d[right] - origin - tau) * (d[right] + sigma);
        T c = sum - (gl * slopeLeft) - (gr * slopeRight);
        T b = ((gl + gr) * sum) - (gl * gr * (slopeLeft + slopeRight));
        T a0 = gl * gr * sum;
        T eta = Quadratic(last ? T.Abs(c) : c, b, a0, last);

        // f grows with s: a step in the direction of f's sign, or none, is Newton's.
        if (!(sum * eta < T.Zero))
        {
            eta = -sum / (slopeLeft + slopeRight);
        }

        return eta / (sigma + T.Sqrt(T.Max(T.Zero, (sigma * sigma) + eta)));
    }

    /// <summary>f, its slopes with respect to s^2 from the poles up to <paramref name="split"/> and above it, and the size of the sum's terms.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Evaluate(int k, int split, T* d, T* z, T origin, T tau, out T sum, out T slopeLeft, out T slopeRight, out T size)
    {
        Terms(0, split + 1, d, z, origin, tau, out T left, out slopeLeft);
        Terms(split + 1, k, d, z, origin, tau, out T right, out slopeRight);
        sum = T.One + left + right;
        size = T.One + T.Abs(left) + T.Abs(right);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Terms(int start, int end, T* d, T* z, T origin, T tau, out T sum, out T slope)
    {
        int i = start;
        sum = slope = T.Zero;
        if (Vector.IsHardwareAccelerated)
        {
            Vector<T> s0 = Vector<T>.Zero, s1 = Vector<T>.Zero, o = new(origin), t = new(tau);
            for (; i <= end - Vector<T>.Count; i += Vector<T>.Count)
            {
                Vector<T> di = Vector.Load(d + i), zi = Vector.Load(z + i);
                Vector<T> ratio = zi / ((di - o - t) * (di + o + t));
                s0 += zi * ratio;
                s1 += ratio * ratio;
            }

            sum = Vector.Sum(s0);
            slope = Vector.Sum(s1);
        }

        for (; i < end; i++)
        {
            T ratio = z[i] / ((d[i] - origin - tau) * (d[i] + origin + tau));
            sum += z[i] * ratio;
            slope += ratio * ratio;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Gaps(int k, T* d, T origin, T tau, T* gaps)
    {
        int i = 0;
        if (Vector.IsHardwareAccelerated)
        {
            Vector<T> o = new(origin), t = new(tau);
            for (; i <= k - Vector<T>.Count; i += Vector<T>.Count)
            {
                Vector<T> di = Vector.Load(d + i);
                ((di - o - t) * (di + o + t)).Store(gaps + i);
            }
        }

        for (; i < k; i++)
        {
            gaps[i] = (d[i] - origin - tau) * (d[i] + origin + tau);
        }
    }

    /// <summary>
    /// The z for which the computed roots are exact, z_i^2 = prod_j (s_j^2 - d_i^2) / prod_{j != i} (d_j^2 - d_i^2) (Loewner's formula; Gu and Eisenstat, SIAM J. Matrix Anal. Appl. 16, 1995):
    /// vectors made of it are orthogonal to working precision. Column j of <paramref name="gaps"/> holds d_i^2 - s_j^2.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Refine(int k, T* d, T* z, MatrixBlock<T> gaps, Parallelism parallelism)
    {
        using Scratch<T> scratch = Workspace.Rent<T>(k);
        T* product = scratch.Pointer;
        int threads = parallelism.ThreadsForFlops(20.0 * k * k), parts = threads == 1 ? 1 : 2 * threads;
        WorkTeam.Run(parts, threads, part =>
        {
            // Few, tall parts: every one reads a piece of each column.
            (int start, int end) = WorkTeam.Range(k, parts, part, 16);
            RefineRows(k, start, end, d, z, gaps, product);
        });
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RefineRows(int k, int start, int end, T* d, T* z, in MatrixBlock<T> gaps, T* product)
    {
        T* last = gaps.Data + ((k - 1) * gaps.ColumnStride);
        for (int i = start; i < end; i++)
        {
            product[i] = -last[i];
        }

        for (int j = 0; j < k - 1; j++)
        {
            T* gap = gaps.Data + (j * gaps.ColumnStride);
            Multiply(start, Math.Min(j + 1, end), d, d[j + 1], gap, product);
            Multiply(Math.Max(j + 1, start), end, d, d[j], gap, product);
        }

        for (int i = start; i < end; i++)
        {
            z[i] = T.CopySign(T.Sqrt(T.Abs(product[i])), z[i]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply(int start, int end, T* d, T pole, T* gap, T* product)
    {
        int i = start;
        if (Vector.IsHardwareAccelerated)
        {
            Vector<T> p = new(pole);
            for (; i <= end - Vector<T>.Count; i += Vector<T>.Count)
            {
                Vector<T> di = Vector.Load(d + i);
                (Vector.Load(product + i) * (Vector.Load(gap + i) / ((di - p) * (di + p)))).Store(product + i);
            }
        }

        for (; i < end; i++)
        {
            product[i] *= gap[i] / ((d[i] - pole) * (d[i] + pole));
        }
    }
}
