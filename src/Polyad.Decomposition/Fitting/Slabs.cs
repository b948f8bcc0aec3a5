using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>Parts of a dense tensor along one mode.</summary>
internal static class Slabs
{
    /// <summary>A new tensor of the slabs with these indices of a mode, in their order; an index may come more than once.</summary>
    public static Tensor<T> Of<T>(Tensor<T> dense, int mode, ReadOnlySpan<int> indices)
        where T : unmanaged
    {
        int left = DenseData.Product(dense.Lengths[..mode]), length = (int)dense.Lengths[mode], right = DenseData.Product(dense.Lengths[(mode + 1)..]);
        nint[] lengths = dense.Lengths.ToArray();
        lengths[mode] = indices.Length;
        Tensor<T> chosen = Tensor.CreateFromShape<T>(lengths);
        ReadOnlySpan<T> from = DenseData.Elements(dense);
        Span<T> to = DenseData.Elements(chosen);
        for (int l = 0; l < left; l++)
        {
            for (int k = 0; k < indices.Length; k++)
            {
                from.Slice(((l * length) + indices[k]) * right, right).CopyTo(to.Slice(((l * indices.Length) + k) * right, right));
            }
        }

        return chosen;
    }
}
