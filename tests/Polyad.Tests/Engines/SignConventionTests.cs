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
}
