using Xunit;

namespace Polyad.Tests.Engines;

public sealed class SignConventionTests
{
    [Fact]
    public void The_largest_entry_of_each_column_becomes_positive_and_the_row_of_Vt_follows()
    {
        double[,] u = { { 1, -3, 2 }, { -2, 1, -2 }, { 0.5, 2, 1 } }, vt = { { 1, 2 }, { 3, 4 }, { 5, 6 } };
        SignConvention.ColumnsPositive<double>(u, vt, 3);
        Assert.Equal([-1, 3, 2, 2, -1, -2, -0.5, -2, 1], u.Cast<double>());
        Assert.Equal([-1, -2, -3, -4, 5, 6], vt.Cast<double>());
    }

    [Fact]
    public void On_a_tie_the_first_of_the_largest_entries_decides()
    {
        double[,] u = { { -1, 1 }, { 1, -1 } };
        SignConvention.ColumnsPositive<double>(u, default, 2);
        Assert.Equal([1, 1, -1, -1], u.Cast<double>());
    }

    [Fact]
    public void Columns_beyond_the_count_are_left_alone()
    {
        double[,] u = { { -1, -1 }, { 0, 0 } };
        SignConvention.ColumnsPositive<double>(u, default, 1);
        Assert.Equal([1, -1], [u[0, 0], u[0, 1]]);
    }

    [Fact]
    public void A_negative_diagonal_of_R_flips_its_row_and_the_column_of_Q()
    {
        double[,] q = { { 1, 2 }, { 3, 4 } }, r = { { 5, 6, 7 }, { 0, -8, 9 } };
        SignConvention.DiagonalNotNegative<double>(q, r);
        Assert.Equal([1, -2, 3, -4], q.Cast<double>());
        Assert.Equal([5, 6, 7, 0, 8, -9], r.Cast<double>());
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Every_layout_gives_the_same_signs(bool leftByColumns, bool rightByColumns)
    {
        const int M = 41, N = 37, Count = 35;
        double[] left = [.. Enumerable.Range(0, M * N).Select(p => Math.Sin(p * 1.7))], right = [.. Enumerable.Range(0, N * N).Select(p => Math.Cos(p * 2.3))];
        double[,] u = new double[M, N], vt = new double[N, N];
        MatrixView<double> lu = View(left, M, N, leftByColumns), rv = View(right, N, N, rightByColumns);
        ((ReadOnlyMatrixView<double>)lu).CopyTo(u);
        ((ReadOnlyMatrixView<double>)rv).CopyTo(vt);
        SignConvention.ColumnsPositive(lu, rv, Count);
        for (int j = 0; j < N; j++)
        {
            int largest = Enumerable.Range(0, M).MaxBy(i => Math.Abs(u[i, j]));
            double sign = j < Count && u[largest, j] < 0 ? -1 : 1;
            for (int i = 0; i < M; i++)
            {
                Assert.Equal(sign * u[i, j], lu[i, j]);
            }

            for (int i = 0; i < N; i++)
            {
                Assert.Equal(sign * vt[j, i], rv[j, i]);
            }
        }

        static MatrixView<double> View(double[] data, int rows, int columns, bool byColumns) => byColumns ? MatrixView<double>.FromColumnMajor(data, rows, columns) : new(data, rows, columns);
    }
}
