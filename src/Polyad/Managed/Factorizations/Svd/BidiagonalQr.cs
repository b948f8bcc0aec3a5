using System.Numerics;
using System.Runtime.CompilerServices;

namespace Polyad.Managed;

/// <summary>
/// Singular values, and vectors when wanted, of an upper bidiagonal matrix by implicit QR with the zero-shift sweep that keeps tiny values relatively accurate
/// (Demmel and Kahan, SIAM J. Sci. Stat. Comput. 11, 1990; LAPACK dbdsqr, dlasdq).
/// </summary>
/// <remarks>
/// A sweep that chases from the bottom to the top is the downward sweep on J B^T J (J reverses the order), so there is one sweep, which walks d and e with a step of
/// +1 or -1 and takes the left and right vectors exchanged in the second case.
/// </remarks>
internal static unsafe class BidiagonalQr<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Rotation steps allowed, as a multiple of n^2.</summary>
    private const int MaxSteps = 12;

    /// <summary>
    /// The n x n matrix with diagonal d and superdiagonal e (n - 1 entries, destroyed). On return d is not negative, in no order.
    /// Columns of <paramref name="u"/> and <paramref name="v"/> (column-major, any number of rows) take the rotations; a block of 0 rows is left alone.
    /// </summary>
    /// <exception cref="NonConvergenceException">The step budget is used up; NaN does that too.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(int n, T* d, T* e, in MatrixBlock<T> u, in MatrixBlock<T> v)
    {
        using Scratch<T> scratch = Workspace.Rent<T>(4 * (nint)n);
        Iterate(n, d, e, u, v, scratch.Pointer);
        for (int i = 0; i < n; i++)
        {
            // Also -0 becomes 0.
            if (T.IsNegative(d[i]))
            {
                d[i] = -d[i];
                if (v.Rows > 0)
                {
                    VectorKernels.Scale(v.Rows, -T.One, v.Data + (i * v.ColumnStride));
                }
            }
        }
    }

    /// <summary>
    /// The same for n x (n + 1): e has n entries, v has n + 1 columns, of which the last comes to span the null space. Rotations from the right make it lower bidiagonal and square,
    /// rotations from the left upper again.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void RunWide(int n, T* d, T* e, in MatrixBlock<T> u, in MatrixBlock<T> v)
    {
        for (int side = 0; side < 2; side++)
        {
            MatrixBlock<T> vectors = side == 0 ? v : u;
            int steps = side == 0 ? n : n - 1;
            for (int i = 0; i < steps; i++)
            {
                GivensRotation.Create(d[i], e[i], out T c, out T s, out d[i]);
                if (i < n - 1)
                {
                    e[i] = s * d[i + 1];
                    d[i + 1] = c * d[i + 1];
                }

                GivensRotation.Apply(vectors.Rows, vectors.Data + (i * vectors.ColumnStride), vectors.Data + ((i + 1) * vectors.ColumnStride), c, s);
            }
        }

        Run(n, d, e, u, v);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Iterate(int n, T* d, T* e, in MatrixBlock<T> u, in MatrixBlock<T> v, T* rotations)
    {
        T ulp = FloatingPointLimits<T>.Ulp;

        // dbdsqr's max(10, min(100, eps^(-1/8))) eps with eps = ulp / 2.
        T tolerance = T.CreateChecked(typeof(T) == typeof(double) ? 98.7 : 10) * ulp / (T.One + T.One);
        T threshold = Threshold(n, d, e, tolerance);
        long budget = MaxSteps * ((long)n * n) + 100, steps = 0;
        int bottom = n - 1, oldTop = -1, oldBottom = -1;
        bool downward = true;
        while (bottom > 0)
        {
            if (steps > budget)
            {
                throw new NonConvergenceException($"The QR iteration on a bidiagonal matrix of order {n} did not converge.", steps);
            }

            int top = ActiveBlock(d, e, bottom, threshold, out T largest);
            if (top == bottom)
            {
                bottom--;
                steps++;
                continue;
            }

            if (top > oldBottom || bottom < oldTop)
            {
                downward = T.Abs(d[top]) >= T.Abs(d[bottom]);
            }

            (oldTop, oldBottom) = (top, bottom);
            int last = bottom - top, step = downward ? 1 : -1;
            T* dd = downward ? d + top : d + bottom;
            T* ee = downward ? e + top : e + bottom - 1;
            if (Deflates(last, dd, ee, step, tolerance, out T smallest))
            {
                steps++;
                continue;
            }

            T shift = Shift(n, last, dd, ee, step, tolerance, smallest, largest);
            if (T.IsZero(shift))
            {
                ZeroShiftSweep(last, dd, ee, step, rotations);
            }
            else
            {
                ShiftedSweep(last, dd, ee, step, shift, rotations);
            }

            if (T.Abs(ee[(last - 1) * step]) <= threshold)
            {
                ee[(last - 1) * step] = T.Zero;
            }

            steps += last;
            if (v.Rows > 0)
            {
                Rotate(downward ? v : u, downward ? top : bottom, step, last, rotations);
                Rotate(downward ? u : v, downward ? top : bottom, step, last, rotations + (2 * last));
            }
        }
    }

    /// <summary>The absolute threshold below which an entry may be dropped without harm to the relative accuracy of the smallest singular value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static T Threshold(int n, T* d, T* e, T tolerance)
    {
        T mu = T.Abs(d[0]), smallest = mu;
        for (int i = 1; i < n && !T.IsZero(smallest); i++)
        {
            mu = T.Abs(d[i]) * (mu / (mu + T.Abs(e[i - 1])));
            smallest = T.Min(smallest, mu);
        }

        T count = T.CreateChecked(n);
        T underflow = T.CreateChecked(MaxSteps) * count * count * FloatingPointLimits<T>.SmallestNormal;
        return T.Max(tolerance * smallest / T.Sqrt(count), underflow);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int ActiveBlock(T* d, T* e, int bottom, T threshold, out T largest)
    {
        if (T.Abs(d[bottom]) <= threshold)
        {
            d[bottom] = T.Zero;
        }

        largest = T.Abs(d[bottom]);
        for (int i = bottom - 1; i >= 0; i--)
        {
            T diagonal = T.Abs(d[i]), off = T.Abs(e[i]);
            if (diagonal <= threshold)
            {
                d[i] = T.Zero;
            }

            if (off <= threshold)
            {
                e[i] = T.Zero;
                return i + 1;
            }

            largest = T.Max(largest, T.Max(diagonal, off));
        }

        return 0;
    }

    /// <summary>Demmel and Kahan's convergence criteria; also a lower bound of the smallest singular value, up to a factor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool Deflates(int last, T* d, T* e, int step, T tolerance, out T smallest)
    {
        smallest = T.Zero;
        if (T.Abs(e[(last - 1) * step]) <= tolerance * T.Abs(d[last * step]))
        {
            e[(last - 1) * step] = T.Zero;
            return true;
        }

        T mu = T.Abs(d[0]);
        smallest = mu;
        for (int i = 0; i < last; i++)
        {
            T off = T.Abs(e[i * step]);
            if (off <= tolerance * mu)
            {
                e[i * step] = T.Zero;
                return true;
            }

            mu = T.Abs(d[(i + 1) * step]) * (mu / (mu + off));
            smallest = T.Min(smallest, mu);
        }

        return false;
    }

    /// <summary>The smaller singular value of the trailing 2 x 2 block, or 0 where a shift would cost relative accuracy.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static T Shift(int n, int last, T* d, T* e, int step, T tolerance, T smallest, T largest)
    {
        T ulp = FloatingPointLimits<T>.Ulp;
        if (T.CreateChecked(n) * tolerance * (smallest / largest) <= T.Max(ulp, tolerance / T.CreateChecked(100)))
        {
            return T.Zero;
        }

        T shift = SmallerSingularValue(d[(last - 1) * step], e[(last - 1) * step], d[last * step]);
        T first = T.Abs(d[0]);
        T ratio = shift / first;
        return first > T.Zero && ratio * ratio < ulp ? T.Zero : shift;
    }

    /// <summary>The smaller singular value of [f g; 0 h] to full relative accuracy (LAPACK dlas2's formula).</summary>
    private static T SmallerSingularValue(T f, T g, T h)
    {
        T ga = T.Abs(g), min = T.Min(T.Abs(f), T.Abs(h)), max = T.Max(T.Abs(f), T.Abs(h));
        if (T.IsZero(min))
        {
            return T.Zero;
        }

        T two = T.One + T.One, sum = T.One + (min / max), difference = (max - min) / max;
        if (ga < max)
        {
            T square = ga / max;
            square *= square;
            return min * (two / (T.Sqrt((sum * sum) + square) + T.Sqrt((difference * difference) + square)));
        }

        T ratio = max / ga;
        if (T.IsZero(ratio))
        {
            return min * max / ga;
        }

        T p = sum * ratio, q = difference * ratio;
        return two * (min / (T.Sqrt(T.One + (p * p)) + T.Sqrt(T.One + (q * q)))) * ratio;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ZeroShiftSweep(int last, T* d, T* e, int step, T* rotations)
    {
        T* left = rotations + (2 * last);
        T c = T.One, s = T.Zero, oldC = T.One, oldS = T.Zero;
        for (int i = 0; i < last; i++)
        {
            GivensRotation.Create(d[i * step] * c, e[i * step], out c, out s, out T r);
            if (i > 0)
            {
                e[(i - 1) * step] = oldS * r;
            }

            GivensRotation.Create(oldC * r, d[(i + 1) * step] * s, out oldC, out oldS, out d[i * step]);
            rotations[2 * i] = c;
            rotations[(2 * i) + 1] = s;
            left[2 * i] = oldC;
            left[(2 * i) + 1] = oldS;
        }

        T h = d[last * step] * c;
        d[last * step] = h * oldC;
        e[(last - 1) * step] = h * oldS;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ShiftedSweep(int last, T* d, T* e, int step, T shift, T* rotations)
    {
        T* left = rotations + (2 * last);
        T f = (T.Abs(d[0]) - shift) * (T.CopySign(T.One, d[0]) + (shift / d[0])), g = e[0];
        for (int i = 0; i < last; i++)
        {
            T di = d[i * step], ei = e[i * step], next = d[(i + 1) * step];
            GivensRotation.Create(f, g, out T c, out T s, out T r);
            if (i > 0)
            {
                e[(i - 1) * step] = r;
            }

            rotations[2 * i] = c;
            rotations[(2 * i) + 1] = s;
            f = (c * di) + (s * ei);
            ei = (c * ei) - (s * di);
            g = s * next;
            next = c * next;
            GivensRotation.Create(f, g, out c, out s, out d[i * step]);
            left[2 * i] = c;
            left[(2 * i) + 1] = s;
            f = (c * ei) + (s * next);
            d[(i + 1) * step] = (c * next) - (s * ei);
            if (i < last - 1)
            {
                g = s * e[(i + 1) * step];
                e[(i + 1) * step] = c * e[(i + 1) * step];
            }
        }

        e[(last - 1) * step] = f;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rotate(in MatrixBlock<T> vectors, int first, int step, int count, T* rotations)
    {
        nint stride = step * vectors.ColumnStride;
        T* column = vectors.Data + (first * vectors.ColumnStride);
        for (int i = 0; i < count; i++)
        {
            GivensRotation.Apply(vectors.Rows, column, column + stride, rotations[2 * i], rotations[(2 * i) + 1]);
            column += stride;
        }
    }
}
