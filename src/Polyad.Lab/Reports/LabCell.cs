using System.Globalization;

namespace Polyad.Lab;

/// <summary>A cell of a <see cref="LabTable"/>: a text, a number or an <see cref="Estimate"/>.</summary>
public readonly record struct LabCell
{
    private LabCell(string? text, double? number, Estimate? estimate)
    {
        Text = text;
        Number = number;
        Estimate = estimate;
    }

    /// <summary>The text; null in a cell of another kind.</summary>
    public string? Text { get; }

    /// <summary>The number; null in a cell of another kind.</summary>
    public double? Number { get; }

    /// <summary>The mean with its error; null in a cell of another kind.</summary>
    public Estimate? Estimate { get; }

    /// <summary>A cell that holds a text.</summary>
    public static implicit operator LabCell(string text) => FromString(text);

    /// <summary>A cell that holds a number.</summary>
    public static implicit operator LabCell(double number) => FromDouble(number);

    /// <summary>A cell that holds a mean with its error.</summary>
    public static implicit operator LabCell(Estimate estimate) => FromEstimate(estimate);

    /// <summary>A cell that holds a text.</summary>
    public static LabCell FromString(string text) => new(text, null, null);

    /// <summary>A cell that holds a number.</summary>
    public static LabCell FromDouble(double number) => new(null, number, null);

    /// <summary>A cell that holds a mean with its error.</summary>
    public static LabCell FromEstimate(Estimate estimate) => new(null, null, estimate);

    /// <summary>The cell as it is printed.</summary>
    public override string ToString() => Text ?? Estimate?.ToString() ?? Number?.ToString("G4", CultureInfo.InvariantCulture) ?? "";
}
