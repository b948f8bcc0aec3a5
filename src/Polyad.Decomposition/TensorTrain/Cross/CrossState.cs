using System.Numerics;

namespace Polyad.Decomposition;

/// <summary>A cross approximation between two sweeps.</summary>
internal sealed class CrossState<T>(CrossSweep<T> sweep, double threshold)
    where T : unmanaged, INumberBase<T>
{
    /// <summary>Points that the first sweep begins with.</summary>
    private const int FirstPoints = 4;

    /// <summary>How far below the tolerance pivots are first sought.</summary>
    private const double Margin = 0.1;

    public CrossSweep<T> Sweep { get; } = sweep;

    /// <summary>Pivots not above this are not taken.</summary>
    public double Threshold { get; private set; } = threshold;

    /// <summary>The relative error at the samples after each sweep.</summary>
    public List<double> Errors { get; } = [];

    public bool Converged { get; set; }

    /// <summary>After the last sweep; null before the first and after a checkpoint.</summary>
    public TtTensor<T>? Train { get; set; }

    public static CrossState<T> Begin(CrossSamples<T> samples, FunctionSource<T> source, ILinearAlgebraBackend backend, double tolerance)
    {
        CrossSweep<T> sweep = CrossSweep<T>.Of(source, backend);
        foreach (int sample in samples.Largests(FirstPoints))
        {
            sweep.Add(samples[sample]);
        }

        return new CrossState<T>(sweep, Math.Max(Margin * tolerance * samples.Typical, DenseData.Epsilon<T>() * samples.Largest)) { Sweep = { Largest = samples.Largest } };
    }

    /// <summary>After a sweep that was not good enough: lower pivots, and the worst points in every set. Not below rounding: pivots there are noise.</summary>
    public void Refine(CrossSamples<T> samples, int[] worst)
    {
        Threshold = Math.Max(Threshold * Margin, DenseData.Epsilon<T>() * Sweep.Largest);
        foreach (int sample in worst)
        {
            Sweep.Add(samples[sample]);
        }
    }

    public FitCheckpoint Snapshot(string subject)
    {
        FitCheckpoint checkpoint = FitCheckpoint.Of(subject, Errors.Count);
        checkpoint.State.Add("threshold", Threshold);
        checkpoint.State.Add("largest", Sweep.Largest);
        checkpoint.State.Add("errors", [.. Errors]);
        checkpoint.State.Add("converged", Converged ? 1 : 0);
        for (int k = 1; k < Sweep.Rows.Length - 1; k++)
        {
            checkpoint.State.Add($"rows_{k}", [.. Sweep.Rows[k].All.ToArray().Select(static i => (double)i)]);
            checkpoint.State.Add($"columns_{k}", [.. Sweep.Columns[k].All.ToArray().Select(static i => (double)i)]);
        }

        return checkpoint;
    }

    public static CrossState<T> Of(ModelArchive archive, FunctionSource<T> source, ILinearAlgebraBackend backend)
    {
        CrossSweep<T> sweep = CrossSweep<T>.Of(source, backend);
        for (int k = 1; k < source.Order; k++)
        {
            sweep.Rows[k] = new MultiIndices(k, [.. archive.Numbers($"rows_{k}").Select(static i => (int)i)]);
            sweep.Columns[k] = new MultiIndices(source.Order - k, [.. archive.Numbers($"columns_{k}").Select(static i => (int)i)]);
        }

        sweep.Largest = archive.Number("largest");
        CrossState<T> state = new(sweep, archive.Number("threshold")) { Converged = archive.Whole("converged") != 0 };
        state.Errors.AddRange(archive.Numbers("errors"));
        return state;
    }
}
