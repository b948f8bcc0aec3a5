using System.Numerics;

namespace Polyad.Conformance;

/// <summary>QR, thin and full, and R alone.</summary>
internal static class OrthogonalChecks
{
    public static void Qr<T>(ILinearAlgebraBackend engine, Dense a, Layout layout, Layout target)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int m = a.Rows, n = a.Columns, thin = Math.Min(m, n), power = a.Exponent();
        double ulp = Precision.Of<T>().Ulp;
        foreach (int k in thin == m || Math.Min(m, n) > 100 ? [thin] : new[] { thin, m })
        {
            LayoutedMatrix<T> av = LayoutedMatrix<T>.Of(a, layout), qv = new LayoutedMatrix<T>(m, k, target).Remember(), rv = new LayoutedMatrix<T>(k, n, target).Remember();
            engine.Qr<T>(av.View, qv.View, rv.View);
            Dense q = qv.ToDense(), r = rv.ToDense();
            Reference.AssertLess(LapackRatios.Orthogonality(q, ulp), LapackRatios.Threshold, "||I - Q^T Q|| / (m ulp)");
            if (n > 0 && m > 0)
            {
                Reference.AssertLess(LapackRatios.Residual(a.ScaleByPower(-power), Reference.Multiply(q, r.ScaleByPower(-power)), ulp), LapackRatios.Threshold, "||A - Q R|| / (||A|| m ulp)");
                AssertTriangle(r);
            }

            av.AssertUnchanged("a");
            qv.AssertOutsideUntouched("q");
            rv.AssertOutsideUntouched("r");
        }
    }

    /// <summary>R alone is judged without Q: R^T R = A^T A to rounding, with A scaled to one.</summary>
    public static void QrR<T>(ILinearAlgebraBackend engine, Dense a, Layout layout, Layout target)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int m = a.Rows, n = a.Columns, k = Math.Min(m, n), power = a.Exponent();
        LayoutedMatrix<T> av = LayoutedMatrix<T>.Of(a, layout), rv = new LayoutedMatrix<T>(k, n, target).Remember();
        engine.QrR<T>(av.View, rv.View);
        Dense r = rv.ToDense();
        if (n > 0 && m > 0)
        {
            Dense scaled = a.ScaleByPower(-power), sr = r.ScaleByPower(-power);
            Dense gram = Reference.Multiply(scaled.Transpose(), scaled), ours = Reference.Multiply(sr.Transpose(), sr);
            double norm = scaled.Norm1() * scaled.Transpose().Norm1();
            double ratio = norm == 0 ? ours.Norm1() : Dense.From(n, n, (i, j) => gram[i, j] - ours[i, j]).Norm1() / (norm * Math.Max(m, n) * Precision.Of<T>().Ulp);
            Reference.AssertLess(ratio, LapackRatios.Threshold, "||A^T A - R^T R|| / (||A|| ||A^T|| max(m, n) ulp)");
            AssertTriangle(r);
        }

        av.AssertUnchanged("a");
        rv.AssertOutsideUntouched("r");
    }

    private static void AssertTriangle(Dense r)
    {
        FactorizationChecks.AssertZeroBelowDiagonal(r);
        for (int i = 0; i < Math.Min(r.Rows, r.Columns); i++)
        {
            Assert.True(r[i, i] >= 0, $"R({i}, {i}) is {r[i, i]}: the diagonal must not be negative");
        }
    }
}
