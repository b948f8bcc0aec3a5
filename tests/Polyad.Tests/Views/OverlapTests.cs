using CsCheck;
using Xunit;

namespace Polyad.Tests.Views;

public sealed class OverlapTests
{
    private static readonly Gen<(int Rows, int Columns, int RowStride, int ColumnStride, int Start)> Layouts =
        Gen.Select(Gen.Int[0, 5], Gen.Int[0, 5], Gen.Int[-9, 9], Gen.Int[-9, 9], Gen.Int[0, 60], (r, c, rs, cs, at) => (r, c, rs, cs, at));

    [Fact]
    public void Overlap_is_exactly_a_shared_element()
        => Gen.Select(Layouts, Layouts).Sample(
            (a, b) =>
            {
                double[] buffer = GC.AllocateUninitializedArray<double>(400, pinned: true);
                bool shared = Elements(a).Intersect(Elements(b)).Any();
                return Overlap.Exists(View(buffer, a), View(buffer, b)) == shared && Overlap.Exists(View(buffer, b), View(buffer, a)) == shared;
            },
            iter: 20_000);

    [Fact]
    public void Interleaved_columns_and_rows_of_one_buffer_do_not_overlap()
    {
        double[] data = new double[1000];
        MatrixView<double> even = new(data, 10, 20, 100, 2), odd = new(data.AsSpan(1), 9, 20, 100, 2);
        Assert.False(Overlap.Exists<double>(even, odd));
        Assert.True(Overlap.Exists<double>(even, new MatrixView<double>(data, 10, 20, 100, 3)));
    }

    [Theory]
    [InlineData(5000)]
    [InlineData(300)]
    public void Disjoint_blocks_of_one_large_matrix_do_not_overlap(int n)
    {
        float[] data = new float[n * n];
        MatrixView<float> all = data.AsMatrix(n, n);
        int h = n / 2;
        Assert.False(Overlap.Exists<float>(all.Slice(0, 0, n, h), all.Slice(0, h, n, n - h)));
        Assert.False(Overlap.Exists<float>(all.Slice(0, 0, h, n), all.Slice(h, 0, n - h, n)));
        Assert.False(Overlap.Exists<float>(all.Slice(h, 0, n - h, h).Transpose, all.Slice(0, h, h, n - h).Transpose));
        Assert.True(Overlap.Exists<float>(all.Slice(0, 0, h + 1, h + 1), all.Slice(h, h, n - h, n - h)));
        Assert.True(Overlap.Exists<float>(all, all.Slice(n - 1, n - 1, 1, 1)));
    }

    [Fact]
    public void Different_buffers_never_overlap_and_empty_views_share_nothing()
    {
        double[] data = new double[100];
        Assert.False(Overlap.Exists<double>(data.AsMatrix(10, 10), new double[10, 10]));
        Assert.False(Overlap.Exists<double>(data.AsMatrix(10, 10), data.AsMatrix(0, 10)));
    }

    private static IEnumerable<int> Elements((int Rows, int Columns, int RowStride, int ColumnStride, int Start) a)
        => from i in Enumerable.Range(0, a.Rows) from j in Enumerable.Range(0, a.Columns) select a.Start + (i * a.RowStride) + (j * a.ColumnStride);

    private static unsafe ReadOnlyMatrixView<double> View(double[] pinned, (int Rows, int Columns, int RowStride, int ColumnStride, int Start) a)
        => ReadOnlyMatrixView<double>.FromPointer((double*)System.Runtime.InteropServices.Marshal.UnsafeAddrOfPinnedArrayElement(pinned, 150) + a.Start, a.Rows, a.Columns, a.RowStride, a.ColumnStride);
}
