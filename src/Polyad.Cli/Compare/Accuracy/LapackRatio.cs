namespace Polyad.Cli.Compare.Accuracy;

/// <summary>
/// The acceptance ratios of LAPACK's own test suite (xBDT01, xORT01, xQRT01, xSYT21, xPOT01, xGET01): backward error and loss of orthogonality over n eps.
/// LAPACK accepts below 30. NaN counts as infinite.
/// </summary>
internal static class LapackRatio
{
    /// <summary>||I - Q^T Q||_1 / (m eps) for Q m x k; by rows for <paramref name="rows"/>.</summary>
    public static double Orthogonality(DenseMatrix q, double epsilon, bool rows = false)
    {
        int k = rows ? q.Rows : q.Columns, m = rows ? q.Columns : q.Rows;
        return Finite(DenseMatrix.Identity(k).Minus(q, q, transposeLeft: !rows, transposeRight: rows).Norm1() / (m * epsilon));
    }

    /// <summary>||A - L R||_1 / (||A||_1 n eps), n the longer side of A.</summary>
    public static double Residual(DenseMatrix a, DenseMatrix left, DenseMatrix right, double epsilon, bool transposeLeft = false, bool transposeRight = false)
        => Finite(a.Minus(left, right, transposeLeft, transposeRight).Norm1() / (a.Norm1() * Math.Max(a.Rows, a.Columns) * epsilon));

    /// <summary>max |x - y| / (max |y| n eps) for spectra.</summary>
    public static double Spectrum(ReadOnlySpan<double> computed, ReadOnlySpan<double> exact, double epsilon)
    {
        double worst = 0, largest = 0;
        for (int i = 0; i < exact.Length; i++)
        {
            worst = Math.Max(worst, Math.Abs(computed[i] - exact[i]));
            largest = Math.Max(largest, Math.Abs(exact[i]));
        }

        return Finite(worst / (largest * exact.Length * epsilon));
    }

    public static double Finite(double ratio) => double.IsNaN(ratio) ? double.PositiveInfinity : ratio;
}
