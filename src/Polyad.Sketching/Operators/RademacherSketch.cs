using System.Numerics;

namespace Polyad.Sketching;

/// <summary>Independent random signs. A product costs 2 D n k flops and D n / 64 draws; the product with whole numbers is exact.</summary>
public sealed class RademacherSketch<T> : DenseSketch<T>
    where T : unmanaged, INumberBase<T>
{
    /// <summary>A sketch of D rows and n columns.</summary>
    /// <param name="rows">D, at least 1.</param>
    /// <param name="columns">n, at least 1.</param>
    /// <param name="state">A seed, or where another sketch ended.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    public RademacherSketch(int rows, int columns, SketchState state = default)
        : base(rows, columns, state)
    {
    }

    private protected override void DrawRow(int row, int column, Span<T> entries) => State.Draws(StreamFamily.Rademacher, (ulong)row).Signs(entries, (ulong)column);
}
