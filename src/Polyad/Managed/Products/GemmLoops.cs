using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Polyad.Managed;

/// <summary>Which entries of C a product writes, in the orientation of the loops.</summary>
internal enum ProductRegion
{
    All,

    /// <summary>Row index at least the column index.</summary>
    Lower,

    /// <summary>Row index at most the column index.</summary>
    Upper,

    /// <summary>As Lower, then mirrored: what lies above the diagonal may be overwritten, so no tile on the diagonal is computed aside.</summary>
    AtLeastLower,

    /// <summary>As Upper, then mirrored.</summary>
    AtLeastUpper,
}

/// <summary>
/// The loops around the micro-kernel, for one thread. The vectors run along the rows of C, which lie contiguous except where the caller has no such layout.
/// A is used in place or packed into row panels, B in place or packed into column panels.
/// </summary>
internal static unsafe class GemmLoops
{
    /// <summary>Panels up to this size live on the stack: renting would cost more than a small product.</summary>
    private const int StackBytes = 40 << 10;

    /// <summary>The stack is not aligned to whole vectors.</summary>
    private const int Alignment = 64;

    /// <summary>The span of a B that is used in place along its lines: that of the smallest first-level caches, so that no stride makes its lines collide.</summary>
    private const int LineBytes = 32 << 10;

    /// <summary>From here on C is not found in the second-level cache when the loops come to a part of it again: its tiles are fetched while their sums are formed.</summary>
    private const int FarBytes = 4 << 20;

    /// <summary>Sums of fewer steps cost so little that fetching a tile beside them does not pay.</summary>
    private const int FarDepth = 96;

    /// <summary>Where the loops find B.</summary>
    private enum Packed
    {
        InPlace,

        /// <summary>In column panels of its own.</summary>
        Aside,

        /// <summary>In the row panels of A, whose transpose it is.</summary>
        WithA,
    }

    /// <summary>C = alpha A B + beta C on a block of C that begins at (<paramref name="row"/>, <paramref name="column"/>) of the whole (which matters for the region).</summary>
    public static void Run<T>(T alpha, in MatrixBlock<T> a, in MatrixBlock<T> b, T beta, in MatrixBlock<T> c, ProductRegion region, int row, int column)
        where T : unmanaged, INumberBase<T>
    {
        if (region == ProductRegion.All && SkinnyProduct.Fits(a, b, c))
        {
            SkinnyProduct.Run(alpha, a, b, beta, c);
        }
        else if (Vector512.IsHardwareAccelerated)
        {
            Run<Simd512<T>, Vector512<T>, T, Eight>(alpha, a, b, beta, c, region, row, column);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Run<Simd256<T>, Vector256<T>, T, Four>(alpha, a, b, beta, c, region, row, column);
        }
        else if (GemmBlocking.TileColumns == 8)
        {
            Run<Simd128<T>, Vector128<T>, T, Eight>(alpha, a, b, beta, c, region, row, column);
        }
        else if (Vector128.IsHardwareAccelerated)
        {
            Run<Simd128<T>, Vector128<T>, T, Four>(alpha, a, b, beta, c, region, row, column);
        }
        else
        {
            Run<SimdScalar<T>, T, T, Four>(alpha, a, b, beta, c, region, row, column);
        }
    }

    [SkipLocalsInit]
    private static void Run<TSimd, TVector, T, TColumns>(
        T alpha, in MatrixBlock<T> a, in MatrixBlock<T> b, T beta, in MatrixBlock<T> c, ProductRegion region, int row, int column)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
        where T : unmanaged, INumberBase<T>
        where TColumns : struct, ITileCount
    {
        int lanes = TSimd.Count, tileRows = 3 * lanes, tileColumns = TColumns.Count, depth = GemmBlocking.Depth<T>();
        int blockRows = Math.Max(tileRows, GemmBlocking.PackedBytes / sizeof(T) / depth / tileRows * tileRows);
        bool packA = a.RowStride != 1 || (b.Columns > 12 * tileColumns && (long)a.Rows * a.Columns > 128 * 128);

        // A line of a small B holds all that a tile needs of a step, and its lines fit into the first-level cache together.
        bool packB = b.RowStride != 1 && (b.ColumnStride != 1 || b.Rows * nint.Abs(b.RowStride) * sizeof(T) > LineBytes);

        // Of A A^T one packed copy serves as both, where no column tile reaches over two of its row panels.
        bool shared = packB && tileRows % tileColumns == 0 && IsTranspose(a, b) && a.Rows <= blockRows;
        packA |= shared;
        packB &= !shared;

        int packDepth = Math.Min(depth, a.Columns);
        int packRows = packA ? Math.Min(blockRows, (a.Rows + lanes - 1) / lanes * lanes) : tileRows;
        int packColumns = packB ? Math.Min(GemmBlocking.Columns, (b.Columns + tileColumns - 1) / tileColumns * tileColumns) : 0;
        nint sizeA = !packA && a.Rows % tileRows == 0 ? 0 : (nint)packRows * packDepth, sizeB = (nint)packColumns * packDepth;
        bool onStack = (sizeA + sizeB) * sizeof(T) <= StackBytes;
        int sizeTile = tileRows * tileColumns;
        byte* few = stackalloc byte[((sizeTile + (onStack ? (int)(sizeA + sizeB) : 0)) * sizeof(T)) + Alignment];
        T* tile = (T*)(((nint)few + Alignment - 1) & -Alignment);
        using Scratch<T> scratch = onStack ? default : Workspace.Rent<T>(sizeA + sizeB);
        T* panelsA = onStack ? tile + sizeTile : scratch.Pointer;
        T* panelsB = panelsA + sizeA;

        for (int j0 = 0; j0 < b.Columns; j0 += GemmBlocking.Columns)
        {
            int columns = Math.Min(GemmBlocking.Columns, b.Columns - j0);
            for (int p0 = 0; p0 < a.Columns; p0 += depth)
            {
                int k = Math.Min(depth, a.Columns - p0);
                MatrixBlock<T> right = b.Slice(p0, j0, k, columns);
                if (packB)
                {
                    for (int j = 0; j < columns; j += tileColumns)
                    {
                        PanelPacking.Columns(right.Slice(0, j, k, Math.Min(tileColumns, columns - j)), tileColumns, panelsB + ((nint)j * k));
                    }
                }

                T keep = p0 == 0 ? beta : T.One;
                for (int i0 = 0; i0 < a.Rows; i0 += blockRows)
                {
                    int rows = Math.Min(blockRows, a.Rows - i0);
                    if (Outside(region, row + i0, rows, column + j0, columns))
                    {
                        continue;
                    }

                    MatrixBlock<T> left = a.Slice(i0, p0, rows, k);
                    PackLeft<T>(left, tileRows, lanes, packA, panelsA);
                    Block<TSimd, TVector, T, TColumns>(
                        alpha, left, packA, panelsA, right, shared ? Packed.WithA : packB ? Packed.Aside : Packed.InPlace, panelsB, shared ? new(panelsA, a.Rows, k) : default, keep, c.Slice(i0, j0, rows, columns), IsFar(c, k), tile, region, row + i0, column + j0);
                }
            }
        }
    }

    /// <summary>
    /// C = alpha P P^T + beta C on a block of C that begins at (<paramref name="row"/>, <paramref name="column"/>) of the whole: at a multiple of a tile's rows and of its columns.
    /// P has no more columns than are summed at once.
    /// </summary>
    public static void Run<T>(T alpha, in PackedRows<T> packed, T beta, in MatrixBlock<T> c, ProductRegion region, int row, int column)
        where T : unmanaged, INumberBase<T>
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Run<Simd512<T>, Vector512<T>, T, Eight>(alpha, packed, beta, c, region, row, column);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Run<Simd256<T>, Vector256<T>, T, Four>(alpha, packed, beta, c, region, row, column);
        }
        else if (GemmBlocking.TileColumns == 8)
        {
            Run<Simd128<T>, Vector128<T>, T, Eight>(alpha, packed, beta, c, region, row, column);
        }
        else if (Vector128.IsHardwareAccelerated)
        {
            Run<Simd128<T>, Vector128<T>, T, Four>(alpha, packed, beta, c, region, row, column);
        }
        else
        {
            Run<SimdScalar<T>, T, T, Four>(alpha, packed, beta, c, region, row, column);
        }
    }

    [SkipLocalsInit]
    private static void Run<TSimd, TVector, T, TColumns>(T alpha, in PackedRows<T> packed, T beta, in MatrixBlock<T> c, ProductRegion region, int row, int column)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
        where T : unmanaged, INumberBase<T>
        where TColumns : struct, ITileCount
    {
        int tileRows = 3 * TSimd.Count, k = packed.Columns, blockRows = Math.Max(tileRows, GemmBlocking.PackedBytes / sizeof(T) / k / tileRows * tileRows);
        byte* few = stackalloc byte[(tileRows * TColumns.Count * sizeof(T)) + Alignment];
        T* tile = (T*)(((nint)few + Alignment - 1) & -Alignment);
        for (int i0 = 0; i0 < c.Rows; i0 += blockRows)
        {
            int rows = Math.Min(blockRows, c.Rows - i0);
            if (!Outside(region, row + i0, rows, column, c.Columns))
            {
                MatrixBlock<T> left = new(null, rows, k, 1, 0);
                Block<TSimd, TVector, T, TColumns>(alpha, left, true, null, default, Packed.WithA, null, packed, beta, c.Slice(i0, 0, rows, c.Columns), IsFar(c, k), tile, region, row + i0, column);
            }
        }
    }

    private static bool IsTranspose<T>(in MatrixBlock<T> a, in MatrixBlock<T> b)
        where T : unmanaged, INumberBase<T>
        => a.Data == b.Data && a.Rows == b.Columns && a.Columns == b.Rows && a.RowStride == b.ColumnStride && a.ColumnStride == b.RowStride;

    /// <summary>Packs all panels of a block of A, or only its last, partial one when A is used in place: vectors must not read past it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackLeft<T>(in MatrixBlock<T> left, int tileRows, int lanes, bool all, T* panels)
        where T : unmanaged, INumberBase<T>
    {
        int whole = left.Rows / tileRows * tileRows;
        for (int i = all ? 0 : whole; i < left.Rows; i += tileRows)
        {
            int count = Math.Min(tileRows, left.Rows - i);
            int width = (count + lanes - 1) / lanes * lanes;
            PanelPacking.Rows(left.Slice(i, 0, count, left.Columns), width, all ? panels + ((nint)i * left.Columns) : panels);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Block<TSimd, TVector, T, TColumns>(
        T alpha,
        in MatrixBlock<T> a,
        bool packedA,
        T* panelsA,
        in MatrixBlock<T> b,
        Packed packedB,
        T* panelsB,
        PackedRows<T> withA,
        T beta,
        in MatrixBlock<T> c,
        bool far,
        T* tile,
        ProductRegion region,
        int row,
        int column)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
        where T : unmanaged, INumberBase<T>
        where TColumns : struct, ITileCount
    {
        int lanes = TSimd.Count, tileRows = 3 * lanes, tileColumns = TColumns.Count, k = a.Columns;
        for (int j = 0; j < c.Columns; j += tileColumns)
        {
            int columns = Math.Min(tileColumns, c.Columns - j);
            T* right = b.Data + (j * b.ColumnStride);
            nint rightStep = b.RowStride, rightColumn = b.ColumnStride;
            if (packedB == Packed.Aside)
            {
                right = panelsB + ((nint)j * k);
                (rightStep, rightColumn) = (tileColumns, 1);
            }
            else if (packedB == Packed.WithA)
            {
                right = withA.Row(column + j);
                (rightStep, rightColumn) = (withA.Step(column + j), 1);
            }

            for (int i = 0; i < c.Rows; i += tileRows)
            {
                int rows = Math.Min(tileRows, c.Rows - i);
                if (Outside(region, row + i, rows, column + j, columns))
                {
                    continue;
                }

                bool inPlace = !packedA && rows == tileRows;
                T* left = inPlace ? a.Data + i : packedA ? panelsA + ((nint)i * k) : panelsA;
                nint leftStep = inPlace ? a.ColumnStride : (rows + lanes - 1) / lanes * lanes;
                if (packedB == Packed.WithA)
                {
                    left = withA.Row(row + i);
                    leftStep = withA.Step(row + i);
                }

                // Vectors of the tile that lie wholly outside the triangle are left out.
                int skip = 0;
                if (region is ProductRegion.Lower or ProductRegion.AtLeastLower)
                {
                    skip = Math.Max(0, column + j - row - i) / lanes * lanes;
                    rows -= skip;
                }
                else if (region is ProductRegion.Upper or ProductRegion.AtLeastUpper)
                {
                    rows = Math.Min(rows, (column + j + columns - row - i + lanes - 1) / lanes * lanes);
                }

                left += skip;
                int first = i + skip, vectors = (rows + lanes - 1) / lanes;
                bool whole = columns == tileColumns && rows == vectors * lanes && c.RowStride == 1 && Inside(region, row + first, rows, column + j, columns);
                T* target = whole ? c.Data + first + (j * c.ColumnStride) : tile;
                nint targetColumn = whole ? c.ColumnStride : tileRows;
                T scale = whole ? alpha : T.One, keep = whole ? beta : T.Zero;
                if (far && whole)
                {
                    Fetch(target, targetColumn, rows, columns);
                }

                switch (vectors)
                {
                    case 1:
                        MicroKernel.Run<TSimd, TVector, T, One, TColumns, None>(k, left, leftStep, right, rightStep, rightColumn, columns - 1, target, targetColumn, scale, keep);
                        break;
                    case 2:
                        MicroKernel.Run<TSimd, TVector, T, Two, TColumns, None>(k, left, leftStep, right, rightStep, rightColumn, columns - 1, target, targetColumn, scale, keep);
                        break;
                    default:
                        MicroKernel.Run<TSimd, TVector, T, Three, TColumns, None>(k, left, leftStep, right, rightStep, rightColumn, columns - 1, target, targetColumn, scale, keep);
                        break;
                }

                if (!whole)
                {
                    Merge(tile, tileRows, alpha, beta, c.Slice(first, j, rows, columns), region, row + first, column + j);
                }
            }
        }
    }

    private static bool IsFar<T>(in MatrixBlock<T> c, int depth)
        where T : unmanaged, INumberBase<T>
        => depth >= FarDepth && (long)c.Rows * c.Columns * sizeof(T) >= FarBytes;

    /// <summary>A tile of C on its way into the cache, with the line that its end may reach into.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Fetch<T>(T* tile, nint column, int rows, int columns)
        where T : unmanaged
    {
        for (int j = 0; j < columns; j++, tile += column)
        {
            Prefetch.Lines(tile, ((nint)rows * sizeof(T)) + StreamingStore.CacheLine - 1);
        }
    }

    /// <summary>Writes the wanted part of a tile that was computed aside; the update rounds as the kernel's own does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Merge<T>(T* tile, int tileStride, T alpha, T beta, in MatrixBlock<T> c, ProductRegion region, int row, int column)
        where T : unmanaged, INumberBase<T>
    {
        bool overwrite = T.IsZero(beta);
        for (int j = 0; j < c.Columns; j++)
        {
            int from = region == ProductRegion.Lower ? Math.Max(0, column + j - row) : 0;
            int to = region == ProductRegion.Upper ? Math.Min(c.Rows, column + j - row + 1) : c.Rows;
            T* source = tile + (j * tileStride);
            T* target = c.Data + (j * c.ColumnStride) + (from * c.RowStride);
            for (int i = from; i < to; i++, target += c.RowStride)
            {
                *target = overwrite ? alpha * source[i] : T.MultiplyAddEstimate(alpha, source[i], beta * *target);
            }
        }
    }

    private static bool Outside(ProductRegion region, int row, int rows, int column, int columns) => region switch
    {
        ProductRegion.Lower or ProductRegion.AtLeastLower => row + rows - 1 < column,
        ProductRegion.Upper or ProductRegion.AtLeastUpper => row > column + columns - 1,
        _ => false,
    };

    private static bool Inside(ProductRegion region, int row, int rows, int column, int columns) => region switch
    {
        ProductRegion.Lower => row >= column + columns - 1,
        ProductRegion.Upper => row + rows - 1 <= column,
        _ => true,
    };
}
