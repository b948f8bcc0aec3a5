using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace Polyad;

/// <summary>The choices that follow from one tuning table. Each is worked out when its class is first met, so that no engine is loaded before a problem wants it.</summary>
internal sealed class EngineChoices(TuningTable? table, string untuned, Func<string, ILinearAlgebraBackend> engines)
{
    /// <summary>LAPACK's test programs accept below this.</summary>
    public const double AcceptedRatio = 30;

    /// <summary>Another engine must be this much faster than the managed one, which is the same on every machine and needs no file; less is within the noise.</summary>
    private const double WorthLeaving = 1.05;

    private readonly EngineChoice?[] _choices = new EngineChoice?[ShapeClass.Count];
    private readonly ConcurrentDictionary<string, (ILinearAlgebraBackend? Engine, string Problem)> _engines = new(StringComparer.OrdinalIgnoreCase);

    public TuningTable? Table => table;

    /// <summary>Why there is no table; empty when there is one.</summary>
    public string Untuned => untuned;

    // Two threads may work out one class at once; both come to the same, and either stands.
    public EngineChoice this[ShapeClass wanted] => Volatile.Read(ref _choices[wanted.Index]) ?? (_choices[wanted.Index] = Decide(wanted));

    private static string Time(double seconds) => seconds switch
    {
        >= 1 => seconds.ToString("F2", CultureInfo.InvariantCulture) + " s",
        >= 1e-3 => (seconds * 1e3).ToString("G3", CultureInfo.InvariantCulture) + " ms",
        _ => (seconds * 1e6).ToString("G3", CultureInfo.InvariantCulture) + " us",
    };

    private EngineChoice Decide(ShapeClass wanted)
    {
        if (table is null)
        {
            return Managed(wanted, untuned + "; until then every operation runs on the managed engine.");
        }

        if (table.Nearest(wanted) is not { } nearest)
        {
            return Managed(wanted, $"{wanted.Operation} was not measured; it runs on the managed engine.");
        }

        StringBuilder reason = new(nearest == wanted
            ? $"Class: {wanted}."
            : $"Class: {wanted}; nearest that was measured: {nearest}.");
        reason.Append(CultureInfo.InvariantCulture, $" Measured {table.Measured.ToUniversalTime():yyyy-MM-dd}:");
        ILinearAlgebraBackend? fastest = null;
        double best = double.NaN, managed = double.NaN;
        string separator = " ";
        foreach (TuningMeasurement m in table.Of(nearest))
        {
            reason.Append(separator).Append(CultureInfo.InvariantCulture, $"{m.Engine} {Time(m.Seconds)}");
            separator = ", ";
            if (!(m.AccuracyRatio < AcceptedRatio))
            {
                reason.Append(CultureInfo.InvariantCulture, $" (not accurate: ratio {m.AccuracyRatio:G3})");
                continue;
            }

            (ILinearAlgebraBackend? engine, string problem) = _engines.GetOrAdd(m.Engine, Find);
            if (engine is null)
            {
                reason.Append(CultureInfo.InvariantCulture, $" ({problem})");
                continue;
            }

            if (fastest is null)
            {
                (fastest, best) = (engine, m.Seconds);
            }

            if (ReferenceEquals(engine, ManagedBackend.Shared))
            {
                managed = m.Seconds;
            }
        }

        if (fastest is null)
        {
            return Managed(wanted, reason.Append(". None of them can be used; the managed engine runs.").ToString());
        }

        if (!ReferenceEquals(fastest, ManagedBackend.Shared) && managed <= WorthLeaving * best)
        {
            return Managed(wanted, reason.Append(CultureInfo.InvariantCulture, $". Chosen: managed, within {WorthLeaving - 1:P0} of the fastest and the same everywhere.").ToString());
        }

        reason.Append(CultureInfo.InvariantCulture, $". Chosen: {fastest.Id}, the fastest that is accurate.");
        return new EngineChoice(fastest, fastest.SourceOf(wanted.Operation), wanted, reason.ToString());
    }

    private static EngineChoice Managed(ShapeClass wanted, string reason)
        => new(ManagedBackend.Shared, OperationSource.Managed, wanted, reason);

    private (ILinearAlgebraBackend? Engine, string Problem) Find(string id)
    {
        try
        {
            ILinearAlgebraBackend engine = engines(id);
            if (engine is AutoBackend)
            {
                return (null, "not an engine of its own");
            }

            string version = TuningTable.VersionOf(engine.Describe());
            return version == table!.Engines[id] ? (engine, "") : (null, $"its library has changed to {version} since: run polyad tune");
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return (null, "not available here");
        }
    }
}
