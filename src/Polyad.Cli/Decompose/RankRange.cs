using System.Globalization;

namespace Polyad.Cli.Decompose;

/// <summary>Ranks to try, as in <c>1..8</c>.</summary>
internal readonly record struct RankRange(int From, int To)
{
    /// <exception cref="UsageException">It is not two positive numbers in order.</exception>
    public static RankRange Parse(string text)
        => text.Split("..") is [var low, var high]
            && int.TryParse(low, NumberStyles.None, CultureInfo.InvariantCulture, out int from)
            && int.TryParse(high, NumberStyles.None, CultureInfo.InvariantCulture, out int to)
            && from >= 1 && from <= to
            ? new RankRange(from, to)
            : throw new UsageException($"--select-rank: '{text}' is not a range such as 1..8.");
}
