using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Polyad.Managed;
using Polyad.Transforms;

namespace Polyad.Sketching;

/// <summary>Subsampled Hadamard transforms of vectors that are contiguous (the rows of a row-major matrix) or sparse, one after the other.</summary>
internal static unsafe class HadamardVectors
{
    /// <summary>Coordinates transformed at a time; longer vectors are done in blocks as in <see cref="HadamardLines"/>.</summary>
    private const int Longest = 1 << 15;

    /// <summary>B = alpha S A + beta B; the columns of A are contiguous.</summary>
    public static void Apply<T>(SegmentPart<T> part, int order, T alpha, MatrixBlock<T> a, T beta, MatrixBlock<T> b)
        where T : unmanaged, INumberBase<T>
    {
        int height = Math.Min(order, Longest);
        bool single = height == order, streamed = T.IsZero(beta) && b.RowStride == 1 && (long)b.Rows * b.Columns * sizeof(T) >= StreamingStore.LeastBytes;
        Share(a.Columns, sizeof(T) * (double)a.Columns * (a.Rows + b.Rows), (first, end) =>
        {
            using Scratch<T> scratch = Workspace.Rent<T>(height + (single ? 0 : b.Rows));
            Span<T> buffer = new(scratch.Pointer, height), sums = new(scratch.Pointer + height, single ? 0 : b.Rows);
            fixed (T* signs = part.Signs)
            fixed (sbyte* negative = part.Negative)
            {
                for (int column = first; column < end; column++)
                {
                    T* x = a.Data + (column * a.ColumnStride), next = null;
                    MatrixBlock<T> target = b.Slice(0, column, b.Rows, 1);
                    sums.Clear();
                    for (int from = part.Column / height * height; from < part.Column + (long)a.Rows; from += height)
                    {
                        int skipped = Math.Max(0, from - part.Column), at = Math.Max(0, part.Column - from), count = Math.Min(a.Rows - skipped, height - at);
                        if (count == height)
                        {
                            bool last = skipped + height == a.Rows;
                            next = !last ? x + skipped + height : column + 1 < a.Columns ? x + a.ColumnStride : null;
                            WalshHadamardKernels.TransformSigned(x + skipped, signs + skipped, negative + skipped, scratch.Pointer, height, next);
                        }
                        else
                        {
                            buffer[..at].Clear();
                            buffer[(at + count)..].Clear();
                            TensorPrimitives.Multiply(new ReadOnlySpan<T>(x + skipped, count), part.Signs.Slice(skipped, count), buffer.Slice(at, count));
                            WalshHadamardKernels.Transform(scratch.Pointer, height);
                        }

                        if (single && streamed)
                        {
                            Write<T, StreamedLine>(part.Rows, scratch.Pointer, height, alpha, target.Data, next);
                        }
                        else if (single)
                        {
                            Pick(part.Rows, scratch.Pointer, alpha, beta, target);
                        }
                        else
                        {
                            Collect(part.Rows, scratch.Pointer, height, from / height, sums);
                        }
                    }

                    if (!single)
                    {
                        BlockAdd.Run(alpha, MatrixBlock<T>.ColumnMajor(scratch.Pointer + height, b.Rows, 1), beta, target);
                    }
                }
            }

            if (streamed)
            {
                StreamingStore.Fence();
            }
        });
    }

    /// <summary>B = alpha A S^T + beta B for sparse A.</summary>
    public static void ApplySparse<T>(SegmentPart<T> part, int order, T alpha, CsrMatrix<T> a, T beta, MatrixBlock<T> b)
        where T : unmanaged, INumberBase<T>
        => Share(a.Rows, sizeof(T) * (double)a.Rows * (order + b.Columns), (first, end) =>
        {
            using Scratch<T> scratch = Workspace.Rent<T>(order);
            for (int i = first; i < end; i++)
            {
                scratch.Clear();
                for (int p = a.RowPointers[i]; p < a.RowPointers[i + 1]; p++)
                {
                    int column = a.ColumnIndices[p];
                    scratch.Pointer[part.Column + column] = part.Signs[column] * a.Values[p];
                }

                WalshHadamardKernels.Transform(scratch.Pointer, order);
                Pick(part.Rows, scratch.Pointer, alpha, beta, b.Slice(i, 0, 1, b.Columns).Transpose);
            }
        });

    /// <summary>B = alpha A S + beta B for sparse A.</summary>
    public static void AdjointSparse<T>(SegmentPart<T> part, int order, T alpha, CsrMatrix<T> a, T beta, MatrixBlock<T> b)
        where T : unmanaged, INumberBase<T>
        => Share(a.Rows, sizeof(T) * (double)a.Rows * (order + b.Columns), (first, end) =>
        {
            using Scratch<T> scratch = Workspace.Rent<T>(order);
            for (int i = first; i < end; i++)
            {
                scratch.Clear();
                for (int p = a.RowPointers[i]; p < a.RowPointers[i + 1]; p++)
                {
                    int row = a.ColumnIndices[p] - part.First;
                    if ((uint)row < (uint)part.Rows.Length)
                    {
                        scratch.Pointer[part.Rows[row]] = a.Values[p];
                    }
                }

                WalshHadamardKernels.Transform(scratch.Pointer, order);
                Span<T> line = new(scratch.Pointer + part.Column, b.Columns);
                TensorPrimitives.Multiply(line, part.Signs, line);
                BlockAdd.Run(alpha, MatrixBlock<T>.RowMajor(scratch.Pointer + part.Column, 1, b.Columns), beta, b.Slice(i, 0, 1, b.Columns));
            }
        });

    /// <summary>Runs groups of vectors, so that a buffer serves several.</summary>
    private static void Share(int vectors, double bytes, Action<int, int> run)
    {
        const int Group = 64;
        WorkTeam.Run((vectors + Group - 1) / Group, Parallelism.Current.ThreadsForBytes(bytes), part => run(part * Group, Math.Min(vectors, (part + 1) * Group)));
    }

    private static void Pick<T>(ReadOnlySpan<int> rows, T* transformed, T alpha, T beta, in MatrixBlock<T> target)
        where T : unmanaged, INumberBase<T>
    {
        if (T.IsZero(beta) && target.RowStride == 1)
        {
            Write<T, CachedLine>(rows, transformed, 0, alpha, target.Data, null);
            return;
        }

        for (int i = 0; i < rows.Length; i++)
        {
            T sum = alpha * transformed[rows[i]];
            ref T old = ref target.Data[i * target.RowStride];
            old = T.IsZero(beta) ? sum : sum + (beta * old);
        }
    }

    /// <summary>
    /// Writes contiguous numbers; TStore is <see cref="StreamedLine"/> for those that nobody will read soon. Meanwhile the last quarter of a later vector is fetched, if it is given:
    /// <see cref="WalshHadamardKernels.TransformSigned{T}"/> fetched the rest.
    /// </summary>
    private static void Write<T, TStore>(ReadOnlySpan<int> rows, T* transformed, int height, T alpha, T* to, T* next)
        where T : unmanaged, INumberBase<T>
        where TStore : struct, ILineStore
    {
        byte* rest = next == null ? null : (byte*)(next + (height / 4 * 3)), end = next == null ? null : (byte*)(next + height);
        fixed (int* at = rows)
        {
            int head = 0, lines = 0;
            if (Vector512.IsHardwareAccelerated && (nuint)to % (nuint)sizeof(T) == 0)
            {
                int line = StreamingStore.CacheLine / sizeof(T);
                head = Math.Min(rows.Length, StreamingStore.ElementsBefore(to, StreamingStore.CacheLine));
                lines = (rows.Length - head) / line * line;
                Lines<T, TStore>(at + head, lines, transformed, alpha, to + head, rest, end);
            }

            Prefetch.Lines(rest + (lines * (nint)sizeof(T)), (nint)(end - rest) - (lines * (nint)sizeof(T)));
            Numbers<T, TStore>(at, head, transformed, alpha, to);
            Numbers<T, TStore>(at + head + lines, rows.Length - head - lines, transformed, alpha, to + head + lines);
        }
    }

    /// <summary>Whole cache lines, put together in a register: a store for each number would take longer than the transform's last stages.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Lines<T, TStore>(int* at, int count, T* x, T alpha, T* to, byte* next, byte* end)
        where T : unmanaged, INumberBase<T>
        where TStore : struct, ILineStore
    {
        Vector512<T> factor = Vector512.Create(alpha);
        for (int i = 0; i < count; i += Vector512<T>.Count, next += StreamingStore.CacheLine)
        {
            if (next < end)
            {
                Prefetch.Lines(next, StreamingStore.CacheLine);
            }

            Vector512<T> values = (typeof(T) == typeof(double) ? Gather((double*)x, at + i).As<double, T>() : Gather((float*)x, at + i).As<float, T>()) * factor;
            TStore.Store(values.AsByte(), (byte*)(to + i));
        }
    }

    /// <summary>Eight numbers; the gather instruction of the measured machine took half as long again.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Gather(double* x, int* at)
    {
        Vector128<double> a = Sse2.LoadHigh(Vector128.CreateScalarUnsafe(x[at[0]]), x + at[1]), b = Sse2.LoadHigh(Vector128.CreateScalarUnsafe(x[at[2]]), x + at[3]);
        Vector128<double> c = Sse2.LoadHigh(Vector128.CreateScalarUnsafe(x[at[4]]), x + at[5]), d = Sse2.LoadHigh(Vector128.CreateScalarUnsafe(x[at[6]]), x + at[7]);
        return Vector512.Create(Vector256.Create(a, b), Vector256.Create(c, d));
    }

    /// <summary>Sixteen numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Gather(float* x, int* at)
    {
        Vector128<float> a = Vector128.Create(x[at[0]], x[at[1]], x[at[2]], x[at[3]]), b = Vector128.Create(x[at[4]], x[at[5]], x[at[6]], x[at[7]]);
        Vector128<float> c = Vector128.Create(x[at[8]], x[at[9]], x[at[10]], x[at[11]]), d = Vector128.Create(x[at[12]], x[at[13]], x[at[14]], x[at[15]]);
        return Vector512.Create(Vector256.Create(a, b), Vector256.Create(c, d));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Numbers<T, TStore>(int* at, int count, T* transformed, T alpha, T* to)
        where T : unmanaged, INumberBase<T>
        where TStore : struct, ILineStore
    {
        int i = 0;
        for (; i <= count - 4; i += 4)
        {
            T p = transformed[at[i]], q = transformed[at[i + 1]], r = transformed[at[i + 2]], s = transformed[at[i + 3]];
            TStore.Store(alpha * p, to + i);
            TStore.Store(alpha * q, to + i + 1);
            TStore.Store(alpha * r, to + i + 2);
            TStore.Store(alpha * s, to + i + 3);
        }

        for (; i < count; i++)
        {
            TStore.Store(alpha * transformed[at[i]], to + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Collect<T>(ReadOnlySpan<int> rows, T* transformed, int height, int high, Span<T> sums)
        where T : unmanaged, INumberBase<T>
    {
        for (int i = 0; i < rows.Length; i++)
        {
            T value = transformed[rows[i] & (height - 1)];
            sums[i] += (BitOperations.PopCount((uint)(rows[i] / height & high)) & 1) == 0 ? value : -value;
        }
    }
}
