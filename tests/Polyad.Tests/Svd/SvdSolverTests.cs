using System.Numerics;
using Polyad.Managed;
using Xunit;

namespace Polyad.Svd;

public unsafe class SvdSolverTests
{
    public static TheoryData<int, int> Sizes => new()
    {
        { 1, 1 }, { 1, 2 }, { 2, 1 }, { 3, 1 }, { 3, 3 }, { 10, 10 }, { 10, 16 }, { 16, 10 }, { 30, 30 }, { 30, 40 }, { 40, 30 }, { 40, 40 }, { 64, 64 }, { 65, 65 },
        { 100, 100 }, { 129, 129 }, { 200, 60 }, { 60, 200 }, { 500, 20 }, { 150, 150 }, { 260, 260 },
    };

    public static TheoryData<string> Kinds =>
    [
        "zero", "identity", "even", "geometric", "clustered", "one-large", "one-small", "rank-deficient", "cond-1e8", "cond-1e15", "hilbert", "kahan", "graded-bidiagonal", "ones", "random",
    ];

    [Theory]
    [MemberData(nameof(Sizes))]
    public void EverySizeGivesFactorsOfWorkingPrecision(int m, int n)
    {
        Check<double>("random", m, n);
        Check<float>("random", m, n);
        Check<double>("even", m, n);
        Check<float>("even", m, n);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void FullFactorsAreSquareAndOrthogonal(int m, int n)
    {
        Check<double>("random", m, n, full: true);
        Check<float>("rank-deficient", m, n, full: true);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void EveryKindOfSpectrumGivesFactorsOfWorkingPrecision(string kind)
    {
        foreach ((int m, int n) in new[] { (5, 5), (20, 20), (33, 33), (41, 36), (36, 41), (100, 100), (129, 129), (200, 60), (150, 150) })
        {
            Check<double>(kind, m, n);
            Check<float>(kind, m, n);
        }
    }

    [Theory]
    [InlineData(1e-300, 1e-37)]
    [InlineData(1e300, 1e37)]
    [InlineData(1e-305, 1e-36)]
    [InlineData(1e-160, 1e-22)]
    public void TheScaleOfTheMatrixDoesNotMatter(double scale, double singleScale)
    {
        foreach ((int m, int n) in new[] { (3, 3), (20, 16), (60, 50), (90, 20), (140, 140) })
        {
            SvdRatiosOfScaled<double>(m, n, scale);
            SvdRatiosOfScaled<float>(m, n, singleScale);
        }
    }

    /// <summary>Rounding leaves more of the cosine of these columns than one rotation of them could take away.</summary>
    [Theory]
    [InlineData(2, 2, new double[] { -72, -35, -1, -80 })]
    [InlineData(3, 2, new double[] { -11, 2, -77, -19, -27, -80 })]
    [InlineData(3, 2, new double[] { 78, -37, 10, -19, -12, 78 })]
    [InlineData(2, 2, new double[] { 82, -1, -48, 70 })]
    [InlineData(2, 2, new double[] { -80, 49, -85, -44 })]
    [InlineData(2, 2, new double[] { 79, 65, -96, 26 })]
    [InlineData(2, 2, new double[] { -89, 54, 52, 92 })]
    [InlineData(2, 2, new double[] { 84, 52, -28, -81 })]
    [InlineData(2, 2, new double[] { -30, 61, 99, -15 })]
    [InlineData(2, 2, new double[] { 0, -76, -65, -87 })]
    public void SweepsEndWhereOnlyRoundingIsLeft(int m, int n, double[] a)
    {
        SvdRatios.Check(a, m, n);
        SvdRatios.Check(Array.ConvertAll(a, static x => (float)x), m, n);
    }

    [Theory]
    [InlineData("row")]
    [InlineData("column")]
    [InlineData("strided")]
    public void EveryLayoutGivesTheSameBits(string layout)
    {
        foreach ((int m, int n) in new[] { (7, 5), (5, 7), (50, 40), (40, 50), (120, 30), (140, 130) })
        {
            double[] a = SpectrumMatrix.Named("random", m, n, SvdRatios.Ulp<double>(), 3);
            (double[] u, double[] s, double[] vt) = SvdRatios.Check(a, m, n, layout: layout);
            (double[] u0, double[] s0, double[] vt0) = SvdRatios.Check(a, m, n);
            Assert.Equal(s0, s);
            Assert.Equal(u0, u);
            Assert.Equal(vt0, vt);
        }
    }

    [Theory]
    [InlineData(600, 560)]
    [InlineData(3000, 40)]
    [InlineData(260, 900)]
    public void TheNumberOfThreadsDoesNotChangeABit(int m, int n)
    {
        int k = Math.Min(m, n);
        double[] a = SpectrumMatrix.Named("random", m, n, SvdRatios.Ulp<double>(), 9);
        double[][] results = new double[6][];
        for (int run = 0; run < 2; run++)
        {
            double[] u = new double[m * k], s = new double[k], vt = new double[k * n];
            SvdRatios.Decompose(a, m, n, u, k, s, vt, k, "row", 1 + (2 * run));
            (results[run], results[run + 2], results[run + 4]) = (u, s, vt);
        }

        Assert.Equal(results[0], results[1]);
        Assert.Equal(results[2], results[3]);
        Assert.Equal(results[4], results[5]);
    }

    [Theory]
    [InlineData("even")]
    [InlineData("clustered")]
    [InlineData("cond-1e8")]
    public void KnownSingularValuesComeBack(string kind)
    {
        foreach (int n in new[] { 10, 50, 140 })
        {
            double[] expected = SpectrumMatrix.Singular(kind, n, SvdRatios.Ulp<double>());
            (_, double[] s, _) = SvdRatios.Check(SpectrumMatrix.Create(n, n, expected, 5), n, n);
            for (int i = 0; i < n; i++)
            {
                // The matrix itself is rounded: n ulp of the largest value.
                Assert.Equal(expected[i], s[i], n * SvdRatios.Ulp<double>() * expected[0]);
            }
        }
    }

    [Fact]
    public void SmallScaledMatricesKeepTheRelativeAccuracyOfTheirSmallestValues()
    {
        // Columns scaled over 200 orders of magnitude: orthogonal columns, so the values are the scales themselves.
        int n = 12;
        double[] q = SpectrumMatrix.Create(n, n, [.. Enumerable.Repeat(1.0, n)], 7), a = new double[n * n];
        for (int i = 0; i < n * n; i++)
        {
            a[i] = q[i] * Math.Pow(10, -12.0 * (i % n));
        }

        (_, double[] s, _) = SvdRatios.Check(a, n, n);
        for (int i = 0; i < n; i++)
        {
            Assert.Equal(1, s[i] / Math.Pow(10, -12.0 * i), 1e-13);
        }
    }

    [Theory]
    [InlineData(3, 3)]
    [InlineData(20, 20)]
    [InlineData(50, 50)]
    [InlineData(300, 40)]
    [InlineData(150, 160)]
    public void NotANumberAndInfinityEndInNotANumber(int m, int n)
    {
        foreach (double bad in new[] { double.NaN, double.PositiveInfinity })
        {
            int k = Math.Min(m, n);
            double[] a = SpectrumMatrix.Named("random", m, n, SvdRatios.Ulp<double>(), 2), u = new double[m * k], s = new double[k], vt = new double[k * n];
            a[(m / 2 * n) + (n / 2)] = bad;
            SvdRatios.Decompose(a, m, n, u, k, s, vt, k, "row", 1);
            Assert.All(s, x => Assert.True(double.IsNaN(x)));
            Assert.True(double.IsNaN(u[0]) && double.IsNaN(vt[0]));
            fixed (double* pa = a, ps = s)
            {
                SvdSolver.RunValues(MatrixBlock<double>.RowMajor(pa, m, n), ps, Parallelism.Sequential);
            }

            Assert.All(s, x => Assert.True(double.IsNaN(x)));
        }
    }

    [Fact]
    public void TheBackendEndsOnUncheckedInputThatIsNotFinite()
    {
        int m = 70, n = 50;
        double[] a = SpectrumMatrix.Named("random", m, n, SvdRatios.Ulp<double>(), 2), u = new double[m * n], s = new double[n], vt = new double[n * n];
        a[77] = double.NaN;
        ManagedBackend backend = new(1);
        FactorizationOptions trusted = new() { CheckFinite = false };
        backend.Svd<double>(new ReadOnlyMatrixView<double>(a, m, n), new MatrixView<double>(u, m, n), s, new MatrixView<double>(vt, n, n), trusted);
        Assert.True(double.IsNaN(s[0]));
        backend.SingularValues<double>(new ReadOnlyMatrixView<double>(a, m, n), s, trusted);
        Assert.True(double.IsNaN(s[0]));
    }

    [Fact]
    public void RandomSparseGradedAndPeriodicMatricesOfRandomShapePass()
    {
        // Exactly repeated, exactly zero and wildly graded rows and columns: what makes deflation, splitting and completion work.
        Random random = new(2);
        for (int trial = 0; trial < 60; trial++)
        {
            int m = 1 + random.Next(90), n = 1 + random.Next(90), period = 1 + random.Next(5), kind = trial % 5;
            double[] a = new double[m * n];
            for (int i = 0; i < m; i++)
            {
                for (int j = 0; j < n; j++)
                {
                    a[(i * n) + j] = kind switch
                    {
                        0 => random.Next(3) - 1,
                        1 => random.Next(20) == 0 ? 1 : 0,
                        2 => Math.Pow(10, -30 * random.NextDouble()),
                        3 => i % period == j % period ? 1 : 0,
                        _ => Math.Pow(10, -0.3 * j) * (random.NextDouble() - 0.5),
                    };
                }
            }

            SvdRatios.Check(a, m, n, full: trial % 3 == 0);
            SvdRatios.Check(SpectrumMatrix.Convert<float>(a, 1), m, n, full: trial % 3 == 0);
        }
    }

    private static void Check<T>(string kind, int m, int n, bool full = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => SvdRatios.Check(SpectrumMatrix.Convert<T>(SpectrumMatrix.Named(kind, m, n, SvdRatios.Ulp<T>(), m + (3 * n)), 1), m, n, full);

    private static void SvdRatiosOfScaled<T>(int m, int n, double scale)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => SvdRatios.Check(SpectrumMatrix.Convert<T>(SpectrumMatrix.Named("random", m, n, SvdRatios.Ulp<T>(), 11), scale), m, n);
}
