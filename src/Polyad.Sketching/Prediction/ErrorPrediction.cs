namespace Polyad.Sketching;

/// <summary>The predicted error of the kernel matrix of a data set.</summary>
/// <param name="RelativeError">The root of E |K' - K|_F^2 / |K|_F^2 over all pairs of rows, a row with itself included.</param>
/// <param name="MeanVariance">The mean of the squared error of an entry.</param>
/// <param name="SampledRows">The rows whose pairs were looked at; the numbers are exact for them, and an estimate for the rest.</param>
/// <param name="Kind">Exact where all rows were looked at and no more than rounding was left out, otherwise an approximation.</param>
public readonly record struct ErrorPrediction(double RelativeError, double MeanVariance, int SampledRows, PredictionKind Kind);
