using Xunit;

namespace Polyad.Tests.Engines;

public sealed class FiniteCheckTests
{
    [Theory]
    [InlineData(1, 1, 1, 1)]
    [InlineData(3, 5, 5, 1)]
    [InlineData(7, 67, 67, 1)]
    [InlineData(67, 7, 1, 67)]
    [InlineData(9, 11, 40, 3)]
    public void Every_single_bad_entry_is_found_at_its_place(int rows, int columns, int rowStride, int columnStride)
    {
        Check<double>(rows, columns, rowStride, columnStride, double.MaxValue, double.NaN, double.PositiveInfinity, double.NegativeInfinity);
        Check<float>(rows, columns, rowStride, columnStride, float.MaxValue, float.NaN, float.PositiveInfinity, float.NegativeInfinity);
    }

    [Fact]
    public void Entries_outside_the_view_are_not_looked_at()
    {
        double[] data = new double[100];
        Array.Fill(data, double.NaN);
        MatrixView<double> block = data.AsMatrix(10, 10).Slice(2, 3, 5, 4);
        block.Fill(1);
        Assert.True(FiniteCheck.All<double>(block, out _, out _));
        Assert.True(FiniteCheck.All<double>(default, out _, out _));
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(37, 37, 1)]
    [InlineData(37, 1, 37)]
    [InlineData(9, 40, 3)]
    [InlineData(9, 3, 40)]
    public void Of_a_lower_triangle_every_single_bad_entry_is_found_and_nothing_above_the_diagonal(int n, int rowStride, int columnStride)
    {
        double[] data = new double[((n - 1) * (rowStride + columnStride)) + 1];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                int at = (i * rowStride) + (j * columnStride);
                data.AsSpan().Fill(double.MaxValue);
                data[at] = (i + j) % 2 == 0 ? double.NaN : double.NegativeInfinity;
                bool finite = FiniteCheck.InTriangle(Triangle.Lower, new ReadOnlyMatrixView<double>(data, n, n, rowStride, columnStride), out int row, out int column);
                Assert.Equal(j > i, finite);
                Assert.Equal(j > i ? (0, 0) : (i, j), (row, column));
            }
        }
    }

    private static void Check<T>(int rows, int columns, int rowStride, int columnStride, T largest, params T[] bad)
        where T : unmanaged, System.Numerics.INumberBase<T>
    {
        T[] data = new T[((rows - 1) * rowStride) + ((columns - 1) * columnStride) + 1];
        data.AsSpan().Fill(largest);
        Assert.True(FiniteCheck.All(new ReadOnlyMatrixView<T>(data, rows, columns, rowStride, columnStride), out _, out _));
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                int at = (i * rowStride) + (j * columnStride);
                data[at] = bad[(i + j) % bad.Length];
                Assert.False(FiniteCheck.All(new ReadOnlyMatrixView<T>(data, rows, columns, rowStride, columnStride), out int row, out int column));
                Assert.Equal((i, j), (row, column));
                data[at] = largest;
            }
        }
    }
}
