using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>Independent entries uniform on [-sqrt(3), sqrt(3)], hence of variance 1; cheaper to draw than normal ones. A product costs 2 D n k flops and D n draws.</summary>
public sealed class UniformSketch<T> : DenseSketch<T>
    where T : unmanaged, INumberBase<T>
{
    private static readonly T End = T.CreateTruncating(Math.Sqrt(3));

    /// <summary>A sketch of D rows and n columns.</summary>
    /// <param name="rows">D, at least 1.</param>
    /// <param name="columns">n, at least 1.</param>
    /// <param name="state">A seed, or where another sketch ended.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    public UniformSketch(int rows, int columns, SketchState state = default)
        : base(rows, columns, state)
    {
    }

    private protected override void DrawRow(int row, int column, Span<T> entries)
    {
        State.Draws(StreamFamily.Uniform, (ulong)row).Uniform(entries, (ulong)column);

        // (2 u - 1) sqrt(3): the first two steps are exact, the third is rounded once, so nothing depends on fused products.
        TensorPrimitives.Add(entries, entries, entries);
        TensorPrimitives.Subtract(entries, T.One, entries);
        TensorPrimitives.Multiply(entries, End, entries);
    }
}
