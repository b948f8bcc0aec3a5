using System.IO.Compression;
using System.IO.Hashing;

namespace Polyad.IO;

/// <summary>
/// An entry of a zip archive, read from first to last, whose check is compared at the end: the zip reader of the BCL does not look at it. Where the length is known (the content is stored as it is, so that many bytes are
/// there) it can be asked for, which spares the reader of an array its growing; the position cannot be set.
/// </summary>
internal sealed class ArchiveEntryStream(ZipArchiveEntry entry) : Stream
{
    private readonly Stream _content = entry.Open();
    private readonly Crc32 _check = new();
    private long _read;

    public override bool CanRead => true;

    public override bool CanSeek => entry.CompressedLength == entry.Length;

    public override bool CanWrite => false;

    public override long Length => entry.Length;

    public override long Position { get => _read; set => throw new NotSupportedException(); }

    public override int Read(Span<byte> buffer)
    {
        int count = _content.Read(buffer);
        _check.Append(buffer[..count]);
        _read += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <summary>Reads what is left and compares.</summary>
    /// <param name="name">Stands in the message for the entry.</param>
    /// <exception cref="InvalidDataException">The content is not what was written.</exception>
    public void Verify(string name)
    {
        byte[] rest = new byte[1 << 12];
        while (_read <= entry.Length && Read(rest) > 0)
        {
        }

        uint crc = _check.GetCurrentHashAsUInt32();
        if (_read != entry.Length || crc != entry.Crc32)
        {
            throw new InvalidDataException($"{name}: the content is damaged: {_read} bytes with the CRC-32 {crc:x8}; the archive says {entry.Length} bytes with {entry.Crc32:x8}.");
        }
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _content.Dispose();
        }

        base.Dispose(disposing);
    }
}
