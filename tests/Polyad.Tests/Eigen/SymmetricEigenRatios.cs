using System.Numerics;

namespace Polyad.Tests.Eigen;

/// <summary>LAPACK's acceptance ratios of a symmetric eigen-decomposition: O(1) for a stable method, failed from 30 on.</summary>
internal readonly record struct SymmetricEigenRatios(double Residual, double Orthogonality, double ValuesOnly)
{
    public const double Threshold = 30;

    /// <summary>The distance from 1 to the next number of the type.</summary>
    public static double Epsilon<T>() => typeof(T) == typeof(float) ? Math.Pow(2, -23) : Math.Pow(2, -52);

    public bool Pass => Residual < Threshold && Orthogonality < Threshold && ValuesOnly < Threshold;

    /// <summary>Decomposes a row-major symmetric matrix and measures |A - V w V^T| / (|A| n eps), |I - V^T V| / (n eps) in the 1-norm, and max |w - w'| / (|A| n eps) with w' computed without vectors.</summary>
    public static SymmetricEigenRatios Measure<T>(double[] matrix, int n, ILinearAlgebraBackend backend)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] a = Array.ConvertAll(matrix, T.CreateChecked), v = new T[n * n], w = new T[n], alone = new T[n];
        backend.SymmetricEigen<T>(new ReadOnlyMatrixView<T>(a, n, n), w, new MatrixView<T>(v, n, n));
        backend.SymmetricEigenvalues<T>(new ReadOnlyMatrixView<T>(a, n, n), alone);
        return Of(a, w, v, alone, n);
    }

    public static SymmetricEigenRatios Of<T>(T[] matrix, T[] values, T[] vectors, T[] alone, int n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[] a = Array.ConvertAll(matrix, double.CreateChecked), v = Array.ConvertAll(vectors, double.CreateChecked);
        double[] w = Array.ConvertAll(values, double.CreateChecked), w1 = Array.ConvertAll(alone, double.CreateChecked);
        double[] scaled = new double[n * n], transposed = new double[n * n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                scaled[(i * n) + j] = v[(i * n) + j] * w[j];
                transposed[(j * n) + i] = v[(i * n) + j];
            }
        }

        // Rows of a symmetric difference are its columns, so the largest row sum is the 1-norm.
        double norm = 0, residual = 0, orthogonality = 0, values1 = 0;
        for (int i = 0; i < n; i++)
        {
            double rowNorm = 0, rowResidual = 0, rowOrthogonality = 0;
            for (int j = 0; j < n; j++)
            {
                double element = j <= i ? a[(i * n) + j] : a[(j * n) + i];
                rowNorm += Math.Abs(element);
                rowResidual += Math.Abs(element - Dot(scaled, i, v, j, n));
                rowOrthogonality += Math.Abs((i == j ? 1 : 0) - Dot(transposed, i, transposed, j, n));
            }

            norm = Math.Max(norm, rowNorm);
            residual = Max(residual, rowResidual);
            orthogonality = Max(orthogonality, rowOrthogonality);
            values1 = Max(values1, Math.Abs(w[i] - w1[i]));
            if (i > 0 && !(w[i] >= w[i - 1] && w1[i] >= w1[i - 1]))
            {
                values1 = double.PositiveInfinity;
            }
        }

        double unit = n * Epsilon<T>(), scale = norm == 0 ? 1 : norm;
        return new(residual / scale / unit, orthogonality / unit, values1 / scale / unit);
    }

    private static double Max(double a, double b) => double.IsNaN(b) ? double.PositiveInfinity : Math.Max(a, b);

    private static double Dot(double[] a, int i, double[] b, int j, int n)
    {
        ReadOnlySpan<double> x = a.AsSpan(i * n, n), y = b.AsSpan(j * n, n);
        int k = 0;
        Vector<double> sums = Vector<double>.Zero;
        for (; k <= n - Vector<double>.Count; k += Vector<double>.Count)
        {
            sums += new Vector<double>(x[k..]) * new Vector<double>(y[k..]);
        }

        double sum = Vector.Sum(sums);
        for (; k < n; k++)
        {
            sum += x[k] * y[k];
        }

        return sum;
    }
}
