namespace Polyad.Sketching;

/// <summary>
/// Independent entries uniform on {1, -1, i, -i}. Entry (i, j) is made of bits 2 j (set: imaginary) and 2 j + 1 (set: negative) of stream i: more rows or columns leave the others as they are.
/// </summary>
public sealed class ComplexRademacherSketch : ComplexDenseSketch
{
    /// <summary>A sketch of D rows and n columns.</summary>
    /// <param name="rows">D, at least 1.</param>
    /// <param name="columns">n, at least 1.</param>
    /// <param name="state">A seed, or where another sketch ended.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    public ComplexRademacherSketch(int rows, int columns, SketchState state = default)
        : base(rows, columns, state)
    {
    }

    private protected override void DrawRow(int row, int column, Span<double> real, Span<double> imaginary)
    {
        using Scratch<double> pairs = Workspace.Rent<double>(2 * (nint)real.Length);
        State.Draws(StreamFamily.ComplexRademacher, (ulong)row).Signs(pairs.Span, 2 * (ulong)column);
        for (int j = 0; j < real.Length; j++)
        {
            double axis = pairs.Span[2 * j], sign = pairs.Span[(2 * j) + 1];
            (real[j], imaginary[j]) = axis > 0 ? (sign, 0.0) : (0.0, sign);
        }
    }
}
