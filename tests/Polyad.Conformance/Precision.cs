namespace Polyad.Conformance;

/// <summary>The constants of an element type that tolerances are made of.</summary>
/// <param name="Ulp">The distance from 1 to the next number.</param>
/// <param name="Tiny">The smallest normal number.</param>
/// <param name="MinExponent">Its exponent.</param>
/// <param name="MaxExponent">The exponent of the largest number.</param>
/// <param name="MantissaBits">Bits after the point.</param>
internal sealed record Precision(double Ulp, double Tiny, int MinExponent, int MaxExponent, int MantissaBits)
{
    public static Precision Double { get; } = new(Math.ScaleB(1, -52), Math.ScaleB(1, -1022), -1022, 1023, 52);

    public static Precision Single { get; } = new(Math.ScaleB(1, -23), Math.ScaleB(1, -126), -126, 127, 23);

    /// <summary>A size above every blocking; where products run on scalars, two thirds of it, since the time goes with its cube.</summary>
    public static int Large(int size) => ManagedBackend.Isa == "scalar" ? size * 2 / 3 : size;

    public static Precision Of<T>() => typeof(T) == typeof(float) ? Single : Double;
}
