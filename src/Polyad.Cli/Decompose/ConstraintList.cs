using System.Globalization;
using Polyad.Decomposition;

namespace Polyad.Cli.Decompose;

/// <summary>Constraints as typed: <c>mode:kind</c> with parameters behind further colons, as in <c>0:nonnegative</c>, <c>1:l1:0.1</c>, <c>all:simplex</c>. A last part <c>nonnegative</c> adds that where the kind knows it.</summary>
internal static class ConstraintList
{
    private const string NonNegative = "nonnegative";

    /// <summary>For help and for complaints.</summary>
    public const string Kinds = "none, nonnegative, box:LOW:HIGH, l1:WEIGHT, l2:WEIGHT, ridge:WEIGHT, simplex[:TOTAL], l1ball:RADIUS, l2ball[:RADIUS], sparse:COUNT, smooth:WEIGHT[:ORDER], increasing, decreasing, unimodal, orthonormal";

    /// <summary>One constraint for each mode.</summary>
    /// <param name="typed">mode:kind, each mode once; "all" for those that are not named.</param>
    /// <param name="order">The number of modes.</param>
    /// <param name="nonNegative">Whether modes that are not named are non-negative.</param>
    /// <exception cref="UsageException">It is not such a list.</exception>
    public static FactorConstraint[] Parse(IReadOnlyList<string> typed, int order, bool nonNegative)
    {
        FactorConstraint?[] constraints = new FactorConstraint?[order];
        FactorConstraint? others = null;
        foreach (string text in typed)
        {
            string[] parts = text.Split(':', StringSplitOptions.TrimEntries);
            if (parts.Length < 2)
            {
                throw Wrong(text, "it is not mode:kind, such as 0:nonnegative");
            }

            FactorConstraint constraint = One(text, parts[1..]);
            if (parts[0] == "all")
            {
                others = others is null ? constraint : throw Wrong(text, "there is another one for all modes");
                continue;
            }

            if (!int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int mode) || mode >= order)
            {
                throw Wrong(text, $"the tensor has modes 0 to {order - 1}; 'all' stands for those that are not named");
            }

            constraints[mode] = constraints[mode] is null ? constraint : throw Wrong(text, $"mode {mode} has another one");
        }

        others ??= nonNegative ? FactorConstraint.NonNegative : FactorConstraint.None;
        return [.. constraints.Select(c => c ?? others)];
    }

    private static FactorConstraint One(string text, string[] parts)
    {
        bool positive = parts.Length > 1 && parts[^1] == NonNegative;
        string[] given = parts[1..(positive ? ^1 : ^0)];
        double[] numbers = [.. given.Select(word => double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : throw Wrong(text, $"'{word}' is not a number"))];
        return (parts[0], numbers, positive) switch
        {
            ("none", [], false) => FactorConstraint.None,
            (NonNegative, [], false) => FactorConstraint.NonNegative,
            ("box", [var low, var high], false) => FactorConstraint.Box(low, high),
            ("l1", [var weight], _) => FactorConstraint.L1(weight, positive),
            ("l2", [var weight], _) => FactorConstraint.L2(weight, positive),
            ("ridge", [var weight], _) => FactorConstraint.L2Squared(weight, positive),
            ("simplex", [], false) => FactorConstraint.Simplex(),
            ("simplex", [var total], false) => FactorConstraint.Simplex(total),
            ("l1ball", [var radius], false) => FactorConstraint.L1Ball(radius),
            ("l2ball", [], _) => FactorConstraint.L2Ball(nonNegative: positive),
            ("l2ball", [var radius], _) => FactorConstraint.L2Ball(radius, positive),
            ("sparse", [var count], _) => FactorConstraint.HardSparsity(Whole(text, count), positive),
            ("smooth", [var weight], false) => FactorConstraint.Smooth(weight),
            ("smooth", [var weight, var order], false) => FactorConstraint.Smooth(weight, Whole(text, order)),
            ("increasing", [], _) => FactorConstraint.Monotone(nonNegative: positive),
            ("decreasing", [], _) => FactorConstraint.Monotone(decreasing: true, positive),
            ("unimodal", [], _) => FactorConstraint.Unimodal(positive),
            ("orthonormal", [], false) => FactorConstraint.Orthonormal,
            _ => throw Wrong(text, $"the kinds are {Kinds}; a last :nonnegative goes with l1, l2, ridge, l2ball, sparse, increasing, decreasing and unimodal"),
        };
    }

    private static int Whole(string text, double number) => number == (int)number ? (int)number : throw Wrong(text, $"{number.ToString(CultureInfo.InvariantCulture)} is not a whole number");

    private static UsageException Wrong(string text, string why) => new($"--constraint {text}: {why}.");
}
