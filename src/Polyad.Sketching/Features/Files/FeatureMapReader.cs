using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;
using System.Text;
using System.Text.Json;
using Polyad.IO;

namespace Polyad.Sketching;

/// <summary>
/// What <see cref="FeatureMapWriter"/> wrote, checked as it is taken: a parameter that is missing or out of range, an array of another shape or with a number that is not finite is an
/// <see cref="InvalidDataException"/> that names the file and the item. Memory grows only with data that is there.
/// </summary>
public sealed class FeatureMapReader
{
    private const int MaxHeaderBytes = 1 << 20;
    private const int MaxParts = 1024;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly NpzFile _archive;
    private readonly string _file;
    private readonly string _prefix;
    private readonly JsonElement _parameters;
    private readonly JsonElement _parts;

    private FeatureMapReader(NpzFile archive, string file, string prefix, JsonElement node)
    {
        (_archive, _file, _prefix) = (archive, file, prefix);
        Kind = Member(node, "kind") is { ValueKind: JsonValueKind.String } kind ? kind.GetString()! : throw Wrong($"a map without a kind");
        _parameters = Member(node, "parameters");
        if (_parameters.ValueKind != JsonValueKind.Object)
        {
            throw Wrong($"'{Kind}' has no parameters");
        }

        _parts = Member(node, "parts");
    }

    /// <summary>The kind, by which a reader is found.</summary>
    public string Kind { get; }

    /// <summary>A finite parameter between two bounds.</summary>
    public double Number(string name, double least = double.MinValue, double most = double.MaxValue)
        => OptionalNumber(name, least, most) ?? throw Wrong($"parameter '{name}' is null");

    /// <summary>A finite parameter between two bounds, or null.</summary>
    public double? OptionalNumber(string name, double least = double.MinValue, double most = double.MaxValue)
    {
        JsonElement value = Parameter(name);
        return value.ValueKind == JsonValueKind.Null ? null
            : value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && number >= least && number <= most ? number
            : throw Wrong(string.Create(CultureInfo.InvariantCulture, $"parameter '{name}' is {Shown(value)}; it must be a number from {least} to {most}"));
    }

    /// <summary>An integer parameter between two bounds.</summary>
    public int WholeNumber(string name, int least = int.MinValue, int most = int.MaxValue)
    {
        JsonElement value = Parameter(name);
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) && number >= least && number <= most ? number
            : throw Wrong($"parameter '{name}' is {Shown(value)}; it must be an integer from {least} to {most}");
    }

    /// <summary>A seed.</summary>
    public ulong Seed(string name)
    {
        JsonElement value = Parameter(name);
        return value.ValueKind == JsonValueKind.Number && value.TryGetUInt64(out ulong number) ? number : throw Wrong($"parameter '{name}' is {Shown(value)}; it must be an integer below 2^64");
    }

    /// <summary>A flag.</summary>
    public bool Flag(string name)
    {
        JsonElement value = Parameter(name);
        return value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Wrong($"parameter '{name}' is {Shown(value)}; it must be true or false");
    }

    /// <summary>A text.</summary>
    public string Text(string name)
    {
        JsonElement value = Parameter(name);
        return value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Wrong($"parameter '{name}' is {Shown(value)}; it must be a text");
    }

    /// <summary>One of the named values of an enumeration.</summary>
    public TEnum Choice<TEnum>(string name)
        where TEnum : struct, Enum
    {
        string text = Text(name);
        return Enum.TryParse(text, out TEnum value) && Enum.IsDefined(value) && value.ToString() == text ? value
            : throw Wrong($"parameter '{name}' is '{text}'; it must be one of {string.Join(", ", Enum.GetNames<TEnum>())}");
    }

    /// <summary>An array of finite numbers; a length of -1 stands for any of at least 1.</summary>
    public Tensor<T> Array<T>(string name, params ReadOnlySpan<nint> shape)
        where T : unmanaged, INumberBase<T>
    {
        NpyHeader header = HeaderOf(name);
        bool fits = header.Shape.Count == shape.Length;
        for (int i = 0; i < shape.Length && fits; i++)
        {
            fits = shape[i] < 0 ? header.Shape[i] >= 1 : header.Shape[i] == shape[i];
        }

        if (!fits)
        {
            throw Wrong($"array '{_prefix}{name}' is [{string.Join(", ", header.Shape)}]; it must be [{string.Join(", ", shape.ToArray().Select(static n => n < 0 ? "any" : $"{n}"))}]");
        }

        Tensor<T> array = _archive.Read<T>(_prefix + name);
        Span<T> elements = LinearAlgebra.Elements(array);
        return FiniteCheck.All(new ReadOnlyMatrixView<T>(elements, 1, elements.Length), out _, out int at)
            ? array
            : throw Wrong($"array '{_prefix}{name}' holds {elements[at]} at position {at}");
    }

    /// <summary>The number of elements of an array.</summary>
    public long LengthOf(string name) => HeaderOf(name).Count;

    /// <summary>A vector of finite numbers; a length of -1 stands for any of at least 1.</summary>
    public T[] Vector<T>(string name, int length)
        where T : unmanaged, INumberBase<T>
        => LinearAlgebra.Elements(Array<T>(name, length)).ToArray();

    /// <summary>A vector of integers from 0 to below a bound; a length of -1 stands for any of at least 1.</summary>
    public int[] Indices(string name, int length, int bound)
    {
        double[] numbers = Vector<double>(name, length);
        int[] indices = new int[numbers.Length];
        for (int i = 0; i < indices.Length; i++)
        {
            indices[i] = numbers[i] >= 0 && numbers[i] < bound && numbers[i] == Math.Floor(numbers[i])
                ? (int)numbers[i]
                : throw Wrong(string.Create(CultureInfo.InvariantCulture, $"array '{_prefix}{name}' holds {numbers[i]} at position {i}; it must be an integer from 0 to {bound - 1}"));
        }

        return indices;
    }

    /// <summary>The parts of a composed map.</summary>
    public IReadOnlyList<FeatureMap<T>> Parts<T>(IReadOnlyDictionary<string, Func<FeatureMapReader, FeatureMap<T>>>? others = null)
        where T : unmanaged, INumberBase<T>
    {
        if (_parts.ValueKind != JsonValueKind.Array || _parts.GetArrayLength() is 0 or > MaxParts)
        {
            throw Wrong($"'{Kind}' needs between 1 and {MaxParts} parts");
        }

        List<FeatureMap<T>> maps = [];
        foreach (JsonElement node in _parts.EnumerateArray())
        {
            FeatureMapReader part = new(_archive, _file, $"{_prefix}{maps.Count}/", node);
            maps.Add(part.Read(others));
        }

        return maps;
    }

    /// <summary>The exception for content that does not fit.</summary>
    public InvalidDataException Wrong(string what) => new($"{_file} is no feature map that can be read: {what}.");

    /// <summary>Checks the header and gives the root to a reader.</summary>
    internal static TResult Open<TResult>(NpzFile archive, string file, Func<FeatureMapReader, TResult> read)
    {
        using JsonDocument header = Header(archive, file);
        JsonElement root = header.RootElement;
        if (Member(root, "format") is not { ValueKind: JsonValueKind.String } format || !format.ValueEquals(FeatureMapWriter.Format))
        {
            throw new InvalidDataException($"{file} is no feature map: its header does not say '{FeatureMapWriter.Format}'.");
        }

        if (Member(root, "version") is not { ValueKind: JsonValueKind.Number } version || !version.TryGetInt32(out int number) || number != FeatureMapWriter.Version)
        {
            throw new InvalidDataException($"{file} is a feature map of version {Shown(Member(root, "version"))}; this library reads version {FeatureMapWriter.Version}.");
        }

        try
        {
            return read(new FeatureMapReader(archive, file, "", Member(root, "map")));
        }
        catch (Exception e) when (e is ArgumentException or OverflowException or NotSupportedException or InvalidOperationException)
        {
            // Constructors check what they are given (here the file's content), and the JSON reader has its own opinion of texts with lone surrogates.
            throw new InvalidDataException($"{file} is no feature map that can be read: {e.Message}", e);
        }
    }

    private static JsonDocument Header(NpzFile archive, string file)
    {
        if (!archive.Names.Contains(FeatureMapWriter.HeaderName))
        {
            throw new InvalidDataException($"{file} is no feature map: it has no array '{FeatureMapWriter.HeaderName}'.");
        }

        NpyHeader shape = archive.ReadHeader(FeatureMapWriter.HeaderName);
        if (shape.ElementType != "u1" || shape.Count is 0 or > MaxHeaderBytes)
        {
            throw new InvalidDataException($"{file} is no feature map: its header is {shape.Count} elements of type {shape.ElementType}, not at most {MaxHeaderBytes} bytes.");
        }

        try
        {
            byte[] text = [.. LinearAlgebra.Elements(archive.Read<float>(FeatureMapWriter.HeaderName)).ToArray().Select(static b => (byte)b)];
            return JsonDocument.Parse(StrictUtf8.GetString(text));
        }
        catch (Exception e) when (e is JsonException or DecoderFallbackException)
        {
            throw new InvalidDataException($"{file} is no feature map: its header is no JSON: {e.Message}", e);
        }
    }

    /// <summary>A map of any kind.</summary>
    internal FeatureMap<T> Read<T>(IReadOnlyDictionary<string, Func<FeatureMapReader, FeatureMap<T>>>? others)
        where T : unmanaged, INumberBase<T>
        => others is not null && others.TryGetValue(Kind, out Func<FeatureMapReader, FeatureMap<T>>? read) ? read(this) : FeatureMapKinds.Read(this, others);

    private NpyHeader HeaderOf(string name)
        => _archive.Names.Contains(_prefix + name) ? _archive.ReadHeader(_prefix + name) : throw Wrong($"there is no array '{_prefix}{name}'");

    private JsonElement Parameter(string name)
        => _parameters.TryGetProperty(name, out JsonElement value) ? value : throw Wrong($"'{Kind}' has no parameter '{name}'");

    private static JsonElement Member(JsonElement node, string name)
        => node.ValueKind == JsonValueKind.Object && node.TryGetProperty(name, out JsonElement value) ? value : default;

    private static string Shown(JsonElement value)
    {
        string text = value.ValueKind == JsonValueKind.Undefined ? "absent" : value.GetRawText();
        return text.Length <= 64 ? text : text[..64] + "...";
    }
}
