using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Polyad.Managed;

namespace Polyad;

/// <summary>
/// The fast Walsh-Hadamard transform in natural (Hadamard) order, unscaled: y[i] = sum of (-1)^popcount(i AND j) x[j]. It is its own inverse up to 1/n. n log2 n additions.
/// Every output is the same tree of additions whatever the vector width, so results are bit-equal on all machines.
/// </summary>
public static unsafe class WalshHadamard
{
    /// <summary>Elements of a part that stays in the nearest cache while its stages are done.</summary>
    private const int CachePart = 1 << 11;

    /// <summary>Transforms in place.</summary>
    /// <exception cref="ArgumentException">The length is not a power of two.</exception>
    public static void Forward<T>(Span<T> x)
        where T : unmanaged, INumberBase<T>
    {
        CheckLength<T>(x.Length);
        fixed (T* p = x)
        {
            Transform(p, x.Length);
        }
    }

    /// <summary>Transforms every row in place.</summary>
    /// <param name="x">Any number of rows, a power of two columns.</param>
    /// <exception cref="ArgumentException">The number of columns is not a power of two.</exception>
    public static void ForwardRows<T>(in MatrixView<T> x)
        where T : unmanaged, INumberBase<T>
    {
        CheckLength<T>(x.Columns);
        fixed (T* p = x)
        {
            MatrixBlock<T> block = Pinned.Block(x, p);
            int threads = Parallelism.Current.ThreadsForBytes((double)x.Rows * x.Columns * sizeof(T));
            if (x.ColumnStride == 1 || x.Columns == 1)
            {
                WorkTeam.Run(block.Rows, threads, i => Transform(block.Data + (i * block.RowStride), block.Columns));
                return;
            }

            WorkTeam.Run(block.Rows, threads, i =>
            {
                using Scratch<T> row = Workspace.Rent<T>(block.Columns);
                MatrixBlock<T> line = block.Slice(i, 0, 1, block.Columns), dense = MatrixBlock<T>.RowMajor(row.Pointer, 1, block.Columns);
                BlockCopy.Run(line, dense);
                Transform(row.Pointer, block.Columns);
                BlockCopy.Run(dense, line);
            });
        }
    }

    /// <summary>Transforms every column in place; the rows of a row-major matrix are added as vectors.</summary>
    /// <param name="x">A power of two rows, any number of columns.</param>
    /// <exception cref="ArgumentException">The number of rows is not a power of two.</exception>
    public static void ForwardColumns<T>(in MatrixView<T> x)
        where T : unmanaged, INumberBase<T>
    {
        CheckLength<T>(x.Rows);
        if (x.ColumnStride != 1 || x.Columns == 1)
        {
            ForwardRows(x.Transpose);
            return;
        }

        fixed (T* p = x)
        {
            for (int h = 1; h < x.Rows; h *= 2)
            {
                for (int i = 0; i < x.Rows; i += 2 * h)
                {
                    for (int j = i; j < i + h; j++)
                    {
                        Butterflies(p + (j * x.RowStride), p + ((j + h) * x.RowStride), x.Columns);
                    }
                }
            }
        }
    }

    /// <summary>Halves first: stages commute, so large ones split the vector until a part fits the cache, where the rest are done.</summary>
    private static void Transform<T>(T* x, int n)
        where T : unmanaged, INumberBase<T>
    {
        if (n > CachePart)
        {
            int quarter = n / 4;
            FourWay(x, x + quarter, x + (2 * quarter), x + (3 * quarter), quarter);
            for (int i = 0; i < 4; i++)
            {
                Transform(x + (i * (nint)quarter), quarter);
            }

            return;
        }

        int h = n / 2;
        for (; h >= 8; h /= 2)
        {
            for (int i = 0; i < n; i += 2 * h)
            {
                Butterflies(x + i, x + i + h, h);
            }
        }

        Short(x, n, h);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Short<T>(T* x, int n, int h)
        where T : unmanaged, INumberBase<T>
    {
        if (h == 4)
        {
            for (int i = 0; i < n; i += 8)
            {
                T a = x[i], b = x[i + 1], c = x[i + 2], d = x[i + 3], e = x[i + 4], f = x[i + 5], g = x[i + 6], k = x[i + 7];
                (a, e, b, f, c, g, d, k) = (a + e, a - e, b + f, b - f, c + g, c - g, d + k, d - k);
                (a, c, b, d, e, g, f, k) = (a + c, a - c, b + d, b - d, e + g, e - g, f + k, f - k);
                (x[i], x[i + 1], x[i + 2], x[i + 3]) = (a + b, a - b, c + d, c - d);
                (x[i + 4], x[i + 5], x[i + 6], x[i + 7]) = (e + f, e - f, g + k, g - k);
            }

            return;
        }

        for (; h >= 1; h /= 2)
        {
            for (int i = 0; i < n; i += 2 * h)
            {
                for (int j = i; j < i + h; j++)
                {
                    (x[j], x[j + h]) = (x[j] + x[j + h], x[j] - x[j + h]);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Butterflies<T>(T* a, T* b, int n)
        where T : unmanaged, INumberBase<T>
    {
        int i = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            for (; i <= n - Vector512<T>.Count; i += Vector512<T>.Count)
            {
                Vector512<T> u = Vector512.Load(a + i), v = Vector512.Load(b + i);
                (u + v).Store(a + i);
                (u - v).Store(b + i);
            }
        }

        for (; i <= n - Vector<T>.Count; i += Vector<T>.Count)
        {
            Vector<T> u = Vector.Load(a + i), v = Vector.Load(b + i);
            (u + v).Store(a + i);
            (u - v).Store(b + i);
        }

        for (; i < n; i++)
        {
            (a[i], b[i]) = (a[i] + b[i], a[i] - b[i]);
        }
    }

    /// <summary>Two stages in one pass over memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourWay<T>(T* a, T* b, T* c, T* d, int n)
        where T : unmanaged, INumberBase<T>
    {
        int i = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            for (; i <= n - Vector512<T>.Count; i += Vector512<T>.Count)
            {
                Vector512<T> p = Vector512.Load(a + i), q = Vector512.Load(b + i), r = Vector512.Load(c + i), s = Vector512.Load(d + i);
                Vector512<T> pr = p + r, mr = p - r, qs = q + s, ms = q - s;
                (pr + qs).Store(a + i);
                (pr - qs).Store(b + i);
                (mr + ms).Store(c + i);
                (mr - ms).Store(d + i);
            }
        }

        for (; i <= n - Vector<T>.Count; i += Vector<T>.Count)
        {
            Vector<T> p = Vector.Load(a + i), q = Vector.Load(b + i), r = Vector.Load(c + i), s = Vector.Load(d + i);
            Vector<T> pr = p + r, mr = p - r, qs = q + s, ms = q - s;
            (pr + qs).Store(a + i);
            (pr - qs).Store(b + i);
            (mr + ms).Store(c + i);
            (mr - ms).Store(d + i);
        }
    }

    private static void CheckLength<T>(int length)
        where T : unmanaged
    {
        Arguments.Supported<T>();
        if (!BitOperations.IsPow2(length))
        {
            throw new ArgumentException($"The Walsh-Hadamard transform needs a power of two; the length is {length}.", nameof(length));
        }
    }
}
