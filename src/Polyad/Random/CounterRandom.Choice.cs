namespace Polyad;

public readonly partial record struct CounterRandom
{
    private const int Chunk = 256;

    /// <summary>
    /// Integers in [0, bound): element i is the upper half of the 128-bit product of 64-bit word i and the bound. The probability of a value differs from 1/bound by less than 2^-64.
    /// </summary>
    /// <param name="destination">Receives elements start, start + 1, ...</param>
    /// <param name="bound">At least 1.</param>
    /// <param name="start">Index of the first element.</param>
    /// <exception cref="ArgumentOutOfRangeException">The bound is below 1.</exception>
    public void Integers(Span<int> destination, int bound, ulong start = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        Span<ulong> words = stackalloc ulong[Chunk];
        for (int i = 0; i < destination.Length; i += Chunk)
        {
            Span<ulong> part = words[..Math.Min(Chunk, destination.Length - i)];
            Words(part, start + (ulong)i);
            for (int k = 0; k < part.Length; k++)
            {
                destination[i + k] = (int)Math.BigMul(part[k], (ulong)bound, out _);
            }
        }
    }

    /// <summary>As <see cref="Integers(Span{int}, int, ulong)"/> for 64-bit bounds; the probability of a value differs from 1/bound by less than 2^-64.</summary>
    /// <param name="destination">Receives elements start, start + 1, ...</param>
    /// <param name="bound">At least 1.</param>
    /// <param name="start">Index of the first element.</param>
    /// <exception cref="ArgumentOutOfRangeException">The bound is below 1.</exception>
    public void Integers(Span<long> destination, long bound, ulong start = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        Span<ulong> words = stackalloc ulong[Chunk];
        for (int i = 0; i < destination.Length; i += Chunk)
        {
            Span<ulong> part = words[..Math.Min(Chunk, destination.Length - i)];
            Words(part, start + (ulong)i);
            for (int k = 0; k < part.Length; k++)
            {
                destination[i + k] = (long)Math.BigMul(part[k], (ulong)bound, out _);
            }
        }
    }

    /// <summary>A random order of 0..n-1 (Fisher and Yates; Durstenfeld 1964): step i swaps place i with place i + (integer i below n - i). O(n).</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="n"/> is negative.</exception>
    public int[] Permutation(int n)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(n);
        int[] order = new int[n];
        for (int i = 0; i < n; i++)
        {
            order[i] = i;
        }

        Span<ulong> words = stackalloc ulong[Chunk];
        for (int i = 0; i < n; i++)
        {
            if (i % Chunk == 0)
            {
                Words(words, (ulong)i);
            }

            int j = i + (int)Math.BigMul(words[i % Chunk], (ulong)(n - i), out _);
            (order[i], order[j]) = (order[j], order[i]);
        }

        return order;
    }

    /// <summary>
    /// <paramref name="count"/> different numbers of 0..n-1 in random order: the first <paramref name="count"/> places of <see cref="Permutation"/>, found in O(count) time and memory.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative, or more are asked for than there are.</exception>
    public int[] Sample(int n, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(n);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, n);

        // Only the places that a swap has touched differ from their own number.
        Dictionary<int, int> moved = new(count);
        int[] chosen = new int[count];
        Span<ulong> words = stackalloc ulong[Chunk];
        for (int i = 0; i < count; i++)
        {
            if (i % Chunk == 0)
            {
                Words(words, (ulong)i);
            }

            int j = i + (int)Math.BigMul(words[i % Chunk], (ulong)(n - i), out _);
            int atI = moved.GetValueOrDefault(i, i);
            chosen[i] = moved.GetValueOrDefault(j, j);
            moved[j] = atI;
        }

        return chosen;
    }
}
