using System.Runtime.InteropServices;
using Polyad.Managed;
using static TorchSharp.torch;

namespace Polyad.Torch;

public sealed unsafe partial class TorchBackend
{
    /// <inheritdoc/>
    protected override int LuCore<T>(in ReadOnlyMatrixView<T> a, in MatrixView<T> lu, Span<int> pivots)
    {
        fixed (T* pa = a)
        fixed (T* pf = lu)
        {
            using TorchCall call = Begin(2 * Cubic(a.Rows, a.Columns) / 3);
            MatrixBlock<T> target = Pinned.Block(lu, pf);
            using Scratch<T> copy = call.ColumnMajor(Pinned.Block(a, pa), out Tensor x);
            try
            {
                (Tensor factors, Tensor? swaps) = linalg.lu_factor(x);
                call.Output(factors, target);
                ReadOnlySpan<int> fromOne = MemoryMarshal.Cast<byte, int>(swaps!.cpu().bytes);
                for (int i = 0; i < pivots.Length; i++)
                {
                    pivots[i] = fromOne[i] - 1;
                }
            }
            catch (ExternalException)
            {
                // lu_factor refuses a matrix with a zero pivot; lu factors it, but gives the permutation in place of the swaps.
                (Tensor? permutation, Tensor lower, Tensor upper) = linalg.lu(x);
                call.Output(Joined(lower.tril(-1), upper), target);
                ReadSwaps(MemoryMarshal.Cast<byte, long>(permutation!.argmax(0).cpu().bytes), pivots);
            }

            for (int i = 0; i < pivots.Length; i++)
            {
                if (T.IsZero(target[i, i]))
                {
                    return i;
                }
            }

            return -1;
        }
    }

    /// <summary>The strict lower part of L and the upper part of U in one matrix.</summary>
    private static Tensor Joined(Tensor lower, Tensor upper)
    {
        long k = upper.shape[0];
        if (lower.shape[0] >= upper.shape[1])
        {
            lower.narrow(0, 0, k).add_(upper);
            return lower;
        }

        upper.narrow(1, 0, k).add_(lower);
        return upper;
    }

    /// <summary>Turns a permutation (row i of the product was row order[i] of the matrix) into the swaps that lead to it.</summary>
    internal static void ReadSwaps(ReadOnlySpan<long> order, Span<int> pivots)
    {
        int[] rowAt = new int[order.Length], placeOf = new int[order.Length];
        for (int i = 0; i < order.Length; i++)
        {
            rowAt[i] = placeOf[i] = i;
        }

        for (int i = 0; i < pivots.Length; i++)
        {
            int place = placeOf[(int)order[i]];
            pivots[i] = place;
            (rowAt[i], rowAt[place]) = (rowAt[place], rowAt[i]);
            placeOf[rowAt[i]] = i;
            placeOf[rowAt[place]] = place;
        }
    }
}
