using System.Buffers.Binary;
using System.Text;

namespace Polyad.Torch.Loading;

/// <summary>
/// The symbol versions of a 64-bit little-endian ELF library: which it needs of others (.gnu.version_r), which it defines (.gnu.version_d), and which symbols carry one.
/// Layouts: System V ABI, and "ELF Symbol Versioning" (Drepper). Damaged files throw <see cref="InvalidDataException"/>, never anything else.
/// </summary>
internal sealed class ElfVersions
{
    private const uint DynamicSymbols = 11, VersionDefinitions = 0x6ffffffd, VersionNeeds = 0x6ffffffe, VersionIndices = 0x6fffffff;

    private readonly byte[] _file;
    private readonly List<Section> _sections = [];

    public ElfVersions(byte[] file)
    {
        _file = file;
        if (file.Length < 64 || !file.AsSpan(0, 6).SequenceEqual((ReadOnlySpan<byte>)[0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1]))
        {
            throw new InvalidDataException("The file is not a 64-bit little-endian ELF library.");
        }

        long start = Int64(0x28);
        int size = UInt16(0x3a), count = UInt16(0x3c);
        if (size < 64 && count > 0)
        {
            throw new InvalidDataException("The ELF section headers are too short.");
        }

        for (int i = 0; i < count; i++)
        {
            long at = checked(start + ((long)i * size));
            _sections.Add(new Section(UInt32(at + 4), Int64(at + 24), Int64(at + 32), UInt32(at + 40), UInt32(at + 44)));
        }
    }

    /// <summary>A version that the library needs of another one.</summary>
    /// <param name="Library">The other library.</param>
    /// <param name="Name">The version.</param>
    /// <param name="Index">What symbols of this version carry.</param>
    /// <param name="Flags">VER_FLG_*.</param>
    /// <param name="FlagsOffset">Where the flags lie in the file.</param>
    public readonly record struct Need(string Library, string Name, int Index, ushort Flags, int FlagsOffset);

    /// <summary>Every version that the library needs.</summary>
    public IReadOnlyList<Need> Needs()
    {
        List<Need> needs = [];
        if (Find(VersionNeeds) is not { } section)
        {
            return needs;
        }

        long library = section.Offset;
        for (uint i = 0; i < section.Info; i++)
        {
            string name = Text(section, UInt32(library + 4));
            long version = library + UInt32(library + 8);
            int versions = UInt16(library + 2);
            for (int j = 0; j < versions; j++)
            {
                needs.Add(new Need(name, Text(section, UInt32(version + 8)), UInt16(version + 6), UInt16(version + 4), checked((int)(version + 4))));
                uint step = UInt32(version + 12);
                if (step == 0)
                {
                    break;
                }

                version += step;
            }

            uint next = UInt32(library + 12);
            if (next == 0)
            {
                break;
            }

            library += next;
        }

        return needs;
    }

    /// <summary>Whether the library defines a version.</summary>
    public bool Defines(string version)
    {
        if (Find(VersionDefinitions) is not { } section)
        {
            return false;
        }

        long definition = section.Offset;
        for (uint i = 0; i < section.Info; i++)
        {
            if (Text(section, UInt32(definition + UInt32(definition + 12))) == version)
            {
                return true;
            }

            uint next = UInt32(definition + 16);
            if (next == 0)
            {
                break;
            }

            definition += next;
        }

        return false;
    }

    /// <summary>The names of the dynamic symbols that carry a version index.</summary>
    public IReadOnlyList<string> SymbolsOf(int index)
    {
        List<string> symbols = [];
        if (Find(VersionIndices) is not { } indices || Find(DynamicSymbols) is not { } table)
        {
            return symbols;
        }

        for (long i = 0; i < indices.Size / 2; i++)
        {
            // The top bit hides a symbol from the linker; it is no part of the index.
            if ((UInt16(indices.Offset + (2 * i)) & 0x7fff) == index)
            {
                symbols.Add(Text(table, UInt32(table.Offset + (24 * i))));
            }
        }

        return symbols;
    }

    private Section? Find(uint type)
    {
        foreach (Section section in _sections)
        {
            if (section.Type == type)
            {
                return section;
            }
        }

        return null;
    }

    /// <summary>A string of the table that a section is linked with.</summary>
    private string Text(Section section, uint offset)
    {
        if (section.Link >= _sections.Count)
        {
            throw Damaged();
        }

        Section strings = _sections[(int)section.Link];
        long start = strings.Offset + offset;
        if (strings.Offset < 0 || start >= _file.Length)
        {
            throw Damaged();
        }

        ReadOnlySpan<byte> rest = _file.AsSpan((int)start);
        int length = rest.IndexOf((byte)0);
        return length < 0 ? throw Damaged() : Encoding.UTF8.GetString(rest[..length]);
    }

    private ushort UInt16(long offset) => BinaryPrimitives.ReadUInt16LittleEndian(At(offset, 2));

    private uint UInt32(long offset) => BinaryPrimitives.ReadUInt32LittleEndian(At(offset, 4));

    private long Int64(long offset)
    {
        // Offsets and sizes beyond the file can only be damage; refusing them here keeps every sum of two from overflowing.
        ulong value = BinaryPrimitives.ReadUInt64LittleEndian(At(offset, 8));
        return value <= (ulong)_file.Length ? (long)value : throw Damaged();
    }

    private ReadOnlySpan<byte> At(long offset, int length)
        => offset >= 0 && offset <= _file.Length - length ? _file.AsSpan((int)offset, length) : throw Damaged();

    private static InvalidDataException Damaged() => new("The ELF library is truncated or damaged.");

    private readonly record struct Section(uint Type, long Offset, long Size, uint Link, uint Info);
}
