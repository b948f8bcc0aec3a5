using System.Numerics;
using Xunit;

namespace Polyad.Factorizations;

public class QrFactorizationTests
{
    private static readonly ManagedBackend OneThread = new(1);
    private static readonly ManagedBackend TwoThreads = new(2);

    public static TheoryData<int, int> Shapes => new()
    {
        { 1, 1 }, { 2, 2 }, { 3, 3 }, { 5, 5 }, { 17, 17 }, { 31, 31 }, { 64, 64 }, { 65, 65 }, { 129, 129 }, { 200, 200 },
        { 5, 1 }, { 1, 5 }, { 7, 3 }, { 3, 7 }, { 65, 33 }, { 33, 65 }, { 200, 31 }, { 31, 200 }, { 129, 128 }, { 128, 129 }, { 130, 2 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Factors_reproduce_the_matrix_and_Q_is_orthonormal_in_double(int m, int n)
    {
        Check(DenseSample<double>.Random(m, n, 1), full: false);
        Check(DenseSample<double>.Random(m, n, 2), full: true);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Factors_reproduce_the_matrix_and_Q_is_orthonormal_in_single(int m, int n)
    {
        Check(DenseSample<float>.Random(m, n, 1), full: false);
        Check(DenseSample<float>.Random(m, n, 2), full: true);
    }

    [Theory]
    [InlineData(Layout.ColumnMajor)]
    [InlineData(Layout.Strided)]
    public void Layouts_do_not_matter(Layout layout)
    {
        Check(DenseSample<double>.Random(70, 40, 3, layout), full: false, layout);
        Check(DenseSample<double>.Random(40, 70, 4, layout), full: true, layout);
        Check(DenseSample<float>.Random(70, 40, 5, layout), full: true, layout);
    }

    [Theory]
    [InlineData(2048, 1)]
    [InlineData(3077, 3)]
    [InlineData(9001, 7)]
    [InlineData(17000, 16)]
    [InlineData(2113, 64)]
    public void Tall_matrices_are_factored_by_a_tree(int m, int n)
    {
        Check(DenseSample<double>.Random(m, n, 21), full: false);
        Check(DenseSample<float>.Random(m, n, 22, Layout.ColumnMajor), full: false, Layout.ColumnMajor);
        Check(DenseSample<double>.From(m, n, (i, j) => i % 7 == j % 3 ? 1 : 0), full: false);
    }

    [Fact]
    public void Six_hundred_columns_take_wide_panels() => Check(DenseSample<double>.Random(600, 530, 6), full: false);

    [Theory]
    [InlineData(1e-300)]
    [InlineData(1e300)]
    [InlineData(1e-307)]
    public void Extreme_scales_neither_overflow_nor_underflow(double scale)
        => Check(DenseSample<double>.Random(50, 40, 7, scale: scale), full: false, factor: 1 / scale, epsilonFloor: 5e-324 / scale);

    [Theory]
    [InlineData(1e-36)]
    [InlineData(1e36)]
    public void Extreme_scales_neither_overflow_nor_underflow_in_single(double scale)
        => Check(DenseSample<float>.Random(50, 40, 7, scale: scale), full: false, factor: 1 / scale, epsilonFloor: 1.4e-45 / scale);

    [Fact]
    public void Columns_of_very_different_length_are_factored_columnwise_accurately()
    {
        const int N = 40;
        DenseSample<double> random = DenseSample<double>.Random(60, N, 8);
        DenseSample<double> graded = DenseSample<double>.From(60, N, (i, j) => random[i, j] * Math.Pow(10, -7 * j));
        (DenseSample<double> q, DenseSample<double> r) = Factor(OneThread, graded, full: false, Layout.RowMajor);

        // Householder QR is columnwise backward stable: scaling the columns back shows no error beyond rounding.
        double[,] product = Residual.Multiply(q.ToDouble(), r.ToDouble());
        double[,] rescaled = DenseSample<double>.From(60, N, (i, j) => product[i, j] * Math.Pow(10, 7 * j)).ToDouble();
        Assert.True(Residual.Ratio(Residual.Distance(rescaled, random.ToDouble()), Residual.Norm(random.ToDouble()), 60, DenseSample<double>.Epsilon) < 30);
    }

    [Fact]
    public void The_zero_matrix_has_a_zero_R_and_an_orthonormal_Q()
    {
        DenseSample<double> zero = DenseSample<double>.From(9, 6, (_, _) => 0);
        Check(zero, full: true);
        (_, DenseSample<double> r) = Factor(OneThread, zero, full: false, Layout.RowMajor);
        Assert.Equal(0, Residual.Norm(r.ToDouble()));
    }

    [Fact]
    public void The_identity_is_its_own_R()
    {
        DenseSample<double> identity = DenseSample<double>.From(70, 70, (i, j) => i == j ? 1 : 0);
        (DenseSample<double> q, DenseSample<double> r) = Factor(OneThread, identity, full: false, Layout.RowMajor);
        Assert.Equal(0, Residual.Distance(q.ToDouble(), identity.ToDouble()));
        Assert.Equal(0, Residual.Distance(r.ToDouble(), identity.ToDouble()));
    }

    [Fact]
    public void Rank_deficiency_leaves_Q_orthonormal()
    {
        double[,] low = Residual.Multiply(DenseSample<double>.Random(90, 3, 9).ToDouble(), DenseSample<double>.Random(3, 70, 10).ToDouble());
        Check(DenseSample<double>.From(90, 70, (i, j) => low[i, j]), full: false);
        Check(DenseSample<double>.From(90, 70, (i, j) => j % 2 == 0 ? 0 : low[i, j]), full: true);
    }

    [Fact]
    public void Threads_do_not_change_a_bit()
    {
        DenseSample<double> a = DenseSample<double>.Random(400, 300, 11);
        (DenseSample<double> q1, DenseSample<double> r1) = Factor(OneThread, a, full: false, Layout.RowMajor);
        (DenseSample<double> q2, DenseSample<double> r2) = Factor(TwoThreads, a, full: false, Layout.RowMajor);
        Assert.True(q1.SameBits(q2) && r1.SameBits(r2));
    }

    [Theory]
    [InlineData(200, 100)]
    [InlineData(100, 200)]
    [InlineData(2500, 1)]
    [InlineData(12000, 5)]
    [InlineData(9000, 16)]
    [InlineData(2500, 65)]
    [InlineData(2100, 130)]
    public void R_alone_equals_the_R_of_the_factorization(int m, int n)
    {
        CheckR(DenseSample<double>.Random(m, n, 12));
        CheckR(DenseSample<float>.Random(m, n, 13, Layout.ColumnMajor));
    }

    [Fact]
    public void Threads_do_not_change_a_bit_of_the_tree()
    {
        DenseSample<double> a = DenseSample<double>.Random(30000, 16, 14), one = new(16, 16), two = new(16, 16);
        OneThread.QrR<double>(a.View, one.View);
        TwoThreads.QrR<double>(a.View, two.View);
        Assert.True(one.SameBits(two));
        (DenseSample<double> q1, DenseSample<double> r1) = Factor(OneThread, a, full: false, Layout.RowMajor);
        (DenseSample<double> q2, DenseSample<double> r2) = Factor(TwoThreads, a, full: false, Layout.RowMajor);
        Assert.True(q1.SameBits(q2) && r1.SameBits(r2));
    }

    [Fact]
    public void NaN_ends_when_the_check_is_off()
    {
        DenseSample<double> a = DenseSample<double>.From(80, 70, (i, j) => i == 3 && j == 2 ? double.NaN : i - j);
        DenseSample<double> q = new(80, 70), r = new(70, 70);
        OneThread.Qr<double>(a.View, q.View, r.View, new FactorizationOptions { CheckFinite = false });
        Assert.True(double.IsNaN(r[69, 69]));
    }

    private static void Check<T>(DenseSample<T> a, bool full, Layout layout = Layout.RowMajor, double factor = 1, double epsilonFloor = 0)
        where T : unmanaged, INumberBase<T>
    {
        (DenseSample<T> q, DenseSample<T> r) = Factor(OneThread, a, full, layout);
        double[,] exact = a.ToDouble(factor), qd = q.ToDouble();
        double epsilon = Math.Max(DenseSample<T>.Epsilon, epsilonFloor);
        double backward = Residual.Ratio(
            Residual.Distance(Residual.Multiply(qd, r.ToDouble(factor)), exact), Residual.Norm(exact), Math.Max(a.Rows, a.Columns), epsilon);
        double orthogonality = Residual.Ratio(
            Residual.Distance(Residual.Multiply(Residual.Transpose(qd), qd), Residual.Identity(q.Columns)), 1, a.Rows, epsilon);
        Assert.True(backward < 30, $"||A - QR|| ratio {backward}");
        Assert.True(orthogonality < 30, $"||I - Q'Q|| ratio {orthogonality}");
        for (int i = 0; i < r.Rows; i++)
        {
            for (int j = 0; j < Math.Min(i, r.Columns); j++)
            {
                Assert.Equal(0, r[i, j]);
            }

            Assert.True(i >= r.Columns || r[i, i] >= 0);
        }
    }

    private static void CheckR<T>(DenseSample<T> a)
        where T : unmanaged, INumberBase<T>
    {
        (_, DenseSample<T> r) = Factor(OneThread, a, full: false, Layout.RowMajor);
        DenseSample<T> alone = new(r.Rows, r.Columns);
        OneThread.QrR<T>(a.View, alone.View);

        // Two backward stable R of a well-conditioned matrix differ by cond * eps * ||A||; uniform random tall matrices have a condition below 100.
        double ratio = Residual.Ratio(Residual.Distance(r.ToDouble(), alone.ToDouble()), Residual.Norm(r.ToDouble()), Math.Max(a.Rows, a.Columns), DenseSample<T>.Epsilon);
        Assert.True(ratio < 30, $"ratio {ratio}");
    }

    private static (DenseSample<T> Q, DenseSample<T> R) Factor<T>(ManagedBackend engine, DenseSample<T> a, bool full, Layout layout)
        where T : unmanaged, INumberBase<T>
    {
        int k = full ? a.Rows : Math.Min(a.Rows, a.Columns);
        DenseSample<T> q = new(a.Rows, k, layout), r = new(k, a.Columns, layout);
        engine.Qr<T>(a.View, q.View, r.View);
        return (q, r);
    }
}
