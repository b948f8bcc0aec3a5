using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>
/// Structured orthogonal vectors (Yu et al. 2016): for each block of p = the next power of two of d vectors, rows of H D1 H D2 H D3 / p^(3/2), orthonormal, times lengths.
/// </summary>
internal sealed class HadamardProjection<T> : Projection<T>
    where T : unmanaged, INumberBase<T>
{
    private const int Stages = 3;

    private readonly int _padded;
    private readonly T[] _signs;
    private readonly T[] _factors;

    private HadamardProjection(int columns, T[] signs, T[] factors)
        : base(columns, factors.Length)
    {
        _padded = StructuredRows.Padded(columns);
        (_signs, _factors) = (signs, factors);
    }

    public static HadamardProjection<T> Draw(int columns, ReadOnlySpan<double> lengths, in FitContext context)
    {
        int padded = StructuredRows.Padded(columns), blocks = StructuredRows.Blocks(lengths.Length, padded);
        T[] signs = new T[checked(blocks * Stages * padded)], factors = new T[lengths.Length];
        context.Draws(DrawStream.Signs).Signs<T>(signs);
        for (int i = 0; i < factors.Length; i++)
        {
            // Three unscaled transforms multiply lengths by p^(3/2).
            factors[i] = T.CreateSaturating(lengths[i] / (padded * Math.Sqrt(padded)));
        }

        return new HadamardProjection<T>(columns, signs, factors);
    }

    public static HadamardProjection<T> Read(FeatureMapReader reader, int columns, int count)
    {
        int padded = StructuredRows.Padded(columns);
        return new HadamardProjection<T>(columns, reader.Vector<T>("signs", checked(StructuredRows.Blocks(count, padded) * Stages * padded)), reader.Vector<T>("factors", count));
    }

    public override void Apply(in FeatureRows<T> x, in MatrixView<T> products, ILinearAlgebraBackend backend)
        => StructuredRows.Apply(x, _padded, products, 2.0 * Stages, (row, block, work, _) =>
        {
            TensorPrimitives.Multiply(row, Signs(block, 0), work);
            StructuredRows.Transform(work);
            for (int stage = 1; stage < Stages; stage++)
            {
                TensorPrimitives.Multiply(work, Signs(block, stage), work);
                StructuredRows.Transform(work);
            }
        }, _factors);

    public override void Write(FeatureMapWriter writer)
    {
        writer.Add<T>("signs", _signs);
        writer.Add<T>("factors", _factors);
    }

    private ReadOnlySpan<T> Signs(int block, int stage) => _signs.AsSpan(((block * Stages) + stage) * _padded, _padded);
}
