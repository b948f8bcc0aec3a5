namespace Polyad.Sketching;

/// <summary>What a predicted number is.</summary>
public enum PredictionKind
{
    /// <summary>The closed form of the variance.</summary>
    Exact,

    /// <summary>A number that the variance does not exceed.</summary>
    Bound,

    /// <summary>Close to the variance under stated conditions, on either side.</summary>
    Approximation,
}

/// <summary>The predicted spread of an estimate of one kernel value.</summary>
/// <param name="Variance">Of the inner product of the real features; of a complex sketch, of the real part of the complex inner product.</param>
/// <param name="ComplexVariance">E |k' - k|^2 of the complex inner product k'; the variance itself of a real sketch.</param>
/// <param name="PseudoVariance">E (k' - k)^2; real, for all laws of weights here are symmetric. The variance is the mean of the two.</param>
/// <param name="Kind">Whether the numbers are exact.</param>
public readonly record struct VariancePrediction(double Variance, double ComplexVariance, double PseudoVariance, PredictionKind Kind);
