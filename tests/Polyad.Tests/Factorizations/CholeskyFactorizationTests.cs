using System.Numerics;
using Xunit;

namespace Polyad.Factorizations;

public class CholeskyFactorizationTests
{
    private static readonly ManagedBackend OneThread = new(1);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(17)]
    [InlineData(31)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(129)]
    [InlineData(200)]
    [InlineData(321)]
    [InlineData(457)]
    public void L_reproduces_the_matrix(int n)
    {
        Check(Positive<double>(n, 1), Layout.RowMajor);
        Check(Positive<float>(n, 2), Layout.RowMajor);
    }

    [Theory]
    [InlineData(Layout.ColumnMajor)]
    [InlineData(Layout.Strided)]
    public void Layouts_do_not_matter(Layout layout)
    {
        Check(Positive<double>(150, 3, layout), layout);
        Check(Positive<double>(350, 13, layout), layout);
        Check(Positive<float>(70, 4, layout), layout);
    }

    [Theory]
    [InlineData(1e-300)]
    [InlineData(1e300)]
    public void Extreme_scales_neither_overflow_nor_underflow(double scale)
    {
        DenseSample<double> a = Positive<double>(90, 5);
        DenseSample<double> scaled = DenseSample<double>.From(90, 90, (i, j) => a[i, j] * scale), l = new(90, 90);
        OneThread.Cholesky<double>(scaled.View, l.View);
        double root = 1 / Math.Sqrt(scale);
        double[,] rescaled = l.ToDouble(root), exact = scaled.ToDouble(1 / scale);
        double ratio = Residual.Ratio(
            Residual.Distance(Residual.Multiply(rescaled, Residual.Transpose(rescaled)), exact), Residual.Norm(exact), 90, DenseSample<double>.Epsilon);
        Assert.True(ratio < 30, $"ratio {ratio}");
    }

    [Fact]
    public void Only_the_lower_triangle_is_read()
    {
        DenseSample<double> a = Positive<double>(100, 6), l = new(100, 100), expected = new(100, 100);
        DenseSample<double> half = DenseSample<double>.From(100, 100, (i, j) => j > i ? double.NaN : a[i, j]);
        OneThread.Cholesky<double>(a.View, expected.View);
        OneThread.Cholesky<double>(half.View, l.View);
        Assert.True(l.SameBits(expected));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(40)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(130)]
    [InlineData(150)]
    public void The_order_of_the_failing_minor_is_reported(int order)
    {
        DenseSample<double> a = Positive<double>(150, 7);
        DenseSample<double> indefinite = DenseSample<double>.From(150, 150, (i, j) => i == j && i == order - 1 ? -1 : a[i, j]), l = new(150, 150);
        NotPositiveDefiniteException error = Assert.Throws<NotPositiveDefiniteException>(() => OneThread.Cholesky<double>(indefinite.View, l.View));
        Assert.Contains($"order {order} ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(144)]
    [InlineData(145)]
    [InlineData(300)]
    [InlineData(620)]
    public void The_order_of_the_failing_minor_does_not_depend_on_threads(int order)
    {
        const int n = 620;
        DenseSample<double> indefinite = DenseSample<double>.From(n, n, (i, j) => i == j ? (i == order - 1 ? -n : n) : 1.0 / (1 + i + j)), l = new(n, n);
        foreach (int threads in new[] { 1, 2 })
        {
            NotPositiveDefiniteException error = Assert.Throws<NotPositiveDefiniteException>(() => new ManagedBackend(threads).Cholesky<double>(indefinite.View, l.View));
            Assert.Contains($"order {order} ", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_zero_matrix_fails_at_once()
    {
        DenseSample<double> zero = DenseSample<double>.From(5, 5, (_, _) => 0), l = new(5, 5);
        Assert.Throws<NotPositiveDefiniteException>(() => OneThread.Cholesky<double>(zero.View, l.View));
    }

    [Fact]
    public void NaN_is_a_failing_minor_when_the_check_is_off()
    {
        DenseSample<double> a = Positive<double>(100, 8);
        DenseSample<double> broken = DenseSample<double>.From(100, 100, (i, j) => i == 80 && j == 3 ? double.NaN : a[i, j]), l = new(100, 100);
        Assert.Throws<NotPositiveDefiniteException>(() => OneThread.Cholesky<double>(broken.View, l.View, new FactorizationOptions { CheckFinite = false }));
    }

    [Theory]
    [InlineData(Layout.RowMajor)]
    [InlineData(Layout.ColumnMajor)]
    [InlineData(Layout.Strided)]
    public void Threads_do_not_change_a_bit(Layout layout)
    {
        const int n = 601;
        DenseSample<double> a = Positive<double>(n, 9), one = new(n, n, layout);
        OneThread.Cholesky<double>(a.View, one.View);
        foreach (int threads in new[] { 2, 3 })
        {
            DenseSample<double> several = new(n, n, layout);
            new ManagedBackend(threads).Cholesky<double>(a.View, several.View);
            Assert.True(one.SameBits(several));
        }
    }

    /// <summary>B B^T / n + I: condition below about 5.</summary>
    private static DenseSample<T> Positive<T>(int n, int seed, Layout layout = Layout.RowMajor)
        where T : unmanaged, INumberBase<T>
    {
        double[,] b = DenseSample<double>.Random(n, n, seed).ToDouble();
        double[,] g = Residual.Multiply(b, Residual.Transpose(b));
        return DenseSample<T>.From(n, n, (i, j) => (g[i, j] / n) + (i == j ? 1 : 0), layout);
    }

    private static void Check<T>(DenseSample<T> a, Layout layout)
        where T : unmanaged, INumberBase<T>
    {
        int n = a.Rows;
        DenseSample<T> l = new(n, n, layout);
        OneThread.Cholesky<T>(a.View, l.View);
        double[,] ld = l.ToDouble(), exact = a.ToDouble();
        double ratio = Residual.Ratio(Residual.Distance(Residual.Multiply(ld, Residual.Transpose(ld)), exact), Residual.Norm(exact), n, DenseSample<T>.Epsilon);
        Assert.True(ratio < 30, $"||A - LL'|| ratio {ratio}");
        for (int i = 0; i < n; i++)
        {
            for (int j = i + 1; j < n; j++)
            {
                Assert.Equal(0, l[i, j]);
            }
        }
    }
}
