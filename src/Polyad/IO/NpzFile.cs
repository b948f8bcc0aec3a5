using System.IO.Compression;
using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.IO;

/// <summary>NumPy's <c>.npz</c> format for reading: a zip archive of named <c>.npy</c> arrays, stored or deflated. Arrays of 4 GiB and more are refused.</summary>
/// <remarks>As with <see cref="NpyFile"/>, wrong content is an <see cref="InvalidDataException"/> that names the file, and memory grows only with data that is there.
/// An array whose CRC-32 is not the archive's is refused.</remarks>
public sealed class NpzFile : IDisposable
{
    private const string Extension = ".npy";

    private readonly string _name;
    private readonly ZipArchive _archive;
    private readonly Dictionary<string, ZipArchiveEntry> _entries;

    private NpzFile(string name, ZipArchive archive)
    {
        _name = name;
        _archive = archive;
        _entries = new Dictionary<string, ZipArchiveEntry>(StringComparer.Ordinal);
        List<string> names = [];
        foreach (ZipArchiveEntry entry in archive.Entries)
        {
            string key = entry.FullName.EndsWith(Extension, StringComparison.Ordinal) ? entry.FullName[..^Extension.Length] : entry.FullName;
            if (!_entries.TryAdd(key, entry))
            {
                throw new InvalidDataException($"{name}: the archive holds two arrays named '{key}'.");
            }

            names.Add(key);
        }

        Names = names;
    }

    /// <summary>The names of the arrays in the order of the archive, without ".npy".</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Opens a file; dispose to close it.</summary>
    /// <exception cref="InvalidDataException">The file is not a zip archive.</exception>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public static NpzFile Open(string path) => Open(File.OpenRead(path), path);

    /// <summary>Opens an archive in a stream that can seek; disposing closes the stream. <paramref name="name"/> stands in messages for the file.</summary>
    /// <exception cref="InvalidDataException">The content is not a zip archive.</exception>
    public static NpzFile Open(Stream stream, string name = "stream")
    {
        ArgumentNullException.ThrowIfNull(stream);
        ZipArchive? archive = null;
        try
        {
            archive = Guarded(name, "the zip directory", () => new ZipArchive(stream, ZipArchiveMode.Read));
            return Guarded(name, "the zip directory", () => new NpzFile(name, archive));
        }
        catch
        {
            archive?.Dispose();
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Reads the header of one array.</summary>
    /// <exception cref="KeyNotFoundException">There is no array of this name.</exception>
    /// <exception cref="InvalidDataException">The array is not a <c>.npy</c> array of numbers.</exception>
    public NpyHeader ReadHeader(string array) => Read(array, NpyFile.ReadHeader, verify: false);

    /// <summary>Reads one array into a dense row-major tensor.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <exception cref="KeyNotFoundException">There is no array of this name.</exception>
    /// <exception cref="InvalidDataException">The array is not a <c>.npy</c> array of numbers, or it is cut short or damaged.</exception>
    public Tensor<T> Read<T>(string array)
        where T : unmanaged, INumberBase<T>
    {
        Arguments.Supported<T>();
        return Read(array, NpyFile.Read<T>, verify: true);
    }

    /// <inheritdoc/>
    public void Dispose() => _archive.Dispose();

    private TResult Read<TResult>(string array, Func<Stream, string, TResult> read, bool verify)
    {
        ArgumentNullException.ThrowIfNull(array);
        if (!_entries.TryGetValue(array, out ZipArchiveEntry? entry))
        {
            throw new KeyNotFoundException($"{_name}: no array named '{array}'; the file holds {(Names.Count == 0 ? "none" : string.Join(", ", Names))}.");
        }

        string name = $"{_name}:{array}";
        if (entry.Length > uint.MaxValue)
        {
            throw new InvalidDataException($"{name}: the array claims {entry.Length} bytes; 4 GiB and more is not supported.");
        }

        return Guarded(name, "the compressed data", () =>
        {
            using ArchiveEntryStream stream = new(entry);
            TResult result = read(stream, name);
            if (verify)
            {
                stream.Verify(name);
            }

            return result;
        });
    }

    /// <summary>The zip reader answers some damage with other exceptions than <see cref="InvalidDataException"/>.</summary>
    private static TResult Guarded<TResult>(string name, string part, Func<TResult> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is EndOfStreamException or ArgumentException or OverflowException or NotSupportedException or IOException and not FileNotFoundException)
        {
            throw new InvalidDataException($"{name}: {part} cannot be read: {e.Message}", e);
        }
        catch (InvalidDataException e) when (!e.Message.StartsWith(name, StringComparison.Ordinal))
        {
            throw new InvalidDataException($"{name}: {part} cannot be read: {e.Message}", e);
        }
    }
}
