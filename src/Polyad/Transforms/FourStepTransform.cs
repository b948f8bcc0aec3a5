using System.Numerics;
using Polyad.Managed;

namespace Polyad.Transforms;

/// <summary>
/// Long transforms by the four steps of Bailey (1990): the points as a matrix of R rows and C columns, j = C r + c, are transformed by columns, turned by w_n^(c k) and
/// transformed by rows, output k + R l being element l of row k. A strip of columns or rows is worked on in the cache; memory is read and written twice.
/// </summary>
internal sealed unsafe class FourStepTransform<T>
    where T : unmanaged, INumberBase<T>
{
    /// <summary>Shorter transforms fit the cache as they are.</summary>
    public const int MinimumLength = 1 << 15;

    private readonly StockhamTransform<T> _columns;
    private readonly StockhamTransform<T> _rows;

    /// <summary>For strip t and row k the pair w_n^(c k) of its first column c.</summary>
    private readonly T[] _stripTurns;

    /// <summary>For row k and column q of a strip w_n^(q k): a line of cosines, then a line of sines.</summary>
    private readonly T[] _laneTurns;

    private FourStepTransform(int rowCount, int columnCount)
    {
        int n = rowCount * columnCount, strips = columnCount / Strip;
        _columns = new StockhamTransform<T>(rowCount, interleaved: true);
        _rows = rowCount == columnCount ? _columns : new StockhamTransform<T>(columnCount, interleaved: true);
        _stripTurns = new T[2 * strips * rowCount];
        _laneTurns = new T[2 * Strip * rowCount];
        for (int k = 0; k < rowCount; k++)
        {
            for (int t = 0; t < strips; t++)
            {
                (double c, double s) = UnitRoot.At((long)k * t * Strip, n);
                int at = 2 * ((t * rowCount) + k);
                (_stripTurns[at], _stripTurns[at + 1]) = (T.CreateTruncating(c), T.CreateTruncating(-s));
            }

            for (int q = 0; q < Strip; q++)
            {
                (double c, double s) = UnitRoot.At((long)k * q, n);
                int at = (2 * Strip * k) + q;
                (_laneTurns[at], _laneTurns[at + Strip]) = (T.CreateTruncating(c), T.CreateTruncating(-s));
            }
        }
    }

    /// <summary>Columns or rows that are transformed side by side: one line of the cache.</summary>
    private static int Strip => 64 / sizeof(T);

    /// <summary>The transform of a length whose halves, as equal as its factors allow, are whole strips; null for another one.</summary>
    /// <param name="length">A product of 2, 3 and 5.</param>
    public static FourStepTransform<T>? ForLength(int length)
    {
        int square = Strip * Strip;
        if (length < MinimumLength || length % square != 0)
        {
            return null;
        }

        int rows = Strip, rest = length / square;
        foreach (int factor in (ReadOnlySpan<int>)[5, 3, 2])
        {
            for (; rest % factor == 0; rest /= factor)
            {
                rows *= (long)rows * rows * factor * factor <= length ? factor : 1;
            }
        }

        return new(rows, length / rows);
    }

    /// <summary>Transforms in place.</summary>
    public void Run(T* re, T* im)
    {
        int rows = _columns.Length, columns = _rows.Length;
        nint n = (nint)rows * columns;
        int threads = Parallelism.Current.ThreadsForBytes(8.0 * n * sizeof(T));
        using Scratch<T> middle = Workspace.Rent<T>(2 * n);
        T* mr = middle.Pointer, mi = middle.Pointer + n;
        WorkTeam.Run(columns / Strip, threads, strip => Columns(strip, re, im, mr, mi));
        WorkTeam.Run(rows / Strip, threads, strip => Rows(strip, mr, mi, re, im));
    }

    /// <summary>Steps one and two: a strip of columns, whose turned transform is kept together in the middle array.</summary>
    private void Columns(int strip, T* re, T* im, T* mr, T* mi)
    {
        int rows = _columns.Length, columns = _rows.Length, width = Strip;
        nint size = (nint)rows * width;
        using Scratch<T> scratch = Workspace.Rent<T>(4 * size);
        T* xr = scratch.Pointer, xi = xr + size, yr = xi + size, yi = yr + size;
        FourStepKernels.Gather(re + ((nint)strip * width), columns, rows, xr);
        FourStepKernels.Gather(im + ((nint)strip * width), columns, rows, xi);
        if (_columns.Interleaved(width, xr, xi, yr, yi))
        {
            xr = yr;
            xi = yi;
        }

        fixed (T* stripTurns = _stripTurns, laneTurns = _laneTurns)
        {
            FourStepKernels.Turn(rows, stripTurns + (2 * (nint)strip * rows), laneTurns, xr, xi, mr + (strip * size), mi + (strip * size));
        }
    }

    /// <summary>Steps three and four: a strip of rows, from the middle array to its places in the output.</summary>
    private void Rows(int strip, T* mr, T* mi, T* re, T* im)
    {
        int rows = _columns.Length, columns = _rows.Length, width = Strip;
        nint size = (nint)columns * width, block = (nint)rows * width, first = (nint)strip * width * width;
        using Scratch<T> scratch = Workspace.Rent<T>(4 * size);
        T* xr = scratch.Pointer, xi = xr + size, yr = xi + size, yi = yr + size;
        for (int t = 0; t < columns / width; t++)
        {
            FourStepKernels.Transpose(mr + first + (t * block), xr + ((nint)t * width * width));
            FourStepKernels.Transpose(mi + first + (t * block), xi + ((nint)t * width * width));
        }

        if (_rows.Interleaved(width, xr, xi, yr, yi))
        {
            xr = yr;
            xi = yi;
        }

        FourStepKernels.Scatter(xr, re + ((nint)strip * width), rows, columns);
        FourStepKernels.Scatter(xi, im + ((nint)strip * width), rows, columns);
    }
}
