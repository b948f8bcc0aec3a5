namespace Polyad.Conformance;

/// <summary>Exact answers at the edges: zero scales, zero pivots, indefinite matrices.</summary>
public sealed class SpecialValueTests
{
    public static TheoryData<string> Engines => [.. ConformanceRuns.Engines];

    [Theory]
    [MemberData(nameof(Engines))]
    public void Beta_zero_never_reads_the_destination(string id)
    {
        ILinearAlgebraBackend engine = Backend.Get(id);
        foreach ((double alpha, int k) in new[] { (0.0, 4), (1.0, 0), (1.0, 4) })
        {
            double[,] c = Filled(5, 5, double.NaN), g = Filled(5, 5, double.NaN);
            engine.MatMul<double>(alpha, Filled(5, k, 2), Filled(k, 5, 3), 0, c);
            engine.Gram<double>(alpha, Filled(5, k, 2), 0, g);
            Assert.All(c.Cast<double>(), x => Assert.Equal(alpha * k * 6, x));
            Assert.All(g.Cast<double>(), x => Assert.Equal(alpha * k * 4, x));
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Products_pass_NaN_and_infinity_on(string id)
    {
        ILinearAlgebraBackend engine = Backend.Get(id);
        double[,] a = Filled(9, 9, 1), c = new double[9, 9];
        a[4, 4] = double.NaN;
        a[2, 7] = double.PositiveInfinity;
        engine.MatMul<double>(1, a, Filled(9, 9, 1), 0, c);
        for (int j = 0; j < 9; j++)
        {
            Assert.True(double.IsNaN(c[4, j]));
            Assert.Equal(double.PositiveInfinity, c[2, j]);
            Assert.Equal(9, c[0, j]);
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void A_zero_on_the_diagonal_of_a_triangle_is_singular_and_leaves_the_right_side(string id)
    {
        double[,] a = Filled(6, 6, 1), b = Filled(6, 2, 5);
        a[3, 3] = 0;
        SingularMatrixException thrown = Assert.Throws<SingularMatrixException>(() => Backend.Get(id).TriangularSolve<double>(Triangle.Lower, false, a, b));
        Assert.Equal(3, thrown.Pivot);
        Assert.All(b.Cast<double>(), x => Assert.Equal(5, x));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(90)]
    [InlineData(200)]
    public void Cholesky_names_the_leading_minor_that_is_not_positive(int minor)
    {
        foreach (string id in ConformanceRuns.Engines)
        {
            double[,] a = new double[201, 201];
            for (int i = 0; i < 201; i++)
            {
                a[i, i] = i == minor - 1 ? -1 : 2;
            }

            NotPositiveDefiniteException thrown = Assert.Throws<NotPositiveDefiniteException>(() => Backend.Get(id).Cholesky<double>(a, new double[201, 201]));
            Assert.Equal(minor, thrown.Minor);
        }
    }

    [Theory]
    [InlineData(5, 2)]
    [InlineData(150, 0)]
    [InlineData(150, 97)]
    public void Lu_of_a_matrix_with_a_zero_column_factors_and_names_the_first_zero_pivot(int n, int column)
    {
        foreach (string id in ConformanceRuns.Engines)
        {
            Dense full = Dense.Uniform(n, n, 3);
            LayoutedMatrix<double> a = LayoutedMatrix<double>.Of(Dense.From(n, n, (i, j) => j == column ? 0 : full[i, j]), Layout.RowMajor), lu = new(n, n, Layout.RowMajor);
            Assert.Equal(column, Backend.Get(id).Lu<double>(a.View, lu.View, new int[n]));
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Spectra_known_in_closed_form_are_found_to_rounding(string id)
    {
        // The second difference matrix of order n has the eigenvalues 2 - 2 cos(k pi / (n + 1)); it is positive definite, so they are its singular values.
        ILinearAlgebraBackend engine = Backend.Get(id);
        foreach (int n in new[] { 10, 45, 180 })
        {
            double[,] a = new double[n, n];
            for (int i = 0; i < n; i++)
            {
                a[i, i] = 2;
                a[i, Math.Max(i - 1, 0)] = i > 0 ? -1 : 2;
                a[i, Math.Min(i + 1, n - 1)] = i < n - 1 ? -1 : 2;
            }

            double[] w = new double[n], s = new double[n];
            engine.SymmetricEigenvalues<double>(a, w);
            engine.SingularValues<double>(a, s);
            for (int k = 1; k <= n; k++)
            {
                double exact = 2 - (2 * Math.Cos(k * Math.PI / (n + 1)));
                Assert.Equal(exact, w[k - 1], 4 * n * Precision.Double.Ulp);
                Assert.Equal(exact, s[n - k], 4 * n * Precision.Double.Ulp);
            }
        }
    }

    private static double[,] Filled(int rows, int columns, double value)
    {
        double[,] a = new double[rows, columns];
        a.AsMatrix().Fill(value);
        return a;
    }
}
