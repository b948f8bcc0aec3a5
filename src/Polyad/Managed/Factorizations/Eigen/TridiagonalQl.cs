using System.Numerics;
using System.Runtime.CompilerServices;

namespace Polyad.Managed;

/// <summary>
/// Eigenvalues, and on request eigenvectors, of a symmetric tridiagonal matrix by the implicit QL iteration with Wilkinson's shift
/// (Bowdler, Martin, Reinsch, Wilkinson 1968; LAPACK steqr), and by its square-root-free form for eigenvalues alone (Pal, Walker, Kahan; LAPACK sterf).
/// The matrix is expected near unit norm, so that squares neither overflow nor vanish where they matter.
/// </summary>
internal static unsafe class TridiagonalQl
{
    /// <summary>Two sweeps per eigenvalue are usual; beyond this many the matrix holds something that is not a number.</summary>
    private const int SweepsPerEigenvalue = 30;

    /// <summary>Eigenvalues in <paramref name="d"/>, unordered; the rotations are applied to the columns of Q.</summary>
    /// <param name="n">The order.</param>
    /// <param name="d">n diagonal entries; holds the eigenvalues afterwards.</param>
    /// <param name="e">n - 1 off-diagonal entries; destroyed.</param>
    /// <param name="q">n x n, column-major: the identity to get eigenvectors of the tridiagonal matrix.</param>
    /// <param name="ld">Distance between columns of Q.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void RunVectors<T>(int n, T* d, T* e, T* q, nint ld)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T two = T.One + T.One, safe = FloatingPointLimits<T>.SmallestNormal / FloatingPointLimits<T>.UnitRoundoff;
        long sweeps = 0, limit = (long)SweepsPerEigenvalue * n;
        for (int l = 0; l < n; l++)
        {
            while (true)
            {
                int m = l;
                while (m < n - 1 && !Negligible(e[m] * e[m], d[m], d[m + 1]))
                {
                    m++;
                }

                if (m < n - 1)
                {
                    e[m] = T.Zero;
                }

                if (m == l)
                {
                    break;
                }

                CountSweep(ref sweeps, limit);
                T g = (d[l + 1] - d[l]) / (two * e[l]);
                T r = FloatingPointLimits<T>.Length(g, T.One);
                g = d[m] - d[l] + (e[l] / (g + T.CopySign(r, g)));
                T s = T.One, c = T.One, p = T.Zero;
                for (int i = m - 1; i >= l; i--)
                {
                    T f = s * e[i], b = c * e[i];
                    r = (g * g) + (f * f);
                    r = r > safe && T.IsFinite(r) ? T.Sqrt(r) : FloatingPointLimits<T>.Length(g, f);
                    (c, s) = T.IsZero(r) ? (T.One, T.Zero) : (g / r, f / r);
                    if (i != m - 1)
                    {
                        e[i + 1] = r;
                    }

                    g = d[i + 1] - p;
                    r = ((d[i] - g) * s) + (two * c * b);
                    p = s * r;
                    d[i + 1] = g + p;
                    g = (c * r) - b;
                    GivensRotation.Apply(n, q + (i * ld), q + ((i + 1) * ld), c, -s);
                }

                d[l] -= p;
                e[l] = g;
            }
        }
    }

    /// <summary>Eigenvalues alone, ascending.</summary>
    /// <param name="n">The order.</param>
    /// <param name="d">n diagonal entries; holds the eigenvalues afterwards.</param>
    /// <param name="e">n - 1 off-diagonal entries; destroyed.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void RunValues<T>(int n, T* d, T* e)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T two = T.One + T.One;
        for (int i = 0; i < n - 1; i++)
        {
            e[i] *= e[i];
        }

        long sweeps = 0, limit = (long)SweepsPerEigenvalue * n;
        for (int l = 0; l < n; l++)
        {
            while (true)
            {
                int m = l;
                while (m < n - 1 && !Negligible(e[m], d[m], d[m + 1]))
                {
                    m++;
                }

                if (m < n - 1)
                {
                    e[m] = T.Zero;
                }

                if (m == l)
                {
                    break;
                }

                CountSweep(ref sweeps, limit);
                T root = T.Sqrt(e[l]);
                T sigma = (d[l + 1] - d[l]) / (two * root);
                sigma = d[l] - (root / (sigma + T.CopySign(FloatingPointLimits<T>.Length(sigma, T.One), sigma)));
                T c = T.One, s = T.Zero, gamma = d[m] - sigma, p = gamma * gamma;
                for (int i = m - 1; i >= l; i--)
                {
                    T square = e[i], r = p + square;
                    if (i != m - 1)
                    {
                        e[i + 1] = s * r;
                    }

                    T previousC = c, previousGamma = gamma, alpha = d[i];
                    c = p / r;
                    s = square / r;
                    gamma = (c * (alpha - sigma)) - (s * previousGamma);
                    d[i + 1] = previousGamma + (alpha - gamma);
                    p = T.IsZero(c) ? previousC * square : gamma * gamma / c;
                }

                e[l] = s * p;
                d[l] = sigma + gamma;
            }
        }

        new Span<T>(d, n).Sort();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Negligible<T>(T square, T upper, T lower)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => square <= (FloatingPointLimits<T>.UnitRoundoff * FloatingPointLimits<T>.UnitRoundoff * T.Abs(upper) * T.Abs(lower)) + FloatingPointLimits<T>.SmallestNormal;

    private static void CountSweep(ref long sweeps, long limit)
    {
        if (++sweeps > limit)
        {
            throw new NonConvergenceException($"The QL iteration for symmetric eigenvalues did not converge in {limit} sweeps.", limit);
        }
    }
}
