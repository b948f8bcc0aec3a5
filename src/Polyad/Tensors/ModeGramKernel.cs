using System.Numerics;

namespace Polyad;

/// <summary>G = sum over l of X_l X_l^T on the dense [left, mode, right] view.</summary>
internal static unsafe class ModeGramKernel
{
    /// <summary>Columns that one call of the engine's Gram should see: enough to make the update of G cheap.</summary>
    private const int PackedColumns = 512;

    /// <summary>Slabs at least this wide are given to the engine where they lie.</summary>
    private const int WideSlab = 48;

    public static void Run<T>(ILinearAlgebraBackend backend, T* x, nint left, int length, nint right, MatrixBlock<T> destination, Parallelism parallelism)
        where T : unmanaged, INumberBase<T>
    {
        // Units of accumulation: rows of X^T when the mode is last, columns of X when it is first, slabs otherwise.
        nint units = left == 1 ? right : left;
        nint unitColumns = left == 1 || right == 1 ? 1 : right;
        int parts = length > 1024 ? 1 : (int)Math.Clamp(units * unitColumns / 2048, 1, SlabLoop.MaxParts);
        int threads = parallelism.ThreadsForFlops((double)left * right * length * length);
        nint size = (nint)length * length;
        using Scratch<T> sums = Workspace.Rent<T>(parts * size);
        T* blocks = sums.Pointer;
        sums.Clear();
        SlabLoop.Run(parts, parts == 1 ? 1 : threads, part =>
        {
            MatrixView<T> g = MatrixBlock<T>.RowMajor(blocks + (part * size), length, length).AsView();
            nint from = units * part / parts, to = units * (part + 1) / parts;
            if (left == 1)
            {
                Columns(backend, x, length, right, from, to, g);
            }
            else if (right == 1)
            {
                Rows(backend, x, length, from, to, g);
            }
            else if (right >= WideSlab)
            {
                Slabs(backend, x, length, right, from, to, g);
            }
            else
            {
                PackedSlabs(backend, x, length, right, from, to, g);
            }
        });
        SlabLoop.Sum(blocks, parts, size);
        BlockCopy.Run(MatrixBlock<T>.RowMajor(blocks, length, length), destination);
    }

    private static void Columns<T>(ILinearAlgebraBackend backend, T* x, int length, nint right, nint from, nint to, in MatrixView<T> g)
        where T : unmanaged, INumberBase<T>
    {
        for (nint j = from; j < to; j += int.MaxValue)
        {
            backend.Gram(T.One, ReadOnlyMatrixView<T>.FromPointer(x + j, length, (int)Math.Min(to - j, int.MaxValue), right, 1), T.One, g);
        }
    }

    private static void Rows<T>(ILinearAlgebraBackend backend, T* x, int length, nint from, nint to, in MatrixView<T> g)
        where T : unmanaged, INumberBase<T>
    {
        for (nint l = from; l < to; l += int.MaxValue)
        {
            backend.Gram(T.One, ReadOnlyMatrixView<T>.FromPointer(x + (l * length), length, (int)Math.Min(to - l, int.MaxValue), 1, length), T.One, g);
        }
    }

    private static void Slabs<T>(ILinearAlgebraBackend backend, T* x, int length, nint right, nint from, nint to, in MatrixView<T> g)
        where T : unmanaged, INumberBase<T>
    {
        for (nint l = from; l < to; l++)
        {
            Columns(backend, x + (l * length * right), length, right, 0, right, g);
        }
    }

    /// <summary>Several narrow slabs side by side in scratch make one matrix wide enough for the engine.</summary>
    private static void PackedSlabs<T>(ILinearAlgebraBackend backend, T* x, int length, nint right, nint from, nint to, in MatrixView<T> g)
        where T : unmanaged, INumberBase<T>
    {
        nint slabs = Math.Max(1, PackedColumns / right);
        using Scratch<T> packed = Workspace.Rent<T>(length * slabs * right);
        for (nint l = from; l < to; l += slabs)
        {
            nint count = Math.Min(slabs, to - l);
            TensorCopy.Run(
                x + (l * length * right), [right, length * right, 1], packed.Pointer, [count * right, right, 1], [length, count, right], Parallelism.Sequential);
            backend.Gram(T.One, ReadOnlyMatrixView<T>.FromPointer(packed.Pointer, length, (int)(count * right), (int)(count * right), 1), T.One, g);
        }
    }
}
