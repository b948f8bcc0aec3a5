using System.Buffers.Binary;

namespace Polyad.IO;

/// <summary>
/// The cyclic redundancy check of zip and png files: polynomial 0x04C11DB7, bits reflected, all ones first and complemented at the end. Sixteen bytes a step by tables (slicing, Kounavis and Berry 2005).
/// </summary>
internal static class Crc32
{
    private const int Slices = 16;
    private const uint Polynomial = 0xEDB88320;

    /// <summary>Entry 256 k + b: the effect of byte b that is followed by k bytes.</summary>
    private static readonly uint[] Table = Build();

    /// <summary>The check of what gave <paramref name="crc"/> (0 of nothing), followed by <paramref name="data"/>.</summary>
    public static uint Append(uint crc, ReadOnlySpan<byte> data)
    {
        ReadOnlySpan<uint> table = Table;
        crc = ~crc;
        for (; data.Length >= Slices; data = data[Slices..])
        {
            ulong low = BinaryPrimitives.ReadUInt64LittleEndian(data) ^ crc, high = BinaryPrimitives.ReadUInt64LittleEndian(data[8..]);
            crc = Eight(table[(8 * 256)..], low) ^ Eight(table, high);
        }

        foreach (byte b in data)
        {
            crc = table[(byte)(crc ^ b)] ^ (crc >> 8);
        }

        return ~crc;
    }

    /// <summary>Eight bytes, of which the last has the first of the tables.</summary>
    private static uint Eight(ReadOnlySpan<uint> table, ulong bytes)
        => table[(7 * 256) + (byte)bytes] ^ table[(6 * 256) + (byte)(bytes >> 8)] ^ table[(5 * 256) + (byte)(bytes >> 16)] ^ table[(4 * 256) + (byte)(bytes >> 24)]
            ^ table[(3 * 256) + (byte)(bytes >> 32)] ^ table[(2 * 256) + (byte)(bytes >> 40)] ^ table[256 + (byte)(bytes >> 48)] ^ table[(byte)(bytes >> 56)];

    private static uint[] Build()
    {
        uint[] table = new uint[Slices * 256];
        for (uint b = 0; b < 256; b++)
        {
            uint value = b;
            for (int bit = 0; bit < 8; bit++)
            {
                value = (value & 1) != 0 ? (value >> 1) ^ Polynomial : value >> 1;
            }

            table[b] = value;
        }

        for (int i = 256; i < table.Length; i++)
        {
            uint before = table[i - 256];
            table[i] = table[(byte)before] ^ (before >> 8);
        }

        return table;
    }
}
