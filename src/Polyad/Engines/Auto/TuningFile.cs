using System.Globalization;
using System.Text.Json;

namespace Polyad;

/// <summary>
/// Keeps a <see cref="TuningTable"/> in the user's cache folder, one file a machine. A file that cannot be read, or was measured elsewhere or with another version of the library, counts as none.
/// </summary>
public static class TuningFile
{
    private const int Format = 1;
    private const long MaxBytes = 64L << 20;

    /// <summary>XDG_CACHE_HOME/polyad, else ~/.cache/polyad; on Windows the folder of the local application data. Null where the user has neither.</summary>
    public static string? DefaultFolder
    {
        get
        {
            string? root = OperatingSystem.IsWindows()
                ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
                : Environment.GetEnvironmentVariable("XDG_CACHE_HOME");

            // The XDG specification: a relative path is to be ignored.
            if ((string.IsNullOrEmpty(root) || !Path.IsPathFullyQualified(root)) && Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) is { Length: > 0 } home)
            {
                root = Path.Combine(home, ".cache");
            }

            return string.IsNullOrEmpty(root) ? null : Path.Combine(root, "polyad");
        }
    }

    /// <summary>The file of a machine.</summary>
    public static string PathOf(string folder, MachineFingerprint machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        return Path.Combine(folder, $"tuning-{machine.Key}.json");
    }

    /// <summary>Writes a table so that a reader sees the old file or the new one, never a part.</summary>
    /// <returns>The file.</returns>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static string Save(TuningTable table, string folder)
    {
        ArgumentNullException.ThrowIfNull(table);
        Directory.CreateDirectory(folder);
        string path = PathOf(folder, table.Machine), part = $"{path}.{Environment.ProcessId}.{Guid.NewGuid():N}.part";
        try
        {
            using (FileStream stream = new(part, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                using Utf8JsonWriter writer = new(stream, new JsonWriterOptions { Indented = true, NewLine = "\n" });
                Write(writer, table);
            }

            File.Move(part, path, overwrite: true);
        }
        finally
        {
            File.Delete(part);
        }

        return path;
    }

    /// <summary>Reads this machine's table.</summary>
    /// <param name="folder">The folder; null for none.</param>
    /// <param name="reason">Why there is none; empty when there is one.</param>
    public static TuningTable? Load(string? folder, out string reason)
    {
        reason = "not tuned: run polyad tune";
        if (folder is null || PathOf(folder, MachineFingerprint.Current) is var path && !File.Exists(path))
        {
            return null;
        }

        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (stream.Length > MaxBytes)
            {
                throw new FormatException("it is too large");
            }

            using JsonDocument document = JsonDocument.Parse(stream);
            TuningTable table = Read(document.RootElement);
            if (Stale(table) is { } stale)
            {
                reason = $"the tuning is stale ({stale}): run polyad tune";
                return null;
            }

            reason = "";
            return table;
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or KeyNotFoundException or ArgumentException or OverflowException)
        {
            reason = $"the tuning file '{path}' is damaged: run polyad tune";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            reason = $"the tuning file '{path}' cannot be read ({e.Message})";
        }

        return null;
    }

    private static string? Stale(TuningTable table)
    {
        string managed = TuningTable.VersionOf(ManagedBackend.Shared.Describe());
        return table.Machine != MachineFingerprint.Current ? "it was measured on another machine"
            : !table.Engines.TryGetValue("managed", out string? version) ? "it has no times of the managed engine"
            : version != managed ? $"measured with {version}, this is {managed}"
            : null;
    }

    private static void Write(Utf8JsonWriter writer, TuningTable table)
    {
        writer.WriteStartObject();
        writer.WriteNumber("format", Format);
        writer.WriteString("measured", table.Measured.ToString("O", CultureInfo.InvariantCulture));
        writer.WriteStartObject("machine");
        writer.WriteString("cpu", table.Machine.Cpu);
        writer.WriteString("isa", table.Machine.Isa);
        writer.WriteNumber("cores", table.Machine.Cores);
        writer.WriteEndObject();
        writer.WriteStartObject("engines");
        foreach ((string id, string version) in table.Engines)
        {
            writer.WriteString(id, version);
        }

        writer.WriteEndObject();
        writer.WriteStartArray("measurements");
        foreach (TuningMeasurement m in table.Measurements)
        {
            writer.WriteStartObject();
            writer.WriteString("operation", m.Class.Operation.ToString());
            writer.WriteString("dtype", m.Class.SinglePrecision ? "f32" : "f64");
            writer.WriteBoolean("sequential", m.Class.Sequential);
            writer.WriteString("aspect", m.Class.Aspect.ToString());
            writer.WriteNumber("magnitude", m.Class.Magnitude);
            writer.WriteString("engine", m.Engine);
            writer.WriteNumber("seconds", m.Seconds);

            // JSON has no infinity; null reads as it.
            if (double.IsFinite(m.AccuracyRatio))
            {
                writer.WriteNumber("accuracy_ratio", m.AccuracyRatio);
            }
            else
            {
                writer.WriteNull("accuracy_ratio");
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static TuningTable Read(JsonElement root)
    {
        if (root.GetProperty("format").GetInt32() != Format)
        {
            throw new FormatException("another format");
        }

        JsonElement machine = root.GetProperty("machine");
        Dictionary<string, string> engines = new(StringComparer.OrdinalIgnoreCase);
        foreach (JsonProperty engine in root.GetProperty("engines").EnumerateObject())
        {
            engines[engine.Name] = engine.Value.GetString() ?? "";
        }

        List<TuningMeasurement> measurements = [];
        foreach (JsonElement m in root.GetProperty("measurements").EnumerateArray())
        {
            JsonElement ratio = m.GetProperty("accuracy_ratio");
            measurements.Add(new TuningMeasurement(
                new ShapeClass(
                    Name<LinearAlgebraOperation>(m.GetProperty("operation")),
                    m.GetProperty("dtype").GetString() == "f32",
                    m.GetProperty("sequential").GetBoolean(),
                    Name<ShapeAspect>(m.GetProperty("aspect")),
                    m.GetProperty("magnitude").GetInt32()),
                m.GetProperty("engine").GetString() ?? "",
                m.GetProperty("seconds").GetDouble(),
                ratio.ValueKind == JsonValueKind.Null ? double.PositiveInfinity : ratio.GetDouble()));
        }

        return new TuningTable(
            new MachineFingerprint(machine.GetProperty("cpu").GetString() ?? "", machine.GetProperty("isa").GetString() ?? "", machine.GetProperty("cores").GetInt32()),
            root.GetProperty("measured").GetDateTimeOffset(),
            engines,
            measurements);
    }

    /// <summary>A declared name; Enum.Parse alone would also take any number.</summary>
    private static TEnum Name<TEnum>(JsonElement element)
        where TEnum : struct, Enum
        => Enum.TryParse(element.GetString(), out TEnum value) && Enum.IsDefined(value) ? value : throw new FormatException($"'{element}' is not a {typeof(TEnum).Name}");
}
