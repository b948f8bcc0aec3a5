namespace Polyad.Lab;

/// <summary>Curves to draw.</summary>
/// <param name="Title">Above the picture.</param>
/// <param name="XLabel">What x is, with its unit.</param>
/// <param name="YLabel">What y is, with its unit.</param>
public sealed record LabChart(string Title, string XLabel, string YLabel)
{
    /// <summary>Whether x is drawn on a logarithmic axis (default true).</summary>
    public bool LogX { get; init; } = true;

    /// <summary>Whether y is drawn on a logarithmic axis (default true).</summary>
    public bool LogY { get; init; } = true;

    /// <summary>The curves.</summary>
    public IReadOnlyList<LabSeries> Series { get; init; } = [];
}

/// <summary>One curve.</summary>
/// <param name="Name">In the legend.</param>
/// <param name="Points">Where it passes, x ascending.</param>
/// <param name="Predicted">True for a curve from theory: drawn dashed.</param>
public sealed record LabSeries(string Name, IReadOnlyList<LabPoint> Points, bool Predicted = false);

/// <summary>A point of a curve, with the half length of its error bar (0: none).</summary>
public readonly record struct LabPoint(double X, double Y, double Error = 0);
