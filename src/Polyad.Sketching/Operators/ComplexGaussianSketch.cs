using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>Independent circular complex normal entries (g + i h) / sqrt(2). Entry (i, j) is made of normals 2 j and 2 j + 1 of stream i: more rows or columns leave the others as they are.</summary>
public sealed class ComplexGaussianSketch : ComplexDenseSketch
{
    /// <summary>A sketch of D rows and n columns.</summary>
    /// <param name="rows">D, at least 1.</param>
    /// <param name="columns">n, at least 1.</param>
    /// <param name="state">A seed, or where another sketch ended.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    public ComplexGaussianSketch(int rows, int columns, SketchState state = default)
        : base(rows, columns, state)
    {
    }

    private protected override void DrawRow(int row, int column, Span<double> real, Span<double> imaginary)
    {
        using Scratch<double> pairs = Workspace.Rent<double>(2 * (nint)real.Length);
        State.Draws(StreamFamily.ComplexGaussian, (ulong)row).Normal(pairs.Span, 2 * (ulong)column);
        TensorPrimitives.Multiply(pairs.Span, Math.Sqrt(0.5), pairs.Span);
        for (int j = 0; j < real.Length; j++)
        {
            (real[j], imaginary[j]) = (pairs.Span[2 * j], pairs.Span[(2 * j) + 1]);
        }
    }
}
