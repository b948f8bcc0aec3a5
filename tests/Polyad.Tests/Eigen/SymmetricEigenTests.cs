using System.Numerics;
using Xunit;

namespace Polyad.Tests.Eigen;

public class SymmetricEigenTests
{
    private static readonly ManagedBackend OneThread = new(1);

    public static TheoryData<int> Orders => [1, 2, 3, 5, 10, 31, 32, 33, 64, 65, 100, 129, 200, 300];

    [Theory]
    [MemberData(nameof(Orders))]
    public void Every_matrix_type_is_decomposed_within_rounding_in_double(int n) => AllTypes<double>(n);

    [Theory]
    [MemberData(nameof(Orders))]
    public void Every_matrix_type_is_decomposed_within_rounding_in_float(int n) => AllTypes<float>(n);

    [Theory]
    [InlineData(1e-300)]
    [InlineData(1e-320)]
    [InlineData(1e300)]
    [InlineData(1e-160)]
    [InlineData(1e155)]
    public void The_scale_of_a_double_matrix_does_not_matter(double scale)
    {
        foreach (int n in (int[])[5, 40, 100])
        {
            Scaled<double>(n, scale);
        }
    }

    [Theory]
    [InlineData(1e-37)]
    [InlineData(1e-20)]
    [InlineData(1e36)]
    public void The_scale_of_a_float_matrix_does_not_matter(double scale)
    {
        foreach (int n in (int[])[5, 40, 100])
        {
            Scaled<float>(n, scale);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(64)]
    [InlineData(250)]
    public void The_second_difference_matrix_has_eigenvalues_2_minus_2_cos(int n)
    {
        double[] a = SymmetricTestMatrix.Create("toeplitz", n, 0), w = new double[n], v = new double[n * n];
        OneThread.SymmetricEigen<double>(new ReadOnlyMatrixView<double>(a, n, n), w, new MatrixView<double>(v, n, n));
        for (int k = 0; k < n; k++)
        {
            Assert.Equal(2 - (2 * Math.Cos(Math.PI * (k + 1) / (n + 1))), w[k], 4 * n * Math.Pow(2, -52));
        }
    }

    [Fact]
    public void Wilkinsons_21_has_its_published_pairs()
    {
        // The two largest eigenvalues agree to 14 digits (Wilkinson, The Algebraic Eigenvalue Problem, 1965, p. 309).
        double[] a = SymmetricTestMatrix.Create("wilkinson", 21, 0), w = new double[21];
        OneThread.SymmetricEigenvalues<double>(new ReadOnlyMatrixView<double>(a, 21, 21), w);
        Assert.Equal(10.746194182903322, w[19], 1e-13);
        Assert.Equal(10.746194182903393, w[20], 1e-13);
        Assert.Equal(-1.1254415221199847, w[0], 1e-13);
    }

    [Fact]
    public void A_prescribed_spectrum_is_found()
    {
        const int n = 150;
        double[] a = SymmetricTestMatrix.WithSpectrum(n, i => ((i * i) % 37) - 11.5, new Random(3)), w = new double[n];
        OneThread.SymmetricEigenvalues<double>(new ReadOnlyMatrixView<double>(a, n, n), w);
        double[] expected = [.. Enumerable.Range(0, n).Select(i => ((i * i) % 37) - 11.5).Order()];
        for (int i = 0; i < n; i++)
        {
            Assert.Equal(expected[i], w[i], 26 * n * Math.Pow(2, -52));
        }
    }

    [Theory]
    [InlineData("random")]
    [InlineData("glued")]
    public void Only_the_lower_triangle_is_read(string name)
    {
        foreach (int n in (int[])[3, 50, 130])
        {
            double[] a = SymmetricTestMatrix.Create(name, n, Math.Pow(2, -52)), lower = [.. a];
            for (int i = 0; i < n; i++)
            {
                lower.AsSpan((i * n) + i + 1, n - i - 1).Fill(double.NaN);
            }

            (double[] w, double[] v) = Decompose(a, n, OneThread);
            (double[] wl, double[] vl) = Decompose(lower, n, OneThread);
            Assert.Equal(w, wl);
            Assert.Equal(v, vl);
        }
    }

    [Fact]
    public void Any_layout_gives_the_same_bits()
    {
        foreach (int n in (int[])[1, 4, 33, 90, 200])
        {
            double[] a = SymmetricTestMatrix.Create("random", n, 0);
            (double[] w, double[] v) = Decompose(a, n, OneThread);

            double[] columnValues = new double[n], columns = new double[n * n];
            OneThread.SymmetricEigen<double>(ReadOnlyMatrixView<double>.FromColumnMajor(a, n, n), columnValues, MatrixView<double>.FromColumnMajor(columns, n, n));

            double[] wide = new double[n * n * 6], wideValues = new double[n], wideVectors = new double[n * n * 6];
            MatrixView<double> strided = new(wide, n, n, 3 * n, 3), stridedVectors = new(wideVectors, n, n, 2, 2 * n);
            for (int i = 0; i < n; i++)
            {
                for (int j = 0; j < n; j++)
                {
                    strided[i, j] = a[(i * n) + j];
                }
            }

            OneThread.SymmetricEigen<double>(strided, wideValues, stridedVectors);
            Assert.Equal(w, columnValues);
            Assert.Equal(w, wideValues);
            for (int i = 0; i < n; i++)
            {
                for (int j = 0; j < n; j++)
                {
                    Assert.Equal(v[(i * n) + j], columns[(j * n) + i]);
                    Assert.Equal(v[(i * n) + j], stridedVectors[i, j]);
                }
            }
        }
    }

    [Theory]
    [InlineData("random", 700, 2)]
    [InlineData("random", 700, 4)]
    [InlineData("mode 5", 300, 2)]
    [InlineData("mode 5", 300, 5)]
    public void Several_threads_give_the_bits_of_one(string name, int n, int threads)
    {
        double[] a = SymmetricTestMatrix.Create(name, n, Math.Pow(2, -52));
        (double[] w1, double[] v1) = Decompose(a, n, OneThread);
        (double[] w2, double[] v2) = Decompose(a, n, new ManagedBackend(threads));
        Assert.Equal(w1, w2);
        Assert.Equal(v1, v2);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Input_that_is_not_finite_gives_NaN_when_the_check_is_off(double poison)
    {
        foreach (int n in (int[])[1, 3, 40, 130])
        {
            double[] a = SymmetricTestMatrix.Create("random", n, 0), w = new double[n], v = new double[n * n];
            a[((n - 1) * n) + (n / 2)] = poison;
            OneThread.SymmetricEigen<double>(new ReadOnlyMatrixView<double>(a, n, n), w, new MatrixView<double>(v, n, n), new() { CheckFinite = false });
            Assert.All(w, x => Assert.True(double.IsNaN(x)));
            OneThread.SymmetricEigenvalues<double>(new ReadOnlyMatrixView<double>(a, n, n), w, new() { CheckFinite = false });
            Assert.All(w, x => Assert.True(double.IsNaN(x)));
        }
    }

    private static (double[] Values, double[] Vectors) Decompose(double[] a, int n, ManagedBackend backend)
    {
        double[] w = new double[n], v = new double[n * n];
        backend.SymmetricEigen<double>(new ReadOnlyMatrixView<double>(a, n, n), w, new MatrixView<double>(v, n, n));
        return (w, v);
    }

    private static void AllTypes<T>(int n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // The largest order meets the spectra that deflate least, most and in between; the smaller ones meet all.
        string[] names = n < 300 ? SymmetricTestMatrix.Names : ["toeplitz", "glued", "random", "graded", "two clusters", "mode 1", "mode 3", "mode 4"];
        foreach (string name in names)
        {
            SymmetricEigenRatios ratios = SymmetricEigenRatios.Measure<T>(SymmetricTestMatrix.Create(name, n, SymmetricEigenRatios.Epsilon<T>()), n, OneThread);
            Assert.True(ratios.Pass, $"{name}, n = {n}: {ratios}");
        }
    }

    private static void Scaled<T>(int n, double scale)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] unit = Array.ConvertAll(SymmetricTestMatrix.Create("random", n, 0), T.CreateChecked);
        T[] a = Array.ConvertAll(unit, x => x * T.CreateChecked(scale)), v = new T[n * n], w = new T[n], alone = new T[n];
        OneThread.SymmetricEigen<T>(new ReadOnlyMatrixView<T>(a, n, n), w, new MatrixView<T>(v, n, n));
        OneThread.SymmetricEigenvalues<T>(new ReadOnlyMatrixView<T>(a, n, n), alone);

        // Exact powers of two bring matrix and eigenvalues back to where the ratios can be measured; what lies below the smallest number cannot return.
        int shift = -T.ILogB(T.CreateChecked(scale));
        T[] Back(T[] x) => Array.ConvertAll(x, value => T.ScaleB(value, shift));
        SymmetricEigenRatios ratios = SymmetricEigenRatios.Of(Back(a), Back(w), v, Back(alone), n);
        double granularity = double.CreateChecked(T.ScaleB(T.Epsilon, shift)) / SymmetricEigenRatios.Epsilon<T>();
        double limit = SymmetricEigenRatios.Threshold + granularity;
        Assert.True(ratios.Orthogonality < SymmetricEigenRatios.Threshold && ratios.Residual < limit && ratios.ValuesOnly < limit, $"n = {n}, scale {scale}: {ratios}");
    }
}
