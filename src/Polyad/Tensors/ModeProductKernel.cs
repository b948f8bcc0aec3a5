using System.Numerics;

namespace Polyad;

/// <summary>
/// Y_l = M X_l for every slab of the dense [left, mode, right] view, the in-place scheme of InTensLi (Li, Battaglino, Perros, Sun, Vuduc, SC 2015):
/// contiguous modes are merged into one product, the rest is looped over.
/// </summary>
internal static unsafe class ModeProductKernel
{
    private const int PackedColumns = 512;
    private const int WideSlab = 48;

    /// <summary>Slabs of at least this many operations are shared inside the product rather than dealt out whole.</summary>
    private const double LargeSlab = 1e7;

    public static void Run<T>(ILinearAlgebraBackend backend, T* x, nint left, int length, nint right, MatrixBlock<T> matrix, T* y, Parallelism parallelism)
        where T : unmanaged, INumberBase<T>
    {
        int rows = matrix.Rows;
        if (right == 1)
        {
            // One product of the merged rows: Y = X M^T.
            for (nint l = 0; l < left; l += int.MaxValue)
            {
                int count = (int)Math.Min(left - l, int.MaxValue);
                backend.MatMul(
                    T.One, ReadOnlyMatrixView<T>.FromPointer(x + (l * length), count, length, length, 1), matrix.Transpose.AsReadOnlyView(),
                    T.Zero, MatrixView<T>.FromPointer(y + (l * rows), count, rows, rows, 1));
            }

            return;
        }

        double slabFlops = 2.0 * rows * length * right;
        int threads = parallelism.ThreadsForFlops(slabFlops * left);
        nint slabs = right >= WideSlab ? 1 : Math.Max(1, PackedColumns / right);
        nint steps = (left + slabs - 1) / slabs;
        bool whole = slabFlops >= LargeSlab || steps < 2 * threads;
        int parts = whole ? 1 : (int)Math.Min(steps, 8L * threads);

        // Each slab is one independent product: who computes it does not show.
        SlabLoop.Run(parts, threads, part =>
        {
            using Scratch<T> packed = Workspace.Rent<T>(slabs == 1 ? 0 : slabs * right * (length + rows));
            for (nint step = steps * part / parts; step < steps * (part + 1) / parts; step++)
            {
                nint l = step * slabs, count = Math.Min(slabs, left - l);
                if (slabs == 1)
                {
                    Slab(backend, x + (l * length * right), length, right, matrix, y + (l * rows * right));
                }
                else
                {
                    T* wide = packed.Pointer, product = wide + (slabs * right * length);
                    TensorCopy.Run(x + (l * length * right), [right, length * right, 1], wide, [count * right, right, 1], [length, count, right], Parallelism.Sequential);
                    Slab(backend, wide, length, count * right, matrix, product);
                    TensorCopy.Run(product, [count * right, right, 1], y + (l * rows * right), [right, rows * right, 1], [rows, count, right], Parallelism.Sequential);
                }
            }
        });
    }

    private static void Slab<T>(ILinearAlgebraBackend backend, T* x, int length, nint right, in MatrixBlock<T> matrix, T* y)
        where T : unmanaged, INumberBase<T>
    {
        for (nint j = 0; j < right; j += int.MaxValue)
        {
            int count = (int)Math.Min(right - j, int.MaxValue);
            backend.MatMul(
                T.One, matrix.AsReadOnlyView(), ReadOnlyMatrixView<T>.FromPointer(x + j, length, count, right, 1),
                T.Zero, MatrixView<T>.FromPointer(y + j, matrix.Rows, count, right, 1));
        }
    }
}
