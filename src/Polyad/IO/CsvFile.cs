using System.Buffers;
using System.Globalization;
using System.Numerics.Tensors;
using System.Text;

namespace Polyad.IO;

/// <summary>
/// Tables of numbers as text (RFC 4180): fields separated by comma, semicolon or tab (whichever the first record has most of), quoted where needed, an optional header record.
/// Numbers are written with a decimal point; an empty field, NA and NaN are NaN.
/// </summary>
/// <remarks>A field of more than 64 Ki characters is refused, so memory grows only with the numbers that are there. Wrong content is an <see cref="InvalidDataException"/> that names file and line.</remarks>
public static class CsvFile
{
    private const int MaxFieldLength = 1 << 16;

    /// <summary>What a name is quoted for; also what could be taken for another delimiter.</summary>
    private static readonly SearchValues<char> Quoted = SearchValues.Create(",;\t\"\n\r");

    /// <summary>Reads a file. Its first record is a header when any of its fields is not a number.</summary>
    /// <exception cref="InvalidDataException">A field is not a number, or records differ in length.</exception>
    /// <exception cref="IOException">The file cannot be opened or read.</exception>
    public static CsvTable Read(string path)
    {
        using StreamReader reader = new(path, Encoding.UTF8);
        return Read(reader, path);
    }

    /// <summary>Reads a table. <paramref name="name"/> stands in messages for the file.</summary>
    /// <inheritdoc cref="Read(string)"/>
    public static CsvTable Read(TextReader reader, string name = "text")
    {
        ArgumentNullException.ThrowIfNull(reader);
        CsvRecords records = new(reader, name, MaxFieldLength);
        List<string> fields = [];
        if (!records.Next(fields))
        {
            throw new InvalidDataException($"{name}: the file holds no record.");
        }

        int columns = fields.Count;
        bool header = fields.Exists(static field => !TryParse(field, out _));
        List<string> names = header ? [.. fields] : [.. Numbers(columns)];
        List<double> values = [];
        bool more = !header || records.Next(fields);
        int rows = 0;
        while (more)
        {
            if (fields.Count != columns)
            {
                throw new InvalidDataException($"{name}, line {records.Line}: {fields.Count} fields where {columns} were expected.");
            }

            for (int column = 0; column < columns; column++)
            {
                if (!TryParse(fields[column], out double value))
                {
                    throw new InvalidDataException($"{name}, line {records.Line}, column {column + 1} ('{Short(names[column])}'): '{Short(fields[column])}' is not a number.");
                }

                values.Add(value);
            }

            rows++;
            more = records.Next(fields);
        }

        return new CsvTable(names, Tensor.Create([.. values], [rows, columns]));
    }

    /// <summary>
    /// Writes a table with a header, separated by commas; numbers in the shortest form that reads back to the same value. Columns that are only numbered, as <see cref="Read(string)"/> does where
    /// there is no header, get none.
    /// </summary>
    public static void Write(string path, CsvTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        using StreamWriter writer = new(path, append: false, new UTF8Encoding(false));
        if (!table.ColumnNames.SequenceEqual(Numbers(table.ColumnNames.Count)))
        {
            writer.Write(string.Join(',', table.ColumnNames.Select(Quote)));
            writer.Write('\n');
        }

        int columns = table.ColumnNames.Count;
        double[] values = new double[table.Values.FlattenedLength];
        table.Values.FlattenTo(values);
        for (int i = 0; i < values.Length; i++)
        {
            writer.Write(values[i].ToString("R", CultureInfo.InvariantCulture));
            writer.Write((i + 1) % columns == 0 ? '\n' : ',');
        }
    }

    private static bool TryParse(string field, out double value)
    {
        ReadOnlySpan<char> text = field.AsSpan().Trim();
        if (text.IsEmpty || text.Equals("NA", StringComparison.Ordinal) || text.Equals("NaN", StringComparison.OrdinalIgnoreCase))
        {
            value = double.NaN;
            return true;
        }

        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value)
            || TryParseInfinity(text, out value);
    }

    private static bool TryParseInfinity(ReadOnlySpan<char> text, out double value)
    {
        bool negative = text[0] == '-';
        value = negative ? double.NegativeInfinity : double.PositiveInfinity;
        return (negative || text[0] == '+' ? text[1..] : text).Equals("inf", StringComparison.OrdinalIgnoreCase);
    }

    private static IEnumerable<string> Numbers(int columns) => Enumerable.Range(0, columns).Select(static i => i.ToString(CultureInfo.InvariantCulture));

    private static string Short(string text) => text.Length <= 40 ? text : string.Concat(text.AsSpan(0, 40), "...");

    private static string Quote(string name)
        => name.AsSpan().ContainsAny(Quoted) ? $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : name;
}
