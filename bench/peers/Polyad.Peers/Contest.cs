using System.Diagnostics;

namespace Polyad.Peers;

/// <summary>One piece of work as each library does it; a null action is a library that does not offer it.</summary>
internal sealed record Contest(string Operation, string Shape, Action Polyad, Action? MathNet, Action? NumSharp = null)
{
    /// <summary>Rounds go round the libraries, so that a busy moment of the machine meets all of them; each sample repeats the work for at least <paramref name="sample"/>.</summary>
    public Outcome Run(int rounds, TimeSpan sample)
    {
        Action?[] players = [Polyad, MathNet, NumSharp];
        int[] repeats = new int[players.Length];
        List<double>[] times = [[], [], []];
        for (int p = 0; p < players.Length; p++)
        {
            if (players[p] is { } play)
            {
                play();
                double once = Time(play, 1);
                repeats[p] = (int)Math.Clamp(Math.Ceiling(sample.TotalMilliseconds / Math.Max(once, 1e-4)), 1, 1_000_000);
            }
        }

        for (int round = 0; round < rounds; round++)
        {
            for (int p = 0; p < players.Length; p++)
            {
                if (players[p] is { } play)
                {
                    times[p].Add(Time(play, repeats[p]));
                }
            }
        }

        return new Outcome(Operation, Shape, Measure(times[0])!, Measure(times[1]), Measure(times[2]));
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

    private static Timing? Measure(List<double> values)
    {
        if (values.Count == 0)
        {
            return null;
        }

        values.Sort();
        int middle = values.Count / 2;
        return new Timing(values.Count % 2 == 1 ? values[middle] : 0.5 * (values[middle - 1] + values[middle]), values[0]);
    }
}

/// <summary>Milliseconds: the median and the best of the rounds. On a busy machine the best is the steadier one.</summary>
internal sealed record Timing(double Median, double Best);

/// <summary>Times per library, and how many times Polyad is faster (ratios of medians).</summary>
internal sealed record Outcome(string Operation, string Shape, Timing Polyad, Timing? MathNet, Timing? NumSharp)
{
    public double? MathNetRatio => MathNet?.Median / Polyad.Median;

    public double? NumSharpRatio => NumSharp?.Median / Polyad.Median;
}
