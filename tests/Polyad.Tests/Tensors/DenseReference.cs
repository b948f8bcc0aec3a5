using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Tensors;

/// <summary>The definitions, element by element in double.</summary>
internal static class DenseReference
{
    public static Tensor<T> Random<T>(Random random, params nint[] lengths)
        where T : unmanaged, INumberBase<T>
    {
        Tensor<T> x = Tensor.CreateFromShape<T>(lengths);
        T[] data = new T[x.FlattenedLength];
        for (int i = 0; i < data.Length; i++)
        {
            data[i] = T.CreateChecked(random.NextDouble() - 0.5);
        }

        return data.Length == 0 ? x : Tensor.Create(data, lengths);
    }

    /// <summary>All elements in row-major order of the indices, whatever the strides.</summary>
    public static double[] Flat<T>(Tensor<T> x)
        where T : unmanaged, INumberBase<T>
    {
        double[] flat = new double[x.FlattenedLength];
        T[] raw = new T[x.FlattenedLength];
        x.FlattenTo(raw);
        for (int i = 0; i < raw.Length; i++)
        {
            flat[i] = double.CreateChecked(raw[i]);
        }

        return flat;
    }

    /// <summary>Entry (i, j) of the unfolding for every element: the remaining modes in order, the last fastest.</summary>
    public static double[,] Unfold<T>(Tensor<T> x, int mode)
        where T : unmanaged, INumberBase<T>
    {
        (int left, int length, int right) = Split(x.Lengths, mode);
        double[] flat = Flat(x);
        double[,] u = new double[length, left * right];
        for (int l = 0; l < left; l++)
        {
            for (int i = 0; i < length; i++)
            {
                for (int r = 0; r < right; r++)
                {
                    u[i, (l * right) + r] = flat[(((l * length) + i) * right) + r];
                }
            }
        }

        return u;
    }

    public static double[,] KhatriRao<T>(Tensor<T>[] factors, int skip, int rank)
        where T : unmanaged, INumberBase<T>
    {
        double[,] product = new double[1, rank];
        for (int r = 0; r < rank; r++)
        {
            product[0, r] = 1;
        }

        for (int k = 0; k < factors.Length; k++)
        {
            if (k == skip)
            {
                continue;
            }

            double[] f = Flat(factors[k]);
            int rows = product.GetLength(0), more = (int)factors[k].Lengths[0];
            double[,] next = new double[rows * more, rank];
            for (int i = 0; i < rows * more; i++)
            {
                for (int r = 0; r < rank; r++)
                {
                    next[i, r] = product[i / more, r] * f[((i % more) * rank) + r];
                }
            }

            product = next;
        }

        return product;
    }

    public static double[,] Multiply(double[,] a, double[,] b)
    {
        double[,] c = new double[a.GetLength(0), b.GetLength(1)];
        for (int i = 0; i < c.GetLength(0); i++)
        {
            for (int k = 0; k < a.GetLength(1); k++)
            {
                for (int j = 0; j < c.GetLength(1); j++)
                {
                    c[i, j] += a[i, k] * b[k, j];
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

    public static double[,] Matrix<T>(Tensor<T> m)
        where T : unmanaged, INumberBase<T>
    {
        double[] flat = Flat(m);
        int rows = (int)m.Lengths[0], columns = (int)m.Lengths[1];
        double[,] a = new double[rows, columns];
        Buffer.BlockCopy(flat, 0, a, 0, flat.Length * sizeof(double));
        return a;
    }

    public static double MaxDifference(double[,] a, double[,] b)
    {
        Xunit.Assert.Equal(a.GetLength(0), b.GetLength(0));
        Xunit.Assert.Equal(a.GetLength(1), b.GetLength(1));
        double max = 0;
        for (int i = 0; i < a.GetLength(0); i++)
        {
            for (int j = 0; j < a.GetLength(1); j++)
            {
                max = Math.Max(max, Math.Abs(a[i, j] - b[i, j]));
            }
        }

        return max;
    }

    public static (int Left, int Length, int Right) Split(ReadOnlySpan<nint> lengths, int mode)
    {
        int left = 1, right = 1;
        for (int k = 0; k < lengths.Length; k++)
        {
            left *= k < mode ? (int)lengths[k] : 1;
            right *= k > mode ? (int)lengths[k] : 1;
        }

        return (left, (int)lengths[mode], right);
    }

    public static nint[][] Shapes =>
    [
        [5], [1], [4, 7], [1, 9], [17, 1], [3, 4, 2], [9, 1, 8], [1, 1, 6], [33, 17, 65], [16, 24, 8], [2, 3, 4, 5], [7, 1, 5, 9], [3, 2, 2, 3, 4],
        [2, 1, 3, 2, 1, 4], [2, 2, 2, 2, 2, 2], [3, 3, 2, 2, 3, 2], [70, 5, 40], [5, 70, 3], [3, 130, 200], [0, 3, 4], [3, 0, 4], [3, 4, 0], [2, 3, 0, 2],
    ];
}
