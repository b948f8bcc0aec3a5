using System.Text;

namespace Polyad.IO;

/// <summary>Splits text into records of fields (RFC 4180), skipping blank lines. The delimiter is the one that the first line has most of, outside quotes.</summary>
internal sealed class CsvRecords(TextReader reader, string name, int maxFieldLength)
{
    private readonly char[] _buffer = new char[1 << 14];
    private readonly StringBuilder _field = new();
    private int _at;
    private int _filled;
    private char _delimiter;
    private int _breaks;

    /// <summary>The line, from 1, on which the last record began.</summary>
    public int Line { get; private set; }

    /// <summary>Reads the next record; false at the end.</summary>
    public bool Next(List<string> fields)
    {
        fields.Clear();
        while (Peek() is '\n' or '\r')
        {
            Take();
        }

        if (Peek() < 0)
        {
            return false;
        }

        if (_delimiter == 0)
        {
            _delimiter = GuessDelimiter();
        }

        Line = _breaks + 1;
        while (true)
        {
            fields.Add(Field());
            int next = Take();
            if (next != _delimiter)
            {
                return true;
            }
        }
    }

    private string Field()
    {
        _field.Clear();
        bool quoted = Peek() == '"';
        if (quoted)
        {
            Take();
        }

        while (true)
        {
            int next = Peek();
            if (quoted)
            {
                if (next < 0)
                {
                    throw new InvalidDataException($"{name}, line {Line}: a quote is not closed.");
                }

                Take();
                if (next == '"')
                {
                    if (Peek() != '"')
                    {
                        quoted = false;
                        continue;
                    }

                    Take();
                }
            }
            else if (next < 0 || next == _delimiter || next is '\n' or '\r')
            {
                return _field.ToString();
            }
            else
            {
                Take();
            }

            _field.Append((char)next);
            if (_field.Length > maxFieldLength)
            {
                throw new InvalidDataException($"{name}, line {Line}: a field has more than {maxFieldLength} characters.");
            }
        }
    }

    /// <summary>Counts candidates in what the buffer holds of the first line.</summary>
    private char GuessDelimiter()
    {
        int comma = 0, semicolon = 0, tab = 0;
        bool quoted = false;
        foreach (char c in _buffer.AsSpan(_at, _filled - _at))
        {
            if (c == '"')
            {
                quoted = !quoted;
            }
            else if (!quoted && c is '\n' or '\r')
            {
                break;
            }
            else if (!quoted)
            {
                comma += c == ',' ? 1 : 0;
                semicolon += c == ';' ? 1 : 0;
                tab += c == '\t' ? 1 : 0;
            }
        }

        return tab > comma && tab >= semicolon ? '\t' : semicolon > comma ? ';' : ',';
    }

    private int Peek()
    {
        if (_at == _filled)
        {
            _at = 0;
            _filled = reader.Read(_buffer);
            if (_filled == 0)
            {
                return -1;
            }
        }

        return _buffer[_at];
    }

    private int Take()
    {
        int next = Peek();
        if (next >= 0)
        {
            _at++;
            _breaks += next == '\n' ? 1 : 0;
        }

        return next;
    }
}
