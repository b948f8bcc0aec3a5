using System.Numerics;
using System.Runtime.InteropServices;
using Polyad.Managed;

namespace Polyad.Sketching;

/// <summary>What one pair of entries adds to a kernel, and how.</summary>
internal interface IPairwiseTerm<T>
    where T : unmanaged, INumberBase<T>
{
    /// <summary>The value over no entries.</summary>
    static abstract T Identity { get; }

    static abstract Vector<T> Combine(Vector<T> soFar, Vector<T> x, Vector<T> y);

    static abstract T Combine(T soFar, T x, T y);

    /// <summary>Puts two partial values together.</summary>
    static abstract T Join(T a, T b);
}

/// <summary>
/// K[i, j] = reduction over the entries of term(x_il, y_jl): the kernels that are no matrix products. Four rows of y share the loads of one row of x; the order of operations depends on
/// d and the vector width alone.
/// </summary>
internal static unsafe class PairwiseReduction
{
    public static void Run<TTerm, T>(in FeatureRows<T> x, in ReadOnlyMatrixView<T> y, in MatrixView<T> k)
        where TTerm : struct, IPairwiseTerm<T>
        where T : unmanaged, INumberBase<T>
    {
        int n = x.Rows, m = y.Rows, d = x.Columns;
        using Scratch<T> left = Workspace.Rent<T>((nint)n * d), right = Workspace.Rent<T>((nint)m * d);
        x.CopyTo(MatrixBlock<T>.RowMajor(left.Pointer, n, d).AsView());
        y.CopyTo(MatrixBlock<T>.RowMajor(right.Pointer, m, d).AsView());
        T* rows = left.Pointer, columns = right.Pointer;
        fixed (T* pointer = k)
        {
            MatrixBlock<T> target = Pinned.Block(k, pointer);
            WorkTeam.Run(n, Parallelism.Current.ThreadsForFlops(4.0 * n * m * d), i =>
            {
                int j = 0;
                for (; j <= m - 4; j += 4)
                {
                    Four<TTerm, T>(rows + ((nint)i * d), columns + ((nint)j * d), d, target.Slice(i, j, 1, 4));
                }

                for (; j < m; j++)
                {
                    target[i, j] = One<TTerm, T>(rows + ((nint)i * d), columns + ((nint)j * d), d);
                }
            });
        }
    }

    private static void Four<TTerm, T>(T* x, T* y, int d, MatrixBlock<T> values)
        where TTerm : struct, IPairwiseTerm<T>
        where T : unmanaged, INumberBase<T>
    {
        T* y1 = y + d, y2 = y1 + d, y3 = y2 + d;
        Vector<T> v0 = new(TTerm.Identity), v1 = v0, v2 = v0, v3 = v0;
        int l = 0;
        for (; l <= d - Vector<T>.Count; l += Vector<T>.Count)
        {
            Vector<T> a = Vector.Load(x + l);
            v0 = TTerm.Combine(v0, a, Vector.Load(y + l));
            v1 = TTerm.Combine(v1, a, Vector.Load(y1 + l));
            v2 = TTerm.Combine(v2, a, Vector.Load(y2 + l));
            v3 = TTerm.Combine(v3, a, Vector.Load(y3 + l));
        }

        values[0, 0] = Finish<TTerm, T>(v0, x, y, l, d);
        values[0, 1] = Finish<TTerm, T>(v1, x, y1, l, d);
        values[0, 2] = Finish<TTerm, T>(v2, x, y2, l, d);
        values[0, 3] = Finish<TTerm, T>(v3, x, y3, l, d);
    }

    private static T One<TTerm, T>(T* x, T* y, int d)
        where TTerm : struct, IPairwiseTerm<T>
        where T : unmanaged, INumberBase<T>
    {
        Vector<T> v = new(TTerm.Identity);
        int l = 0;
        for (; l <= d - Vector<T>.Count; l += Vector<T>.Count)
        {
            v = TTerm.Combine(v, Vector.Load(x + l), Vector.Load(y + l));
        }

        return Finish<TTerm, T>(v, x, y, l, d);
    }

    private static T Finish<TTerm, T>(Vector<T> lanes, T* x, T* y, int from, int d)
        where TTerm : struct, IPairwiseTerm<T>
        where T : unmanaged, INumberBase<T>
    {
        T value = TTerm.Identity;
        for (int i = 0; i < Vector<T>.Count; i++)
        {
            value = TTerm.Join(value, lanes[i]);
        }

        for (int l = from; l < d; l++)
        {
            value = TTerm.Combine(value, x[l], y[l]);
        }

        return value;
    }
}
