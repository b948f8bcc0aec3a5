using System.IO.Compression;
using System.Numerics.Tensors;

namespace Polyad.IO;

/// <summary>Writes NumPy's <c>.npz</c> format: named arrays in one zip archive, stored without compression as <c>numpy.savez</c> does. Dispose it to complete the file.</summary>
public sealed class NpzWriter : IDisposable
{
    private readonly ZipArchive _archive;
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private long _bytes;

    /// <summary>Creates or replaces a file.</summary>
    public NpzWriter(string path)
        : this(File.Create(path))
    {
    }

    /// <summary>Writes to a stream, which is closed with the writer unless it shall stay open.</summary>
    public NpzWriter(Stream stream, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(stream);
        _archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen);
    }

    /// <summary>Adds an array under a name (without ".npy").</summary>
    /// <exception cref="ArgumentException">The name is empty or taken, or the file would reach 4 GiB.</exception>
    /// <exception cref="NotSupportedException">NumPy has no plain element type like <typeparamref name="T"/>; the file is as before.</exception>
    public void Add<T>(string name, in ReadOnlyTensorSpan<T> tensor)
        where T : unmanaged
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        _ = NpyElements.Code<T>();
        const long Overhead = 4096;
        unsafe
        {
            long bytes = checked((long)tensor.FlattenedLength * sizeof(T)) + Overhead;
            if (_bytes + bytes > uint.MaxValue)
            {
                throw new ArgumentException($"The array '{name}' would bring the .npz file to 4 GiB or more, which is not supported.", nameof(tensor));
            }

            if (!_names.Add(name))
            {
                throw new ArgumentException($"The .npz file already has an array named '{name}'.", nameof(name));
            }

            _bytes += bytes;
        }

        using Stream stream = _archive.CreateEntry(name + ".npy", CompressionLevel.NoCompression).Open();
        NpyFile.Write(stream, tensor);
    }

    /// <inheritdoc cref="Add{T}(string, in ReadOnlyTensorSpan{T})"/>
    public void Add<T>(string name, Tensor<T> tensor)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(tensor);
        Add(name, tensor.AsReadOnlyTensorSpan());
    }

    /// <inheritdoc/>
    public void Dispose() => _archive.Dispose();
}
