using System.Numerics;

namespace Polyad.MathNet;

public sealed partial class MathNetBackend
{
    /// <inheritdoc/>
    protected override void SvdCore<T>(in ReadOnlyMatrixView<T> a, in MatrixView<T> u, Span<T> s, in MatrixView<T> vt)
    {
        // Math.NET's algorithm is LINPACK's, which is at home on matrices that are not wide.
        if (a.Rows < a.Columns)
        {
            SvdCore(a.Transpose, vt.Transpose, s, u.Transpose);
            return;
        }

        int m = a.Rows, n = a.Columns;
        using CallArrays arrays = new(_shelf);
        T[] work = arrays.CopyOf(a);
        if (!PowerOfTwoScale.Normalize<T>(work, out T restore))
        {
            s.Fill(NaN<T>());
            u.Fill(NaN<T>());
            vt.Fill(NaN<T>());
            return;
        }

        T[] values = new T[n], left = arrays.Create<T>(n, n), right = arrays.Create<T>(n, n);
        if (m == n)
        {
            Converging(() => Own<T>().SingularValueDecomposition(true, work, n, n, values, left, right));
            ColumnMajorArray.Write(left, n, u);
        }
        else
        {
            T[] q = Orthogonalize(arrays, work, m, n, full: u.Columns == m, out T[] triangle);
            T[] square = u.Columns == m ? TopRows(arrays, triangle, m, n) : triangle;
            Converging(() => Own<T>().SingularValueDecomposition(true, square, n, n, values, left, right));
            ColumnMajorArray.Write(q, m, u);
            T[] first = u.Columns == m ? q[..(m * n)] : q, product = arrays.Create<T>(m, n);
            using (ControlThreads.Limit(Threads))
            {
                Own<T>().MatrixMultiply(first, m, n, left, n, n, product);
            }

            ColumnMajorArray.Write(product, m, u.Slice(0, 0, m, n));
        }

        values.CopyTo(s);
        PowerOfTwoScale.Multiply(s, restore);
        ColumnMajorArray.Write(right, n, vt);
        if (!ColumnsOrthonormal(u) || !ColumnsOrthonormal(vt.Transpose))
        {
            _managed.Svd(a, u, s, vt, Unchecked);
        }
    }

    /// <inheritdoc/>
    protected override void SingularValuesCore<T>(in ReadOnlyMatrixView<T> a, Span<T> s)
    {
        if (a.Rows < a.Columns)
        {
            SingularValuesCore(a.Transpose, s);
            return;
        }

        int m = a.Rows, n = a.Columns;
        using CallArrays arrays = new(_shelf);
        T[] work = arrays.CopyOf(a);
        if (!PowerOfTwoScale.Normalize<T>(work, out T restore))
        {
            s.Fill(NaN<T>());
            return;
        }

        // The arrays for vectors must have their full size even where no vectors are computed.
        T[] square = work, values = new T[n], left = arrays.Create<T>(n, n), right = arrays.Create<T>(n, n);
        if (m > n)
        {
            Orthogonalize(arrays, work, m, n, full: false, out square);
        }

        Converging(() => Own<T>().SingularValueDecomposition(false, square, n, n, values, left, right));
        values.CopyTo(s);
        PowerOfTwoScale.Multiply(s, restore);
    }

    private static T[] TopRows<T>(CallArrays arrays, T[] a, int rows, int columns)
        where T : unmanaged
    {
        T[] top = arrays.Create<T>(columns, columns);
        for (int j = 0; j < columns; j++)
        {
            Array.Copy(a, j * rows, top, j * columns, columns);
        }

        return top;
    }
}
