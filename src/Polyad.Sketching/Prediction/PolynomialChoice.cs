using System.Numerics;

namespace Polyad.Sketching;

/// <summary>A sketch that was looked at.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Error">Its predicted error.</param>
public sealed record PolynomialCandidate(string Name, ErrorPrediction Error);

/// <summary>What <see cref="PolynomialFeatures"/> chose, and why; with a seed it makes the sketch.</summary>
/// <param name="Kernel">The kernel.</param>
/// <param name="InputDimension">d.</param>
/// <param name="OutputDimension">The number of features: D, or less where one would stay empty or exact monomials take fewer.</param>
/// <param name="Error">The predicted error.</param>
/// <param name="Reason">The choice in words.</param>
/// <param name="Candidates">All that was looked at, the best first.</param>
public sealed record PolynomialChoice(PolynomialKernel Kernel, int InputDimension, int OutputDimension, ErrorPrediction Error, string Reason, IReadOnlyList<PolynomialCandidate> Candidates)
{
    /// <summary>The kind of sketch where one sketch of the whole power was chosen.</summary>
    public SketchFamily? Family { get; internal init; }

    /// <summary>The split where one was chosen. Where neither is there, the features are exact.</summary>
    public MaclaurinPlan? Plan { get; internal init; }

    /// <summary>Draws the sketch.</summary>
    public RowSketch<T> Create<T>(ulong seed = 0)
        where T : unmanaged, INumberBase<T>
    {
        if (Plan is not null)
        {
            return Plan.Create<T>(seed);
        }

        if (Family is not null)
        {
            return Family.Create<T>(InputDimension, Kernel, OutputDimension, seed);
        }

        // Exact monomials of the homogeneous rows: all degrees of the series.
        DotProductKernel series = DotProductKernel.FromPolynomial(Kernel);
        List<MaclaurinPart<T>> parts = [];
        for (int n = 0; n <= Kernel.Degree; n++)
        {
            if (series.Coefficient(n) > 0)
            {
                parts.Add(new(n, series.Coefficient(n), 0, n == 0 ? null : new ExactPowers<T>(InputDimension, n)));
            }
        }

        return new MaclaurinSketch<T>(InputDimension, OutputDimension, seed, RowAdaptation.None, parts);
    }
}
