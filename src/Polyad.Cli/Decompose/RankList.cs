using System.Text.Json.Nodes;

namespace Polyad.Cli.Decompose;

/// <summary>Ranks as typed, as methods want them, and as reports show them.</summary>
internal static class RankList
{
    /// <summary>One rank for each mode, none above the mode's length; null when a tolerance alone decides.</summary>
    public static int[]? ForModes(DecomposeOptions options, ReadOnlySpan<nint> lengths, string method)
    {
        int[]? ranks = options.Ranks;
        if (ranks is null && options.Tolerance is null)
        {
            throw new UsageException($"{method} needs --rank (one number, or one for each mode) or --tol.");
        }

        if (ranks is null)
        {
            return null;
        }

        if (ranks.Length > 1 && ranks.Length != lengths.Length)
        {
            throw new UsageException($"--rank has {ranks.Length} numbers; there are {lengths.Length} modes to compress.");
        }

        int[] result = new int[lengths.Length];
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = (int)Math.Min(ranks.Length == 1 ? ranks[0] : ranks[i], lengths[i]);
        }

        return result;
    }

    public static JsonArray ToJson(IEnumerable<int> ranks) => [.. ranks.Select(static r => JsonValue.Create(r))];
}
