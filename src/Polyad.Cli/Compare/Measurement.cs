using Polyad.Cli.Machine;
using Polyad.Cli.Reports;
using Polyad.Cli.Tune;

namespace Polyad.Cli.Compare;

/// <summary>What was measured of one engine on one problem.</summary>
internal sealed class Measurement(Problem problem, string dtype, int threads, ILinearAlgebraBackend engine, string id)
{
    public Problem Problem { get; } = problem;

    public string Dtype { get; } = dtype;

    public int Threads { get; } = threads;

    public string Id { get; } = id;

    public ILinearAlgebraBackend Engine { get; } = engine;

    /// <summary>Runs in one sample, so that a sample is long against the clock's resolution.</summary>
    public int Repetitions { get; set; } = 1;

    /// <summary>What one run took when it was warmed up.</summary>
    public double RunSeconds { get; set; }

    /// <summary>Samples that it has time for, and those that faster engines get.</summary>
    public int Rounds { get; set; } = 1;

    public int AllRounds { get; set; } = 1;

    public List<double> Samples { get; } = [];

    public double? AccuracyRatio { get; set; }

    public long PeakBytes { get; set; }

    public string? Failure { get; set; }

    public double Median => Quantile(0.5);

    public double LowerQuartile => Quantile(0.25);

    public double UpperQuartile => Quantile(0.75);

    private int ElementSize => Dtype == "f32" ? sizeof(float) : sizeof(double);

    /// <summary>Where 'auto' sent the problem; null for other engines, and for algorithms of several operations.</summary>
    private EngineChoice? Routed => Engine is AutoBackend auto ? PrimitiveShape.Of(Problem)?.Explain(auto, Dtype == "f32", Threads) : null;

    public CompareResult ToResult(Ceiling ceiling, double bestMedian)
    {
        EngineChoice? routed = Routed;
        CompareResult result = new()
        {
            Op = Problem.Operation.Name,
            Shape = Problem.Shape,
            Mode = Problem.Mode,
            Rank = Problem.Rank,
            Dtype = Dtype,
            Threads = Threads,
            Backend = Id,
            Implementation = Problem.Operation.Primitive is { } primitive
                ? (routed?.Source ?? Engine.SourceOf(primitive)).ToString().ToLowerInvariant()
                : Problem.Operation.UsesEngine ? "composed" : "managed",
            Note = Failure ?? (routed is not null ? $"ran on {routed.Engine.Id}" : Rounds < AllRounds ? $"{Rounds} of {AllRounds} rounds at {Problem.Size}" : ""),
        };
        if (Samples.Count == 0)
        {
            return result;
        }

        Cost cost = Problem.Operation.Cost(Problem);
        return result with
        {
            MedianS = Median,
            SpreadS = UpperQuartile - LowerQuartile,
            SamplesS = Samples,
            Gflops = cost.Flops > 0 ? cost.Flops / Median / 1e9 : null,
            GbS = Problem.Operation.ShowsTraffic ? cost.Bytes(ElementSize) / Median / 1e9 : null,
            FractionOfCeiling = cost.RooflineSeconds(ceiling, ElementSize) / Median,
            RatioToBest = Median / bestMedian,
            AccuracyRatio = AccuracyRatio,
            PeakBytes = PeakBytes,
        };
    }

    /// <summary>Linear between order statistics (type 7 of Hyndman and Fan, 1996).</summary>
    private double Quantile(double q)
    {
        double[] sorted = [.. Samples.Order()];
        double at = q * (sorted.Length - 1);
        int below = (int)at;
        return below + 1 < sorted.Length ? sorted[below] + ((at - below) * (sorted[below + 1] - sorted[below])) : sorted[^1];
    }
}
