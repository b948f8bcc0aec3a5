using System.Numerics;

namespace Polyad.Sketching;

/// <summary>A sparse sign matrix for one leaf of a tree: s entries +-s^(-1/2) in each column, one in each of s blocks of rows (OSNAP, Nelson and Nguyen 2013; s = 1 is the count sketch).</summary>
internal sealed unsafe class LeafProjection<T>
    where T : unmanaged, INumberBase<T>
{
    private readonly int[][] _places;
    private readonly T[][] _signs;

    public LeafProjection(int dimension, int rows, int nonZeros, ulong seed, int leaf)
    {
        Rows = rows;
        (_places, _signs) = (new int[nonZeros][], new T[nonZeros][]);
        T scale = T.CreateTruncating(1 / Math.Sqrt(nonZeros));
        int block = rows / nonZeros;
        for (int b = 0; b < nonZeros; b++)
        {
            (_places[b], _signs[b]) = (new int[dimension], new T[dimension]);
            SketchStream.Of(seed, StreamRole.Leaf, leaf, b).Integers(_places[b], block);
            SketchStream.Of(seed, StreamRole.LeafSign, leaf, b).Signs(_signs[b].AsSpan());
            System.Numerics.Tensors.TensorPrimitives.Multiply(_signs[b], scale, _signs[b]);
        }
    }

    /// <summary>Lines of the output.</summary>
    public int Rows { get; }

    /// <summary>The projections of a batch of rows.</summary>
    public void Fill(HomogeneousRows<T> rows, int factor, int first, int count, T* lines)
    {
        int block = Rows / _places.Length;
        for (int b = 0; b < _places.Length; b++)
        {
            fixed (int* places = _places[b])
            fixed (T* signs = _signs[b])
            {
                CountSketchLines.Fill(rows, factor, first, count, block, places, signs, lines + ((nint)b * block * LaneSketch<T>.Lanes));
            }
        }
    }
}
