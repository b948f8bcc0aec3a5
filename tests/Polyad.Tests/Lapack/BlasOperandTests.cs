using Polyad.Lapack;
using Xunit;

namespace Polyad.Tests.Lapack;

/// <summary>Which layouts BLAS takes as they lie.</summary>
public sealed unsafe class BlasOperandTests
{
    [Theory]
    [InlineData(5, 3, 3, 1, true, 3)] // row-major
    [InlineData(5, 3, 7, 1, true, 7)] // a block of a wider row-major matrix
    [InlineData(5, 3, 1, 5, false, 5)] // column-major
    [InlineData(5, 3, 1, 9, false, 9)]
    [InlineData(1, 3, 0, 1, false, 1)] // a row whose row stride a tensor gave as 0
    [InlineData(1, 3, 3, 4, false, 4)] // a strided row
    [InlineData(5, 1, 1, 0, false, 5)] // a column whose column stride a tensor gave as 0
    [InlineData(5, 1, 4, 1, true, 4)] // a strided column
    [InlineData(1, 1, 0, 0, false, 1)]
    public void Unit_strides_are_used_in_place(int rows, int columns, int rowStride, int columnStride, bool transposed, int leading)
    {
        Assert.True(BlasOperand<double>.TryInPlace(new MatrixBlock<double>(null, rows, columns, rowStride, columnStride), int.MaxValue, out bool isTransposed, out nint actual));
        Assert.Equal(transposed, isTransposed);
        Assert.Equal(leading, actual);
    }

    [Theory]
    [InlineData(5, 3, 6, 2)] // every second element
    [InlineData(5, 3, -3, 1)] // rows in reverse
    [InlineData(5, 3, 1, 1)] // a Hankel view: columns overlap
    [InlineData(5, 3, 0, 1)] // one row repeated
    [InlineData(1, 3, 0, 0)] // one element repeated
    public void Other_strides_are_packed(int rows, int columns, int rowStride, int columnStride)
        => Assert.False(BlasOperand<double>.TryInPlace(new MatrixBlock<double>(null, rows, columns, rowStride, columnStride), int.MaxValue, out _, out _));

    [Fact]
    public void A_leading_dimension_beyond_the_librarys_integer_is_packed()
    {
        MatrixBlock<double> far = new(null, 2, 2, unchecked((nint)3_000_000_000), 1);
        Assert.False(BlasOperand<double>.TryInPlace(far, int.MaxValue, out _, out _));
        Assert.True(BlasOperand<double>.TryInPlace(far, long.MaxValue, out _, out _));
    }
}
