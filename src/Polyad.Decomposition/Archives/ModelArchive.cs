using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Text;
using Polyad.IO;

namespace Polyad.Decomposition;

/// <summary>
/// Named arrays on their way to or from an <c>.npz</c> file: how every model and every checkpoint is stored. NumPy reads the file; texts are UTF-8 bytes (<c>bytes(z["format"]).decode()</c>),
/// complex arrays have a last mode of length 2 for real and imaginary part (<c>z["factor_0"].view("c16")[..., 0]</c>).
/// </summary>
internal sealed class ModelArchive
{
    private const string FormatName = "format";

    private readonly SortedDictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly string _source;

    /// <param name="format">What the arrays are, for example "polyad.cp 1".</param>
    public ModelArchive(string format)
        : this(format, "the archive")
        => Add(FormatName, format);

    private ModelArchive(string format, string source) => (Format, _source) = (format, source);

    public string Format { get; private set; }

    public bool Contains(string name) => _entries.ContainsKey(name);

    public void Add<T>(string name, Tensor<T> tensor)
        where T : unmanaged, INumberBase<T>
    {
        nint[] lengths = tensor.Lengths.ToArray();
        T[] elements = new T[tensor.FlattenedLength];
        tensor.FlattenTo(elements);
        if (typeof(T) == typeof(Complex))
        {
            _entries[name] = new Entry("f8", MemoryMarshal.Cast<T, double>(elements).ToArray(), [.. lengths, 2]);
            return;
        }

        double[] values = new double[elements.Length];
        TensorPrimitives.ConvertTruncating<T, double>(elements, values);
        _entries[name] = new Entry(typeof(T) == typeof(float) ? "f4" : "f8", values, lengths);
    }

    public void Add(string name, ReadOnlySpan<double> values) => _entries[name] = new Entry("f8", values.ToArray(), [values.Length]);

    public void Add(string name, double value) => _entries[name] = new Entry("f8", [value], [1]);

    public void Add(string name, int value) => _entries[name] = new Entry("i4", [value], [1]);

    public void Add(string name, string text) => _entries[name] = new Entry("u1", [.. Encoding.UTF8.GetBytes(text).Select(static b => (double)b)], [Encoding.UTF8.GetByteCount(text)]);

    /// <exception cref="InvalidDataException">There is no such array, or its order or element type is another.</exception>
    public Tensor<T> Read<T>(string name, int order)
        where T : unmanaged, INumberBase<T>
    {
        Entry entry = Get(name);
        bool complex = typeof(T) == typeof(Complex);
        if (entry.Lengths.Length != order + (complex ? 1 : 0) || (complex && entry.Lengths[^1] != 2))
        {
            throw Wrong(name, $"has shape {DenseData.Text(entry.Lengths)}, which is not that of a {typeof(T).Name} array of order {order}");
        }

        if (entry.Code != (typeof(T) == typeof(float) ? "f4" : "f8"))
        {
            throw Wrong(name, $"holds {entry.Code} elements, not {typeof(T).Name}");
        }

        if (complex)
        {
            return Tensor.Create(MemoryMarshal.Cast<double, T>(entry.Values).ToArray(), entry.Lengths.AsSpan()[..^1]);
        }

        T[] elements = new T[entry.Values.Length];
        TensorPrimitives.ConvertTruncating<double, T>(entry.Values, elements);
        return Tensor.Create(elements, entry.Lengths);
    }

    /// <exception cref="InvalidDataException">There is no such array.</exception>
    public double[] Numbers(string name) => Get(name).Values;

    /// <exception cref="InvalidDataException">There is no such array, or it is not one number.</exception>
    public double Number(string name) => Get(name).Values is [var value] ? value : throw Wrong(name, "is not one number");

    /// <exception cref="InvalidDataException">There is no such array, or it is not one whole number.</exception>
    public int Whole(string name) => Number(name) is var value && value == (int)value ? (int)value : throw Wrong(name, $"holds {value.ToString(CultureInfo.InvariantCulture)}, not a whole number");

    /// <exception cref="InvalidDataException">There is no such text.</exception>
    public string Text(string name) => Get(name) is { Code: "u1" } entry ? Encoding.UTF8.GetString([.. entry.Values.Select(static v => (byte)v)]) : throw Wrong(name, "is not a text");

    /// <summary>Writes a new file and puts it in the place of an old one at once: a reader, or a process killed on the way, never sees half of it.</summary>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        string partial = path + ".partial";
        using (NpzWriter writer = new(partial))
        {
            foreach ((string name, Entry entry) in _entries)
            {
                entry.Write(writer, name);
            }
        }

        File.Move(partial, path, overwrite: true);
    }

    /// <exception cref="InvalidDataException">The file is no archive of this kind.</exception>
    public static ModelArchive Load(string path, string format)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ModelArchive archive = new(format, path);
        using NpzFile file = NpzFile.Open(path);
        foreach (string name in file.Names)
        {
            Tensor<double> values = file.Read<double>(name);
            archive._entries[name] = new Entry(file.ReadHeader(name).ElementType, values.ToArray(), values.Lengths.ToArray());
        }

        archive.Format = archive.Contains(FormatName) ? archive.Text(FormatName) : "an .npz file without a format";
        return archive.Format == format ? archive : throw new InvalidDataException($"{path}: expected '{format}', found '{archive.Format}'.");
    }

    private Entry Get(string name) => _entries.TryGetValue(name, out Entry? entry) ? entry : throw Wrong(name, "is missing");

    private InvalidDataException Wrong(string name, string what) => new($"{_source}: the array '{name}' {what}.");

    private sealed record Entry(string Code, double[] Values, nint[] Lengths)
    {
        public void Write(NpzWriter writer, string name)
        {
            switch (Code)
            {
                case "f4":
                    Write<float>(writer, name);
                    break;
                case "i4":
                    Write<int>(writer, name);
                    break;
                case "u1":
                    Write<byte>(writer, name);
                    break;
                default:
                    writer.Add(name, new ReadOnlyTensorSpan<double>(Values, Lengths));
                    break;
            }
        }

        private void Write<TStored>(NpzWriter writer, string name)
            where TStored : unmanaged, INumberBase<TStored>
        {
            TStored[] stored = new TStored[Values.Length];
            TensorPrimitives.ConvertTruncating<double, TStored>(Values, stored);
            writer.Add(name, new ReadOnlyTensorSpan<TStored>(stored, Lengths));
        }
    }
}
