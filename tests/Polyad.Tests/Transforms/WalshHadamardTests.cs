using System.Numerics;
using Xunit;

namespace Polyad.Tests.Transforms;

public class WalshHadamardTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(64)]
    [InlineData(512)]
    public void Forward_is_the_definition(int n)
    {
        // Small integers: every sum is exact.
        float[] x = [.. Enumerable.Range(0, n).Select(i => (float)((i * 37 % 11) - 5))], y = [.. x];
        WalshHadamard.Forward<float>(y);
        for (int i = 0; i < n; i++)
        {
            Assert.Equal(Enumerable.Range(0, n).Sum(j => BitOperations.PopCount((uint)(i & j)) % 2 == 0 ? x[j] : -x[j]), y[i]);
        }
    }

    [Fact]
    public void Twice_is_n_times_the_identity_for_long_vectors()
    {
        const int N = 1 << 15;
        double[] x = [.. Enumerable.Range(0, N).Select(i => (double)((i * 37L % 101) - 50))], y = [.. x];
        WalshHadamard.Forward<double>(y);
        Assert.Equal(x.Sum(), y[0]);
        Assert.Equal(x.Select((v, i) => i % 2 == 0 ? v : -v).Sum(), y[1]);
        WalshHadamard.Forward<double>(y);
        Assert.Equal(x.Select(v => v * N), y);
    }

    [Fact]
    public void Rows_and_columns_of_any_layout_are_transformed()
    {
        double[] data = [.. Enumerable.Range(0, 16 * 16).Select(i => (double)(i * 31 % 17))];
        double[] rows = [.. data], columns = [.. data];
        WalshHadamard.ForwardRows(rows.AsMatrix(16, 16));
        WalshHadamard.ForwardColumns(columns.AsMatrix(16, 16).Transpose);
        Assert.Equal(rows, columns);
        double[] byColumns = [.. data], byRows = [.. data];
        WalshHadamard.ForwardColumns(byColumns.AsMatrix(16, 16));
        WalshHadamard.ForwardRows(byRows.AsMatrix(16, 16).Transpose);
        Assert.Equal(byRows, byColumns);
        double[] first = data[..16];
        WalshHadamard.Forward<double>(first);
        Assert.Equal(first, rows[..16]);
    }

    [Fact]
    public void Other_lengths_are_refused() => Assert.Throws<ArgumentException>(() => WalshHadamard.Forward<double>(new double[12]));
}
