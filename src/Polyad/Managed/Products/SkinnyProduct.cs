using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Polyad.Managed;

/// <summary>
/// C = alpha A B + beta C for an A of few rows and a B too large for the caches: A is packed once for many steps, and B is read once, in place, in the order in which it lies in memory.
/// Sums wait in a buffer between parts of a depth block, so every entry is the same chain of multiply-adds and the same updates as in <see cref="GemmLoops"/>.
/// </summary>
internal static unsafe class SkinnyProduct
{
    private const int MostRows = 32;

    /// <summary>Below this B stays in the second-level cache, where <see cref="GemmLoops"/> does fewer loads.</summary>
    private const int LeastBytes = 1 << 17;

    /// <summary>Packed steps of A: they stay in the second-level cache beside B's stream.</summary>
    private const int PackedBytes = 256 << 10;

    /// <summary>Steps of a B whose columns are adjacent that are taken before the next columns: so many rows of B are streams at a time.</summary>
    private const int AdjacentSteps = 32;

    /// <summary>Adjacent columns taken at a time: their sums stay in the cache.</summary>
    private const int AdjacentColumns = 512;

    /// <summary>Bytes between a step of B along memory and the line that is fetched for later.</summary>
    private const int BytesAhead = 1024;

    /// <summary>Whether a product in the orientation of the loops is of this kind.</summary>
    public static bool Fits<T>(in MatrixBlock<T> a, in MatrixBlock<T> b, in MatrixBlock<T> c)
        where T : unmanaged, INumberBase<T>
        => c.Rows is > 1 and <= MostRows && c.RowStride == 1 && (b.RowStride == 1 || b.ColumnStride == 1) && b.Columns >= 8 && a.Columns >= AdjacentSteps
            && (long)b.Rows * b.Columns * sizeof(T) >= LeastBytes && Vector128.IsHardwareAccelerated;

    /// <summary>Runs on one thread; C's rows are contiguous.</summary>
    public static void Run<T>(T alpha, in MatrixBlock<T> a, in MatrixBlock<T> b, T beta, in MatrixBlock<T> c)
        where T : unmanaged, INumberBase<T>
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Run<Simd512<T>, Vector512<T>, T, Eight>(alpha, a, b, beta, c);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Run<Simd256<T>, Vector256<T>, T, Four>(alpha, a, b, beta, c);
        }
        else if (GemmBlocking.TileColumns == 8)
        {
            Run<Simd128<T>, Vector128<T>, T, Eight>(alpha, a, b, beta, c);
        }
        else
        {
            Run<Simd128<T>, Vector128<T>, T, Four>(alpha, a, b, beta, c);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TSimd, TVector, T, TColumns>(T alpha, in MatrixBlock<T> a, in MatrixBlock<T> b, T beta, in MatrixBlock<T> c)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
        where T : unmanaged, INumberBase<T>
        where TColumns : struct, ITileCount
    {
        // The rows of A as panels of at most three vectors, all of one width.
        int lanes = TSimd.Count, vectors = (a.Rows + lanes - 1) / lanes, panels = (vectors + 2) / 3, width = (vectors + panels - 1) / panels * lanes;
        int depth = GemmBlocking.Depth<T>(), packed = Math.Max(1, PackedBytes / sizeof(T) / depth / (panels * width)) * depth;
        bool along = b.RowStride == 1, inPlace = a.RowStride == 1 && panels == 1 && a.Rows == width;
        int columnsAtOnce = along ? TColumns.Count : Math.Min(AdjacentColumns, (b.Columns + TColumns.Count - 1) / TColumns.Count * TColumns.Count);
        nint sizeA = inPlace ? 0 : (nint)panels * width * Math.Min(packed, a.Columns);
        using Scratch<T> scratch = Workspace.Rent<T>(sizeA + ((nint)columnsAtOnce * panels * width));
        Sums<T> sums = new(scratch.Pointer + sizeA, width, columnsAtOnce);
        for (int s0 = 0; s0 < a.Columns; s0 += packed)
        {
            int steps = Math.Min(packed, a.Columns - s0);
            for (int panel = 0; panel < panels && !inPlace; panel++)
            {
                int rows = Math.Min(width, a.Rows - (panel * width));
                PanelPacking.Rows(a.Slice(panel * width, s0, rows, steps), width, scratch.Pointer + ((nint)panel * width * steps));
            }

            T* left = inPlace ? a.Data + (s0 * a.ColumnStride) : scratch.Pointer;
            nint leftStep = inPlace ? a.ColumnStride : width;
            for (int j0 = 0; j0 < b.Columns; j0 += columnsAtOnce)
            {
                int columns = Math.Min(columnsAtOnce, b.Columns - j0);
                for (int p0 = 0; p0 < steps; p0 += depth)
                {
                    int end = Math.Min(p0 + depth, steps), part = along ? depth : AdjacentSteps;
                    for (int p = p0; p < end; p += part)
                    {
                        Part<TSimd, TVector, T, TColumns>(
                            left + (p * leftStep), leftStep, (nint)width * steps, b.Slice(s0 + p, j0, Math.Min(part, end - p), columns), panels, sums, p > p0);
                    }

                    Update<TSimd, TVector, T>(alpha, sums, s0 + p0 == 0 ? beta : T.One, c.Slice(0, j0, c.Rows, columns));
                }
            }
        }
    }

    /// <summary>Adds the products of a few steps to the sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Part<TSimd, TVector, T, TColumns>(T* left, nint leftStep, nint panelSize, in MatrixBlock<T> b, int panels, in Sums<T> sums, bool resume)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
        where T : unmanaged, INumberBase<T>
        where TColumns : struct, ITileCount
    {
        bool along = b.RowStride == 1;
        nint ahead = along ? BytesAhead / sizeof(T) : AdjacentSteps * b.RowStride, line = along ? b.ColumnStride : b.RowStride;
        T keep = resume ? T.One : T.Zero;
        for (int j = 0; j < b.Columns; j += TColumns.Count)
        {
            T* right = b.Data + (j * b.ColumnStride);
            int last = Math.Min(TColumns.Count, b.Columns - j) - 1;
            for (int panel = 0; panel < panels; panel++)
            {
                T* a = left + (panel * panelSize);
                T* target = sums.Of(panel, j);
                switch (sums.Width / TSimd.Count)
                {
                    case 1:
                        MicroKernel.Run<TSimd, TVector, T, One, TColumns, One>(
                            b.Rows, a, leftStep, right, b.RowStride, b.ColumnStride, last, target, sums.Width, T.One, keep, ahead, line);
                        break;
                    case 2:
                        MicroKernel.Run<TSimd, TVector, T, Two, TColumns, One>(
                            b.Rows, a, leftStep, right, b.RowStride, b.ColumnStride, last, target, sums.Width, T.One, keep, ahead, line);
                        break;
                    default:
                        MicroKernel.Run<TSimd, TVector, T, Three, TColumns, One>(
                            b.Rows, a, leftStep, right, b.RowStride, b.ColumnStride, last, target, sums.Width, T.One, keep, ahead, line);
                        break;
                }
            }
        }
    }

    /// <summary>C = alpha sums + beta C, rounded as the micro-kernel's own update.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Update<TSimd, TVector, T>(T alpha, in Sums<T> sums, T beta, in MatrixBlock<T> c)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
        where T : unmanaged, INumberBase<T>
    {
        TVector scale = TSimd.Broadcast(alpha), keep = TSimd.Broadcast(beta);
        bool overwrite = T.IsZero(beta);
        for (int j = 0; j < c.Columns; j++)
        {
            for (int first = 0; first < c.Rows; first += sums.Width)
            {
                T* source = sums.Of(first / sums.Width, j);
                T* target = c.Data + (j * c.ColumnStride) + first;
                int i = 0, rows = Math.Min(sums.Width, c.Rows - first);
                for (; i <= rows - TSimd.Count; i += TSimd.Count)
                {
                    TVector sum = TSimd.Load(source + i);
                    TSimd.Store(target + i, overwrite ? TSimd.Multiply(scale, sum) : TSimd.MultiplyAdd(scale, sum, TSimd.Multiply(keep, TSimd.Load(target + i))));
                }

                for (; i < rows; i++)
                {
                    target[i] = overwrite ? alpha * source[i] : T.MultiplyAddEstimate(alpha, source[i], beta * target[i]);
                }
            }
        }
    }

    /// <summary>Unfinished sums: for each panel of A, <see cref="Width"/> of them for each of so many columns.</summary>
    private readonly struct Sums<T>(T* data, int width, int columns)
        where T : unmanaged
    {
        public int Width { get; } = width;

        public T* Of(int panel, int column) => data + ((((nint)panel * columns) + column) * Width);
    }
}
