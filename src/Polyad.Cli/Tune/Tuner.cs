using System.Diagnostics;
using Polyad.Cli.Compare;

namespace Polyad.Cli.Tune;

/// <summary>
/// Fills a tuning table within a time limit. Sizes grow breadth first, so that every operation has its small and medium sizes before any has its great ones; a series ends where its next size would
/// not fit in the time that is left, and an engine leaves a series once it is far behind.
/// </summary>
internal sealed class Tuner(IReadOnlyList<(string Id, ILinearAlgebraBackend Engine)> engines, TimeSpan limit, Action<string> progress)
{
    private const double SampleSeconds = 5e-4;
    private const int Rounds = 3;
    private const int MaxRepetitions = 10_000;

    /// <summary>An engine this many times slower than the best, at a size that is no longer small, will not win at a greater one.</summary>
    private const double FarBehind = 4;

    private const double SmallSeconds = 2e-5;

    /// <summary>Results of up to so many elements are judged; greater ones by the worst ratio of the series before them.</summary>
    private const double JudgedElements = 1 << 17;

    /// <summary>Of the limit; the rest is for the last size, which is begun on an estimate.</summary>
    private const double Usable = 0.9;

    private readonly Stopwatch _clock = new();
    private readonly List<TuningMeasurement> _measurements = [];

    private sealed class Contestant(string id, ILinearAlgebraBackend engine)
    {
        public string Id { get; } = id;

        public ILinearAlgebraBackend Engine { get; } = engine;

        public double Seconds { get; set; }

        public double WorstRatio { get; set; }

        public bool Judged { get; set; }

        public bool Out { get; set; }
    }

    private sealed record Running(TuningSeries Series, Contestant[] Contestants)
    {
        public bool Ended { get; set; }
    }

    public TuningTable Run(CancellationToken cancellationToken)
    {
        _clock.Restart();
        int cores = Environment.ProcessorCount;
        (bool Single, int Threads, double Until)[] phases = cores > 1
            ? [(false, cores, 0.4), (true, cores, 0.65), (false, 1, 0.85), (true, 1, 1)]
            : [(false, 1, 0.6), (true, 1, 1)];
        foreach ((bool single, int threads, double until) in phases)
        {
            using IDisposable scope = Parallelism.Use(threads);
            Phase(single, threads, limit.TotalSeconds * Usable * until, cancellationToken);
        }

        Dictionary<string, string> versions = engines.ToDictionary(static e => e.Id, static e => TuningTable.VersionOf(e.Engine.Describe()));
        return new TuningTable(MachineFingerprint.Current, DateTimeOffset.UtcNow, versions, _measurements);
    }

    private static double Growth(Problem from, Problem to)
    {
        Cost a = from.Operation.Cost(from), b = to.Operation.Cost(to);
        return a.Flops > 0 ? b.Flops / a.Flops : b.Bytes(1) / a.Bytes(1);
    }

    /// <summary>Where an engine is filled in by the managed one, it would only be timed against the same code.</summary>
    private static bool Competes(ILinearAlgebraBackend engine, TuningSeries series)
        => ReferenceEquals(engine, ManagedBackend.Shared) || engine.SourceOf(series.Problems[0].Operation.Primitive!.Value) != OperationSource.Managed;

    private void Phase(bool single, int threads, double deadline, CancellationToken cancellationToken)
    {
        Running[] all = [.. TuningPlan.All.Select(s => new Running(s, [.. engines.Where(e => Competes(e.Engine, s)).Select(static e => new Contestant(e.Id, e.Engine))]))];
        for (int level = 0; all.Any(s => !s.Ended && level < s.Series.Problems.Count); level++)
        {
            foreach (Running running in all)
            {
                if (running.Ended || level >= running.Series.Problems.Count)
                {
                    continue;
                }

                cancellationToken.ThrowIfCancellationRequested();
                Problem problem = running.Series.Problems[level];
                double growth = level == 0 ? 1 : Growth(running.Series.Problems[level - 1], problem);
                double estimate = running.Contestants.Where(static c => !c.Out).Sum(c => Math.Max(SampleSeconds, c.Seconds * growth)) * (Rounds + 1);
                if (_clock.Elapsed.TotalSeconds + estimate > deadline)
                {
                    running.Ended = true;
                    continue;
                }

                progress($"{problem} {(single ? "f32" : "f64")}, {threads} thread{(threads == 1 ? "" : "s")}");
                Measure(running, problem, single, threads == 1, cancellationToken);
            }
        }
    }

    private void Measure(Running running, Problem problem, bool single, bool sequential, CancellationToken cancellationToken)
    {
        Workload workload = single ? problem.Operation.Prepare<float>(problem) : problem.Operation.Prepare<double>(problem);
        ShapeClass shapeClass = PrimitiveShape.Of(problem)!.Value.Class(single, sequential);
        List<(Contestant Who, int Repetitions)> field = [];
        foreach (Contestant contestant in running.Contestants.Where(static c => !c.Out))
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                workload.Run(contestant.Engine);
                if (!contestant.Judged || problem.Elements <= JudgedElements)
                {
                    contestant.WorstRatio = Math.Max(contestant.WorstRatio, workload.AccuracyRatio() ?? 0);
                    contestant.Judged = true;
                }

                double seconds = Seconds(workload, contestant.Engine, 1);
                contestant.Seconds = seconds;
                field.Add((contestant, (int)Math.Clamp(Math.Ceiling(SampleSeconds / Math.Max(seconds, 1e-9)), 1, MaxRepetitions)));
            }
            catch (Exception e) when (e is not OperationCanceledException and not OutOfMemoryException)
            {
                // An engine that fails an operation has no time for it, and so never runs it.
                contestant.Out = true;
            }
        }

        for (int round = 0; round < Rounds; round++)
        {
            foreach ((Contestant contestant, int repetitions) in field)
            {
                cancellationToken.ThrowIfCancellationRequested();

                // The least of a few: what a busy neighbour adds is not the engine's.
                contestant.Seconds = Math.Min(contestant.Seconds, Seconds(workload, contestant.Engine, repetitions) / repetitions);
            }
        }

        double best = field.Count == 0 ? double.NaN : field.Min(static f => f.Who.Seconds);
        foreach ((Contestant contestant, _) in field)
        {
            double seconds = Math.Max(contestant.Seconds, 1e-9);
            _measurements.Add(new TuningMeasurement(shapeClass, contestant.Id, seconds, contestant.WorstRatio));
            contestant.Out = seconds > FarBehind * best && best > SmallSeconds;
        }
    }

    private static double Seconds(Workload workload, ILinearAlgebraBackend engine, int repetitions)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < repetitions; i++)
        {
            workload.Run(engine);
        }

        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
