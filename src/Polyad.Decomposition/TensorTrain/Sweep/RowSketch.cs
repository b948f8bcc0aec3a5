using System.Numerics;
using System.Runtime.InteropServices;

namespace Polyad.Decomposition;

/// <summary>Orthonormal rows that nearly span the leading row space of a matrix: a Gaussian combination of its rows, sharpened by multiplications with X^T X (Halko, Martinsson, Tropp 2011, algorithm 4.4).</summary>
internal static unsafe class RowSketch
{
    /// <summary>Elements of the random matrix that are made at a time.</summary>
    private const int DrawnElements = 1 << 17;

    /// <summary>count x columns orthonormal rows, complex ones with their parts in turn.</summary>
    /// <param name="backend">The engine.</param>
    /// <param name="x">rows x width, row-major.</param>
    /// <param name="rows">Of x.</param>
    /// <param name="width">Real columns of x.</param>
    /// <param name="complex">Whether pairs of columns are complex ones.</param>
    /// <param name="count">Rows of the sketch, at most columns and rows of x.</param>
    /// <param name="random">The draws.</param>
    /// <param name="powers">Multiplications with X^T X.</param>
    public static T[] Of<T>(ILinearAlgebraBackend backend, T* x, int rows, int width, bool complex, int count, CounterRandom random, int powers)
        where T : unmanaged, INumberBase<T>
    {
        T[] sketch = new T[count * width];
        int chunk = Math.Max(1, DrawnElements / count);
        using Scratch<T> drawn = Workspace.Rent<T>((nint)Math.Min(chunk, rows) * count);
        for (int i = 0; i < rows; i += chunk)
        {
            int some = Math.Min(chunk, rows - i);
            Span<T> omega = drawn.Span[..(some * count)];
            random.Normal(omega, (ulong)i * (ulong)count);
            backend.MatMul(
                T.One, new ReadOnlyMatrixView<T>(omega, some, count).Transpose, ReadOnlyMatrixView<T>.FromPointer(x + ((nint)i * width), some, width, width, 1), T.One, sketch.AsMatrix(count, width));
        }

        T[] basis = Orthonormal(backend, sketch, count, width, complex);
        using Scratch<T> image = Workspace.Rent<T>(powers > 0 ? (nint)rows * count * (complex ? 2 : 1) : 0);
        ReadOnlyMatrixView<T> view = ReadOnlyMatrixView<T>.FromPointer(x, rows, width, width, 1);
        for (int p = 0; p < powers; p++)
        {
            // Y = X B^H, then B = Y^H X, orthonormalized.
            T[] real = complex ? ComplexRows.Expand<T>(basis, count, width / 2) : basis;
            int lines = real.Length / width;
            MatrixView<T> y = new(image.Span, rows, lines);
            backend.MatMul(T.One, view, new ReadOnlyMatrixView<T>(real, lines, width).Transpose, T.Zero, y);
            T[] next = new T[lines * width];
            backend.MatMul(T.One, ((ReadOnlyMatrixView<T>)y).Transpose, view, T.Zero, next.AsMatrix(lines, width));
            basis = Orthonormal(backend, complex ? Combined(next, count, width) : next, count, width, complex);
        }

        return basis;
    }

    /// <summary>
    /// Rows of Y^H X from the real product of [Re Y, Im Y] with X: with y = a + ib the row is a x - i b x. Y E-form has (a, b) in turn, so that the products are p = sum a x and q = sum b x, and p - i q is wanted.
    /// </summary>
    private static T[] Combined<T>(T[] products, int count, int width)
        where T : unmanaged, INumberBase<T>
    {
        T[] rows = new T[count * width], turned = new T[width];
        for (int k = 0; k < count; k++)
        {
            ReadOnlySpan<T> p = products.AsSpan(2 * k * width, width);
            ComplexRows.TimesI<T>(products.AsSpan(((2 * k) + 1) * width, width), turned);
            for (int j = 0; j < width; j++)
            {
                rows[(k * width) + j] = p[j] - turned[j];
            }
        }

        return rows;
    }

    private static T[] Orthonormal<T>(ILinearAlgebraBackend backend, T[] rows, int count, int width, bool complex)
        where T : unmanaged, INumberBase<T>
        => complex ? MemoryMarshal.Cast<Complex, T>(FieldAlgebra.Lq<Complex>(backend, MemoryMarshal.Cast<T, Complex>(rows), count, width / 2).Q).ToArray()
            : FieldAlgebra.Lq<T>(backend, rows, count, width).Q;
}
