using System.Globalization;

namespace Polyad.Peers.Direct;

/// <summary>Prints each engine's time over the time of its own library. Ratios are of neighbouring rounds, so that a change of the machine's pace between them does not count.</summary>
internal static class DirectReport
{
    private const double Allowed = 1.05;

    public static IReadOnlyList<Outcome> Run(IEnumerable<string> engines, IEnumerable<int> sizes, IEnumerable<string> types, IReadOnlyList<string> operations, int rounds)
    {
        List<Outcome> outcomes = [];
        Console.WriteLine($"{"engine",-10} {"operation",-10} {"shape",-14} {"type",-5} {"engine ms",12} {"direct ms",12} {"ratio",8} {"of bests",9}");
        foreach (string engine in engines)
        {
            foreach (int n in sizes)
            {
                foreach (string type in types)
                {
                    foreach (Contest contest in DirectContests.All(engine, n, type == "f32").Where(contest => operations.Count == 0 || operations.Contains(contest.Operation)))
                    {
                        Outcome o = contest.Run(rounds, TimeSpan.FromMilliseconds(20));
                        outcomes.Add(o);
                        double ratio = Timing.MedianOf(o.Times[0].Rounds.Zip(o.Times[1].Rounds, static (ours, direct) => ours / direct)), best = o.Times[0].Best!.Value / o.Times[1].Best!.Value;
                        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                            $"{(engine.Length > 10 ? engine[..10] : engine),-10} {o.Operation,-10} {o.Shape,-14} {o.Type,-5} {o.Times[0].Median,12:F4} {o.Times[1].Median,12:F4} {ratio,8:F3} {best,9:F3}{(ratio > Allowed && best > Allowed ? "  above 1.05" : "")}"));
                    }
                }
            }
        }

        return outcomes;
    }
}
