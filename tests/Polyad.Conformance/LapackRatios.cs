namespace Polyad.Conformance;

/// <summary>The test ratios of LAPACK's own suite (TESTING/EIG dbdt01, dort01, dsyt21; LIN dget01, dpot01, dqrt01, dtrt02): a correct routine stays below 30.</summary>
internal static class LapackRatios
{
    public const double Threshold = 30;

    /// <summary>||A - B||_1 / (||A||_1 max(m, n) ulp); 0 when both are zero.</summary>
    public static double Residual(Dense a, Dense b, double ulp)
    {
        double norm = a.Norm1();
        double difference = Dense.From(a.Rows, a.Columns, (i, j) => a[i, j] - b[i, j]).Norm1();
        return norm == 0 ? (difference == 0 ? 0 : 1 / ulp) : difference / norm / (Math.Max(a.Rows, a.Columns) * ulp);
    }

    /// <summary>||I - Q^T Q||_1 / (rows ulp) for the columns of Q.</summary>
    public static double Orthogonality(Dense q, double ulp)
    {
        if (q.Rows == 0 || q.Columns == 0)
        {
            return 0;
        }

        Dense gram = Reference.Multiply(q.Transpose(), q);
        for (int i = 0; i < gram.Rows; i++)
        {
            gram[i, i] -= 1;
        }

        return gram.Norm1() / (q.Rows * ulp);
    }

    /// <summary>||A - U diag(s) Vt|| as <see cref="Residual"/>.</summary>
    public static double Svd(Dense a, Dense u, double[] s, Dense vt, double ulp)
    {
        Dense us = Dense.From(u.Rows, s.Length, (i, j) => u[i, j] * s[j]);
        return Residual(a, Reference.Multiply(us, vt.Block(s.Length, vt.Columns)), ulp);
    }

    /// <summary>||B - A X||_1 / (||A||_1 ||X||_1 n ulp).</summary>
    public static double Solve(Dense a, Dense x, Dense b, double ulp)
    {
        Dense ax = Reference.Multiply(a, x);
        double residual = Dense.From(b.Rows, b.Columns, (i, j) => b[i, j] - ax[i, j]).Norm1(), scale = a.Norm1() * x.Norm1() * a.Rows * ulp;
        return scale == 0 ? (residual == 0 ? 0 : 1 / ulp) : residual / scale;
    }
}
