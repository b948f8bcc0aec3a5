using System.Numerics;

namespace Polyad.Conformance;

/// <summary>Symmetric eigenproblems and singular values.</summary>
internal static class SpectralChecks
{
    public static void SymmetricEigen<T>(ILinearAlgebraBackend engine, Dense a, Layout layout, Layout target)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int n = a.Rows, power = a.Exponent();
        double ulp = Precision.Of<T>().Ulp;
        LayoutedMatrix<T> av = FactorizationChecks.LowerOnly<T>(a, layout), wv = new LayoutedMatrix<T>(1, n, Layout.RowMajor).Remember(), vv = new LayoutedMatrix<T>(n, n, target).Remember();
        engine.SymmetricEigen<T>(av.View, wv.RowSpan, vv.View);
        double[] w = wv.ToDense().ScaleByPower(-power).Data;
        Dense v = vv.ToDense(), vw = Dense.From(n, n, (i, j) => v[i, j] * w[j]);
        if (n > 0)
        {
            Reference.AssertLess(LapackRatios.Residual(a.ScaleByPower(-power), Reference.Multiply(vw, v.Transpose()), ulp), LapackRatios.Threshold, "||A - V W V^T|| / (||A|| n ulp)");
            Reference.AssertLess(LapackRatios.Orthogonality(v, ulp), LapackRatios.Threshold, "||I - V^T V|| / (n ulp)");
            AssertOrdered(w, ascending: true);
            AssertLargestPositive(v, n);
        }

        av.AssertUnchanged("a");
        wv.AssertOutsideUntouched("eigenvalues");
        vv.AssertOutsideUntouched("eigenvectors");
    }

    public static void SymmetricEigenvalues<T>(ILinearAlgebraBackend engine, Dense a, Layout layout)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int n = a.Rows, power = a.Exponent();
        LayoutedMatrix<T> av = FactorizationChecks.LowerOnly<T>(a, layout), alone = new LayoutedMatrix<T>(1, n, Layout.RowMajor).Remember(), with = new(1, n, Layout.RowMajor), v = new(n, n, Layout.RowMajor);
        engine.SymmetricEigenvalues<T>(av.View, alone.RowSpan);
        engine.SymmetricEigen<T>(av.View, with.RowSpan, v.View);
        Dense w = alone.ToDense().ScaleByPower(-power);
        AssertOrdered(w.Data, ascending: true);
        AssertSameSpectrum(w, with.ToDense().ScaleByPower(-power), n, Precision.Of<T>().Ulp);

        // Invariants that need no second solver: the trace and, once the sum of squares, the Frobenius norm.
        Dense scaled = a.ScaleByPower(-power);
        double trace = 0, magnitude = 0;
        for (int i = 0; i < n; i++)
        {
            trace += scaled[i, i];
            magnitude += Math.Abs(w.Data[i]);
        }

        Reference.AssertLess(Math.Abs(w.Data.Sum() - trace), (LapackRatios.Threshold * n * Precision.Of<T>().Ulp * Math.Max(magnitude, scaled.Norm1())) + double.Epsilon, "|sum w - trace A|");
        av.AssertUnchanged("a");
        alone.AssertOutsideUntouched("eigenvalues");
    }

    public static void Svd<T>(ILinearAlgebraBackend engine, Dense a, Layout layout, Layout target)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int m = a.Rows, n = a.Columns, k = Math.Min(m, n), power = a.Exponent();
        double ulp = Precision.Of<T>().Ulp;
        bool large = Math.Max(m, n) > 300;
        (int U, int V)[] jobs = m == n ? [(k, k)] : m > n ? [(k, k), (m, k)] : [(k, k), (k, n)];
        foreach ((int uColumns, int vRows) in large ? jobs[..1] : jobs)
        {
            LayoutedMatrix<T> av = LayoutedMatrix<T>.Of(a, layout), uv = new LayoutedMatrix<T>(m, uColumns, target).Remember(), sv = new LayoutedMatrix<T>(1, k, Layout.RowMajor).Remember(),
                vv = new LayoutedMatrix<T>(vRows, n, target).Remember();
            engine.Svd<T>(av.View, uv.View, sv.RowSpan, vv.View);
            Dense u = uv.ToDense(), vt = vv.ToDense();
            double[] s = sv.ToDense().ScaleByPower(-power).Data;
            if (k > 0)
            {
                Reference.AssertLess(LapackRatios.Svd(a.ScaleByPower(-power), u, s, vt, ulp), LapackRatios.Threshold, "r1 = ||A - U S Vt|| / (||A|| max(m, n) ulp)");
                AssertOrdered(s, ascending: false);
                AssertLargestPositive(u, k);
            }

            Reference.AssertLess(LapackRatios.Orthogonality(u, ulp), LapackRatios.Threshold, "r2 = ||I - U^T U|| / (m ulp)");
            Reference.AssertLess(LapackRatios.Orthogonality(vt.Transpose(), ulp), LapackRatios.Threshold, "r3 = ||I - Vt V|| / (n ulp)");
            av.AssertUnchanged("a");
            uv.AssertOutsideUntouched("u");
            sv.AssertOutsideUntouched("s");
            vv.AssertOutsideUntouched("vt");
        }
    }

    public static void SingularValues<T>(ILinearAlgebraBackend engine, Dense a, Layout layout)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int m = a.Rows, n = a.Columns, k = Math.Min(m, n), power = a.Exponent();
        LayoutedMatrix<T> av = LayoutedMatrix<T>.Of(a, layout), alone = new LayoutedMatrix<T>(1, k, Layout.RowMajor).Remember(), with = new(1, k, Layout.RowMajor), u = new(m, k, Layout.RowMajor), vt = new(k, n, Layout.RowMajor);
        engine.SingularValues<T>(av.View, alone.RowSpan);
        engine.Svd<T>(av.View, u.View, with.RowSpan, vt.View);
        Dense s = alone.ToDense().ScaleByPower(-power);
        AssertOrdered(s.Data, ascending: false);
        AssertSameSpectrum(s, with.ToDense().ScaleByPower(-power), Math.Max(m, n), Precision.Of<T>().Ulp);

        // ||A||_F^2 is the sum of squares, whichever solver.
        double squares = a.ScaleByPower(-power).Data.Sum(x => x * x);
        Reference.AssertLess(Math.Abs(s.Data.Sum(x => x * x) - squares), (LapackRatios.Threshold * Math.Max(m, n) * Precision.Of<T>().Ulp * squares) + double.Epsilon, "|sum s^2 - ||A||_F^2|");
        av.AssertUnchanged("a");
        alone.AssertOutsideUntouched("s");
    }

    private static void AssertSameSpectrum(Dense alone, Dense with, int n, double ulp)
    {
        double largest = with.Data.Length == 0 ? 0 : with.Data.Max(Math.Abs);
        for (int i = 0; i < alone.Data.Length; i++)
        {
            Reference.AssertLess(Math.Abs(alone.Data[i] - with.Data[i]), (LapackRatios.Threshold * n * ulp * largest) + double.Epsilon, $"value {i} alone and with vectors: the difference");
        }
    }

    private static void AssertOrdered(double[] values, bool ascending)
    {
        for (int i = 0; i < values.Length; i++)
        {
            Assert.True(double.IsFinite(values[i]), $"value {i} is {values[i]}");
            Assert.True(ascending || values[i] >= 0, $"singular value {i} is {values[i]}");
            if (i > 0)
            {
                Assert.True(ascending ? values[i] >= values[i - 1] : values[i] <= values[i - 1], $"values {i - 1} and {i} are out of order: {values[i - 1]:R}, {values[i]:R}");
            }
        }
    }

    /// <summary>In each column the entry of largest magnitude, the first on ties, is positive.</summary>
    private static void AssertLargestPositive(Dense u, int columns)
    {
        for (int j = 0; j < columns; j++)
        {
            int at = 0;
            for (int i = 1; i < u.Rows; i++)
            {
                at = Math.Abs(u[i, j]) > Math.Abs(u[at, j]) ? i : at;
            }

            Assert.True(u[at, j] > 0, $"the largest entry of vector {j}, at row {at}, is {u[at, j]:R}: not positive");
        }
    }
}
