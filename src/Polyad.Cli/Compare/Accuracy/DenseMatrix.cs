using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Cli.Compare.Accuracy;

/// <summary>A row-major matrix of doubles in which results of either element type are judged.</summary>
internal sealed class DenseMatrix(double[] values, int rows, int columns)
{
    public double[] Values { get; } = values;

    public int Rows { get; } = rows;

    public int Columns { get; } = columns;

    public static DenseMatrix From<T>(T[] values, int rows, int columns)
        where T : unmanaged, INumberBase<T>
    {
        double[] copy = new double[(long)rows * columns];
        TensorPrimitives.ConvertTruncating<T, double>(values.AsSpan(0, copy.Length), copy);
        return new DenseMatrix(copy, rows, columns);
    }

    /// <summary>Largest column sum of magnitudes.</summary>
    public double Norm1()
    {
        double[] sums = new double[Columns];
        for (int i = 0; i < Rows; i++)
        {
            for (int j = 0; j < Columns; j++)
            {
                sums[j] += Math.Abs(Values[(i * (long)Columns) + j]);
            }
        }

        return sums.Length == 0 ? 0 : sums.Max();
    }

    /// <summary>this - left * right, or its transposes. The product is the managed engine's, which <see cref="ProductAccuracy"/> judges by itself.</summary>
    public DenseMatrix Minus(DenseMatrix left, DenseMatrix right, bool transposeLeft = false, bool transposeRight = false)
    {
        double[] result = (double[])Values.Clone();
        ReadOnlyMatrixView<double> a = new(left.Values, left.Rows, left.Columns), b = new(right.Values, right.Rows, right.Columns);
        ManagedBackend.Shared.MatMul(-1, transposeLeft ? a.Transpose : a, transposeRight ? b.Transpose : b, 1, new MatrixView<double>(result, Rows, Columns));
        return new DenseMatrix(result, Rows, Columns);
    }

    /// <summary>Columns multiplied by the entries of a vector.</summary>
    public DenseMatrix ScaleColumns(ReadOnlySpan<double> scale)
    {
        double[] result = new double[Values.Length];
        for (int i = 0; i < Rows; i++)
        {
            TensorPrimitives.Multiply(Values.AsSpan(i * Columns, Columns), scale[..Columns], result.AsSpan(i * Columns, Columns));
        }

        return new DenseMatrix(result, Rows, Columns);
    }

    public static DenseMatrix Identity(int n)
    {
        double[] values = new double[(long)n * n];
        for (int i = 0; i < n; i++)
        {
            values[(i * (long)n) + i] = 1;
        }

        return new DenseMatrix(values, n, n);
    }
}
