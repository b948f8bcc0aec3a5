using System.Numerics;

namespace Polyad.Factorizations;

/// <summary>How a test matrix lies in memory.</summary>
public enum Layout
{
    RowMajor,
    ColumnMajor,

    /// <summary>Neither stride is 1, and there are gaps.</summary>
    Strided,
}

/// <summary>A matrix of the tests: owns its memory, is filled in double and rounded, and measures in double what the kernels made in T.</summary>
internal sealed class DenseSample<T>
    where T : unmanaged, INumberBase<T>
{
    private readonly T[] _data;
    private readonly nint _rowStride;
    private readonly nint _columnStride;

    public DenseSample(int rows, int columns, Layout layout = Layout.RowMajor)
    {
        Rows = rows;
        Columns = columns;
        (_rowStride, _columnStride) = layout switch
        {
            Layout.RowMajor => (columns, 1),
            Layout.ColumnMajor => (1, rows),
            _ => ((3 * columns) + 1, 3),
        };
        _data = new T[(rows * Math.Max(_rowStride, 1)) + (columns * Math.Max(_columnStride, 1)) + 1];

        // What a kernel must overwrite, it must not read.
        Array.Fill(_data, T.CreateChecked(double.NaN));
    }

    public static double Epsilon => typeof(T) == typeof(float) ? 1.1920929e-7 : 2.220446049250313e-16;

    public int Rows { get; }

    public int Columns { get; }

    public MatrixView<T> View => new(_data, Rows, Columns, _rowStride, _columnStride);

    public double this[int i, int j] => double.CreateChecked(_data[(i * _rowStride) + (j * _columnStride)]);

    public static DenseSample<T> From(int rows, int columns, Func<int, int, double> entry, Layout layout = Layout.RowMajor)
    {
        DenseSample<T> made = new(rows, columns, layout);
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                made._data[(i * made._rowStride) + (j * made._columnStride)] = T.CreateChecked(entry(i, j));
            }
        }

        return made;
    }

    /// <summary>Uniform on [-scale, scale].</summary>
    public static DenseSample<T> Random(int rows, int columns, int seed, Layout layout = Layout.RowMajor, double scale = 1)
    {
        Random random = new(seed);
        return From(rows, columns, (_, _) => scale * ((2 * random.NextDouble()) - 1), layout);
    }

    /// <summary>The entries in double, row-major, times a factor that brings extreme scales back to where their squares are finite.</summary>
    public double[,] ToDouble(double factor = 1)
    {
        double[,] copy = new double[Rows, Columns];
        for (int i = 0; i < Rows; i++)
        {
            for (int j = 0; j < Columns; j++)
            {
                copy[i, j] = this[i, j] * factor;
            }
        }

        return copy;
    }

    public bool SameBits(DenseSample<T> other)
    {
        for (int i = 0; i < Rows; i++)
        {
            for (int j = 0; j < Columns; j++)
            {
                if (BitConverter.DoubleToInt64Bits(this[i, j]) != BitConverter.DoubleToInt64Bits(other[i, j]))
                {
                    return false;
                }
            }
        }

        return true;
    }
}

/// <summary>Plain double arithmetic that the residuals are measured with.</summary>
internal static class Residual
{
    public static double[,] Multiply(double[,] a, double[,] b)
    {
        int m = a.GetLength(0), n = b.GetLength(1), k = a.GetLength(1);
        double[,] c = new double[m, n];
        for (int i = 0; i < m; i++)
        {
            for (int p = 0; p < k; p++)
            {
                double x = a[i, p];
                if (x == 0)
                {
                    continue;
                }

                for (int j = 0; j < n; j++)
                {
                    c[i, j] += x * b[p, j];
                }
            }
        }

        return c;
    }

    public static double[,] Transpose(double[,] a)
    {
        double[,] t = new double[a.GetLength(1), a.GetLength(0)];
        for (int i = 0; i < a.GetLength(0); i++)
        {
            for (int j = 0; j < a.GetLength(1); j++)
            {
                t[j, i] = a[i, j];
            }
        }

        return t;
    }

    public static double[,] Identity(int n)
    {
        double[,] identity = new double[n, n];
        for (int i = 0; i < n; i++)
        {
            identity[i, i] = 1;
        }

        return identity;
    }

    /// <summary>The 1-norm (largest column sum); NaN when an entry is.</summary>
    public static double Norm(double[,] a)
    {
        double largest = 0;
        for (int j = 0; j < a.GetLength(1); j++)
        {
            double sum = 0;
            for (int i = 0; i < a.GetLength(0); i++)
            {
                sum += Math.Abs(a[i, j]);
            }

            largest = double.IsNaN(sum) ? double.NaN : Math.Max(largest, sum);
        }

        return largest;
    }

    public static double Distance(double[,] a, double[,] b)
    {
        double[,] d = new double[a.GetLength(0), a.GetLength(1)];
        for (int i = 0; i < a.GetLength(0); i++)
        {
            for (int j = 0; j < a.GetLength(1); j++)
            {
                d[i, j] = a[i, j] - b[i, j];
            }
        }

        return Norm(d);
    }

    /// <summary>LAPACK's test ratio: an error over (norm * size * eps). A backward stable algorithm stays below 30.</summary>
    public static double Ratio(double error, double norm, int size, double epsilon)
        => error == 0 ? 0 : error / (norm * Math.Max(size, 1) * epsilon);
}
