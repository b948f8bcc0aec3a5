namespace Polyad.Decomposition;

/// <summary>An ordered set of multi-indices of some consecutive modes.</summary>
internal sealed class MultiIndices
{
    private readonly int[] _indices;

    /// <param name="modes">Indices in each; 0 for the one empty multi-index.</param>
    /// <param name="indices">One multi-index after the other.</param>
    public MultiIndices(int modes, int[] indices)
    {
        (Modes, _indices) = (modes, indices);
        Count = modes == 0 ? 1 : indices.Length / modes;
    }

    /// <summary>The empty multi-index alone.</summary>
    public static MultiIndices Empty { get; } = new(0, []);

    public int Modes { get; }

    public int Count { get; }

    public ReadOnlySpan<int> All => _indices;

    public ReadOnlySpan<int> this[int number] => _indices.AsSpan(number * Modes, Modes);

    /// <summary>Each multi-index followed by each index of one more mode, that one fastest.</summary>
    public MultiIndices ThenMode(int length)
    {
        int[] extended = new int[Count * length * (Modes + 1)];
        for (int a = 0; a < Count; a++)
        {
            for (int i = 0; i < length; i++)
            {
                Span<int> target = extended.AsSpan(((a * length) + i) * (Modes + 1), Modes + 1);
                this[a].CopyTo(target);
                target[Modes] = i;
            }
        }

        return new MultiIndices(Modes + 1, extended);
    }

    /// <summary>Each index of one more mode followed by each multi-index, that one fastest.</summary>
    public MultiIndices AfterMode(int length)
    {
        int[] extended = new int[Count * length * (Modes + 1)];
        for (int i = 0; i < length; i++)
        {
            for (int a = 0; a < Count; a++)
            {
                Span<int> target = extended.AsSpan(((i * Count) + a) * (Modes + 1), Modes + 1);
                target[0] = i;
                this[a].CopyTo(target[1..]);
            }
        }

        return new MultiIndices(Modes + 1, extended);
    }

    public MultiIndices Choose(ReadOnlySpan<int> numbers)
    {
        int[] chosen = new int[numbers.Length * Modes];
        for (int k = 0; k < numbers.Length; k++)
        {
            this[numbers[k]].CopyTo(chosen.AsSpan(k * Modes, Modes));
        }

        return new MultiIndices(Modes, chosen);
    }

    /// <summary>With one more at the end, unless it is there.</summary>
    public MultiIndices With(ReadOnlySpan<int> index) => Modes == 0 || IndexOf(index) >= 0 ? this : new MultiIndices(Modes, [.. _indices, .. index]);

    /// <summary>-1 when it is not there.</summary>
    public int IndexOf(ReadOnlySpan<int> index)
    {
        for (int k = 0; k < Count; k++)
        {
            if (this[k].SequenceEqual(index))
            {
                return k;
            }
        }

        return -1;
    }
}
