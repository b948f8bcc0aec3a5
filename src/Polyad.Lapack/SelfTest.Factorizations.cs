using System.Numerics;

namespace Polyad.Lapack;

internal static unsafe partial class SelfTest
{
    private static double Potrf<T>(Routines<T> lapack)
        where T : unmanaged, INumberBase<T>
    {
        Matrix<T> a = Matrix<T>.Definite(Order), l = Matrix<T>.Definite(Order), indefinite = Matrix<T>.Definite(Order);
        indefinite[4, 4] = -1;
        fixed (T* pl = l.Values)
        fixed (T* pi = indefinite.Values)
        {
            // INFO is an answer too: 0 here, and the order of the bad minor there.
            if (lapack.Potrf('L', Order, pl, Order) != 0 || lapack.Potrf('L', Order, pi, Order) != 5)
            {
                return double.PositiveInfinity;
            }
        }

        double worst = 0;
        for (int i = 0; i < Order; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double product = 0;
                for (int k = 0; k <= j; k++)
                {
                    product += l[i, k] * l[j, k];
                }

                worst = Larger(worst, Math.Abs(product - a[i, j]) / Order);
            }
        }

        return worst;
    }

    private static double Getrf<T>(Routines<T> lapack)
        where T : unmanaged, INumberBase<T>
    {
        const int M = Order, N = Order - 4;
        Matrix<T> a = new(M, N, 11), lu = new(M, N, 11);
        int* pivots = stackalloc int[N];
        fixed (T* p = lu.Values)
        {
            if (lapack.Getrf(M, N, p, M, pivots) != 0)
            {
                return double.PositiveInfinity;
            }
        }

        for (int i = 0; i < N; i++)
        {
            if (pivots[i] < i || pivots[i] >= M)
            {
                return double.PositiveInfinity;
            }

            for (int j = 0; j < N; j++)
            {
                (a[i, j], a[pivots[i], j]) = (a[pivots[i], j], a[i, j]);
            }
        }

        double worst = 0;
        for (int i = 0; i < M; i++)
        {
            for (int j = 0; j < N; j++)
            {
                double product = i <= j ? lu[i, j] : 0;
                for (int k = 0; k < Math.Min(i, j + 1); k++)
                {
                    product += lu[i, k] * lu[k, j];
                }

                worst = Larger(worst, Math.Abs(product - a[i, j]) / Order);
            }
        }

        return worst;
    }

    private static double Qr<T>(Routines<T> lapack)
        where T : unmanaged, INumberBase<T>
    {
        const int M = Order, N = Order - 6;
        Matrix<T> a = new(M, N, 12), q = new(M, N, 12), r = new(N, N, 0);
        T* tau = stackalloc T[N];
        fixed (T* p = q.Values)
        {
            lapack.Geqrf(M, N, p, M, tau);
            for (int i = 0; i < N; i++)
            {
                for (int j = 0; j < N; j++)
                {
                    r[i, j] = i <= j ? q[i, j] : 0;
                }
            }

            lapack.Orgqr(M, N, N, p, M, tau);
        }

        return Larger(Orthonormal(q), Product(a, q, null, r));
    }

    /// <summary>Eigenvalues that a formula gives, and A V = V diag(w).</summary>
    private static double Syevd<T>(Routines<T> lapack)
        where T : unmanaged, INumberBase<T>
    {
        Matrix<T> a = Matrix<T>.Definite(Order), v = Matrix<T>.Definite(Order);
        T* w = stackalloc T[Order];
        fixed (T* p = v.Values)
        {
            if (lapack.Syevd(true, 'L', Order, p, Order, w) != 0)
            {
                return double.PositiveInfinity;
            }
        }

        double worst = Orthonormal(v);
        for (int k = 0; k < Order; k++)
        {
            double value = 3 - (2 * Math.Cos((k + 1) * Math.PI / (Order + 1)));
            worst = Larger(worst, Math.Abs(double.CreateTruncating(w[k]) - value) / Order);
            for (int i = 0; i < Order; i++)
            {
                double image = 0;
                for (int j = 0; j < Order; j++)
                {
                    image += a[i, j] * v[j, k];
                }

                worst = Larger(worst, Math.Abs(image - (value * v[i, k])) / Order);
            }
        }

        return worst;
    }

    private static double Gesdd<T>(Routines<T> lapack)
        where T : unmanaged, INumberBase<T>
    {
        double worst = 0;
        T* s = stackalloc T[Order];
        foreach ((int m, int n) in (ReadOnlySpan<(int, int)>)[(Order, Order - 5), (Order / 2, Order), (Order, Order / 4)])
        {
            int k = Math.Min(m, n);
            Matrix<T> a = new(m, n, 13), used = new(m, n, 13), u = new(m, k, 0), vt = new(k, n, 0);
            fixed (T* pa = used.Values)
            fixed (T* pu = u.Values)
            fixed (T* pv = vt.Values)
            {
                if (lapack.Gesdd('S', m, n, pa, m, s, pu, m, pv, k) != 0)
                {
                    return double.PositiveInfinity;
                }
            }

            for (int i = 1; i < k; i++)
            {
                if (!(double.CreateTruncating(s[i]) <= double.CreateTruncating(s[i - 1])))
                {
                    return double.PositiveInfinity;
                }
            }

            worst = Larger(worst, Larger(Orthonormal(u), Product(a, u, s, vt)));
        }

        return worst;
    }

    /// <summary>The largest entry of Q^T Q - I, over the order.</summary>
    private static double Orthonormal<T>(Matrix<T> q)
        where T : unmanaged, INumberBase<T>
    {
        double worst = 0;
        for (int i = 0; i < q.Columns; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double dot = i == j ? -1 : 0;
                for (int k = 0; k < q.Rows; k++)
                {
                    dot += q[k, i] * q[k, j];
                }

                worst = Larger(worst, Math.Abs(dot) / Order);
            }
        }

        return worst;
    }

    /// <summary>The largest entry of A - L diag(s) R (s = 1 when null), over the order.</summary>
    private static double Product<T>(Matrix<T> a, Matrix<T> left, T* s, Matrix<T> right)
        where T : unmanaged, INumberBase<T>
    {
        double worst = 0;
        for (int i = 0; i < a.Rows; i++)
        {
            for (int j = 0; j < a.Columns; j++)
            {
                double product = 0;
                for (int k = 0; k < left.Columns; k++)
                {
                    product += left[i, k] * (s == null ? 1 : double.CreateTruncating(s[k])) * right[k, j];
                }

                worst = Larger(worst, Math.Abs(product - a[i, j]) / Order);
            }
        }

        return worst;
    }
}
