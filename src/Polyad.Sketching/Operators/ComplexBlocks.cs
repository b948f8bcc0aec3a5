using System.Numerics;

namespace Polyad.Sketching;

/// <summary>The real and imaginary parts of a pinned complex matrix as two real ones with doubled strides; a real matrix has no imaginary part.</summary>
internal readonly unsafe struct ComplexBlocks(MatrixBlock<double> real, MatrixBlock<double> imaginary)
{
    public MatrixBlock<double> Real => real;

    public MatrixBlock<double> Imaginary => imaginary;

    public bool IsReal => imaginary.Data == null;

    public ComplexBlocks Transpose => new(real.Transpose, imaginary.Transpose);

    public static ComplexBlocks Of(Complex* data, int rows, int columns, nint rowStride, nint columnStride)
        => new(new((double*)data, rows, columns, 2 * rowStride, 2 * columnStride), new((double*)data + 1, rows, columns, 2 * rowStride, 2 * columnStride));

    public ComplexBlocks Slice(int row, int column, int rows, int columns)
        => new(real.Slice(row, column, rows, columns), IsReal ? default : imaginary.Slice(row, column, rows, columns));
}
