using System.Numerics;
using Polyad.Factorizations;
using Xunit;

namespace Polyad.Tests.Torch;

/// <summary>Every operation of the Torch engine against its definition. Residuals are in units of n * eps * norm, which LAPACK bounds by 30.</summary>
public sealed class TorchOperationTests
{
    private const double Threshold = 30;

    public static TheoryData<int, Layout> Cases
    {
        get
        {
            TheoryData<int, Layout> data = [];
            foreach (int n in new[] { 1, 7, 64, 130 })
            {
                foreach (Layout layout in Enum.GetValues<Layout>())
                {
                    data.Add(n, layout);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Operations_meet_their_definitions(int n, Layout layout)
    {
        ILinearAlgebraBackend engine = TorchEngines.Cpu();
        Check<double>(engine, n, layout);
        Check<float>(engine, n, layout);
    }

    [Fact]
    public void Scales_that_a_float_cannot_hold_keep_double_accuracy()
    {
        ILinearAlgebraBackend engine = TorchEngines.Cpu();
        double[,] a = { { 3 } }, b = { { 7 } }, c = { { 11 } };
        engine.MatMul<double>(0.1, a, b, 0.3, c);
        Assert.Equal((0.1 * 21) + (0.3 * 11), c[0, 0], 1e-15);
    }

    [Fact]
    public unsafe void Negative_strides_are_read_and_written_in_their_own_order()
    {
        ILinearAlgebraBackend engine = TorchEngines.Cpu();
        double[] a = [1, 2, 3, 4, 5, 6], c = new double[4];
        fixed (double* pa = a)
        fixed (double* pc = c)
        {
            // Rows and columns from the last to the first: [6 5 4; 3 2 1].
            ReadOnlyMatrixView<double> reversed = ReadOnlyMatrixView<double>.FromPointer(pa + 5, 2, 3, -3, -1);
            engine.MatMul<double>(1, reversed, reversed.Transpose, 0, MatrixView<double>.FromPointer(pc + 3, 2, 2, -2, -1));
        }

        Assert.Equal([14, 32, 32, 77], c);
    }

    [Fact]
    public void A_singular_matrix_is_factored_and_its_first_zero_pivot_told()
    {
        ILinearAlgebraBackend engine = TorchEngines.Cpu();
        foreach ((int m, int n) in new[] { (3, 3), (5, 3), (3, 5) })
        {
            double[,] a = new double[m, n], lu = new double[m, n];
            for (int i = 0; i < m; i++)
            {
                for (int j = 0; j < n; j++)
                {
                    // Rank 2: pivots 0 and 1 are not zero, pivot 2 is.
                    a[i, j] = j == 2 ? 0 : ((i * 5) + (j * 3) + (i * j * j)) % 7;
                }
            }

            int[] pivots = new int[3];
            Assert.Equal(2, engine.Lu<double>(a, lu, pivots));
            for (int i = 0; i < 3; i++)
            {
                for (int j = 0; j < n; j++)
                {
                    (a[i, j], a[pivots[i], j]) = (a[pivots[i], j], a[i, j]);
                }
            }

            for (int i = 0; i < m; i++)
            {
                for (int j = 0; j < n; j++)
                {
                    double sum = 0;
                    for (int k = 0; k <= Math.Min(Math.Min(i, j), 2); k++)
                    {
                        sum += (k == i ? 1 : lu[i, k]) * lu[k, j];
                    }

                    Assert.Equal(a[i, j], sum, 1e-13);
                }
            }
        }
    }

    [Fact]
    public void A_matrix_that_is_not_positive_definite_names_the_minor()
    {
        ILinearAlgebraBackend engine = TorchEngines.Cpu();
        NotPositiveDefiniteException thrown = Assert.Throws<NotPositiveDefiniteException>(() => engine.Cholesky<double>(new double[,] { { 4, 0, 0 }, { 0, -1, 0 }, { 0, 0, 1 } }, new double[3, 3]));
        Assert.Contains("order 2", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Unchecked_NaN_ends_in_an_exception_of_ours()
    {
        ILinearAlgebraBackend engine = TorchEngines.Cpu();
        FactorizationOptions options = new() { CheckFinite = false };
        double[,] a = { { 1, 0 }, { double.NaN, 1 } };
        Assert.Throws<NonConvergenceException>(() => engine.SingularValues<double>(a, new double[2], options));
        Assert.Throws<NonConvergenceException>(() => engine.SymmetricEigenvalues<double>(a, new double[2], options));
    }

    private static void Check<T>(ILinearAlgebraBackend engine, int n, Layout layout)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int m = n + 3;
        DenseSample<T> a = DenseSample<T>.From(m, n, (i, j) => Math.Sin((i * 1.7) + (j * 3.1) + (i * j * 0.37)), layout);
        DenseSample<T> square = DenseSample<T>.From(n, n, (i, j) => Math.Sin((Math.Max(i, j) * 2.3) + (Math.Min(i, j) * 0.9)) + (i == j ? n + 1 : 0), layout);
        Products(engine, a, square, layout);
        Spectra(engine, a, square, layout);
        Factors(engine, a, square, layout);
    }

    private static void Products<T>(ILinearAlgebraBackend engine, DenseSample<T> a, DenseSample<T> square, Layout layout)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int m = a.Rows, n = a.Columns;
        DenseSample<T> c = new(m, n, layout), g = new(n, n, layout);
        engine.MatMul(T.CreateChecked(2), a.View, square.View, T.Zero, c.View);
        Small<T>(m, n, (i, j) => c[i, j] - (2 * Dot(n, k => a[i, k] * square[k, j])), 2 * n * 2.0 * n);
        engine.MatMul(T.One, a.View, square.View, T.CreateChecked(-0.5), c.View);
        Small<T>(m, n, (i, j) => c[i, j], 4 * n * 2.0 * n);

        engine.Gram(T.One, a.View.Transpose, T.Zero, g.View);
        Small<T>(n, n, (i, j) => g[i, j] - Dot(m, k => a[k, i] * a[k, j]), m);
        Assert.All(Enumerable.Range(0, n * n), p => Assert.Equal(g[p / n, p % n], g[p % n, p / n]));

        foreach (Triangle triangle in Enum.GetValues<Triangle>())
        {
            DenseSample<T> x = DenseSample<T>.From(n, m, (i, j) => Math.Cos(i + (2.0 * j)), layout);
            engine.TriangularSolve(triangle, false, square.View, x.View);
            bool Kept(int i, int k) => triangle == Triangle.Lower ? k <= i : k >= i;
            Small<T>(n, m, (i, j) => Dot(n, k => Kept(i, k) ? square[i, k] * x[k, j] : 0) - Math.Cos(i + (2.0 * j)), n);
        }
    }

    private static void Spectra<T>(ILinearAlgebraBackend engine, DenseSample<T> a, DenseSample<T> square, Layout layout)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int m = a.Rows, n = a.Columns;
        foreach (bool full in new[] { false, true })
        {
            DenseSample<T> u = new(m, full ? m : n, layout), vt = new(n, n, layout);
            T[] s = new T[n], alone = new T[n];
            engine.Svd(a.View, u.View, s, vt.View);
            double norm = double.CreateChecked(s[0]);
            Small<T>(m, n, (i, j) => a[i, j] - Dot(n, k => u[i, k] * double.CreateChecked(s[k]) * vt[k, j]), norm * m);
            Small<T>(u.Columns, u.Columns, (i, j) => Dot(m, k => u[k, i] * u[k, j]) - (i == j ? 1 : 0), m);
            engine.SingularValues<T>(a.View, alone);
            Small<T>(1, n, (_, j) => double.CreateChecked(s[j] - alone[j]), norm * m);
        }

        DenseSample<T> v = new(n, n, layout);
        T[] w = new T[n], values = new T[n];
        engine.SymmetricEigen(square.View, w, v.View);
        double radius = Math.Max(Math.Abs(double.CreateChecked(w[0])), Math.Abs(double.CreateChecked(w[n - 1])));
        Small<T>(n, n, (i, j) => Dot(n, k => square[i, k] * v[k, j]) - (double.CreateChecked(w[j]) * v[i, j]), radius * n);
        engine.SymmetricEigenvalues<T>(square.View, values);
        Small<T>(1, n, (_, j) => double.CreateChecked(w[j] - values[j]), radius * n);
    }

    private static void Factors<T>(ILinearAlgebraBackend engine, DenseSample<T> a, DenseSample<T> square, Layout layout)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int m = a.Rows, n = a.Columns;
        foreach (bool full in new[] { false, true })
        {
            int k = full ? m : n;
            DenseSample<T> q = new(m, k, layout), r = new(k, n, layout), alone = new(n, n, layout);
            engine.Qr(a.View, q.View, r.View);
            Small<T>(m, n, (i, j) => a[i, j] - Dot(k, p => q[i, p] * r[p, j]), n * m);
            Small<T>(k, k, (i, j) => Dot(m, p => q[p, i] * q[p, j]) - (i == j ? 1 : 0), m);
            engine.QrR(a.View, alone.View);
            Small<T>(n, n, (i, j) => Dot(n, p => alone[p, i] * alone[p, j]) - Dot(m, p => a[p, i] * a[p, j]), n * m);
        }

        DenseSample<T> positive = new(n, n, layout), l = new(n, n, layout), lu = new(m, n, layout);
        engine.Gram(T.One, square.View, T.Zero, positive.View);
        engine.Cholesky<T>(positive.View, l.View);
        Small<T>(n, n, (i, j) => positive[i, j] - Dot(n, k => l[i, k] * l[j, k]), 9.0 * n * n * n);
        int[] pivots = new int[n], rows = [.. Enumerable.Range(0, m)];
        Assert.Equal(-1, engine.Lu<T>(a.View, lu.View, pivots));
        for (int i = 0; i < n; i++)
        {
            (rows[i], rows[pivots[i]]) = (rows[pivots[i]], rows[i]);
        }

        Small<T>(m, n, (i, j) => a[rows[i], j] - Dot(Math.Min(i, j) + 1, k => (k == i ? 1 : lu[i, k]) * lu[k, j]), n * m);
    }

    private static double Dot(int count, Func<int, double> term)
    {
        double sum = 0;
        for (int k = 0; k < count; k++)
        {
            sum += term(k);
        }

        return sum;
    }

    private static void Small<T>(int rows, int columns, Func<int, int, double> error, double scale)
        where T : unmanaged, INumberBase<T>
    {
        double largest = 0;
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                double e = Math.Abs(error(i, j));
                largest = e > largest || double.IsNaN(e) ? e : largest;
            }
        }

        Assert.InRange(largest / (DenseSample<T>.Epsilon * Math.Max(scale, 1)), 0, Threshold);
    }
}
