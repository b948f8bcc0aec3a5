using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Cli.Compare;

/// <summary>Inputs that are the same in every run and for every engine.</summary>
internal static class SeededInput
{
    private const int Seed = 20260;

    public static double Epsilon<T>()
        => typeof(T) == typeof(float) ? Math.ScaleB(1, -23) : Math.ScaleB(1, -52);

    /// <summary>Room for a result, zeros.</summary>
    public static T[] Zeros<T>(long count)
        where T : unmanaged
    {
        T[] values = Fresh<T>(count);
        values.AsSpan().Clear();
        return values;
    }

    /// <summary>Uniform in [-1, 1).</summary>
    public static T[] Uniform<T>(long count, int stream = 0)
        where T : unmanaged, INumberBase<T>
    {
        Random random = new(Seed + stream);
        T[] values = Fresh<T>(count);
        for (long i = 0; i < count; i++)
        {
            values[i] = T.CreateTruncating((2 * random.NextDouble()) - 1);
        }

        return values;
    }

    /// <summary>Memory as the library's own results have it.</summary>
    private static T[] Fresh<T>(long count)
        where T : unmanaged
        => FreshMemory.UninitializedArray<T>(checked((int)count));

    /// <summary>Rows of length 1.</summary>
    public static T[] UnitRows<T>(int rows, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] values = Uniform<T>((long)rows * columns);
        for (int i = 0; i < rows; i++)
        {
            Span<T> row = values.AsSpan(checked(i * columns), columns);
            TensorPrimitives.Divide(row, TensorPrimitives.Norm<T>(row), row);
        }

        return values;
    }

    /// <summary>Symmetric, uniform in [-1, 1), with <paramref name="shift"/> added to the diagonal: n makes it positive definite and well conditioned.</summary>
    public static T[] Symmetric<T>(int n, double shift)
        where T : unmanaged, INumberBase<T>
    {
        T[] a = Uniform<T>((long)n * n);
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < i; j++)
            {
                a[((long)j * n) + i] = a[((long)i * n) + j];
            }

            a[((long)i * n) + i] += T.CreateTruncating(shift);
        }

        return a;
    }

    /// <summary>
    /// A dense m x n matrix with the given singular values: H_u D H_v with Householder reflections of random vectors. For m = n and <paramref name="symmetric"/> both are one, and the values are eigenvalues.
    /// </summary>
    public static T[] WithSpectrum<T>(int m, int n, ReadOnlySpan<double> values, bool symmetric = false)
        where T : unmanaged, INumberBase<T>
    {
        double[] v = Uniform<double>(n, 1), u = symmetric ? v : Uniform<double>(m, 2);
        double[] a = new double[(long)m * n];
        double uScale = 2 / u.Sum(static x => x * x), vScale = 2 / v.Sum(static x => x * x);

        // (I - b u u^T) D (I - c v v^T) = D - b u (Du)^T - c (Dv) v^T + b c (u^T D v) u v^T.
        double inner = 0;
        for (int i = 0; i < values.Length; i++)
        {
            inner += u[i] * values[i] * v[i];
        }

        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                double rightTerm = j < values.Length ? uScale * u[i] * values[j] * u[j] : 0;
                double leftTerm = i < values.Length ? vScale * values[i] * v[i] * v[j] : 0;
                a[((long)i * n) + j] = (i == j ? values[i] : 0) - rightTerm - leftTerm + (uScale * vScale * inner * u[i] * v[j]);
            }
        }

        T[] rounded = Fresh<T>(a.LongLength);
        for (long i = 0; i < a.LongLength; i++)
        {
            rounded[i] = T.CreateTruncating(a[i]);
        }

        return rounded;
    }
}
