using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>
/// For each mode in turn the contraction of X with all other cores of a ring, n x (r_(k+1), r_k): the right side of its least-squares problem. Halves of the modes are contracted once for all modes of the other half, so
/// that X is read twice in a sweep; no subchain matrix larger than the product of its own half is formed. A core may be replaced when its turn has come.
/// </summary>
internal sealed class RingTree<T>(TensorBlock<T> x, RingState<T> state, ILinearAlgebraBackend backend)
    where T : unmanaged, INumberBase<T>
{
    /// <summary>One round.</summary>
    /// <param name="update">Of the mode and its contraction.</param>
    public void Sweep(Action<int, Tensor<T>> update)
    {
        int order = x.Order;
        if (order == 1)
        {
            // The chain between the two ends is the identity.
            int length = (int)x.Lengths[0], rank = (int)state.Cores[0].Lengths[0];
            Tensor<T> only = FreshMemory.Zeros<T>([length, rank * rank]);
            for (int i = 0; i < length; i++)
            {
                for (int a = 0; a < rank; a++)
                {
                    only[i, (a * rank) + a] = x.Elements[i];
                }
            }

            update(0, only);
            return;
        }

        int middle = Chain.Split(x.Lengths), left = DenseData.Product(x.Lengths.AsSpan()[..middle]), right = x.Count / left;
        int start = (int)state.Cores[0].Lengths[0], joint = (int)state.Cores[middle].Lengths[0];
        ReadOnlyMatrixView<T> whole = new(x.Elements, left, right);
        using (TensorBlock<T> first = new([left, joint, start]))
        {
            Tensor<T> chain = Joined(middle, order, [1, 0, 2]);
            backend.MatMul(T.One, whole, new ReadOnlyMatrixView<T>(DenseData.Elements(chain), right, joint * start), T.Zero, new MatrixView<T>(first.Elements, left, joint * start));
            Visit(first, 0, middle, update);
        }

        using (TensorBlock<T> second = new([right, start, joint]))
        {
            Tensor<T> chain = Joined(0, middle, [1, 0, 2]);
            backend.MatMul(T.One, whole.Transpose, new ReadOnlyMatrixView<T>(DenseData.Elements(chain), left, start * joint), T.Zero, new MatrixView<T>(second.Elements, right, start * joint));
            Visit(second, middle, order, update);
        }
    }

    /// <summary><paramref name="part"/> is X contracted with all cores but from .. to - 1: [n_from .. n_(to-1), r_to, r_from].</summary>
    private void Visit(TensorBlock<T> part, int from, int to, Action<int, Tensor<T>> update)
    {
        int rFrom = (int)state.Cores[from].Lengths[0], rTo = (int)state.Cores[to - 1].Lengths[2];
        if (to - from == 1)
        {
            update(from, Tensor.Create(part.Elements.ToArray(), [x.Lengths[from], rTo * rFrom]));
            return;
        }

        int middle = from + ((to - from) / 2), left = DenseData.Product(x.Lengths.AsSpan()[from..middle]), right = DenseData.Product(x.Lengths.AsSpan()[middle..to]);
        int joint = (int)state.Cores[middle].Lengths[0];
        using (TensorBlock<T> first = new([left, joint, rFrom]))
        {
            // Sum over the second half and r_to: the middle mode of [left, (right r_to), r_from].
            Tensor<T> chain = Joined(middle, to, [0, 1, 2]);
            TensorSpan<T> view = part.As([left, right * rTo, rFrom]);
            backend.ModeProduct(view, new ReadOnlyMatrixView<T>(DenseData.Elements(chain), joint, right * rTo), 1, first.Span);
            Visit(first, from, middle, update);
        }

        using (TensorBlock<T> second = new([right, rTo, joint]))
        {
            // Sum over the first half and r_from: the two outer modes of [left, (right r_to), r_from].
            Tensor<T> chain = Joined(from, middle, [1, 0, 2]);
            int rows = right * rTo;
            for (int l = 0; l < left; l++)
            {
                backend.MatMul(
                    T.One,
                    new ReadOnlyMatrixView<T>(part.Elements.Slice(l * rows * rFrom, rows * rFrom), rows, rFrom),
                    new ReadOnlyMatrixView<T>(DenseData.Elements(chain).Slice(l * rFrom * joint, rFrom * joint), rFrom, joint),
                    l == 0 ? T.Zero : T.One,
                    new MatrixView<T>(second.Elements, rows, joint));
            }

            Visit(second, middle, to, update);
        }
    }

    /// <summary>The chain of cores from .. to - 1, [r_from, n_from .. n_(to-1), r_to], its three indices in another order.</summary>
    private Tensor<T> Joined(int from, int to, int[] order)
    {
        T[] chain = Chain.Join(backend, state.Cores, from, to);
        int left = (int)state.Cores[from].Lengths[0], right = (int)state.Cores[to - 1].Lengths[2];
        return TensorAlgebra.Permute(Tensor.Create(chain, [left, chain.Length / (left * right), right]), order);
    }
}
