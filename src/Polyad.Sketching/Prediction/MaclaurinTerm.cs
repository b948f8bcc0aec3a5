using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>One degree of a planned series.</summary>
/// <param name="Degree">The degree; 0 for the constant.</param>
/// <param name="Coefficient">The coefficient of the series.</param>
/// <param name="Features">How many features it has.</param>
/// <param name="Family">The sketch; null where the features are monomials, or projections to principal axes.</param>
/// <param name="ErrorShare">Its part of the predicted squared error.</param>
public sealed record MaclaurinTerm(int Degree, double Coefficient, int Features, SketchFamily? Family, double ErrorShare)
{
    /// <summary>Whether the features of degree 1 are the projections to the leading principal axes of the data, fewer than a row has numbers; what they leave is part of the predicted error.</summary>
    public bool IsPrincipal => Axes is not null;

    /// <summary>The axes, d x features.</summary>
    internal Tensor<double>? Axes { get; init; }
}
