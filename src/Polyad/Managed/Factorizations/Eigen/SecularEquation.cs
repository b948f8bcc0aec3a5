using System.Numerics;
using System.Runtime.CompilerServices;

namespace Polyad.Managed;

/// <summary>
/// Roots of f(x) = 1/rho + sum z_j^2 / (d_j - x), rho &gt; 0, d ascending, z free of zeros: the eigenvalues of diag(d) + rho z z^T, one between each pair of neighbours
/// and one above d_{k-1} (Cuppen 1981). A root is sought as tau = x - d_o from the nearer pole d_o, so that the differences d_j - x, from which the eigenvectors are made,
/// keep full relative accuracy. Each step solves a rational model with the two poles beside the root: the middle way or the fixed weight of Li
/// (LAPACK Working Note 89, 1994; LAPACK laed4), inside a bracket that always shrinks.
/// </summary>
internal static unsafe class SecularEquation
{
    /// <summary>Three to five steps are usual; a bracket halved this often is one point.</summary>
    private const int MaxSteps = 100;

    /// <summary>Finds root <paramref name="index"/>.</summary>
    /// <param name="k">Number of poles and roots.</param>
    /// <param name="index">The root between d[index] and d[index + 1] (or above the last pole).</param>
    /// <param name="d">k ascending poles, near unit magnitude.</param>
    /// <param name="z">k weights, squared in f.</param>
    /// <param name="rho">The positive scale of the rank-one term.</param>
    /// <param name="squares">The sum of the squares of z.</param>
    /// <param name="differences">k values; d_j - root, each of full relative accuracy.</param>
    /// <returns>The root.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static T Root<T>(int k, int index, T* d, T* z, T rho, T squares, T* differences)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T tau;
        int origin;
        if (k == 1)
        {
            tau = rho * z[0] * z[0];
            origin = 0;
        }
        else
        {
            Search<T> search = index < k - 1 ? Between(k, index, d, z, rho) : AboveLast(k, d, z, rho, squares);
            tau = Converge(search, k, d, z, T.One / rho);
            origin = search.Origin;
        }

        T pole = d[origin];
        for (int j = 0; j < k; j++)
        {
            differences[j] = d[j] - pole - tau;
        }

        return pole + tau;
    }

    /// <summary>The sign of f at the midpoint tells the nearer pole; the values there give a guess, and a bound away from the pole.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Search<T> Between<T>(int k, int left, T* d, T* z, T rho)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T gap = d[left + 1] - d[left], half = gap / (T.One + T.One), rhoInverse = T.One / rho;
        T zl = z[left] * z[left], zr = z[left + 1] * z[left + 1];
        Sums<T> at = Evaluate(k, left + 1, d, z, d[left], half);
        T f = rhoInverse + at.Left + at.Right;
        T rest = f + (zl / half) - (zr / half);
        if (f >= T.Zero)
        {
            T a = (rest * gap) + zl + zr, b = zl * gap;
            T root = T.Sqrt(T.Abs((a * a) - (Four<T>() * b * rest)));
            T guess = a > T.Zero ? (b + b) / (a + root) : (a - root) / (rest + rest);
            return new Search<T>(left, left, left + 1, zl / (rhoInverse + at.Right) / (T.One + T.One), half, guess, Outer: false);
        }
        else
        {
            T a = (rest * gap) - zl - zr, b = zr * gap;
            T root = T.Sqrt(T.Abs((a * a) + (Four<T>() * b * rest)));
            T guess = a < T.Zero ? (b + b) / (a - root) : -(a + root) / (rest + rest);
            return new Search<T>(left + 1, left, left + 1, half - gap, -(zr / (-at.Left - rhoInverse) / (T.One + T.One)), guess, Outer: false);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Search<T> AboveLast<T>(int k, T* d, T* z, T rho, T squares)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int last = k - 1;
        T two = T.One + T.One, rhoInverse = T.One / rho, zl = z[last - 1] * z[last - 1], zr = z[last] * z[last];
        T upper = rho * squares * (T.One + (FloatingPointLimits<T>.UnitRoundoff * T.CreateChecked(16))), gap = d[last] - d[last - 1], half = upper / two;
        Sums<T> at = Evaluate(k, last, d, z, d[last], half);
        T rest = rhoInverse + at.Left + at.Right + (zr / half) + (zl / (gap + half));
        T a = zl + zr - (rest * gap), b = zr * gap;
        T root = T.Sqrt(T.Abs((a * a) + (Four<T>() * b * rest)));
        T guess = a < T.Zero ? (b + b) / (root - a) : (a + root) / (rest + rest);
        return new Search<T>(last, last - 1, last, rho * zr / two, upper, guess, Outer: true);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static T Converge<T>(in Search<T> search, int k, T* d, T* z, T rhoInverse)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T lower = search.Lower, upper = search.Upper, origin = d[search.Origin], eight = T.CreateChecked(8), ten = T.CreateChecked(10);
        T tau = search.Guess > lower && search.Guess < upper ? search.Guess : Middle(lower, upper);
        T leftPole = d[search.Left] - origin, rightPole = d[search.Right] - origin, previous = T.PositiveInfinity;
        bool fixedWeight = true;
        for (int step = 0; step < MaxSteps; step++)
        {
            Sums<T> at = Evaluate(k, search.Right, d, z, origin, tau);
            T f = rhoInverse + at.Left + at.Right, slope = at.LeftSlope + at.RightSlope, size = T.Abs(f);
            T rounding = (eight * (T.Abs(at.Left) + T.Abs(at.Right))) + rhoInverse + (T.Abs(tau) * slope);
            if (size <= FloatingPointLimits<T>.UnitRoundoff * rounding)
            {
                break;
            }

            if (f < T.Zero)
            {
                lower = tau;
            }
            else
            {
                upper = tau;
            }

            fixedWeight ^= step > 0 && size * ten > previous;
            previous = size;
            T dl = leftPole - tau, dr = rightPole - tau, c;
            if (!fixedWeight)
            {
                c = f - (dl * at.LeftSlope) - (dr * at.RightSlope);
            }
            else if (search.Origin == search.Left)
            {
                T weight = z[search.Left] / dl;
                c = f - (dr * slope) - ((leftPole - rightPole) * weight * weight);
            }
            else
            {
                T weight = z[search.Right] / dr;
                c = f - (dl * slope) - ((rightPole - leftPole) * weight * weight);
            }

            T change = ModelStep(c, ((dl + dr) * f) - (dl * dr * slope), dl * dr * f, search.Outer);
            if (!(change * f < T.Zero))
            {
                change = -f / slope;
            }

            T next = tau + change;
            if (!(next > lower && next < upper))
            {
                next = Middle(lower, upper);
            }

            if (next == tau || next <= lower || next >= upper)
            {
                break;
            }

            tau = next;
        }

        return tau;
    }

    /// <summary>The root of c x^2 - a x + b = 0 that lies between the poles of the model, or above both when <paramref name="outer"/>, without cancellation.</summary>
    private static T ModelStep<T>(T c, T a, T b, bool outer)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T root = T.Sqrt(T.Abs((a * a) - (Four<T>() * b * c)));
        if (outer)
        {
            return a >= T.Zero ? (a + root) / (c + c) : (b + b) / (a - root);
        }

        return a <= T.Zero ? (a - root) / (c + c) : (b + b) / (a + root);
    }

    /// <summary>A point inside the bracket: the geometric mean where the bounds differ by magnitudes, so that a root close to its pole is reached.</summary>
    private static T Middle<T>(T lower, T upper)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T a = T.Abs(lower), b = T.Abs(upper), four = Four<T>();
        return a > four * b || b > four * a ? T.CopySign(T.Sqrt(a) * T.Sqrt(b), lower) : lower + ((upper - lower) / (T.One + T.One));
    }

    private static T Four<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => T.CreateChecked(4);

    /// <summary>The sums over the poles left and right of the root, and their slopes, at x = origin + tau.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Sums<T> Evaluate<T>(int k, int right, T* d, T* z, T origin, T tau)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (T left, T leftSlope) = Sum(0, right, d, z, origin, tau);
        (T above, T aboveSlope) = Sum(right, k, d, z, origin, tau);
        return new Sums<T>(left, leftSlope, above, aboveSlope);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static (T Sum, T Slope) Sum<T>(int start, int end, T* d, T* z, T origin, T tau)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T sum = T.Zero, slope = T.Zero;
        int j = start;
        if (Vector.IsHardwareAccelerated && end - start >= Vector<T>.Count)
        {
            Vector<T> vo = new(origin), vt = new(tau), s = Vector<T>.Zero, p = Vector<T>.Zero;
            for (; j <= end - Vector<T>.Count; j += Vector<T>.Count)
            {
                Vector<T> vz = Vector.Load(z + j), q = vz / (Vector.Load(d + j) - vo - vt);
                s += vz * q;
                p += q * q;
            }

            sum = Vector.Sum(s);
            slope = Vector.Sum(p);
        }

        for (; j < end; j++)
        {
            T q = z[j] / (d[j] - origin - tau);
            sum += z[j] * q;
            slope += q * q;
        }

        return (sum, slope);
    }

    private readonly record struct Sums<T>(T Left, T LeftSlope, T Right, T RightSlope);

    /// <summary>The nearest pole, the two poles of the model, a bracket and first guess for tau, and whether the root lies outside the two poles, above the last.</summary>
    private readonly record struct Search<T>(int Origin, int Left, int Right, T Lower, T Upper, T Guess, bool Outer);
}
