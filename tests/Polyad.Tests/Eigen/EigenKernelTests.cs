using System.Numerics;
using Polyad.Managed;
using Xunit;

namespace Polyad.Tests.Eigen;

public unsafe class EigenKernelTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(17)]
    [InlineData(200)]
    public void Secular_roots_interlace_the_poles_and_add_up_to_the_trace(int k)
    {
        Random random = new(k);
        double[] d = [.. Enumerable.Range(0, k).Select(i => (i + (0.9 * random.NextDouble())) / k)], z = [.. d.Select((_, i) => i % 5 == 0 ? 1e-7 : random.NextDouble() - 0.5)];
        double rho = 0.7, squares = z.Sum(x => x * x), sum = 0;
        double[] differences = new double[k];
        fixed (double* pd = d, pz = z, pf = differences)
        {
            for (int i = 0; i < k; i++)
            {
                double root = SecularEquation.Root(k, i, pd, pz, rho, squares, pf);
                sum += root - d[i];
                Assert.InRange(root, d[i], i < k - 1 ? d[i + 1] : d[i] + (rho * squares * (1 + 1e-14)));
                double f = 1 / rho, size = f;
                for (int j = 0; j < k; j++)
                {
                    Assert.True(j <= i ? differences[j] < 0 : differences[j] > 0);
                    f += z[j] * z[j] / differences[j];
                    size += z[j] * z[j] / Math.Abs(differences[j]) * (1 + (Math.Abs(root - d[i]) / Math.Abs(differences[j])));
                }

                Assert.True(Math.Abs(f) <= (8 + k) * Math.Pow(2, -52) * size, $"root {i}: f = {f}, terms {size}");
            }
        }

        Assert.Equal(rho * squares, sum, 4 * k * Math.Pow(2, -52));
    }

    [Fact]
    public void A_secular_root_is_told_from_its_pole_where_their_values_round_to_one()
    {
        // With z_1 = 1e-12 the middle root lies about 1e-24 from its pole at 1: below the spacing of doubles there, yet the difference is known.
        double[] d = [0, 1, 2], z = [0.6, 1e-12, 0.8], differences = new double[3];
        fixed (double* pd = d, pz = z, pf = differences)
        {
            double root = SecularEquation.Root(3, 1, pd, pz, 1.0, 1.0, pf);
            Assert.Equal(1, root, 1e-15);

            // f without the pole's own term is 1 - 0.36 + 0.64 > 0, so the root is z^2 / 1.28 to the right.
            Assert.Equal(-1e-24 / 1.28, differences[1], 1e-24 * 1e-10);
        }
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0, 7)]
    [InlineData(3, 40)]
    [InlineData(13, 77)]
    [InlineData(5, 700)]
    public void The_symmetric_product_reads_the_lower_triangle_of_the_trailing_block(int first, int n)
    {
        Product<double>(first, n);
        Product<float>(first, n);
    }

    [Fact]
    public void Random_tridiagonal_matrices_of_any_grading_are_decomposed()
    {
        // Zero diagonals, exact zeros, integers, log-uniform magnitudes and geometric grading, both ways.
        Random random = new(11);
        ManagedBackend backend = new(1);
        for (int trial = 0; trial < 60; trial++)
        {
            int n = random.Next(2, 120);
            double grade = random.Next(3) == 0 ? Math.Pow(2, -100.0 / n) : 1;
            bool reversed = random.Next(2) == 0;
            int diagonal = random.Next(5), off = random.Next(1, 5);
            double[] a = new double[n * n];
            for (int i = 0; i < n; i++)
            {
                double size = Math.Pow(grade, reversed ? n - 1 - i : i);
                a[(i * n) + i] = size * Entry(random, diagonal);
                if (i > 0)
                {
                    a[(i * n) + i - 1] = a[((i - 1) * n) + i] = size * Entry(random, off);
                }
            }

            SymmetricEigenRatios wide = SymmetricEigenRatios.Measure<double>(a, n, backend), narrow = SymmetricEigenRatios.Measure<float>(a, n, backend);
            Assert.True(wide.Pass && narrow.Pass, $"trial {trial}, n = {n}: {wide}, {narrow}");
        }
    }

    private static double Entry(Random random, int kind) => kind switch
    {
        0 => 0,
        1 => random.Next(-2, 3),
        2 => random.NextDouble() - 0.5,
        3 => Math.Pow(2, -80 * random.NextDouble()),
        _ => 1,
    };

    private static void Product<T>(int first, int n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int line = 64 / sizeof(T);
        nint ld = (n + line - 1) / line * line;
        using Scratch<T> a = Workspace.Rent<T>(n * ld), x = Workspace.Rent<T>(ld), y = Workspace.Rent<T>(ld);
        a.Clear();
        x.Clear();
        y.Clear();
        Random random = new(n);
        for (int j = 0; j < n; j++)
        {
            x.Pointer[j] = j < first ? T.Zero : T.CreateChecked(random.Next(-9, 10));
            for (int i = j; i < n; i++)
            {
                a.Pointer[i + (j * ld)] = T.CreateChecked(random.Next(-9, 10));
            }
        }

        // Small integers: every order of summation gives the same exact value.
        int middle = first + ((n - first) / 3);
        SymmetricMatrixVector.Add(a.Pointer, ld, first, middle, n, x.Pointer, y.Pointer, backwards: false);
        SymmetricMatrixVector.Add(a.Pointer, ld, middle, n, n, x.Pointer, y.Pointer, backwards: true);
        for (int i = first; i < n; i++)
        {
            T expected = T.Zero;
            for (int j = first; j < n; j++)
            {
                expected += a.Pointer[Math.Max(i, j) + (Math.Min(i, j) * ld)] * x.Pointer[j];
            }

            Assert.Equal(expected, y.Pointer[i]);
        }
    }
}
