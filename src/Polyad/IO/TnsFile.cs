using System.Globalization;
using System.Text;

namespace Polyad.IO;

/// <summary>A sparse tensor as coordinates and values, in the order of its file.</summary>
/// <param name="Lengths">The length of every mode.</param>
/// <param name="Coordinates">For every mode the 0-based index of every nonzero.</param>
/// <param name="Values">The nonzeros.</param>
public sealed record TnsData(IReadOnlyList<int> Lengths, IReadOnlyList<int[]> Coordinates, double[] Values);

/// <summary>
/// FROSTT's text format for sparse tensors (Smith et al., "FROSTT: The Formidable Repository of Open Sparse Tensors and Tools", 2017): a line a nonzero, its 1-based coordinates and then its
/// value, separated by blanks; '#' begins a comment. Mode lengths are the largest coordinates.
/// </summary>
/// <remarks>Memory grows with the nonzeros that are there, never with coordinates. Wrong content is an <see cref="InvalidDataException"/> that names file and line.</remarks>
public static class TnsFile
{
    private const int MaxModes = 64;
    private const int MaxLineLength = 1 << 14;

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">A line is not coordinates and a value, or lines differ in length, or nothing is there.</exception>
    /// <exception cref="IOException">The file cannot be opened or read.</exception>
    public static TnsData Read(string path)
    {
        using StreamReader reader = new(path, Encoding.UTF8);
        return Read(reader, path);
    }

    /// <summary>Reads a tensor. <paramref name="name"/> stands in messages for the file.</summary>
    /// <inheritdoc cref="Read(string)"/>
    public static TnsData Read(TextReader reader, string name = "text")
    {
        ArgumentNullException.ThrowIfNull(reader);
        List<int>[] coordinates = [];
        List<double> values = [];
        int[] lengths = [];
        char[] line = new char[MaxLineLength];
        int number = 0;
        while (NextLine(reader, line, name, ref number) is var length and >= 0)
        {
            ReadOnlySpan<char> text = line.AsSpan(0, length);
            int comment = text.IndexOf('#');
            text = (comment < 0 ? text : text[..comment]).Trim();
            if (text.IsEmpty)
            {
                continue;
            }

            if (coordinates.Length == 0)
            {
                int modes = CountFields(text) - 1;
                if (modes is < 1 or > MaxModes)
                {
                    throw new InvalidDataException($"{name}, line {number}: {modes + 1} fields; 1 to {MaxModes} coordinates and a value were expected.");
                }

                coordinates = [.. Enumerable.Range(0, modes).Select(static _ => new List<int>())];
                lengths = new int[modes];
            }

            for (int mode = 0; mode < coordinates.Length; mode++)
            {
                ReadOnlySpan<char> field = NextField(ref text);
                if (!int.TryParse(field, NumberStyles.None, CultureInfo.InvariantCulture, out int coordinate) || coordinate < 1)
                {
                    throw new InvalidDataException($"{name}, line {number}: coordinate {mode + 1} is not a whole number from 1 to {int.MaxValue}.");
                }

                coordinates[mode].Add(coordinate - 1);
                lengths[mode] = Math.Max(lengths[mode], coordinate);
            }

            if (!double.TryParse(NextField(ref text), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) || !text.IsEmpty)
            {
                throw new InvalidDataException($"{name}, line {number}: not {coordinates.Length} coordinates and one value.");
            }

            values.Add(value);
        }

        return values.Count > 0
            ? new TnsData(lengths, [.. coordinates.Select(static list => list.ToArray())], [.. values])
            : throw new InvalidDataException($"{name}: the file holds no nonzero.");
    }

    /// <summary>Reads a line into the buffer; its length, or -1 at the end.</summary>
    private static int NextLine(TextReader reader, char[] line, string name, ref int number)
    {
        int length = 0;
        number++;
        while (true)
        {
            int next = reader.Read();
            if (next < 0)
            {
                return length > 0 ? length : -1;
            }

            if (next == '\n')
            {
                return length;
            }

            if (length == line.Length)
            {
                throw new InvalidDataException($"{name}, line {number}: more than {MaxLineLength} characters.");
            }

            line[length++] = (char)next;
        }
    }

    private static int CountFields(ReadOnlySpan<char> text)
    {
        int count = 0;
        while (!NextField(ref text).IsEmpty)
        {
            count++;
        }

        return count;
    }

    private static ReadOnlySpan<char> NextField(ref ReadOnlySpan<char> text)
    {
        text = text.TrimStart();
        int end = text.IndexOfAny(' ', '\t');
        ReadOnlySpan<char> field = end < 0 ? text : text[..end];
        text = end < 0 ? [] : text[end..].TrimStart();
        return field;
    }
}
