using System.Numerics;
using Xunit;

namespace Polyad.Factorizations;

public class LuFactorizationTests
{
    private static readonly ManagedBackend OneThread = new(1);

    public static TheoryData<int, int> Shapes => new()
    {
        { 1, 1 }, { 2, 2 }, { 3, 3 }, { 5, 5 }, { 17, 17 }, { 31, 31 }, { 64, 64 }, { 65, 65 }, { 129, 129 }, { 200, 200 },
        { 5, 1 }, { 1, 5 }, { 7, 3 }, { 3, 7 }, { 65, 33 }, { 33, 65 }, { 200, 70 }, { 70, 200 }, { 129, 128 }, { 128, 129 }, { 6, 64 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Factors_reproduce_the_permuted_matrix(int m, int n)
    {
        Check(DenseSample<double>.Random(m, n, 1));
        Check(DenseSample<float>.Random(m, n, 2));
    }

    [Theory]
    [InlineData(Layout.ColumnMajor)]
    [InlineData(Layout.Strided)]
    public void Layouts_do_not_matter(Layout layout)
    {
        Check(DenseSample<double>.Random(150, 140, 3, layout), layout);
        Check(DenseSample<float>.Random(90, 150, 4, layout), layout);
    }

    [Theory]
    [InlineData(1e-300)]
    [InlineData(1e300)]
    public void Extreme_scales_neither_overflow_nor_underflow(double scale) => Check(DenseSample<double>.Random(80, 80, 5, scale: scale), factor: 1 / scale);

    [Fact]
    public void Multipliers_never_exceed_one()
    {
        DenseSample<double> a = DenseSample<double>.Random(150, 150, 6), lu = new(150, 150);
        OneThread.Lu<double>(a.View, lu.View, new int[150]);
        for (int i = 0; i < 150; i++)
        {
            for (int j = 0; j < i; j++)
            {
                Assert.True(Math.Abs(lu[i, j]) <= 1 + (2 * DenseSample<double>.Epsilon));
            }
        }
    }

    [Fact]
    public void The_first_of_equal_candidates_is_the_pivot()
    {
        DenseSample<double> a = DenseSample<double>.From(4, 4, (i, j) => i == j ? -1 : j > i ? 0 : 1), lu = new(4, 4);
        int[] pivots = new int[4];
        Assert.Equal(-1, OneThread.Lu<double>(a.View, lu.View, pivots));
        Assert.Equal([0, 1, 2, 3], pivots);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(70)]
    [InlineData(129)]
    public void A_zero_column_is_reported_and_the_rest_factored(int column)
    {
        // Below a zero column the elimination leaves zero exactly; later pivots are not zero.
        DenseSample<double> random = DenseSample<double>.Random(130, 130, 7);
        DenseSample<double> a = DenseSample<double>.From(130, 130, (i, j) => j == column ? 0 : random[i, j]);
        Assert.Equal(column, Check(a));
    }

    [Fact]
    public void The_zero_matrix_is_its_own_U() => Assert.Equal(0, Check(DenseSample<double>.From(70, 80, (_, _) => 0)));

    [Fact]
    public void NaN_ends_when_the_check_is_off()
    {
        DenseSample<double> a = DenseSample<double>.From(80, 70, (i, j) => i == 3 && j == 2 ? double.NaN : 1.0 / (i + j + 1)), lu = new(80, 70);
        OneThread.Lu<double>(a.View, lu.View, new int[70], new FactorizationOptions { CheckFinite = false });
        Assert.True(double.IsNaN(lu[79, 69]));
    }

    [Theory]
    [InlineData(620, 620, Layout.RowMajor)]
    [InlineData(620, 620, Layout.ColumnMajor)]
    [InlineData(900, 500, Layout.RowMajor)]
    [InlineData(500, 900, Layout.RowMajor)]
    [InlineData(1100, 450, Layout.ColumnMajor)]
    [InlineData(700, 700, Layout.Strided)]
    [InlineData(400, 1300, Layout.ColumnMajor)]
    [InlineData(1480, 1440, Layout.RowMajor)]
    public void Threads_do_not_change_a_bit(int m, int n, Layout layout)
    {
        DenseSample<double> a = DenseSample<double>.Random(m, n, 8), one = new(m, n, layout);
        int[] pivots = new int[Math.Min(m, n)];
        OneThread.Lu<double>(a.View, one.View, pivots);
        foreach (int threads in new[] { 2, 3 })
        {
            DenseSample<double> several = new(m, n, layout);
            int[] same = new int[pivots.Length];
            new ManagedBackend(threads).Lu<double>(a.View, several.View, same);
            Assert.Equal(pivots, same);
            Assert.True(one.SameBits(several));
        }
    }

    private static int Check<T>(DenseSample<T> a, Layout layout = Layout.RowMajor, double factor = 1)
        where T : unmanaged, INumberBase<T>
    {
        int m = a.Rows, n = a.Columns, k = Math.Min(m, n);
        DenseSample<T> lu = new(m, n, layout);
        int[] pivots = new int[k];
        int zero = OneThread.Lu<T>(a.View, lu.View, pivots);
        double[,] permuted = a.ToDouble(factor), l = new double[m, k], u = new double[k, n];
        for (int i = 0; i < k; i++)
        {
            Assert.InRange(pivots[i], i, m - 1);
            for (int j = 0; j < n; j++)
            {
                (permuted[i, j], permuted[pivots[i], j]) = (permuted[pivots[i], j], permuted[i, j]);
            }
        }

        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                if (j < i && j < k)
                {
                    l[i, j] = lu[i, j];
                }
                else if (i < k)
                {
                    u[i, j] = lu[i, j] * factor;
                }
            }

            if (i < k)
            {
                l[i, i] = 1;
            }
        }

        double ratio = Residual.Ratio(Residual.Distance(Residual.Multiply(l, u), permuted), Residual.Norm(permuted), Math.Max(m, n), DenseSample<T>.Epsilon);
        Assert.True(ratio < 30, $"||PA - LU|| ratio {ratio}");
        return zero;
    }
}
