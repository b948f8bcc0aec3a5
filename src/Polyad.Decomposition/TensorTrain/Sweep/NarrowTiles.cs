using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Polyad.Managed;

namespace Polyad.Decomposition;

/// <summary>
/// Products of a few rows that lie in the cache, made of the engine's register tiles and without packing: a row-major operand serves as vectors along its rows and as scalars down its columns.
/// While a product runs, the lines that the next one needs are fetched.
/// </summary>
internal static unsafe class NarrowTiles<TSimd, TVector, T, TColumns>
    where TSimd : struct, ISimd<TVector, T>
    where TVector : struct
    where T : unmanaged, INumberBase<T>
    where TColumns : struct, ITileCount
{
    /// <summary>Row lengths of padded operands are multiples of this.</summary>
    public static int Granule
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Math.Max(TSimd.Count, TColumns.Count);
    }

    /// <summary>G += X^T X in whole vectors on and right of the diagonal; the rest of G is left alone.</summary>
    /// <param name="x">rows x columns, row-major, columns a multiple of <see cref="Granule"/>.</param>
    /// <param name="rows">At least 1.</param>
    /// <param name="columns">Of X and G.</param>
    /// <param name="g">columns x columns.</param>
    /// <param name="ahead">Lines to fetch meanwhile.</param>
    public static void AddGram(T* x, int rows, int columns, T* g, ref Fetch ahead)
    {
        int lanes = TSimd.Count, vectors = columns / lanes;
        for (int i = 0; i < columns; i += TColumns.Count)
        {
            for (int j = i / lanes; j < vectors;)
            {
                int width = Width(vectors - j);
                ahead.Next();
                Tile(width, rows, x + (j * lanes), columns, x + i, columns, 1, TColumns.Count - 1, g + ((nint)i * columns) + (j * lanes), columns, T.One);
                j += width;
            }
        }
    }

    /// <summary>C = A B for few rows of A.</summary>
    /// <param name="a">rows x depth, row-major with rows <paramref name="lda"/> apart.</param>
    /// <param name="lda">At least depth.</param>
    /// <param name="rows">Any number; C has room for a multiple of <see cref="Granule"/>.</param>
    /// <param name="depth">Of the sums.</param>
    /// <param name="b">depth x columns, dense.</param>
    /// <param name="columns">A multiple of <see cref="Granule"/>.</param>
    /// <param name="c">rows x columns, dense; rows up to the next multiple of the tile are overwritten.</param>
    /// <param name="ahead">Lines to fetch meanwhile.</param>
    public static void Multiply(T* a, int lda, int rows, int depth, T* b, int columns, T* c, ref Fetch ahead)
    {
        int lanes = TSimd.Count, vectors = columns / lanes, height = TColumns.Count;
        for (int i = 0; i < rows; i += height)
        {
            int last = Math.Min(height, rows - i) - 1;
            for (int j = 0; j < vectors;)
            {
                ahead.Next();
                int width = Width(vectors - j);
                Tile(width, depth, b + (j * lanes), columns, a + ((nint)i * lda), 1, lda, last, c + ((nint)i * columns) + (j * lanes), columns, T.Zero);
                j += width;
            }
        }
    }

    /// <summary>The sum of (a - b)^2 over rows of a and b, in double.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double SquaredDistance(T* a, T* b, nint count)
    {
        int lanes = TSimd.Count;
        TVector s0 = TSimd.Zero, s1 = TSimd.Zero;
        nint i = 0;
        for (; i <= count - (2 * lanes); i += 2 * lanes)
        {
            TVector d0 = TSimd.Subtract(TSimd.Load(a + i), TSimd.Load(b + i)), d1 = TSimd.Subtract(TSimd.Load(a + i + lanes), TSimd.Load(b + i + lanes));
            s0 = TSimd.MultiplyAdd(d0, d0, s0);
            s1 = TSimd.MultiplyAdd(d1, d1, s1);
        }

        double sum = double.CreateTruncating(TSimd.Sum(TSimd.Add(s0, s1)));
        for (; i < count; i++)
        {
            double d = double.CreateTruncating(a[i] - b[i]);
            sum += d * d;
        }

        return sum;
    }

    /// <summary>Three vectors at a time, but never a single one after three.</summary>
    private static int Width(int left) => left == 4 ? 2 : Math.Min(left, 3);

    private static void Tile(int width, int depth, T* vectors, nint vectorStep, T* scalars, nint scalarStep, nint scalarColumn, int last, T* c, nint ldc, T keep)
    {
        switch (width)
        {
            case 1:
                MicroKernel.Run<TSimd, TVector, T, One, TColumns, None>(depth, vectors, vectorStep, scalars, scalarStep, scalarColumn, last, c, ldc, T.One, keep);
                break;
            case 2:
                MicroKernel.Run<TSimd, TVector, T, Two, TColumns, None>(depth, vectors, vectorStep, scalars, scalarStep, scalarColumn, last, c, ldc, T.One, keep);
                break;
            default:
                MicroKernel.Run<TSimd, TVector, T, Three, TColumns, None>(depth, vectors, vectorStep, scalars, scalarStep, scalarColumn, last, c, ldc, T.One, keep);
                break;
        }
    }

    /// <summary>Register tiles that <see cref="AddGram"/> takes.</summary>
    public static int GramTiles(int columns)
    {
        int tiles = 0;
        for (int i = 0; i < columns; i += TColumns.Count)
        {
            tiles += Widths((columns / TSimd.Count) - (i / TSimd.Count));
        }

        return tiles;
    }

    /// <summary>Register tiles that <see cref="Multiply"/> takes.</summary>
    public static int ProductTiles(int rows, int columns) => (rows + TColumns.Count - 1) / TColumns.Count * Widths(columns / TSimd.Count);

    private static int Widths(int vectors) => (vectors + 2) / 3;
}

/// <summary>Memory that will be read soon, asked for a little at a time while something else is computed, so that the requests do not queue.</summary>
/// <param name="from">Where it begins.</param>
/// <param name="bytes">How much.</param>
/// <param name="calls">The number of calls of <see cref="Next"/> to spread the requests over.</param>
internal unsafe ref struct Fetch(void* from, nint bytes, int calls)
{
    private const int Line = 64;

    private readonly byte* _end = (byte*)from + bytes;
    private readonly nint _share = (bytes + calls - 1) / Math.Max(1, calls);
    private byte* _next = (byte*)from;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Next()
    {
        byte* stop = _end - _next > _share ? _next + _share : _end;
        if (Sse.IsSupported)
        {
            for (; _next < stop; _next += Line)
            {
                Sse.Prefetch0(_next);
            }
        }
    }
}
