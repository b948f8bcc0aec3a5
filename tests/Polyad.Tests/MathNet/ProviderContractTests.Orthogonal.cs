using System.Numerics;
using MathNet.Numerics.LinearAlgebra.Factorization;
using MathNet.Numerics.Providers.LinearAlgebra;
using Xunit;
using static Polyad.Tests.MathNetContract.ProviderSample;

namespace Polyad.Tests.MathNetContract;

/// <content>QR, SVD and eigenvalues.</content>
public abstract partial class ProviderContractTests<T>
{
    [Theory]
    [MemberData(nameof(Shapes))]
    public void Full_qr_takes_every_shape_and_a_long_tau(string engine, int m, int n)
    {
        T[] a = Random<T>(m, n, 9), r = [.. a], q = new T[m * m], tau = new T[Math.Max(m, n) + 1];
        Provider(engine).QRFactor(r, m, n, q, tau);
        for (int j = 0; j < n; j++)
        {
            for (int i = j + 1; i < m; i++)
            {
                r[i + (j * m)] = T.Zero;
            }
        }

        Orthonormal(q, m, m);
        Near(Wide(a), Product(q, m, m, false, r, n, false), 30 * (m + n) * n * Eps);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Thin_qr_gives_a_square_r(string engine, int m, int n)
    {
        T[] a = Random<T>(m, n, 10), q = [.. a], r = new T[n * n], tau = new T[n];
        if (m < n)
        {
            Assert.Throws<ArgumentException>(() => Provider(engine).ThinQRFactor(q, m, n, r, tau));
            return;
        }

        Array.Fill(r, T.NaN);
        Provider(engine).ThinQRFactor(q, m, n, r, tau);
        for (int j = 0; j < n; j++)
        {
            Assert.All(r[((j * n) + j + 1)..((j + 1) * n)], below => Assert.Equal(T.Zero, below));
        }

        Orthonormal(q, m, n);
        Near(Wide(a), Product(q, m, n, false, r, n, false), 30 * (m + n) * n * Eps);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Least_squares_by_qr_leaves_an_orthogonal_residual(string engine, int m, int n)
    {
        const int columns = 2;
        ILinearAlgebraProvider<T> provider = Provider(engine);
        T[] a = Random<T>(m, n, 11), b = Random<T>(m, columns, 12), keptA = [.. a], keptB = [.. b];
        foreach (QRMethod method in new[] { QRMethod.Full, QRMethod.Thin })
        {
            T[] x = new T[n * columns], factored = new T[n * columns];
            if (m < n)
            {
                Assert.Throws<ArgumentException>(() => provider.QRSolve(a, m, n, b, columns, x, method));
                continue;
            }

            provider.QRSolve(a, m, n, b, columns, x, method);
            Assert.Equal(keptA, a);
            Assert.Equal(keptB, b);
            NormalEquations(a, m, n, b, x, columns);

            T[] q = method == QRMethod.Full ? new T[m * m] : [.. a], r = method == QRMethod.Full ? [.. a] : new T[n * n], tau = new T[n];
            if (method == QRMethod.Full)
            {
                provider.QRFactor(r, m, n, q, tau);
            }
            else
            {
                provider.ThinQRFactor(q, m, n, r, tau);
            }

            provider.QRSolveFactored(q, r, m, n, null!, b, columns, factored, method);
            NormalEquations(a, m, n, b, factored, columns);
            if (m == n)
            {
                T[] over = [.. b];
                provider.QRSolveFactored(q, r, m, n, tau, over, columns, over, method);
                Assert.Equal(factored, over);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Svd_fills_full_factors_and_descends(string engine, int m, int n)
    {
        int k = Math.Min(m, n);
        T[] a = Random<T>(m, n, 13), s = new T[k], u = new T[m * m], vt = new T[n * n], values = new T[k];
        Array.Fill(u, T.NaN);
        Array.Fill(vt, T.NaN);
        Provider(engine).SingularValueDecomposition(true, [.. a], m, n, s, u, vt);
        Provider(engine).SingularValueDecomposition(false, [.. a], m, n, values, new T[m * m], new T[n * n]);
        Assert.Equal(s.OrderDescending(), s);
        Assert.True(s[^1] >= T.Zero);
        Orthonormal(u, m, m);
        Orthonormal(vt, n, n);
        double top = double.CreateChecked(s[0]);
        Near(Wide(s), Wide(values), 30 * k * Eps * top);
        T[] sigma = new T[m * n];
        for (int i = 0; i < k; i++)
        {
            sigma[i + (i * m)] = s[i];
        }

        T[] left = [.. Product(u, m, m, false, sigma, n, false).Select(Of)];
        Near(Wide(a), Product(left, m, n, false, vt, n, false), 30 * Math.Max(m, n) * Eps * top);

        T[] own = new T[k];
        Own.SingularValueDecomposition(false, [.. a], m, n, own, new T[m * m], new T[n * n]);
        Near(Wide(own), Wide(s), 30 * Math.Max(m, n) * Eps * top);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Solving_by_svd_leaves_an_orthogonal_residual(string engine, int m, int n)
    {
        const int columns = 2;
        int k = Math.Min(m, n);
        T[] a = Random<T>(m, n, 14), b = Random<T>(m, columns, 15), keptA = [.. a], x = new T[n * columns], factored = new T[n * columns];
        Provider(engine).SvdSolve(a, m, n, b, columns, x);
        Assert.Equal(keptA, a);
        NormalEquations(a, m, n, b, x, columns);
        T[] s = new T[k], u = new T[m * m], vt = new T[n * n];
        Provider(engine).SingularValueDecomposition(true, [.. a], m, n, s, u, vt);
        Provider(engine).SvdSolveFactored(m, n, s, u, vt, b, columns, factored);
        NormalEquations(a, m, n, b, factored, columns);
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public void Symmetric_eigenvalues_ascend_and_the_matrix_is_not_touched(string engine, int n)
    {
        T[] a = Symmetric<T>(n, 16), kept = [.. a], vectors = new T[n * n], d = new T[n * n];
        Complex[] values = new Complex[n], own = new Complex[n];
        Array.Fill(d, T.NaN);
        Provider(engine).EigenDecomp(true, n, a, vectors, values, d);
        Assert.Equal(kept, a);
        Own.EigenDecomp(true, n, [.. a], new T[n * n], own, new T[n * n]);
        Assert.Equal(values.Select(v => v.Real).Order(), values.Select(v => v.Real));
        Assert.All(values, v => Assert.Equal(0, v.Imaginary));
        Near([.. own.Select(v => v.Real)], [.. values.Select(v => v.Real)], 30 * n * n * Eps);
        for (int i = 0; i < n * n; i++)
        {
            Assert.Equal(i % n == i / n ? values[i / n].Real : 0, double.CreateChecked(d[i]));
        }

        Orthonormal(vectors, n, n);
        T[] scaled = [.. Product(vectors, n, n, false, d, n, false).Select(Of)];
        Near(Product(a, n, n, false, vectors, n, false), Wide(scaled), 30 * n * n * Eps);
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public void Eigenvalues_of_other_matrices_are_those_of_math_net(string engine, int n)
    {
        T[] a = Random<T>(n, n, 17), kept = [.. a], vectors = new T[n * n], d = new T[n * n], ownVectors = new T[n * n], ownD = new T[n * n];
        Complex[] values = new Complex[n], own = new Complex[n];
        Provider(engine).EigenDecomp(false, n, a, vectors, values, d);
        Own.EigenDecomp(false, n, [.. a], ownVectors, own, ownD);
        Assert.Equal(kept, a);
        Assert.Equal(own, values);
        Assert.Equal(ownVectors, vectors);
        Assert.Equal(ownD, d);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Input_that_is_not_finite_passes_through_and_every_member_ends(string engine)
    {
        ILinearAlgebraProvider<T> provider = Provider(engine);
        foreach (int n in new[] { 2, 5, 40 })
        {
            foreach (T bad in new[] { T.NaN, T.PositiveInfinity })
            {
                T[] a = Random<T>(n, n, 18), s = new T[n], u = new T[n * n], vt = new T[n * n], tau = new T[n], b = Random<T>(n, 1, 19);
                a[n + 1] = bad;
                T[] product = new T[n * n];
                provider.MatrixMultiply(a, n, n, a, n, n, product);
                Assert.Contains(product, value => !T.IsFinite(value));
                provider.SingularValueDecomposition(true, [.. a], n, n, s, u, vt);
                Assert.True(T.IsNaN(s[0]));
                provider.SingularValueDecomposition(false, [.. a], n, n, s, u, vt);
                provider.QRFactor([.. a], n, n, u, tau);
                provider.LUSolve(1, a, n, b);
                Assert.True(T.IsInfinity(bad) || b.Any(T.IsNaN), "an infinite pivot may vanish from the solution, a NaN may not");
                provider.SvdSolve(a, n, n, b, 1, new T[n]);
                provider.QRSolve(a, n, n, b, 1, new T[n]);
                foreach (bool symmetric in new[] { true, false })
                {
                    Complex[] values = new Complex[n];
                    provider.EigenDecomp(symmetric, n, a, u, values, vt);
                    Assert.True(double.IsNaN(values[0].Real));
                }
            }
        }
    }

    private static void Orthonormal(T[] q, int m, int n) => Near(Identity(n), Product(q, n, m, true, q, n, false), 30 * m * Eps);

    /// <summary>A^T (b - A x) = 0 up to the rounding of A, b and x.</summary>
    private static void NormalEquations(T[] a, int m, int n, T[] b, T[] x, int columns)
    {
        double[] fitted = Product(a, m, n, false, x, columns, false), gradient = new double[n * columns];
        double size = 1 + Largest(Wide(x));
        for (int c = 0; c < columns; c++)
        {
            for (int j = 0; j < n; j++)
            {
                for (int i = 0; i < m; i++)
                {
                    gradient[j + (c * n)] += double.CreateChecked(a[i + (j * m)]) * (double.CreateChecked(b[i + (c * m)]) - fitted[i + (c * m)]);
                }
            }
        }

        Near(new double[n * columns], gradient, 30 * Math.Max(m, n) * n * Eps * size * Math.Sqrt(m));
    }
}
