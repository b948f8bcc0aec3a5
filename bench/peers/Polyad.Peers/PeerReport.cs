using System.Globalization;

namespace Polyad.Peers;

/// <summary>Prints the managed engine beside other libraries.</summary>
internal static class PeerReport
{
    public static IReadOnlyList<Outcome> Run(bool quick, int rounds)
    {
        List<Outcome> outcomes = [];
        foreach (Contest contest in Contests.All(quick))
        {
            if (outcomes.Count == 0)
            {
                Console.WriteLine($"{"operation",-10} {"shape",-14}" + string.Concat(contest.Players.Select(static (player, at) => $" {player.Library + " ms",14}{(at > 0 ? "    ratio" : "")}")));
            }

            Outcome o = contest.Run(rounds, TimeSpan.FromMilliseconds(quick ? 5 : 20));
            outcomes.Add(o);
            Console.WriteLine($"{o.Operation,-10} {o.Shape,-14}" + string.Concat(o.Times.Select((time, at) => string.Create(
                CultureInfo.InvariantCulture, $" {time.Median,14:F4}{(at == 0 ? "" : o.Ratio(at) is { } ratio ? ratio.ToString("F1", CultureInfo.InvariantCulture).PadLeft(8) + "x" : "         ")}"))));
        }

        return outcomes;
    }
}
