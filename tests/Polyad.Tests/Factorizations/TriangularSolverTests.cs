using System.Numerics;
using Xunit;

namespace Polyad.Factorizations;

public class TriangularSolverTests
{
    private static readonly ManagedBackend OneThread = new(1);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 3)]
    [InlineData(3, 2)]
    [InlineData(5, 7)]
    [InlineData(17, 1)]
    [InlineData(17, 17)]
    [InlineData(31, 65)]
    [InlineData(64, 64)]
    [InlineData(65, 3)]
    [InlineData(65, 130)]
    [InlineData(129, 1)]
    [InlineData(129, 33)]
    [InlineData(200, 2)]
    [InlineData(200, 70)]
    public void The_solution_has_a_small_residual(int n, int k)
    {
        foreach (Triangle triangle in new[] { Triangle.Lower, Triangle.Upper })
        {
            foreach (bool unit in new[] { false, true })
            {
                Check<double>(triangle, unit, n, k, Layout.RowMajor, Layout.RowMajor);
                Check<float>(triangle, unit, n, k, Layout.ColumnMajor, Layout.RowMajor);
                Check<double>(triangle, unit, n, k, Layout.RowMajor, Layout.ColumnMajor);
                Check<float>(triangle, unit, n, k, Layout.Strided, Layout.Strided);
            }
        }
    }

    [Fact]
    public void Subnormal_diagonals_divide_exactly()
    {
        DenseSample<double> a = DenseSample<double>.From(2, 2, (i, j) => i == j ? 3e-310 : 0), b = DenseSample<double>.From(2, 5, (_, _) => 6e-310);
        OneThread.TriangularSolve<double>(Triangle.Lower, false, a.View, b.View);
        Assert.Equal(2, b[1, 4], 10);
    }

    [Fact]
    public void Threads_do_not_change_a_bit()
    {
        DenseSample<double> a = Triangular<double>(Triangle.Lower, 300, 1, Layout.RowMajor);
        DenseSample<double> one = DenseSample<double>.Random(300, 500, 2), two = DenseSample<double>.Random(300, 500, 2);
        OneThread.TriangularSolve<double>(Triangle.Lower, false, a.View, one.View);
        new ManagedBackend(2).TriangularSolve<double>(Triangle.Lower, false, a.View, two.View);
        Assert.True(one.SameBits(two));
    }

    /// <summary>NaN where the solver must not read; off-diagonal entries small enough that the solution does not grow with n.</summary>
    private static DenseSample<T> Triangular<T>(Triangle triangle, int n, int seed, Layout layout, bool unit = false)
        where T : unmanaged, INumberBase<T>
    {
        Random random = new(seed);
        return DenseSample<T>.From(n, n, (i, j) => i == j ? (unit ? double.NaN : 1 + random.NextDouble())
            : (triangle == Triangle.Lower) == (j < i) ? ((2 * random.NextDouble()) - 1) / n
            : double.NaN, layout);
    }

    private static void Check<T>(Triangle triangle, bool unit, int n, int k, Layout aLayout, Layout bLayout)
        where T : unmanaged, INumberBase<T>
    {
        DenseSample<T> a = Triangular<T>(triangle, n, n + k, aLayout, unit), b = DenseSample<T>.Random(n, k, k, bLayout), x = DenseSample<T>.Random(n, k, k, bLayout);
        OneThread.TriangularSolve<T>(triangle, unit, a.View, x.View);
        double[,] read = a.ToDouble(), solution = x.ToDouble();
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                read[i, j] = i == j ? (unit ? 1 : read[i, j]) : (triangle == Triangle.Lower) == (j < i) ? read[i, j] : 0;
            }
        }

        double error = Residual.Distance(Residual.Multiply(read, solution), b.ToDouble());
        double ratio = Residual.Ratio(error, Residual.Norm(read) * Residual.Norm(solution), n, DenseSample<T>.Epsilon);
        Assert.True(ratio < 30, $"{triangle}, unit {unit}, {n} x {k}, {aLayout}, {bLayout}: ratio {ratio}");
    }
}
