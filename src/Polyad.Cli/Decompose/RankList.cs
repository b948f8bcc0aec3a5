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
            throw new UsageException($"--rank has {ranks.Length} numbers; the tensor has {lengths.Length} modes.");
        }

        int[] result = new int[lengths.Length];
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = (int)Math.Min(ranks.Length == 1 ? ranks[0] : ranks[i], lengths[i]);
        }

        return result;
    }

    /// <summary>The greatest bond rank; null when a tolerance alone decides.</summary>
    public static int? ForBonds(DecomposeOptions options, string method) => options.Ranks switch
    {
        [var rank] => rank,
        null when options.Tolerance is not null => null,
        _ => throw new UsageException($"{method} needs --rank with one number (the greatest bond rank), or --tol."),
    };

    public static JsonArray ToJson(IEnumerable<int> ranks) => [.. ranks.Select(static r => JsonValue.Create(r))];
}
