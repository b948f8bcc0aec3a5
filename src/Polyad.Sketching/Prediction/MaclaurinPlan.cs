using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>
/// How many features, of which sketch, each degree of a kernel's series gets, fitted to data; with a seed it makes the sketch. See <see cref="OptimizedMaclaurin"/>.
/// </summary>
public sealed record MaclaurinPlan
{
    internal MaclaurinPlan(string kernel, int inputDimension, int outputDimension, RowAdaptation adaptation, int alphaDegree)
    {
        (Kernel, InputDimension, OutputDimension) = (kernel, inputDimension, outputDimension);
        (Adaptation, AlphaDegree) = (adaptation, alphaDegree);
    }

    /// <summary>What is done to a row first.</summary>
    internal RowAdaptation Adaptation { get; }

    /// <summary>The degree of the kernel whose axis is split off; 0 where none is.</summary>
    internal int AlphaDegree { get; }

    /// <summary>The axes that degree 1 is projected to, d x features, where it is.</summary>
    internal Tensor<double>? PrincipalAxes => Terms.FirstOrDefault(static term => term.IsPrincipal)?.Axes;

    /// <summary>The kernel.</summary>
    public string Kernel { get; }

    /// <summary>d.</summary>
    public int InputDimension { get; }

    /// <summary>D.</summary>
    public int OutputDimension { get; }

    /// <summary>The degrees that are kept.</summary>
    public IReadOnlyList<MaclaurinTerm> Terms { get; internal init; } = [];

    /// <summary>The predicted error of the kernel matrix of the data, what is cut off included.</summary>
    public ErrorPrediction Error { get; internal init; }

    /// <summary>
    /// The largest error of a kernel value that cutting the series off, and degree 1 to its principal axes, can cause for two vectors of the data: certified for all of them, not sampled. What the sketches add is in <see cref="Error"/>.
    /// </summary>
    public double TruncationBound { get; internal init; }

    /// <summary>For a Gaussian kernel exp(-gamma |x - y|^2) its gamma; otherwise 0.</summary>
    public double Gamma { get; internal init; }

    /// <summary>Draws the sketch.</summary>
    public MaclaurinSketch<T> Create<T>(ulong seed = 0)
        where T : unmanaged, INumberBase<T>
    {
        int width = Adaptation.Dimension(InputDimension);
        List<MaclaurinPart<T>> parts = [];
        foreach (MaclaurinTerm term in Terms)
        {
            RowSketch<T>? sketch = term.Degree == 0 ? null
                : term.Axes is not null ? new LinearProjection<T>(term.Axes)
                : term.Family is null ? new ExactPowers<T>(width, term.Degree)
                : term.Family.Create<T>(width, term.Degree, term.Features, SketchStream.Seed(seed, term.Degree));
            parts.Add(new(term.Degree, term.Coefficient, Adaptation.Axis is null ? 0 : AlphaDegree - term.Degree, sketch));
        }

        return new MaclaurinSketch<T>(InputDimension, OutputDimension, seed, Adaptation, parts);
    }
}
