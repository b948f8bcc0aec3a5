using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Tests.Views;

public sealed class MatrixViewTests
{
    [Fact]
    public void A_null_array_is_named()
    {
        Assert.Equal("array", Assert.Throws<ArgumentNullException>(() => ((double[])null!).AsMatrix(1, 1)[0, 0]).ParamName);
        Assert.Equal("array", Assert.Throws<ArgumentNullException>(() => ((double[])null!).AsReadOnlyMatrix(1, 1)[0, 0]).ParamName);
        Assert.Equal("array", Assert.Throws<ArgumentNullException>(() => ((double[,])null!).AsMatrix()[0, 0]).ParamName);
    }

    [Fact]
    public void A_row_major_view_of_a_span_reads_rows_in_order()
    {
        MatrixView<double> a = new([1, 2, 3, 4, 5, 6], 2, 3);
        Assert.Equal((2, 3, 3, 1), (a.Rows, a.Columns, (int)a.RowStride, (int)a.ColumnStride));
        Assert.Equal(4, a[1, 0]);
        Assert.Equal(3, a[0, 2]);
        Assert.Equal("2 x 3", a.ToString());
    }

    [Fact]
    public void A_column_major_view_reads_columns_in_order()
    {
        double[] data = [1, 2, 3, 4, 5, 6];
        MatrixView<double> a = MatrixView<double>.FromColumnMajor(data, 2, 3);
        ReadOnlyMatrixView<double> r = ReadOnlyMatrixView<double>.FromColumnMajor(data, 2, 3);
        Assert.Equal(3, a[0, 1]);
        Assert.Equal(2, r[1, 0]);
    }

    [Fact]
    public void A_view_writes_through_to_the_owner()
    {
        double[] data = new double[6];
        MatrixView<double> a = data.AsMatrix(2, 3);
        a[1, 2] = 7;
        a.Transpose[0, 1] = 5;
        Assert.Equal([0, 0, 0, 5, 0, 7], data);
    }

    [Fact]
    public void Slices_of_slices_and_transposes_name_the_same_elements()
    {
        ReadOnlyMatrixView<double> a = new([.. Enumerable.Range(0, 42).Select(i => (double)i)], 6, 7);
        ReadOnlyMatrixView<double> s = a.Slice(1, 2, 4, 5).Transpose.Slice(1, 1, 3, 2);
        for (int i = 0; i < 3; i++)
        {
            for (int j = 0; j < 2; j++)
            {
                Assert.Equal(a[1 + 1 + j, 2 + 1 + i], s[i, j]);
            }
        }

        Assert.True(a.Slice(6, 7, 0, 0).IsEmpty);
        Assert.True(a.Slice(0, 0, 0, 7).IsEmpty);
    }

    [Theory]
    [InlineData(-1, 0, 1, 1)]
    [InlineData(0, -1, 1, 1)]
    [InlineData(0, 0, 4, 1)]
    [InlineData(0, 0, 1, 5)]
    [InlineData(2, 0, 2, 1)]
    [InlineData(0, 0, -1, 1)]
    [InlineData(int.MaxValue, 0, 1, 1)]
    [InlineData(1, 0, int.MaxValue, 1)]
    public void A_slice_that_leaves_the_matrix_is_refused(int row, int column, int rows, int columns)
    {
        double[] data = new double[12];
        Assert.Throws<ArgumentOutOfRangeException>(() => data.AsMatrix(3, 4).Slice(row, column, rows, columns));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ReadOnlyMatrixView<double>(data, 3, 4).Slice(row, column, rows, columns));
    }

    [Theory]
    [InlineData(3, 0)]
    [InlineData(-1, 0)]
    [InlineData(0, 4)]
    [InlineData(0, -1)]
    public void An_index_outside_the_matrix_is_refused_with_its_shape(int row, int column)
    {
        double[] data = new double[12];
        Assert.Contains("3 x 4", Assert.Throws<ArgumentOutOfRangeException>(() => data.AsMatrix(3, 4)[row, column]).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new ReadOnlyMatrixView<double>(data, 3, 4)[row, column]);
    }

    [Theory]
    [InlineData(3, 4, 4, 1, 12, true)]
    [InlineData(3, 4, 4, 1, 11, false)]
    [InlineData(3, 4, 10, 2, 27, true)]
    [InlineData(3, 4, 10, 2, 26, false)]
    [InlineData(0, 4, 4, 1, 0, true)]
    [InlineData(4, 0, 0, 0, 0, true)]
    [InlineData(2, 2, int.MaxValue, int.MaxValue, 12, false)]
    public void The_span_must_hold_the_last_element(int rows, int columns, int rowStride, int columnStride, int length, bool fits)
    {
        Exception? thrown = Record.Exception(() => new ReadOnlyMatrixView<double>(new double[length], rows, columns, rowStride, columnStride).IsEmpty);
        Assert.Equal(fits, thrown is null);
        Assert.True(fits || thrown is ArgumentException);
    }

    [Fact]
    public void Negative_sizes_and_strides_of_spans_are_refused()
    {
        double[] data = new double[12];
        Assert.ThrowsAny<ArgumentException>(() => new MatrixView<double>(data, -1, 2).IsEmpty);
        Assert.ThrowsAny<ArgumentException>(() => new MatrixView<double>(data, 2, -1).IsEmpty);
        Assert.ThrowsAny<ArgumentException>(() => new MatrixView<double>(data, 2, 2, -1, 1).IsEmpty);
        Assert.ThrowsAny<ArgumentException>(() => new ReadOnlyMatrixView<double>(data, 2, 2, 2, -1).IsEmpty);
    }

    [Fact]
    public unsafe void Pointers_may_have_negative_strides_but_not_be_null()
    {
        double[] data = [1, 2, 3, 4, 5, 6];
        fixed (double* p = data)
        {
            ReadOnlyMatrixView<double> reversed = ReadOnlyMatrixView<double>.FromPointer(p + 5, 2, 3, -3, -1);
            Assert.Equal(6, reversed[0, 0]);
            Assert.Equal(1, reversed[1, 2]);
        }

        Assert.Throws<ArgumentNullException>(() => MatrixView<double>.FromPointer(null, 1, 1, 1, 1).IsEmpty);
        Assert.True(MatrixView<double>.FromPointer(null, 0, 3, 3, 1).IsEmpty);
    }

    [Fact]
    public void Writable_layouts_that_store_two_entries_in_one_element_are_refused_exactly()
    {
        // Brute force over small layouts: accepted if and only if all addresses differ.
        double[] data = new double[200];
        for (int rows = 0; rows <= 4; rows++)
        {
            for (int columns = 0; columns <= 4; columns++)
            {
                for (int rs = 0; rs <= 6; rs++)
                {
                    for (int cs = 0; cs <= 6; cs++)
                    {
                        int[] addresses = [.. from i in Enumerable.Range(0, rows) from j in Enumerable.Range(0, columns) select (i * rs) + (j * cs)];
                        bool injective = addresses.Distinct().Count() == addresses.Length;
                        (int r, int c, int s, int t) = (rows, columns, rs, cs);
                        Assert.Equal(injective, Record.Exception(() => new MatrixView<double>(data, r, c, s, t).IsEmpty) is null);
                        Assert.Null(Record.Exception(() => new ReadOnlyMatrixView<double>(data, r, c, s, t).IsEmpty));
                    }
                }
            }
        }
    }

    [Fact]
    public void Arrays_and_tensors_convert_without_a_copy()
    {
        double[,] array = { { 1, 2, 3 }, { 4, 5, 6 } };
        MatrixView<double> a = array;
        a[0, 1] = 9;
        Assert.Equal(9, array[0, 1]);

        Tensor<double> tensor = Tensor.Create([1.0, 2, 3, 4, 5, 6], [2, 3]);
        tensor.AsMatrix()[1, 1] = 8;
        ReadOnlyMatrixView<double> r = tensor;
        Assert.Equal(8, r[1, 1]);
        Assert.Equal(8, tensor.AsReadOnlyMatrix()[1, 1]);
        Assert.Equal(6, array.AsReadOnlyMatrix()[1, 2]);
        Assert.Equal(4, new double[] { 1, 2, 3, 4 }.AsReadOnlyMatrix(2, 2)[1, 1]);

        MatrixView<double> empty = new double[0, 5];
        Assert.True(empty.IsEmpty);
        Assert.Equal(5, empty.Columns);
    }

    [Fact]
    public void Tensors_of_another_rank_are_refused_with_their_shape()
    {
        Tensor<double> cube = Tensor.CreateFromShape<double>([2, 3, 4]);
        Assert.Contains("[2, 3, 4]", Assert.Throws<ArgumentException>(() => cube.AsMatrix().IsEmpty).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => { ReadOnlyMatrixView<double> view = cube; });
    }

    [Fact]
    public void Null_owners_are_refused()
    {
        Assert.Throws<ArgumentNullException>(() => { ReadOnlyMatrixView<double> view = (double[,])null!; });
        Assert.Throws<ArgumentNullException>(() => { MatrixView<double> view = (Tensor<double>)null!; });
    }

    [Fact]
    public void Tensors_with_a_mode_of_length_one_have_usable_views()
    {
        MatrixView<double> row = Tensor.Create([1.0, 2, 3], [1, 3]), column = Tensor.Create([1.0, 2, 3], [3, 1]);
        Assert.Equal(3, row[0, 2]);
        Assert.Equal(3, column[2, 0]);
    }

    [Fact]
    public void CopyTo_moves_between_any_two_layouts()
    {
        double[] source = [.. Enumerable.Range(0, 35 * 41).Select(i => (double)i)], target = new double[35 * 41 * 3];
        ReadOnlyMatrixView<double> a = new(source, 35, 41);
        MatrixView<double> columnMajor = MatrixView<double>.FromColumnMajor(target, 35, 41), wide = new(target, 35, 41, 100, 2);
        a.CopyTo(columnMajor);
        Assert.Equal(a[34, 40], columnMajor[34, 40]);
        Assert.Equal(a[3, 7], target[3 + (7 * 35)]);
        a.CopyTo(wide);
        Assert.Equal(a[17, 23], target[1700 + 46]);
        Tensor<double> copy = a.Transpose.ToTensor();
        Assert.Equal([41, 35], copy.Lengths.ToArray());
        Assert.Equal(a[5, 9], copy[9, 5]);
        Assert.Contains("35 x 41", Assert.Throws<ArgumentException>(() => new ReadOnlyMatrixView<double>(source, 35, 41).CopyTo(new double[41, 35])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fill_touches_only_the_view()
    {
        double[] data = new double[40];
        new MatrixView<double>(data, 3, 3, 10, 2).Slice(1, 1, 2, 2).Fill(1);
        Assert.Equal(4, data.Count(x => x == 1));
        Assert.Equal([12, 14, 22, 24], Enumerable.Range(0, 40).Where(i => data[i] == 1));
    }
}
