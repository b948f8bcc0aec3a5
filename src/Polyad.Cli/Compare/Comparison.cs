using System.Diagnostics;
using Polyad.Cli.Machine;
using Polyad.Cli.Reports;

namespace Polyad.Cli.Compare;

/// <summary>
/// Measures engines side by side. Rounds interleave the engines (A B A B), so that a change of the machine's clock or neighbours falls on all of them alike; the ceilings are measured
/// before, between and after, and the greatest counts. Where engines have several threads, a <see cref="QuietPause"/> lies between two engines.
/// </summary>
/// <param name="options">What is measured.</param>
/// <param name="progress">Told what comes next.</param>
/// <param name="pause">Between engines; null for one of the machine's own clock.</param>
internal sealed class Comparison(CompareOptions options, Action<string> progress, QuietPause? pause = null)
{
    private const double SampleSeconds = 4e-3;

    private const double WakingSeconds = 60e-3;

    /// <summary>The limits are measured again between two problems, but not more often than this: many small problems would be a measurement of limits.</summary>
    private const double BetweenSeconds = 2;

    private const int MaxRepetitions = 1_000_000;

    private static readonly (string Id, ILinearAlgebraBackend Engine)[] NoEngine = [(ManagedBackend.Shared.Id, ManagedBackend.Shared)];

    private readonly EngineTurns _turns = new(pause ?? new QuietPause());
    private readonly List<Measurement> _measurements = [];
    private readonly Dictionary<int, Ceiling> _ceilings = [];
    private long _limitsMeasured = Stopwatch.GetTimestamp();

    /// <summary>Runs until done or cancelled; a cancelled run reports what it has.</summary>
    /// <exception cref="BackendUnavailableException">An engine cannot be had; nothing was measured.</exception>
    /// <exception cref="UsageException">No operation takes its size.</exception>
    public CompareReport Run(CancellationToken cancellationToken)
    {
        (string Id, ILinearAlgebraBackend Engine)[] engines = [.. options.Backends.Select(static id => (id, Backend.Get(id)))];
        ILookup<string?, Problem> problems = options.Problems.ToLookup(static problem => problem.Operation.Unsuited(problem));
        Problem[] suited = [.. problems[null]];
        string[] leftOut = [.. problems.Where(static group => group.Key is not null).SelectMany(static group => group.Select(problem => $"{problem} is left out: {group.Key}."))];
        if (suited.Length == 0)
        {
            throw new UsageException($"nothing is left to compare: {string.Join(" ", leftOut)}");
        }

        bool interrupted = false;
        try
        {
            int[] counts = [.. options.Threads.Append(Environment.ProcessorCount).Distinct().Order()];
            foreach (int threads in counts)
            {
                progress($"measuring the machine's limits with {threads} thread{(threads == 1 ? "" : "s")}");
                _ceilings[threads] = Ceiling.Measure(threads);
                cancellationToken.ThrowIfCancellationRequested();
            }

            foreach (int threads in options.Threads)
            {
                using IDisposable scope = Parallelism.Use(threads);
                foreach (string dtype in options.Dtypes)
                {
                    foreach (Problem problem in suited)
                    {
                        progress($"{problem} {dtype}, {threads} thread{(threads == 1 ? "" : "s")}");
                        Measure(problem, dtype, threads, problem.Operation.UsesEngine ? engines : NoEngine, cancellationToken);
                        if (Stopwatch.GetElapsedTime(_limitsMeasured).TotalSeconds >= BetweenSeconds)
                        {
                            _ceilings[threads] = _ceilings[threads].Max(Between(threads, dtype));
                            _limitsMeasured = Stopwatch.GetTimestamp();
                        }
                    }
                }
            }

            foreach (int threads in counts)
            {
                _ceilings[threads] = _ceilings[threads].Max(Ceiling.Measure(threads));
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            interrupted = true;
        }

        if (_ceilings.Count == 0)
        {
            throw new OperationCanceledException(cancellationToken);
        }

        MachineReport machine = MachineReport.From(_ceilings.Values);
        return new CompareReport(machine, interrupted, Results(machine.Ceilings.ToDictionary(static c => c.Threads)), [.. leftOut, .. _turns.Notes]);
    }

    /// <summary>Whether two engines' middle halves of times overlap: then neither is called faster.</summary>
    public static bool Overlap(CompareResult a, CompareResult b)
    {
        (double aLow, double aHigh) = Quartiles(a);
        (double bLow, double bHigh) = Quartiles(b);
        return aLow <= bHigh && bLow <= aHigh;
    }

    private static (double Low, double High) Quartiles(CompareResult result)
    {
        double[] sorted = [.. result.SamplesS.Order()];
        return (sorted[(sorted.Length - 1) / 4], sorted[sorted.Length - 1 - ((sorted.Length - 1) / 4)]);
    }

    private static Ceiling Between(int threads, string dtype)
        => dtype == "f32"
            ? new Ceiling(threads, 0, FmaCeiling.Measure<float>(threads, bursts: 3), 0, 0)
            : new Ceiling(threads, FmaCeiling.Measure<double>(threads, bursts: 3), 0, 0, 0);

    private void Measure(Problem problem, string dtype, int threads, (string Id, ILinearAlgebraBackend Engine)[] engines, CancellationToken cancellationToken)
    {
        Workload workload = dtype == "f32" ? problem.Operation.Prepare<float>(problem) : problem.Operation.Prepare<double>(problem);
        List<Measurement> running = [];
        foreach ((string id, ILinearAlgebraBackend engine) in engines)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Measurement measurement = new(problem, dtype, threads, engine, id);
            _measurements.Add(measurement);
            try
            {
                _ = _turns.To(id, threads);
                double seconds = WarmUp(workload, measurement);
                measurement.RunSeconds = seconds / measurement.Repetitions;
                measurement.Rounds = (int)Math.Clamp(options.MostSeconds / seconds, 1, options.Rounds);
                measurement.AllRounds = options.Rounds;
                if (measurement.Rounds < options.Rounds)
                {
                    measurement.Samples.Add(measurement.RunSeconds);
                }

                running.Add(measurement);
            }
            catch (Exception e) when (e is not OperationCanceledException and not OutOfMemoryException)
            {
                measurement.Failure = $"failed: {e.GetType().Name}: {e.Message}";
            }
        }

        for (int round = 0; round < options.Rounds; round++)
        {
            foreach (Measurement measurement in running.Where(static m => m.Samples.Count < m.Rounds))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (_turns.To(measurement.Id, threads))
                {
                    Wake(workload, measurement);
                }

                measurement.Samples.Add(Seconds(workload, measurement.Engine, measurement.Repetitions) / measurement.Repetitions);
            }
        }
    }

    /// <summary>
    /// Untimed runs after a pause. An engine's own threads went to sleep in it, and those that wake may share a core until the scheduler has spread them, tens of milliseconds later: measured alone
    /// it would not pay for that in every sample. Runs so long that it does not matter are not repeated.
    /// </summary>
    private static void Wake(Workload workload, Measurement measurement)
    {
        if (measurement.RunSeconds > 2 * WakingSeconds)
        {
            return;
        }

        long start = Stopwatch.GetTimestamp();
        do
        {
            workload.Run(measurement.Engine);
        }
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < WakingSeconds);
    }

    /// <summary>Returns the seconds that a sample will take.</summary>
    private static double WarmUp(Workload workload, Measurement measurement)
    {
        // The first run compiles and fills pools; it is judged, not timed.
        workload.Run(measurement.Engine);
        measurement.AccuracyRatio = workload.AccuracyRatio();
        GC.Collect();
        Workspace.ResetPeak();
        long rented = Workspace.PeakBytes, allocated = GC.GetTotalAllocatedBytes(precise: true);
        double seconds = Seconds(workload, measurement.Engine, 1);
        measurement.PeakBytes = Workspace.PeakBytes - rented + GC.GetTotalAllocatedBytes(precise: true) - allocated;
        measurement.Repetitions = (int)Math.Clamp(Math.Ceiling(SampleSeconds / Math.Max(seconds, 1e-9)), 1, MaxRepetitions);
        if (measurement.Repetitions > 1)
        {
            // A short run was timed cold: once more, warm.
            seconds = Seconds(workload, measurement.Engine, measurement.Repetitions) / measurement.Repetitions;
            measurement.Repetitions = (int)Math.Clamp(Math.Ceiling(SampleSeconds / Math.Max(seconds, 1e-9)), 1, MaxRepetitions);
        }

        return Math.Max(seconds, 1e-9) * measurement.Repetitions;
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

    private List<CompareResult> Results(Dictionary<int, Ceiling> ceilings)
    {
        List<CompareResult> results = [];
        foreach (IGrouping<(Problem, string, int), Measurement> group in _measurements.GroupBy(static m => (m.Problem, m.Dtype, m.Threads)))
        {
            Measurement[] timed = [.. group.Where(static m => m.Samples.Count > 0)];
            double best = timed.Length == 0 ? double.NaN : timed.Min(static m => m.Median);
            results.AddRange(group.Where(static m => m.Samples.Count > 0 || m.Failure is not null).Select(m => m.ToResult(ceilings[m.Threads], best)));
        }

        return results;
    }
}
