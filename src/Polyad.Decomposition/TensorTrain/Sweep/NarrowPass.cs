using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Polyad.Managed;

namespace Polyad.Decomposition;

/// <summary>
/// The passes of TT-SVD over a tall row-major matrix of few columns. Rows are taken in chunks that fit the first-level cache, and everything that a pass needs of a chunk is done while it is there, so
/// that a pass costs one read: the Gram matrix; or the product with a basis, the distance that the product leaves, and the Gram matrix of the product under its next shape.
/// Parts and chunks depend on the shape alone: results do not depend on the number of threads.
/// </summary>
internal static unsafe class NarrowPass
{
    /// <summary>The most columns: beyond them the products are wide enough for the engine's own.</summary>
    public const int MaxColumns = 256;

    private const int ChunkBytes = 16 << 10;
    private const int GramRows = 64;
    private const int MaxParts = 16;

    /// <summary>Elements that make a part worth its own sum.</summary>
    private const int PartElements = 1 << 16;

    /// <summary>G = X^T X, both triangles.</summary>
    /// <param name="x">rows x columns.</param>
    /// <param name="rows">At least 1.</param>
    /// <param name="columns">1 to <see cref="MaxColumns"/>.</param>
    /// <param name="gram">columns x columns.</param>
    /// <param name="parallelism">Threads.</param>
    public static void Gram<T>(T* x, int rows, int columns, T* gram, Parallelism parallelism)
        where T : unmanaged, INumberBase<T>
        => Run(new Request<T>(x, rows, columns, null, 0, null, 1, gram), parallelism);

    /// <summary>Y = X B^T for orthonormal rows of B; returns ||X - Y B||^2, from the differences themselves.</summary>
    /// <param name="x">rows x columns.</param>
    /// <param name="rows">At least 1.</param>
    /// <param name="columns">1 to <see cref="MaxColumns"/>.</param>
    /// <param name="basis">B, kept x columns.</param>
    /// <param name="kept">Rows of B.</param>
    /// <param name="y">rows x kept.</param>
    /// <param name="group">Rows of Y that make one row of the next matrix; divides rows.</param>
    /// <param name="nextGram">The Gram matrix of the next matrix, (group kept) square; null for none.</param>
    /// <param name="parallelism">Threads.</param>
    public static double Project<T>(T* x, int rows, int columns, T* basis, int kept, T* y, int group, T* nextGram, Parallelism parallelism)
        where T : unmanaged, INumberBase<T>
        => Run(new Request<T>(x, rows, columns, basis, kept, y, group, nextGram), parallelism);

    private static double Run<T>(in Request<T> request, Parallelism parallelism)
        where T : unmanaged, INumberBase<T>
    {
        if (Vector512.IsHardwareAccelerated)
        {
            return Run<Simd512<T>, Vector512<T>, T, Eight>(request, parallelism);
        }

        if (Vector256.IsHardwareAccelerated)
        {
            return Run<Simd256<T>, Vector256<T>, T, Four>(request, parallelism);
        }

        return Vector128.IsHardwareAccelerated ? Run<Simd128<T>, Vector128<T>, T, Four>(request, parallelism) : Run<SimdScalar<T>, T, T, Four>(request, parallelism);
    }

    private static double Run<TSimd, TVector, T, TColumns>(Request<T> request, Parallelism parallelism)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
        where T : unmanaged, INumberBase<T>
        where TColumns : struct, ITileCount
    {
        int granule = NarrowTiles<TSimd, TVector, T, TColumns>.Granule, gramColumns = request.GramColumns, paddedGram = Padded(gramColumns, granule);
        int groups = request.Rows / request.Group, parts = (int)Math.Clamp((long)request.Rows * request.Columns / PartElements, 1, Math.Min(MaxParts, groups));
        int threads = parallelism.ThreadsForBytes((double)request.Rows * request.Columns * sizeof(T));
        nint gramSize = request.Gram == null ? 0 : (nint)paddedGram * paddedGram;
        using Scratch<T> grams = Workspace.Rent<T>(parts * gramSize);
        grams.Clear();
        T* sums = grams.Pointer;
        double[] distances = new double[parts];
        using Operand<T> operand = new(request, granule);
        MatrixBlock<T> forward = operand.Forward, backward = operand.Backward;
        WorkTeam.Run(parts, threads, part =>
        {
            int from = (int)((long)groups * part / parts) * request.Group, to = (int)((long)groups * (part + 1) / parts) * request.Group;
            distances[part] = Part<TSimd, TVector, T, TColumns>(request, from, to, forward, backward, sums + (part * gramSize));
        });
        if (request.Gram != null)
        {
            SlabLoop.Sum(sums, parts, gramSize);
            Symmetric(sums, paddedGram, request.Gram, gramColumns);
        }

        return distances.Sum();
    }

    private static double Part<TSimd, TVector, T, TColumns>(in Request<T> request, int from, int to, in MatrixBlock<T> forward, in MatrixBlock<T> backward, T* gram)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
        where T : unmanaged, INumberBase<T>
        where TColumns : struct, ITileCount
    {
        int granule = NarrowTiles<TSimd, TVector, T, TColumns>.Granule, columns = request.Columns, padded = Padded(columns, granule), kept = request.Kept, paddedKept = Padded(kept, granule);
        int gramColumns = request.GramColumns, paddedGram = Padded(gramColumns, granule);
        int chunk = Math.Min(Math.Max(1, ChunkBytes / sizeof(T) / padded / request.Group) * request.Group, to - from), room = Padded(chunk, granule);

        // The next Gram matrix is added to for many rows at a time: each addition reads and writes all of it.
        int batch = Math.Max(1, GramRows * request.Group / chunk) * chunk;
        bool packX = padded != columns, packGram = paddedGram != gramColumns && kept > 0 && request.Gram != null;
        nint sizeX = packX ? (nint)room * padded : 0, sizeY = (nint)room * paddedKept, sizeE = kept > 0 ? (nint)room * padded : 0;
        nint sizeG = packGram ? (nint)(batch / request.Group) * paddedGram : 0;
        using Scratch<T> scratch = Workspace.Rent<T>(sizeX + sizeY + sizeE + sizeG);
        T* xs = scratch.Pointer, ys = xs + sizeX, es = ys + sizeY, gs = es + sizeE;
        scratch.Clear();
        int tiles = kept == 0 ? NarrowTiles<TSimd, TVector, T, TColumns>.GramTiles(padded)
            : NarrowTiles<TSimd, TVector, T, TColumns>.ProductTiles(chunk, paddedKept) + NarrowTiles<TSimd, TVector, T, TColumns>.ProductTiles(chunk, padded);
        double distance = 0;
        for (int i = from, pending = 0; i < to; i += chunk)
        {
            int rows = Math.Min(chunk, to - i), following = Math.Min(chunk, to - i - rows);
            T* x = request.X + ((nint)i * columns);
            Fetch ahead = new(x + ((nint)rows * columns), (nint)following * columns * sizeof(T), tiles), none = default;
            if (packX)
            {
                Pack(x, rows, columns, xs, padded);
                x = xs;
            }

            if (kept == 0)
            {
                NarrowTiles<TSimd, TVector, T, TColumns>.AddGram(x, rows, padded, gram, ref ahead);
                continue;
            }

            NarrowTiles<TSimd, TVector, T, TColumns>.Multiply(x, padded, rows, columns, forward.Data, paddedKept, ys, ref ahead);
            Unpack(ys, rows, paddedKept, request.Y + ((nint)i * kept), kept);
            NarrowTiles<TSimd, TVector, T, TColumns>.Multiply(ys, paddedKept, rows, kept, backward.Data, padded, es, ref ahead);
            distance += NarrowTiles<TSimd, TVector, T, TColumns>.SquaredDistance(x, es, (nint)rows * padded);
            pending += rows;
            if (request.Gram != null && (pending == batch || i + rows == to))
            {
                T* y = request.Y + ((nint)(i + rows - pending) * kept);
                int lines = pending / request.Group;
                if (packGram)
                {
                    Pack(y, lines, gramColumns, gs, paddedGram);
                    y = gs;
                }

                NarrowTiles<TSimd, TVector, T, TColumns>.AddGram(y, lines, paddedGram, gram, ref none);
                pending = 0;
            }
        }

        return distance;
    }

    private static int Padded(int count, int granule) => (count + granule - 1) / granule * granule;

    private static void Pack<T>(T* from, int rows, int columns, T* to, int stride)
        where T : unmanaged
    {
        for (int i = 0; i < rows; i++)
        {
            new ReadOnlySpan<T>(from + ((nint)i * columns), columns).CopyTo(new Span<T>(to + ((nint)i * stride), columns));
        }
    }

    private static void Unpack<T>(T* from, int rows, int stride, T* to, int columns)
        where T : unmanaged
    {
        if (stride == columns)
        {
            new ReadOnlySpan<T>(from, rows * columns).CopyTo(new Span<T>(to, rows * columns));
            return;
        }

        for (int i = 0; i < rows; i++)
        {
            new ReadOnlySpan<T>(from + ((nint)i * stride), columns).CopyTo(new Span<T>(to + ((nint)i * columns), columns));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Symmetric<T>(T* padded, int stride, T* gram, int columns)
        where T : unmanaged
    {
        for (int i = 0; i < columns; i++)
        {
            for (int j = i; j < columns; j++)
            {
                gram[((nint)i * columns) + j] = gram[((nint)j * columns) + i] = padded[((nint)i * stride) + j];
            }
        }
    }

    /// <summary>One pass: with a basis a projection, without one the Gram matrix of X itself.</summary>
    private readonly struct Request<T>(T* x, int rows, int columns, T* basis, int kept, T* y, int group, T* gram)
        where T : unmanaged
    {
        public T* X { get; } = x;

        public int Rows { get; } = rows;

        public int Columns { get; } = columns;

        public T* Basis { get; } = basis;

        public int Kept { get; } = kept;

        public T* Y { get; } = y;

        public int Group { get; } = group;

        public T* Gram { get; } = gram;

        public int GramColumns => Kept == 0 ? Columns : Group * Kept;
    }

    /// <summary>The basis and its transpose, rows padded with zeros.</summary>
    private struct Operand<T> : IDisposable
        where T : unmanaged
    {
        private Scratch<T> _scratch;

        public Operand(in Request<T> request, int granule)
        {
            int columns = request.Columns, kept = request.Kept, padded = Padded(columns, granule), paddedKept = Padded(kept, granule);
            nint size = (nint)columns * paddedKept;
            _scratch = Workspace.Rent<T>(size + ((nint)kept * padded));
            _scratch.Clear();
            Forward = new MatrixBlock<T>(_scratch.Pointer, columns, kept, paddedKept, 1);
            Backward = new MatrixBlock<T>(_scratch.Pointer + size, kept, columns, padded, 1);
            if (kept > 0)
            {
                MatrixBlock<T> basis = MatrixBlock<T>.RowMajor(request.Basis, kept, columns);
                BlockCopy.Run(basis.Transpose, Forward);
                BlockCopy.Run(basis, Backward);
            }
        }

        public MatrixBlock<T> Forward { get; }

        public MatrixBlock<T> Backward { get; }

        public void Dispose() => _scratch.Dispose();
    }
}
