using System.Collections.Frozen;

namespace Polyad;

/// <summary>One engine on one class of problems.</summary>
/// <param name="Class">The class.</param>
/// <param name="Engine">The engine's id.</param>
/// <param name="Seconds">The time of one call, positive.</param>
/// <param name="AccuracyRatio">The error over what rounding allows; infinite when wrong or not known.</param>
public readonly record struct TuningMeasurement(ShapeClass Class, string Engine, double Seconds, double AccuracyRatio);

/// <summary>Times of engines on a machine: what <see cref="AutoBackend"/> decides by. Immutable.</summary>
public sealed class TuningTable
{
    private readonly FrozenDictionary<ShapeClass, TuningMeasurement[]> _byClass;

    /// <summary>Keeps measurements.</summary>
    /// <param name="machine">Where they were made.</param>
    /// <param name="measured">When.</param>
    /// <param name="engines">The version of each engine as <see cref="VersionOf"/> gives it, by id.</param>
    /// <param name="measurements">The measurements; of several for one engine and class the last counts.</param>
    /// <exception cref="ArgumentException">A measurement names an engine without a version, or has no positive time.</exception>
    public TuningTable(MachineFingerprint machine, DateTimeOffset measured, IReadOnlyDictionary<string, string> engines, IReadOnlyList<TuningMeasurement> measurements)
    {
        ArgumentNullException.ThrowIfNull(machine);
        ArgumentNullException.ThrowIfNull(engines);
        ArgumentNullException.ThrowIfNull(measurements);
        foreach (TuningMeasurement m in measurements)
        {
            if (!engines.ContainsKey(m.Engine) || !(m.Seconds > 0) || !double.IsFinite(m.Seconds) || (uint)m.Class.Magnitude > ShapeClass.MaxMagnitude)
            {
                throw new ArgumentException($"Not a measurement of a named engine: {m}.", nameof(measurements));
            }
        }

        Machine = machine;
        Measured = measured;
        Engines = engines;
        Measurements = measurements;
        _byClass = measurements.GroupBy(static m => m.Class).ToFrozenDictionary(
            static g => g.Key,
            static g => g.GroupBy(static m => m.Engine, StringComparer.OrdinalIgnoreCase).Select(static e => e.Last()).OrderBy(static m => m.Seconds).ToArray());
    }

    /// <summary>Where it was measured.</summary>
    public MachineFingerprint Machine { get; }

    /// <summary>When it was measured.</summary>
    public DateTimeOffset Measured { get; }

    /// <summary>The version of each engine, by id.</summary>
    public IReadOnlyDictionary<string, string> Engines { get; }

    /// <summary>All measurements.</summary>
    public IReadOnlyList<TuningMeasurement> Measurements { get; }

    /// <summary>The classes that were measured.</summary>
    public IEnumerable<ShapeClass> Classes => _byClass.Keys;

    /// <summary>The text whose change makes an engine's times stale.</summary>
    public static string VersionOf(BackendInfo info)
    {
        ArgumentNullException.ThrowIfNull(info);
        return $"{info.Vendor} {info.Version} {info.Isa}".Trim();
    }

    /// <summary>What is known of a class, fastest first; empty when nothing is.</summary>
    public IReadOnlyList<TuningMeasurement> Of(ShapeClass shapeClass) => _byClass.GetValueOrDefault(shapeClass, []);

    /// <summary>
    /// The measured class nearest to a wanted one: of the same form and the nearest size; else of the operation's usual form; else with the other number of threads; else of the other precision.
    /// </summary>
    /// <returns>Null when the operation was never measured.</returns>
    public ShapeClass? Nearest(ShapeClass wanted)
    {
        ShapeClass[] tries = [wanted, wanted with { Sequential = !wanted.Sequential }, wanted with { SinglePrecision = !wanted.SinglePrecision }, wanted with { SinglePrecision = !wanted.SinglePrecision, Sequential = !wanted.Sequential }];
        ShapeAspect usual = wanted.Operation >= LinearAlgebraOperation.Unfold ? ShapeAspect.MiddleMode : ShapeAspect.Square;
        foreach (ShapeClass like in tries)
        {
            if (NearestSize(like) is { } same)
            {
                return same;
            }

            if (NearestSize(like with { Aspect = usual }) is { } other)
            {
                return other;
            }
        }

        return null;
    }

    private ShapeClass? NearestSize(ShapeClass like)
    {
        for (int distance = 0; distance <= ShapeClass.MaxMagnitude; distance++)
        {
            // On equal distance the smaller problem: its times vary less with what else an engine does.
            foreach (int magnitude in new[] { like.Magnitude - distance, like.Magnitude + distance })
            {
                if (magnitude >= 0 && _byClass.ContainsKey(like with { Magnitude = magnitude }))
                {
                    return like with { Magnitude = magnitude };
                }
            }
        }

        return null;
    }
}
