namespace Polyad.Decomposition;

/// <summary>Checks of the numbers that constraints are made with.</summary>
internal static class ConstraintParameter
{
    /// <summary>A weight: 0 or more, finite.</summary>
    public static double Weight(double weight)
        => weight >= 0 && double.IsFinite(weight) ? weight : throw new ArgumentOutOfRangeException(nameof(weight), weight, "The weight of a penalty must be finite and not negative.");

    /// <summary>A radius or total: above 0, finite.</summary>
    public static double Size(double size, string name)
        => size > 0 && double.IsFinite(size) ? size : throw new ArgumentOutOfRangeException(name, size, $"The {name} of a constraint must be finite and positive.");

    public static string Text(string name, double value, bool nonNegative = false) => FormattableString.Invariant($"{(nonNegative ? "non-negative " : "")}{name}({value})");
}
