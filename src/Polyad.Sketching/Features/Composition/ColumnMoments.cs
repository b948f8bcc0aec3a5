using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Polyad.Sketching;

/// <summary>The number of rows, the mean of each column and the sum of its squared distances from it.</summary>
internal sealed record ColumnMoments(double Count, double[] Mean, double[] SquareSum)
{
    /// <summary>The moments of some rows, in two passes.</summary>
    public static ColumnMoments Of<T>(in FeatureRows<T> x)
        where T : unmanaged, INumberBase<T>
    {
        double[] mean = new double[x.Columns], squares = new double[x.Columns], row = new double[x.Columns];
        for (int i = 0; i < x.Rows; i++)
        {
            Read(x, i, row);
            TensorPrimitives.Add(mean, row, mean);
        }

        TensorPrimitives.Divide(mean, x.Rows, mean);
        for (int i = 0; i < x.Rows; i++)
        {
            Read(x, i, row);
            TensorPrimitives.Subtract(row, mean, row);
            TensorPrimitives.MultiplyAdd(row, row, squares, squares);
        }

        return new ColumnMoments(x.Rows, mean, squares);
    }

    /// <summary>The moments of two sets of rows together (Chan, Golub, LeVeque 1983).</summary>
    public static ColumnMoments Merge(ColumnMoments a, ColumnMoments b)
    {
        double count = a.Count + b.Count;
        double[] mean = new double[a.Mean.Length], squares = new double[a.Mean.Length];
        for (int j = 0; j < mean.Length; j++)
        {
            double step = b.Mean[j] - a.Mean[j];
            mean[j] = a.Mean[j] + (step * b.Count / count);
            squares[j] = a.SquareSum[j] + b.SquareSum[j] + (step * step * a.Count * b.Count / count);
        }

        return new ColumnMoments(count, mean, squares);
    }

    /// <summary>Whether what varies in column j is no more than the rounding of its mean and variance (the bound that scikit-learn uses).</summary>
    public bool IsConstant(int j)
    {
        double rounding = Count * LinearAlgebra.Epsilon<double>(), variance = SquareSum[j] / Count;
        return variance <= (rounding * variance) + (rounding * Mean[j] * rounding * Mean[j]);
    }

    private static void Read<T>(in FeatureRows<T> x, int i, double[] row)
        where T : unmanaged, INumberBase<T>
    {
        if (x.IsSparse)
        {
            ReadOnlySpan<int> columns = x.EntryColumns(i);
            ReadOnlySpan<T> values = x.EntryValues(i);
            Array.Clear(row);
            for (int p = 0; p < columns.Length; p++)
            {
                row[columns[p]] = double.CreateChecked(values[p]);
            }
        }
        else if (x.Dense.ColumnStride == 1)
        {
            TensorPrimitives.ConvertChecked<T, double>(MemoryMarshal.CreateReadOnlySpan(in x.Dense[i, 0], row.Length), row);
        }
        else
        {
            for (int j = 0; j < row.Length; j++)
            {
                row[j] = double.CreateChecked(x.Dense[i, j]);
            }
        }
    }
}
