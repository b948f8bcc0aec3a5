using System.Numerics;
using Polyad.Managed;
using Xunit;

namespace Polyad.Svd;

/// <summary>
/// LAPACK's acceptance ratios for a singular value decomposition (TESTING/EIG/ddrvbd): O(1) for a right result whatever the size and the format, far above
/// the threshold 30 for a wrong one.
/// </summary>
internal static unsafe class SvdRatios
{
    public const double Threshold = 30;

    public static double Ulp<T>() => typeof(T) == typeof(double) ? Math.ScaleB(1, -52) : Math.ScaleB(1, -23);

    /// <summary>Decomposes the row-major a in the layout wished, checks every ratio, and returns the factors (row-major) with the values.</summary>
    public static (T[] U, T[] S, T[] Vt) Check<T>(T[] a, int m, int n, bool full = false, string layout = "row", int threads = 1)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int k = Math.Min(m, n), uc = full ? m : k, vr = full ? n : k;
        T[] u = new T[m * uc], s = new T[k], vt = new T[vr * n], values = new T[k];
        Decompose(a, m, n, u, uc, s, vt, vr, layout, threads);
        fixed (T* pa = a)
        fixed (T* pv = values)
        {
            SvdSolver.RunValues(MatrixBlock<T>.RowMajor(pa, m, n), pv, new Parallelism(threads));
        }

        for (int i = 0; i < k; i++)
        {
            Assert.True(s[i] >= T.Zero && (i == 0 || s[i] <= s[i - 1]), $"s[{i}] = {s[i]} is out of order");
            Assert.True(values[i] >= T.Zero && (i == 0 || values[i] <= values[i - 1]), $"values[{i}] = {values[i]} is out of order");
        }

        // In double and scaled to 1, so that the measurement itself neither rounds as the result does nor overflows.
        double ulp = Ulp<T>(), scale = a.Max(x => Math.Abs(double.CreateChecked(x)));
        scale = scale > 0 ? 1 / scale : 1;
        if (double.IsInfinity(scale))
        {
            scale = double.MaxValue;
        }

        double residual = Residual(a, u, s, vt, m, n, uc, scale, out double norm);
        double r1 = norm > 0 ? residual / (norm * Math.Max(m, n) * ulp) : residual;
        double r2 = Orthogonality(u, m, uc, false) / (m * ulp), r3 = Orthogonality(vt, vr, n, true) / (n * ulp);
        double top = double.CreateChecked(s[0]) * scale, difference = 0;
        for (int i = 0; i < k; i++)
        {
            difference = Math.Max(difference, Math.Abs((double.CreateChecked(s[i]) * scale) - (double.CreateChecked(values[i]) * scale)));
        }

        double r4 = top > 0 ? difference / (k * ulp * top) : difference;
        string report = $"{typeof(T).Name} {m} x {n}: r1 {r1:G3}, r2 {r2:G3}, r3 {r3:G3}, values {r4:G3}";
        Assert.True(r1 < Threshold && r2 < Threshold && r3 < Threshold && r4 < Threshold, report);
        return (u, s, vt);
    }

    public static void Decompose<T>(T[] a, int m, int n, T[] u, int uc, T[] s, T[] vt, int vr, string layout, int threads)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] la = Lay(a, m, n, layout), lu = Lay(u, m, uc, layout), lv = Lay(vt, vr, n, layout);
        fixed (T* pa = la, pu = lu, pv = lv, ps = s)
        {
            SvdSolver.Run(Block(pa, m, n, layout), Block(pu, m, uc, layout), ps, Block(pv, vr, n, layout), new Parallelism(threads));
            Read(Block(pu, m, uc, layout), u);
            Read(Block(pv, vr, n, layout), vt);
        }
    }

    private static MatrixBlock<T> Block<T>(T* data, int rows, int columns, string layout)
        where T : unmanaged
        => layout switch
        {
            "row" => MatrixBlock<T>.RowMajor(data, rows, columns),
            "column" => MatrixBlock<T>.ColumnMajor(data, rows, columns),
            _ => new(data, rows, columns, (2 * columns) + 3, 2),
        };

    private static T[] Lay<T>(T[] a, int rows, int columns, string layout)
        where T : unmanaged
    {
        T[] data = new T[rows * ((2 * columns) + 3)];
        fixed (T* p = data)
        {
            MatrixBlock<T> block = Block(p, rows, columns, layout);
            for (int i = 0; i < rows; i++)
            {
                for (int j = 0; j < columns; j++)
                {
                    block[i, j] = a[(i * columns) + j];
                }
            }
        }

        return data;
    }

    private static void Read<T>(in MatrixBlock<T> block, T[] target)
        where T : unmanaged
    {
        for (int i = 0; i < block.Rows; i++)
        {
            for (int j = 0; j < block.Columns; j++)
            {
                target[(i * block.Columns) + j] = block[i, j];
            }
        }
    }

    private static double Residual<T>(T[] a, T[] u, T[] s, T[] vt, int m, int n, int uc, double scale, out double norm)
        where T : unmanaged, INumberBase<T>
    {
        double[] columnResidual = new double[n], columnNorm = new double[n], row = new double[n];
        for (int i = 0; i < m; i++)
        {
            Array.Clear(row);
            for (int l = 0; l < s.Length; l++)
            {
                double us = double.CreateChecked(u[(i * uc) + l]) * (double.CreateChecked(s[l]) * scale);
                for (int j = 0; j < n; j++)
                {
                    row[j] += us * double.CreateChecked(vt[(l * n) + j]);
                }
            }

            for (int j = 0; j < n; j++)
            {
                double entry = double.CreateChecked(a[(i * n) + j]) * scale;
                columnResidual[j] += Math.Abs(entry - row[j]);
                columnNorm[j] += Math.Abs(entry);
            }
        }

        norm = columnNorm.Max();
        return columnResidual.Any(double.IsNaN) ? double.NaN : columnResidual.Max();
    }

    /// <summary>The 1-norm of I - Q^T Q, or of I - Q Q^T for orthonormal rows.</summary>
    private static double Orthogonality<T>(T[] q, int rows, int columns, bool byRow)
        where T : unmanaged, INumberBase<T>
    {
        int count = byRow ? rows : columns, length = byRow ? columns : rows;
        double[][] lines = new double[count][];
        for (int i = 0; i < count; i++)
        {
            lines[i] = new double[length];
            for (int j = 0; j < length; j++)
            {
                lines[i][j] = double.CreateChecked(byRow ? q[(i * columns) + j] : q[(j * columns) + i]);
            }
        }

        double worst = 0;
        for (int i = 0; i < count; i++)
        {
            double sum = 0;
            for (int j = 0; j < count; j++)
            {
                sum += Math.Abs((i == j ? 1 : 0) - System.Numerics.Tensors.TensorPrimitives.Dot<double>(lines[i], lines[j]));
            }

            worst = double.IsNaN(sum) ? sum : Math.Max(worst, sum);
        }

        return worst;
    }
}
