using System.Diagnostics;

namespace Polyad.Peers;

/// <summary>One library's way to do a piece of work; null where it does not offer it.</summary>
internal sealed record Player(string Library, Action? Play);

/// <summary>One piece of work as each library does it.</summary>
internal sealed record Contest(string Operation, string Shape, string Type, params IReadOnlyList<Player> Players)
{
    /// <summary>Rounds go round the libraries, so that a busy moment of the machine meets all of them; each sample repeats the work for at least <paramref name="sample"/>.</summary>
    public Outcome Run(int rounds, TimeSpan sample)
    {
        int[] repeats = new int[Players.Count];
        List<double>[] times = [.. Players.Select(_ => new List<double>())];
        for (int p = 0; p < repeats.Length; p++)
        {
            if (Players[p].Play is { } play)
            {
                play();
                double once = Time(play, 1);
                repeats[p] = (int)Math.Clamp(Math.Ceiling(sample.TotalMilliseconds / Math.Max(once, 1e-4)), 1, 1_000_000);
            }
        }

        for (int round = 0; round < rounds; round++)
        {
            for (int p = 0; p < repeats.Length; p++)
            {
                if (Players[p].Play is { } play)
                {
                    times[p].Add(Time(play, repeats[p]));
                }
            }
        }

        return new Outcome(Operation, Shape, Type, [.. Players.Zip(times, static (player, values) => Timing.Of(player.Library, values))]);
    }

    private static double Time(Action play, int repeats)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < repeats; i++)
        {
            play();
        }

        return Stopwatch.GetElapsedTime(start).TotalMilliseconds / repeats;
    }
}

/// <summary>Milliseconds of one library: the median, the best and all rounds; null where it does not offer the work. On a busy machine the best is the steadier one.</summary>
internal sealed record Timing(string Library, double? Median, double? Best, IReadOnlyList<double> Rounds)
{
    public static Timing Of(string library, IReadOnlyList<double> rounds)
        => rounds.Count == 0 ? new Timing(library, null, null, rounds) : new Timing(library, MedianOf(rounds), rounds.Min(), rounds);

    public static double MedianOf(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : 0.5 * (sorted[middle - 1] + sorted[middle]);
    }
}

/// <summary>Times per library, the first one being Polyad's.</summary>
internal sealed record Outcome(string Operation, string Shape, string Type, IReadOnlyList<Timing> Times)
{
    /// <summary>How many times Polyad is faster than a library, by the medians.</summary>
    public double? Ratio(int library) => Times[library].Median / Times[0].Median;
}
