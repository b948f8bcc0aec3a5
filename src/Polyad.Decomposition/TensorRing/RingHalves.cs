using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>A ring as a product of two matrices: the chain of its first modes and that of the others, joined at both ends.</summary>
internal static class RingHalves
{
    /// <summary>Left rows x inner, right inner x columns, inner = r_s r_0 for the split s.</summary>
    public static (T[] Left, T[] Right, int Rows, int Inner, int Columns) Of<T>(ILinearAlgebraBackend backend, IReadOnlyList<Tensor<T>> cores)
        where T : unmanaged, INumberBase<T>
    {
        int order = cores.Count, split = order == 1 ? 1 : Chain.Split([.. cores.Select(static c => c.Lengths[1])]), start = (int)cores[0].Lengths[0];
        T[] first = Chain.Join(backend, cores, 0, split);
        int middle = (int)cores[split - 1].Lengths[2], rows = first.Length / (start * middle);
        T[] left = DenseData.Elements(TensorAlgebra.Permute(Tensor.Create(first, [start, rows, middle]), [1, 2, 0])).ToArray();
        if (split == order)
        {
            // One mode: its own two ends are joined.
            T[] trace = new T[middle * start];
            for (int a = 0; a < start; a++)
            {
                trace[(a * start) + a] = T.One;
            }

            return (left, trace, rows, middle * start, 1);
        }

        T[] second = Chain.Join(backend, cores, split, order);
        int columns = second.Length / (start * middle);
        T[] right = DenseData.Elements(TensorAlgebra.Permute(Tensor.Create(second, [middle, columns, start]), [0, 2, 1])).ToArray();
        return (left, right, rows, middle * start, columns);
    }
}
