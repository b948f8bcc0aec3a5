using System.Numerics;
using System.Numerics.Tensors;
using System.Text;
using System.Text.Json.Nodes;
using Polyad.IO;

namespace Polyad.Sketching;

/// <summary>
/// Collects what a fitted map consists of: a kind, parameters (which go into the JSON header) and arrays (which become <c>.npy</c> members of the archive). Parts of composed maps lie
/// under their number: "0/weights".
/// </summary>
public sealed class FeatureMapWriter
{
    internal const string Format = "polyad feature map";
    internal const int Version = 1;
    internal const string HeaderName = "header";

    private readonly NpzWriter _archive;
    private readonly string _prefix;
    private readonly JsonObject _node = [];
    private readonly JsonObject _parameters = [];
    private JsonArray? _parts;

    private FeatureMapWriter(NpzWriter archive, string prefix)
    {
        (_archive, _prefix) = (archive, prefix);
        _node["kind"] = "";
        _node["parameters"] = _parameters;
    }

    /// <summary>Names the kind, by which a reader is found.</summary>
    public void Kind(string kind) => _node["kind"] = kind;

    /// <summary>Sets a finite parameter, or null.</summary>
    public void Set(string name, double? value) => _parameters[name] = value is { } number ? JsonValue.Create(number) : null;

    /// <summary>Sets an integer parameter.</summary>
    public void Set(string name, long value) => _parameters[name] = JsonValue.Create(value);

    /// <summary>Sets a seed.</summary>
    public void Set(string name, ulong value) => _parameters[name] = JsonValue.Create(value);

    /// <summary>Sets a flag.</summary>
    public void Set(string name, bool value) => _parameters[name] = JsonValue.Create(value);

    /// <summary>Sets a text.</summary>
    public void Set(string name, string value) => _parameters[name] = JsonValue.Create(value);

    /// <summary>Adds an array of numbers.</summary>
    public void Add<T>(string name, Tensor<T> tensor)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(tensor);
        _archive.Add<T>(_prefix + name, tensor.AsReadOnlyTensorSpan());
    }

    /// <summary>Adds a vector of numbers.</summary>
    public void Add<T>(string name, ReadOnlySpan<T> vector)
        where T : unmanaged
        => _archive.Add<T>(_prefix + name, new ReadOnlyTensorSpan<T>(vector, [vector.Length]));

    /// <summary>Adds the next part of a composed map.</summary>
    public void Part<T>(FeatureMap<T> map)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(map);
        if (_parts is null)
        {
            _node["parts"] = _parts = [];
        }

        FeatureMapWriter part = new(_archive, $"{_prefix}{_parts.Count}/");
        map.Write(part);
        _parts.Add((JsonNode)part._node);
    }

    /// <summary>Writes an archive to a stream, which stays open.</summary>
    internal static void Write<T>(Stream stream, Action<FeatureMapWriter> content)
        where T : unmanaged, INumberBase<T>
    {
        using NpzWriter archive = new(stream, leaveOpen: true);
        FeatureMapWriter root = new(archive, "");
        content(root);
        JsonObject header = new()
        {
            ["format"] = Format,
            ["version"] = Version,
            ["elements"] = typeof(T) == typeof(float) ? "float32" : "float64",
            ["map"] = root._node,
        };
        root.Add<byte>(HeaderName, Encoding.UTF8.GetBytes(header.ToJsonString()));
    }

    /// <summary>Writes a file beside the one of that name and puts it in its place, so that the name never holds half of one.</summary>
    internal static void Replace(string path, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(path);
        string unfinished = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (FileStream file = File.Create(unfinished))
            {
                write(file);
            }

            File.Move(unfinished, path, overwrite: true);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }
}
