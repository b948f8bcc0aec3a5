using System.Globalization;
using System.Text;

namespace Polyad.IO;

/// <summary>
/// The text of a <c>.npy</c> header: a Python dictionary literal with the keys 'descr', 'fortran_order' and 'shape', in any order.
/// Only the literals that NumPy writes are understood; nothing is evaluated.
/// </summary>
internal ref struct NpyHeaderText(ReadOnlySpan<char> text, string name)
{
    private const int MaxModes = 64;

    private static readonly string[] Types = ["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "b1"];

    private readonly ReadOnlySpan<char> _text = text;
    private int _at = 0;

    public static NpyHeader Parse(ReadOnlySpan<char> text, string name) => new NpyHeaderText(text, name).Dictionary();

    /// <summary>The padded text that NumPy would write for this header.</summary>
    public static string Format(NpyHeader header)
    {
        StringBuilder text = new("{'descr': '");
        text.Append(header.ElementSize == 1 ? '|' : header.BigEndian ? '>' : '<').Append(header.ElementType);
        text.Append("', 'fortran_order': ").Append(header.FortranOrder ? "True" : "False").Append(", 'shape': (");
        foreach (int length in header.Shape)
        {
            text.Append(CultureInfo.InvariantCulture, $"{length}, ");
        }

        if (header.Shape.Count > 1)
        {
            text.Length -= 2;
        }
        else if (header.Shape.Count == 1)
        {
            text.Length -= 1;
        }

        return text.Append("), }").ToString();
    }

    private NpyHeader Dictionary()
    {
        string? descriptor = null;
        bool? fortran = null;
        List<int>? shape = null;
        Expect('{');
        while (!Accept('}'))
        {
            string key = Quoted();
            Expect(':');
            switch (key)
            {
                case "descr":
                    if (Peek() == '[')
                    {
                        throw Bad("holds records (a structured dtype), which are not a plain array of numbers");
                    }

                    descriptor = Quoted();
                    break;
                case "fortran_order":
                    fortran = Boolean();
                    break;
                case "shape":
                    shape = Tuple();
                    break;
                default:
                    throw Bad($"has an unknown key '{key}'");
            }

            if (!Accept(','))
            {
                Expect('}');
                break;
            }
        }

        if (descriptor is null || fortran is null || shape is null)
        {
            throw Bad("lacks 'descr', 'fortran_order' or 'shape'");
        }

        (string type, bool bigEndian) = ElementType(descriptor);
        return new NpyHeader(type, bigEndian, fortran.Value, shape);
    }

    private readonly (string Type, bool BigEndian) ElementType(string descriptor)
    {
        if (descriptor.Contains('O', StringComparison.Ordinal))
        {
            throw Bad($"has element type '{descriptor}': Python objects are stored as pickles, which can run code, and are never read");
        }

        char order = descriptor.Length > 0 ? descriptor[0] : ' ';
        bool marked = order is '<' or '>' or '|' or '=';
        string type = marked ? descriptor[1..] : descriptor;
        if (type is "?")
        {
            type = "b1";
        }

        if (Array.IndexOf(Types, type) < 0)
        {
            throw Bad($"has element type '{descriptor}'; understood are {string.Join(' ', Types)}");
        }

        return (type, order == '>');
    }

    private List<int> Tuple()
    {
        List<int> shape = [];
        long count = 1;
        Expect('(');
        while (!Accept(')'))
        {
            long length = Integer();
            shape.Add(length <= int.MaxValue ? (int)length : throw Bad($"has a mode of length {length}; at most {int.MaxValue} fits"));
            count = count == 0 || length == 0 ? 0 : count <= long.MaxValue / length ? count * length : long.MaxValue;
            if (shape.Count > MaxModes)
            {
                throw Bad($"has more than {MaxModes} modes");
            }

            if (!Accept(','))
            {
                Expect(')');
                break;
            }
        }

        return count <= Array.MaxLength ? shape : throw Bad($"has the shape {string.Join(" x ", shape)}, more elements than one tensor holds ({Array.MaxLength})");
    }

    private long Integer()
    {
        SkipSpace();
        int from = _at;
        while (_at < _text.Length && char.IsAsciiDigit(_text[_at]))
        {
            _at++;
        }

        ReadOnlySpan<char> digits = _text[from.._at];
        _ = Accept('L');
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value : throw Bad("has a shape that is not a tuple of whole numbers");
    }

    private bool Boolean()
    {
        SkipSpace();
        ReadOnlySpan<char> rest = _text[_at..];
        bool value = rest.StartsWith("True");
        if (!value && !rest.StartsWith("False"))
        {
            throw Bad("has a 'fortran_order' that is neither True nor False");
        }

        _at += value ? 4 : 5;
        return value;
    }

    private string Quoted()
    {
        SkipSpace();
        char quote = _at < _text.Length ? _text[_at] : ' ';
        if (quote is not '\'' and not '"')
        {
            throw Bad("is not a dictionary of quoted keys and values");
        }

        int end = _text[(_at + 1)..].IndexOf(quote);
        if (end < 0)
        {
            throw Bad("has an unclosed quote");
        }

        string value = _text.Slice(_at + 1, end).ToString();
        _at += end + 2;
        return value;
    }

    private char Peek()
    {
        SkipSpace();
        return _at < _text.Length ? _text[_at] : '\0';
    }

    private bool Accept(char wanted)
    {
        if (Peek() != wanted)
        {
            return false;
        }

        _at++;
        return true;
    }

    private void Expect(char wanted)
    {
        if (!Accept(wanted))
        {
            throw Bad($"is not the dictionary that NumPy writes ('{wanted}' expected at character {_at})");
        }
    }

    private void SkipSpace()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at]))
        {
            _at++;
        }
    }

    private readonly InvalidDataException Bad(string what) => new($"{name}: the .npy header {what}.");
}
