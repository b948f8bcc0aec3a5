using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>A d x D matrix of random signs.</summary>
internal static class SignMatrix
{
    public static Tensor<T> Draw<T>(int columns, int count, in FitContext context)
        where T : unmanaged, INumberBase<T>
    {
        // Drawn feature by feature, so that a larger D keeps the earlier features.
        Tensor<T> rows = context.Draws(DrawStream.Signs).Signs<T>(count, columns), signs = FreshMemory.Uninitialized<T>([columns, count]);
        rows.AsReadOnlyMatrix().Transpose.CopyTo(signs.AsMatrix());
        return signs;
    }

    /// <summary>One byte a sign: 1 where it is negative.</summary>
    public static void Write<T>(FeatureMapWriter writer, Tensor<T> signs)
        where T : unmanaged, INumberBase<T>
    {
        ReadOnlySpan<T> elements = LinearAlgebra.Elements(signs);
        byte[] bytes = new byte[elements.Length];
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = T.IsNegative(elements[i]) ? (byte)1 : (byte)0;
        }

        writer.Add("negative", Tensor.Create(bytes, signs.Lengths));
    }

    public static Tensor<T> Read<T>(FeatureMapReader reader, int count)
        where T : unmanaged, INumberBase<T>
    {
        Tensor<T> signs = reader.Array<T>("negative", -1, count);
        foreach (ref T element in LinearAlgebra.Elements(signs))
        {
            element = T.IsZero(element) ? T.One : element == T.One ? -T.One : throw reader.Wrong("array 'negative' holds other numbers than 0 and 1");
        }

        return signs;
    }
}
