namespace Polyad.Sketching;

/// <summary>One degree of a planned series.</summary>
/// <param name="Degree">The degree; 0 for the constant.</param>
/// <param name="Coefficient">The coefficient of the series.</param>
/// <param name="Features">How many features it has.</param>
/// <param name="Family">The sketch; null where the features are exact.</param>
/// <param name="ErrorShare">Its part of the predicted squared error.</param>
public sealed record MaclaurinTerm(int Degree, double Coefficient, int Features, SketchFamily? Family, double ErrorShare);
