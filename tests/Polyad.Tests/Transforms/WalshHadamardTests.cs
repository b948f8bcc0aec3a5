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
    [InlineData(16)]
    [InlineData(32)]
    [InlineData(64)]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    [InlineData(1024)]
    [InlineData(2048)]
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
    public void Every_output_is_the_same_tree_of_additions_for_vectors_and_for_columns()
    {
        // Three columns take other vectors than a long line does.
        const int N = 1 << 13;
        double[] x = new double[N], wide = new double[3 * N];
        float[] y = new float[N], wideSingle = new float[3 * N];
        new CounterRandom(1).Normal<double>(x);
        new CounterRandom(2).Normal<float>(y);
        for (int i = 0; i < N; i++)
        {
            (wide[3 * i], wide[(3 * i) + 2], wideSingle[3 * i], wideSingle[(3 * i) + 2]) = (x[i], x[i], y[i], y[i]);
        }

        WalshHadamard.Forward<double>(x);
        WalshHadamard.Forward<float>(y);
        WalshHadamard.ForwardColumns(wide.AsMatrix(N, 3));
        WalshHadamard.ForwardColumns(wideSingle.AsMatrix(N, 3));
        for (int i = 0; i < N; i++)
        {
            Assert.Equal(x[i], wide[3 * i]);
            Assert.Equal(x[i], wide[(3 * i) + 2]);
            Assert.Equal(y[i], wideSingle[(3 * i) + 2]);
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
