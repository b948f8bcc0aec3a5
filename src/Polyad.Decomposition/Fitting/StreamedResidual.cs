using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>
/// ||X - A B|| / ||X|| computed from the differences themselves, a block at a time. The identity ||X||^2 + ||M||^2 - 2 &lt;X, M&gt; cannot see errors below the square root
/// of the machine epsilon; this can.
/// </summary>
internal static class StreamedResidual
{
    private const int BlockElements = 1 << 18;
    private const int BlockColumns = 1 << 14;

    /// <summary><paramref name="x"/> is rows x columns, row-major, of norm <paramref name="norm"/>; 0 for a zero tensor that is met exactly.</summary>
    public static double Relative<T>(ILinearAlgebraBackend backend, ReadOnlySpan<T> x, double norm, in ReadOnlyMatrixView<T> a, in ReadOnlyMatrixView<T> b)
        where T : unmanaged, INumberBase<T>
    {
        int rows = a.Rows, columns = b.Columns;
        int width = Math.Min(columns, BlockColumns), height = Math.Min(rows, Math.Max(1, BlockElements / width));
        T[] block = GC.AllocateUninitializedArray<T>(width * height);
        T scale = norm > 0 ? T.CreateTruncating(norm) : T.One;
        double sum = 0;
        for (int i = 0; i < rows; i += height)
        {
            int m = Math.Min(height, rows - i);
            for (int j = 0; j < columns; j += width)
            {
                int n = Math.Min(width, columns - j);
                backend.MatMul(T.One, a.Slice(i, 0, m, a.Columns), b.Slice(0, j, b.Rows, n), T.Zero, new MatrixView<T>(block, m, n));
                for (int k = 0; k < m; k++)
                {
                    Span<T> line = block.AsSpan(k * n, n);
                    TensorPrimitives.Subtract(x.Slice(((i + k) * columns) + j, n), line, line);
                    TensorPrimitives.Divide(line, scale, line);
                    sum += double.CreateSaturating(TensorPrimitives.SumOfSquares<T>(line));
                }
            }
        }

        return Math.Sqrt(sum);
    }
}
