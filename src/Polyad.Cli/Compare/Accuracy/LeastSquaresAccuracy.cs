namespace Polyad.Cli.Compare.Accuracy;

/// <summary>Judges solutions of least squares as LAPACK's xQRT17 does: how far the residual is from orthogonal to the columns.</summary>
internal static class LeastSquaresAccuracy
{
    /// <summary>||A^T (b - A x)||_1 / (||A||_1 ||b||_1 m eps).</summary>
    public static double Ratio(DenseMatrix a, DenseMatrix b, DenseMatrix x, double epsilon)
    {
        DenseMatrix residual = b.Minus(a, x), zero = new(new double[a.Columns], a.Columns, 1);
        return LapackRatio.Finite(zero.Minus(a, residual, transposeLeft: true).Norm1() / (a.Norm1() * b.Norm1() * a.Rows * epsilon));
    }
}
