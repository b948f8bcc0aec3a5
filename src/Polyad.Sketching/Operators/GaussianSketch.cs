using System.Numerics;

namespace Polyad.Sketching;

/// <summary>
/// Independent standard normal entries. For an orthonormal n x N matrix Q the singular values of S Q / sqrt(D) lie between 1 - sqrt(N / D) - t and 1 + sqrt(N / D) + t but for a probability of
/// 2 exp(-D t^2 / 2) (Davidson, Szarek 2001). A product costs 2 D n k flops and D n draws.
/// </summary>
/// <remarks>Doubles are made of 53 random bits each, floats of 32.</remarks>
public sealed class GaussianSketch<T> : DenseSketch<T>
    where T : unmanaged, INumberBase<T>
{
    /// <summary>A sketch of D rows and n columns.</summary>
    /// <param name="rows">D, at least 1.</param>
    /// <param name="columns">n, at least 1.</param>
    /// <param name="state">A seed, or where another sketch ended.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    public GaussianSketch(int rows, int columns, SketchState state = default)
        : base(rows, columns, state)
    {
    }

    private protected override void DrawRow(int row, int column, Span<T> entries) => State.Draws(StreamFamily.Gaussian, (ulong)row).Normal(entries, (ulong)column);
}
