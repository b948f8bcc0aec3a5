using System.Numerics;
using System.Runtime.CompilerServices;

namespace Polyad.Decomposition;

/// <summary>
/// Steps on the quadratics f(x) = x^T G x / 2 - m^T x of the rows of one panel, all lanes at once. A lane's result depends on that lane alone.
/// </summary>
/// <param name="coefficients">G, positive semidefinite.</param>
/// <param name="right">m, R x lanes.</param>
/// <param name="rank">R.</param>
internal readonly unsafe struct PanelKernel<T, TCoefficients>(TCoefficients coefficients, T* right, int rank)
    where T : unmanaged, INumberBase<T>
    where TCoefficients : struct, IPanelCoefficients<T>
{
    /// <summary>
    /// One cycle of exact coordinate minimisation over x &gt;= <paramref name="low"/> with the penalty p sum x_r: x_r = max(low, x_r + (m_r - p - (G x)_r) / G_rr). A coordinate
    /// of vanishing curvature stays (its G_rr is below the rounding of the largest). Returns the sum of G_rr (change of x_r)^2, at most twice what f fell by.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public double CoordinateCycle(T* x, T penalty, T low)
    {
        int width = Vector<T>.Count, lanes = RowPanel<T>.Lanes;
        Vector<T> change = Vector<T>.Zero, least = new(low), shift = new(penalty);
        T* floors = stackalloc T[lanes];
        Floors(floors);
        for (int r = 0; r < rank; r++)
        {
            T* b = right + (r * lanes);
            Vector<T> a0 = Vector.Load(b) - shift, a1 = Vector.Load(b + width) - shift, a2 = Vector.Load(b + (2 * width)) - shift, a3 = Vector.Load(b + (3 * width)) - shift;
            for (int s = 0; s < rank; s++)
            {
                T* at = x + (s * lanes);
                a0 -= coefficients.Load(r, s, 0) * Vector.Load(at);
                a1 -= coefficients.Load(r, s, width) * Vector.Load(at + width);
                a2 -= coefficients.Load(r, s, 2 * width) * Vector.Load(at + (2 * width));
                a3 -= coefficients.Load(r, s, 3 * width) * Vector.Load(at + (3 * width));
            }

            T* target = x + (r * lanes);
            change += Step(target, a0, coefficients.Load(r, r, 0), Vector.Load(floors), least);
            change += Step(target + width, a1, coefficients.Load(r, r, width), Vector.Load(floors + width), least);
            change += Step(target + (2 * width), a2, coefficients.Load(r, r, 2 * width), Vector.Load(floors + (2 * width)), least);
            change += Step(target + (3 * width), a3, coefficients.Load(r, r, 3 * width), Vector.Load(floors + (3 * width)), least);
        }

        return double.CreateSaturating(Vector.Sum(change));
    }

    /// <summary>
    /// One cycle of multiplicative updates (Sha, Saul, Lin, Lee 2007; Lee, Seung 2000 where G has no negative entries) with the penalty p sum x_r:
    /// x_r = x_r (b + sqrt(b^2 + 4 (G+ x)_r (G- x)_r)) / (2 (G+ x)_r), b = m_r - p, and at least <paramref name="low"/>, so that no entry is caught at 0.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public double MultiplicativeCycle(T* x, T penalty, T low)
    {
        int width = Vector<T>.Count, lanes = RowPanel<T>.Lanes;
        Vector<T> change = Vector<T>.Zero, least = new(low), shift = new(penalty), four = new(T.CreateTruncating(4)), two = new(T.CreateTruncating(2));
        for (int r = 0; r < rank; r++)
        {
            for (int lane = 0; lane < lanes; lane += width)
            {
                Vector<T> p = Vector<T>.Zero, q = Vector<T>.Zero, b = Vector.Load(right + (r * lanes) + lane) - shift;
                for (int s = 0; s < rank; s++)
                {
                    Vector<T> g = coefficients.Load(r, s, lane), at = Vector.Load(x + (s * lanes) + lane);
                    p += Vector.Max(g, Vector<T>.Zero) * at;
                    q += Vector.Max(-g, Vector<T>.Zero) * at;
                }

                T* target = x + (r * lanes) + lane;
                Vector<T> old = Vector.Load(target);
                Vector<T> next = Vector.Max(old * (b + Vector.SquareRoot((b * b) + (four * p * q))) / (two * p), least);
                next = Vector.ConditionalSelect(Vector.GreaterThan(p, Vector<T>.Zero), next, old);
                next.Store(target);
                Vector<T> moved = next - old;
                change += coefficients.Load(r, r, lane) * moved * moved;
            }
        }

        return double.CreateSaturating(Vector.Sum(change));
    }

    /// <summary>y = G x - m.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Gradient(T* x, T* y)
    {
        int width = Vector<T>.Count, lanes = RowPanel<T>.Lanes;
        for (int r = 0; r < rank; r++)
        {
            for (int lane = 0; lane < lanes; lane += width)
            {
                Vector<T> sum = -Vector.Load(right + (r * lanes) + lane);
                for (int s = 0; s < rank; s++)
                {
                    sum += coefficients.Load(r, s, lane) * Vector.Load(x + (s * lanes) + lane);
                }

                sum.Store(y + (r * lanes) + lane);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<T> Step(T* target, Vector<T> slope, Vector<T> curvature, Vector<T> floor, Vector<T> least)
    {
        Vector<T> old = Vector.Load(target), next = Vector.Max(old + (slope / curvature), least);
        next = Vector.ConditionalSelect(Vector.GreaterThan(curvature, floor), next, old);
        next.Store(target);
        Vector<T> moved = next - old;
        return curvature * moved * moved;
    }

    /// <summary>The curvature of each lane below which a coordinate is left alone: the largest times the square of the machine epsilon.</summary>
    private void Floors(T* floors)
    {
        T negligible = T.CreateTruncating(DenseData.Epsilon<T>() * DenseData.Epsilon<T>());
        for (int lane = 0; lane < RowPanel<T>.Lanes; lane += Vector<T>.Count)
        {
            Vector<T> most = Vector<T>.Zero;
            for (int r = 0; r < rank; r++)
            {
                most = Vector.Max(most, coefficients.Load(r, r, lane));
            }

            (most * negligible).Store(floors + lane);
        }
    }
}
