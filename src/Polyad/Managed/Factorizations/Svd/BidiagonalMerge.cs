using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace Polyad.Managed;

/// <summary>
/// Joins two solved halves of a bidiagonal matrix and the row between them: in the bases of the halves it is a row z over a diagonal, whose entries that are decoupled already
/// are set aside (deflation, LAPACK dlasd2) and whose other singular pairs come from the secular equation (dlasd3).
/// </summary>
internal readonly unsafe struct BidiagonalMerge<T>(T* pack, T* coefficients, T* gaps, Parallelism parallelism)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Which rows of U and V a column reaches: it decides which products it takes part in.
    private const byte UpperRows = 0;
    private const byte AllRows = 1;
    private const byte LowerRows = 2;
    private const byte SetAside = 3;

    /// <summary>Columns that a part of parallel work takes: of the secular equation as of the vectors that follow from its roots.</summary>
    private const int Chunk = 32;

    /// <summary>
    /// The halves have <paramref name="upper"/> x (upper + 1) and <paramref name="lower"/> x (lower + extra) elements; the row between them has alpha under the last column of the first
    /// and beta over the first column of the second. d (with a free place between the halves), u and v hold the halves' results and take the whole's.
    /// </summary>
    public void Run(int upper, int lower, int extra, T alpha, T beta, T* d, in MatrixBlock<T> u, in MatrixBlock<T> v)
    {
        int n = upper + lower + 1;
        using Scratch<T> numbers = Workspace.Rent<T>(4 * (nint)(n + 1));
        using Scratch<int> integers = Workspace.Rent<int>(2 * (nint)n);
        using Scratch<byte> kinds = Workspace.Rent<byte>(n);
        T* z = numbers.Pointer;
        T* poles = z + n + 1;
        T* weights = poles + n + 1;
        T* keys = weights + n + 1;
        int* order = integers.Pointer;
        int* columns = order + n;
        byte* kind = kinds.Pointer;
        d[upper] = T.Zero;
        ClearCorners(upper, u, v, parallelism);

        // Scaled to 1, so that the squares in the secular equation neither overflow nor vanish.
        T scale = T.Max(T.Abs(alpha), T.Abs(beta));
        for (int i = 0; i < n; i++)
        {
            scale = T.Max(scale, d[i]);
        }

        if (T.IsZero(scale))
        {
            return;
        }

        for (int i = 0; i < n; i++)
        {
            d[i] /= scale;
            z[i] = i <= upper ? alpha / scale * v[upper, i] : beta / scale * v[upper + 1, i];
            kind[i] = i < upper ? UpperRows : i == upper ? AllRows : LowerRows;
        }

        // dlasd2's tolerance for a problem of norm 1.
        T tolerance = T.CreateChecked(8) * FloatingPointLimits<T>.Ulp;
        JoinNullColumns(upper, extra, beta / scale, tolerance, z, v);
        int count = Deflate(upper, n, tolerance, d, z, kind, keys, order, columns, u, v);
        Solve(count, upper, n, tolerance, d, z, kind, poles, weights, columns, u, v);
        for (int i = 0; i < n; i++)
        {
            d[i] *= scale;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ClearCorners(int upper, MatrixBlock<T> u, MatrixBlock<T> v, Parallelism parallelism)
    {
        int columns = v.Columns, threads = parallelism.ThreadsForBytes((double)columns * columns * sizeof(T)), parts = 2 * threads;
        WorkTeam.Run(parts, threads, [MethodImpl(MethodImplOptions.AggressiveOptimization)] (part) =>
        {
            (int from, int to) = WorkTeam.Range(columns, parts, part, 1);
            for (int j = from; j < to; j++)
            {
                // The row between the halves is a column of U of its own, and the last of the upper half's columns of V.
                if (j < u.Columns)
                {
                    ClearRows(u, j, j >= upper ? 0 : upper, j > upper ? upper + 1 : u.Rows);
                }

                ClearRows(v, j, j <= upper ? upper + 1 : 0, j <= upper ? v.Rows : upper + 1);
            }
        });
        u[upper, upper] = T.One;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ClearRows(in MatrixBlock<T> a, int column, int from, int to)
        => new Span<T>(a.Data + from + (column * a.ColumnStride), to - from).Clear();

    /// <summary>The null columns of both halves take part in one direction only; the direction across it stays the null column of the whole.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void JoinNullColumns(int upper, int extra, T beta, T tolerance, T* z, in MatrixBlock<T> v)
    {
        if (extra == 1)
        {
            int end = v.Columns - 1;
            T other = beta * v[upper + 1, end];
            GivensRotation.Create(z[upper], other, out T c, out T s, out T r);
            if (T.Abs(r) > tolerance)
            {
                GivensRotation.Apply(v.Rows, v.Data + (upper * v.ColumnStride), v.Data + (end * v.ColumnStride), c, s);
                z[upper] = r;
            }
        }

        if (!(T.Abs(z[upper]) > tolerance))
        {
            z[upper] = tolerance;
        }
    }

    /// <summary>
    /// Sets aside the entries that z hardly touches, and of two nearly equal ones the one that a rotation frees. Lists in <paramref name="columns"/> the remaining ones, the row's own first
    /// and then by value, and after them those set aside. Returns how many remain.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Deflate(int upper, int n, T tolerance, T* d, T* z, byte* kind, T* keys, int* order, int* columns, in MatrixBlock<T> u, in MatrixBlock<T> v)
    {
        int entries = 0;
        for (int i = 0; i < n; i++)
        {
            if (i != upper)
            {
                keys[entries] = d[i];
                order[entries++] = i;
            }
        }

        new Span<T>(keys, entries).Sort(new Span<int>(order, entries));
        int count = 1, end = n, previous = -1;
        columns[0] = upper;
        for (int l = 0; l < entries; l++)
        {
            int j = order[l];
            if (T.Abs(z[j]) <= tolerance)
            {
                kind[j] = SetAside;
                columns[--end] = j;
                continue;
            }

            if (previous >= 0)
            {
                if (T.Abs(d[j] - d[previous]) <= tolerance)
                {
                    T length = T.Hypot(z[j], z[previous]);
                    T c = z[j] / length, s = -z[previous] / length;
                    z[j] = length;
                    GivensRotation.Apply(u.Rows, u.Data + (previous * u.ColumnStride), u.Data + (j * u.ColumnStride), c, s);
                    GivensRotation.Apply(v.Rows, v.Data + (previous * v.ColumnStride), v.Data + (j * v.ColumnStride), c, s);
                    kind[j] = kind[j] == kind[previous] ? kind[j] : AllRows;
                    kind[previous] = SetAside;
                    columns[--end] = previous;
                }
                else
                {
                    columns[count++] = previous;
                }
            }

            previous = j;
        }

        if (previous >= 0)
        {
            columns[count++] = previous;
        }

        return count;
    }

    private void Solve(int count, int upper, int n, T tolerance, T* d, T* z, byte* kind, T* poles, T* weights, int* columns, in MatrixBlock<T> u, in MatrixBlock<T> v)
    {
        for (int i = 0; i < count; i++)
        {
            poles[i] = d[columns[i]];
            weights[i] = z[columns[i]];
        }

        // A pole so near to 0, the row's own, is not told from it: it is moved up by half the tolerance.
        if (count > 1)
        {
            poles[1] = T.Max(poles[1], tolerance / (T.One + T.One));
        }

        // A slot is a column's place among the packed columns, and its row of the coefficients: grouped by the rows of U and V that the column reaches.
        using Scratch<int> integers = Workspace.Rent<int>(n);
        using Scratch<T> values = Workspace.Rent<T>(n);
        int* slot = integers.Pointer;
        int upperOnly = 0, lowerOnly = 0;
        for (int i = 0; i < count; i++)
        {
            upperOnly += kind[columns[i]] == UpperRows ? 1 : 0;
            lowerOnly += kind[columns[i]] == LowerRows ? 1 : 0;
        }

        int nextUpper = 0, nextAll = upperOnly, nextLower = count - lowerOnly;
        for (int i = 0; i < count; i++)
        {
            slot[i] = kind[columns[i]] switch
            {
                UpperRows => nextUpper++,
                AllRows => nextAll++,
                _ => nextLower++,
            };
        }

        T* roots = values.Pointer;
        MatrixBlock<T> gap = MatrixBlock<T>.ColumnMajor(gaps, count, count);
        Roots(count, poles, weights, roots, gap);
        for (int i = count; i < n; i++)
        {
            roots[i] = d[columns[i]];
        }

        SingularSecularEquation<T>.Refine(count, poles, weights, gap, parallelism);
        MatrixBlock<T> coefficient = MatrixBlock<T>.ColumnMajor(coefficients, count, count);

        Coefficients(count, weights, null, slot, gap, coefficient);
        Combine(count, upperOnly, lowerOnly, upper + 1, upper + 1, n, slot, columns, coefficient, v);

        Coefficients(count, null, poles, slot, gap, coefficient);
        Combine(count, upperOnly, lowerOnly, upper, upper + 1, n, slot, columns, coefficient, u);
        for (int j = 0; j < count; j++)
        {
            u[upper, j] = coefficient[slot[0], j];
        }

        new ReadOnlySpan<T>(roots, n).CopyTo(new Span<T>(d, n));
    }

    private void Roots(int count, T* poles, T* weights, T* roots, MatrixBlock<T> gap)
    {
        int parts = (count + Chunk - 1) / Chunk;
        WorkTeam.Run(parts, parallelism.ThreadsForFlops(60.0 * count * count), [MethodImpl(MethodImplOptions.AggressiveOptimization)] (part) =>
        {
            for (int j = part * Chunk; j < Math.Min(count, (part + 1) * Chunk); j++)
            {
                roots[j] = SingularSecularEquation<T>.Root(count, j, poles, weights, gap.Data + (j * gap.ColumnStride));
            }
        });
    }

    /// <summary>
    /// Vectors of the row-over-diagonal matrix, normalised. With the weights the right ones, z_i / (d_i^2 - s_j^2), which overwrite the gaps; with the poles, from these, the left ones:
    /// -1 for the row, d_i z_i / (d_i^2 - s_j^2) for the diagonal.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Coefficients(int count, T* weights, T* poles, int* slot, MatrixBlock<T> gap, MatrixBlock<T> coefficient)
    {
        int parts = (count + Chunk - 1) / Chunk;
        WorkTeam.Run(parts, parallelism.ThreadsForFlops(10.0 * count * count), [MethodImpl(MethodImplOptions.AggressiveOptimization)] (part) =>
        {
            for (int j = part * Chunk; j < Math.Min(count, (part + 1) * Chunk); j++)
            {
                T* target = coefficient.Data + (j * coefficient.ColumnStride);
                Span<T> g = new(gap.Data + (j * gap.ColumnStride), count);
                if (weights != null)
                {
                    TensorPrimitives.Divide(new ReadOnlySpan<T>(weights, count), g, g);
                }
                else
                {
                    TensorPrimitives.Multiply(new ReadOnlySpan<T>(poles, count), g, g);
                    g[0] = -T.One;
                }

                T inverse = T.One / VectorKernels.Norm2(count, gap.Data + (j * gap.ColumnStride));
                for (int i = 0; i < count; i++)
                {
                    target[slot[i]] = g[i] * inverse;
                }
            }
        });
    }

    /// <summary>Columns 0..count-1 become combinations of the remaining columns, those set aside follow. Rows 0..top-1 see no lower-only column, rows from bottom on no upper-only one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Combine(int count, int upperOnly, int lowerOnly, int top, int bottom, int n, int* slot, int* columns, in MatrixBlock<T> coefficient, in MatrixBlock<T> vectors)
    {
        int rows = vectors.Rows;
        MatrixBlock<T> packed = MatrixBlock<T>.ColumnMajor(pack, rows, n);
        Pack(count, n, slot, columns, vectors, packed);
        for (int i = count; i < n; i++)
        {
            new ReadOnlySpan<T>(packed.Data + (i * packed.ColumnStride), rows).CopyTo(new Span<T>(vectors.Data + (i * vectors.ColumnStride), rows));
        }

        int upperReach = count - lowerOnly, lowerReach = count - upperOnly;
        Gemm.Run(T.One, packed.Slice(0, 0, top, upperReach), coefficient.Slice(0, 0, upperReach, count), T.Zero, vectors.Slice(0, 0, top, count), parallelism);
        Gemm.Run(
            T.One,
            packed.Slice(bottom, upperOnly, rows - bottom, lowerReach),
            coefficient.Slice(upperOnly, 0, lowerReach, count),
            T.Zero,
            vectors.Slice(bottom, 0, rows - bottom, count),
            parallelism);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Pack(int count, int n, int* slot, int* columns, MatrixBlock<T> vectors, MatrixBlock<T> packed)
    {
        int rows = vectors.Rows;
        WorkTeam.Run((n + Chunk - 1) / Chunk, parallelism.ThreadsForBytes(2.0 * sizeof(T) * rows * n), [MethodImpl(MethodImplOptions.AggressiveOptimization)] (part) =>
        {
            for (int i = part * Chunk; i < Math.Min(n, (part + 1) * Chunk); i++)
            {
                int place = i < count ? slot[i] : i;
                new ReadOnlySpan<T>(vectors.Data + (columns[i] * vectors.ColumnStride), rows).CopyTo(new Span<T>(packed.Data + (place * packed.ColumnStride), rows));
            }
        });
    }
}
