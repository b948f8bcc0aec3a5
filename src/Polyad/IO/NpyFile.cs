using System.Buffers.Binary;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Text;

namespace Polyad.IO;

/// <summary>
/// NumPy's <c>.npy</c> format, one array a file. Reads versions 1.0 to 3.0 with floating-point, integer and bool elements of either byte order, in C or Fortran order;
/// writes what NumPy itself writes. A file is data, never code: object arrays (pickles) are refused.
/// </summary>
/// <remarks>
/// A file from anywhere may be given: headers are limited to 64 KiB, sizes are checked against the bytes that are there before memory is taken for them, and whatever is wrong
/// with the content is an <see cref="InvalidDataException"/> that names the file.
/// </remarks>
public static class NpyFile
{
    private const int MaxHeaderBytes = 1 << 16;
    private const int ChunkBytes = 1 << 18;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Reads the header alone.</summary>
    /// <exception cref="InvalidDataException">The file is not a <c>.npy</c> file of numbers.</exception>
    /// <exception cref="IOException">The file cannot be opened or read.</exception>
    public static NpyHeader ReadHeader(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return ReadHeader(stream, path);
    }

    /// <summary>Reads a file into a dense row-major tensor; a scalar becomes a tensor of shape [1].</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>; stored elements are converted and rounded to it (bool to 0 and 1).</typeparam>
    /// <exception cref="InvalidDataException">The file is not a <c>.npy</c> file of numbers, or it is cut short.</exception>
    /// <exception cref="IOException">The file cannot be opened or read.</exception>
    public static Tensor<T> Read<T>(string path)
        where T : unmanaged, INumberBase<T>
    {
        using FileStream stream = File.OpenRead(path);
        return Read<T>(stream, path);
    }

    /// <summary>Reads one array from a stream, which is left after its last byte. <paramref name="name"/> stands in messages for the file.</summary>
    /// <inheritdoc cref="Read{T}(string)"/>
    public static Tensor<T> Read<T>(Stream stream, string name = "stream")
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(stream);
        Arguments.Supported<T>();
        NpyHeader header = ReadHeader(stream, name);
        T[] elements = ReadElements<T>(stream, header, name);
        nint[] lengths = header.Shape.Count == 0 ? [1] : [.. header.Shape];
        if (header.FortranOrder && lengths.Length > 1 && elements.Length > 0)
        {
            elements = RowMajor(elements, lengths);
        }

        return Tensor.Create(elements, lengths);
    }

    /// <summary>Writes a tensor, in row-major order and this machine's byte order.</summary>
    /// <typeparam name="T">A floating-point, integer or bool type.</typeparam>
    /// <exception cref="NotSupportedException">NumPy has no plain element type like <typeparamref name="T"/>.</exception>
    public static void Write<T>(string path, in ReadOnlyTensorSpan<T> tensor)
        where T : unmanaged
    {
        using FileStream stream = File.Create(path);
        Write(stream, tensor);
    }

    /// <inheritdoc cref="Write{T}(string, in ReadOnlyTensorSpan{T})"/>
    public static void Write<T>(string path, Tensor<T> tensor)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(tensor);
        Write(path, tensor.AsReadOnlyTensorSpan());
    }

    /// <inheritdoc cref="Write{T}(Stream, in ReadOnlyTensorSpan{T})"/>
    public static void Write<T>(Stream stream, Tensor<T> tensor)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(tensor);
        Write(stream, tensor.AsReadOnlyTensorSpan());
    }

    /// <summary>Writes a tensor to a stream.</summary>
    /// <inheritdoc cref="Write{T}(string, in ReadOnlyTensorSpan{T})"/>
    public static void Write<T>(Stream stream, in ReadOnlyTensorSpan<T> tensor)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(stream);
        int[] shape = new int[tensor.Rank];
        for (int i = 0; i < shape.Length; i++)
        {
            shape[i] = checked((int)tensor.Lengths[i]);
        }

        WriteHeader(stream, new NpyHeader(NpyElements.Code<T>(), !BitConverter.IsLittleEndian, FortranOrder: false, shape));
        if (tensor.IsEmpty)
        {
            return;
        }

        ReadOnlySpan<T> elements;
        if (tensor.IsDense)
        {
            elements = MemoryMarshal.CreateReadOnlySpan(in tensor.GetPinnableReference(), checked((int)tensor.FlattenedLength));
        }
        else
        {
            T[] copy = new T[checked((int)tensor.FlattenedLength)];
            tensor.FlattenTo(copy);
            elements = copy;
        }

        // A span of bytes holds less than 2^31 of them: cut into pieces.
        const int Piece = 1 << 24;
        for (int done = 0; done < elements.Length; done += Piece)
        {
            stream.Write(MemoryMarshal.AsBytes(elements.Slice(done, Math.Min(Piece, elements.Length - done))));
        }
    }

    /// <summary>Reads the header and leaves the stream at the first element.</summary>
    internal static NpyHeader ReadHeader(Stream stream, string name)
    {
        Span<byte> start = stackalloc byte[12];
        Fill(stream, start[..8], name, "the .npy signature");
        if (!start.StartsWith(Magic))
        {
            throw new InvalidDataException($"{name}: not a .npy file (it does not begin with NumPy's signature).");
        }

        int major = start[6];
        if (major is < 1 or > 3)
        {
            throw new InvalidDataException($"{name}: .npy version {major}.{start[7]} is not known; versions 1 to 3 are.");
        }

        int lengthBytes = major == 1 ? 2 : 4;
        Fill(stream, start.Slice(8, lengthBytes), name, "the length of the .npy header");
        uint length = major == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(start[8..]) : BinaryPrimitives.ReadUInt32LittleEndian(start[8..]);
        if (length > MaxHeaderBytes)
        {
            throw new InvalidDataException($"{name}: the .npy header claims {length} bytes; at most {MaxHeaderBytes} are accepted.");
        }

        byte[] header = new byte[length];
        Fill(stream, header, name, "the .npy header");
        return NpyHeaderText.Parse((major < 3 ? Encoding.Latin1 : Encoding.UTF8).GetString(header), name);
    }

    private static void WriteHeader(Stream stream, NpyHeader header)
    {
        // Elements begin at a multiple of 64; the header ends with a newline.
        string text = NpyHeaderText.Format(header);
        int padded = (Magic.Length + 4 + text.Length + 1 + 63) / 64 * 64;
        byte[] bytes = new byte[padded];
        bytes.AsSpan().Fill((byte)' ');
        Magic.CopyTo(bytes);
        bytes[6] = 1;
        bytes[7] = 0;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(8), (ushort)(padded - 10));
        Encoding.ASCII.GetBytes(text, bytes.AsSpan(10));
        bytes[^1] = (byte)'\n';
        stream.Write(bytes);
    }

    private static T[] ReadElements<T>(Stream stream, NpyHeader header, string name)
        where T : unmanaged, INumberBase<T>
    {
        int count = (int)header.Count;
        if (stream.CanSeek && stream.Length - stream.Position < (long)count * header.ElementSize)
        {
            throw new InvalidDataException($"{name}: {header} needs {(long)count * header.ElementSize} bytes of elements; the file holds {Math.Max(0, stream.Length - stream.Position)}.");
        }

        // Where the length is not known (a compressed stream) memory grows with what has arrived, never ahead of it by more than a factor.
        T[] elements = FreshMemory.UninitializedArray<T>(stream.CanSeek ? count : Math.Min(count, ChunkBytes));
        byte[] chunk = new byte[Math.Min(ChunkBytes, Math.Max(1, (long)count * header.ElementSize))];
        int perChunk = chunk.Length / header.ElementSize;
        for (int done = 0; done < count;)
        {
            int now = Math.Min(perChunk, count - done);
            Span<byte> bytes = chunk.AsSpan(0, now * header.ElementSize);
            Fill(stream, bytes, name, $"the elements of {header}");
            if (done + now > elements.Length)
            {
                Array.Resize(ref elements, (int)Math.Min(count, 2L * (done + now)));
            }

            NpyElements.Convert(header, bytes, elements.AsSpan(done, now));
            done += now;
        }

        return elements;
    }

    /// <summary>Reorders elements from first-index-fastest to last-index-fastest: for every choice of the middle indices, one matrix transpose between the first and the last mode.</summary>
    private static T[] RowMajor<T>(T[] source, nint[] lengths)
        where T : unmanaged
    {
        T[] target = FreshMemory.UninitializedArray<T>(source.Length);
        int modes = lengths.Length, first = (int)lengths[0], last = (int)lengths[^1];
        nint[] sourceStrides = new nint[modes], targetStrides = new nint[modes];
        sourceStrides[0] = targetStrides[^1] = 1;
        for (int i = 1; i < modes; i++)
        {
            sourceStrides[i] = sourceStrides[i - 1] * lengths[i - 1];
            targetStrides[modes - 1 - i] = targetStrides[modes - i] * lengths[modes - i];
        }

        int[] index = new int[modes];
        for (nint middle = source.Length / ((nint)first * last); middle > 0; middle--)
        {
            nint from = 0, to = 0;
            for (int m = 1; m < modes - 1; m++)
            {
                from += index[m] * sourceStrides[m];
                to += index[m] * targetStrides[m];
            }

            ReadOnlyMatrixView<T> read = new(source.AsSpan((int)from), first, last, 1, sourceStrides[^1]);
            read.CopyTo(new MatrixView<T>(target.AsSpan((int)to), first, last, targetStrides[0], 1));
            for (int m = modes - 2; m > 0 && ++index[m] == lengths[m]; m--)
            {
                index[m] = 0;
            }
        }

        return target;
    }

    private static void Fill(Stream stream, Span<byte> buffer, string name, string part)
    {
        int read = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        if (read < buffer.Length)
        {
            throw new InvalidDataException($"{name}: the file ends inside {part}.");
        }
    }
}
