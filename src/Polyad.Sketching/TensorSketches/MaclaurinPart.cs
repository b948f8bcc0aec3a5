using System.Numerics;

namespace Polyad.Sketching;

/// <summary>One degree of a sketched series: coefficient * alpha(x)^alphaPower alpha(y)^alphaPower (r(x).r(y))^degree.</summary>
/// <param name="Degree">The degree; 0 for a constant, which is one feature.</param>
/// <param name="Coefficient">At least 0.</param>
/// <param name="AlphaPower">The power of the row's number alpha.</param>
/// <param name="Sketch">The sketch of that power of the rows; null for degree 0.</param>
internal sealed record MaclaurinPart<T>(int Degree, double Coefficient, int AlphaPower, RowSketch<T>? Sketch)
    where T : unmanaged, INumberBase<T>
{
    public int Features => Sketch?.OutputDimension ?? 1;
}
