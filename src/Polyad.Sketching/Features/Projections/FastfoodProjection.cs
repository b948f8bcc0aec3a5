using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>
/// Fastfood (Le, Sarlos, Smola 2013): for each block of p = the next power of two of d vectors, S H G P H B / sqrt(p) with random signs B, a permutation P, normal numbers G and
/// S_i = s_i / |G|, s_i the length of vector i. A vector alone has exactly uniform direction and the length drawn for it.
/// </summary>
internal sealed class FastfoodProjection<T> : Projection<T>
    where T : unmanaged, INumberBase<T>
{
    private readonly int _padded;
    private readonly T[] _signs;
    private readonly int[] _order;
    private readonly T[] _normal;
    private readonly T[] _factors;

    private FastfoodProjection(int columns, T[] signs, int[] order, T[] normal, T[] factors)
        : base(columns, factors.Length)
    {
        _padded = StructuredRows.Padded(columns);
        (_signs, _order, _normal, _factors) = (signs, order, normal, factors);
    }

    public static FastfoodProjection<T> Draw(int columns, ReadOnlySpan<double> lengths, in FitContext context)
    {
        int padded = StructuredRows.Padded(columns), blocks = StructuredRows.Blocks(lengths.Length, padded), size = checked(blocks * padded);
        T[] signs = new T[size], normal = new T[size], factors = new T[lengths.Length];
        int[] order = new int[size];
        context.Draws(DrawStream.Signs).Signs<T>(signs);
        context.Draws(DrawStream.Weights).Normal<T>(normal);
        for (int block = 0; block < blocks; block++)
        {
            context.Draws(DrawStream.Permutations + (ulong)block).Permutation(padded).CopyTo(order, block * padded);
            double size2 = double.CreateChecked(TensorPrimitives.SumOfSquares<T>(normal.AsSpan(block * padded, padded)));
            for (int i = block * padded; i < Math.Min((block + 1) * padded, factors.Length); i++)
            {
                // A row of H G P H B has length sqrt(p) |G|.
                factors[i] = T.CreateSaturating(lengths[i] / Math.Sqrt(padded * size2));
            }
        }

        return new FastfoodProjection<T>(columns, signs, order, normal, factors);
    }

    public static FastfoodProjection<T> Read(FeatureMapReader reader, int columns, int count)
    {
        int padded = StructuredRows.Padded(columns), size = checked(StructuredRows.Blocks(count, padded) * padded);
        return new FastfoodProjection<T>(
            columns, reader.Vector<T>("signs", size), reader.Indices("order", size, padded), reader.Vector<T>("normal", size), reader.Vector<T>("factors", count));
    }

    public override void Apply(in FeatureRows<T> x, in MatrixView<T> products, ILinearAlgebraBackend backend)
        => StructuredRows.Apply(x, _padded, products, 6, (row, block, work, spare) =>
        {
            Range part = (block * _padded)..((block + 1) * _padded);
            TensorPrimitives.Multiply<T>(row, _signs.AsSpan(part), spare);
            StructuredRows.Transform(spare);
            ReadOnlySpan<int> order = _order.AsSpan(part);
            for (int i = 0; i < order.Length; i++)
            {
                work[i] = spare[order[i]];
            }

            TensorPrimitives.Multiply<T>(work, _normal.AsSpan(part), work);
            StructuredRows.Transform(work);
        }, _factors);

    public override void Write(FeatureMapWriter writer)
    {
        writer.Add<T>("signs", _signs);
        writer.Add<int>("order", _order);
        writer.Add<T>("normal", _normal);
        writer.Add<T>("factors", _factors);
    }
}
