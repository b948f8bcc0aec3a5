namespace Polyad.Lab;

/// <summary>Made-up bags of words: the words of a row follow Zipf's law, their order is its topic's own. Rows have unit length.</summary>
internal static class TopicDocuments
{
    private const int Topics = 12;

    /// <summary>n sparse rows over a vocabulary.</summary>
    /// <param name="rows">n.</param>
    /// <param name="vocabulary">d.</param>
    /// <param name="words">Different words wanted in a row; rare ones may end before.</param>
    /// <param name="seed">The seed.</param>
    public static CsrMatrix<double> Draw(int rows, int vocabulary, int words, ulong seed)
    {
        int[][] orders = [.. Enumerable.Range(0, Topics).Select(t => new CounterRandom(seed, (ulong)t).Permutation(vocabulary))];
        List<int> at = [], columns = [];
        List<double> values = [];
        double[] uniform = new double[8 * words];
        for (int i = 0; i < rows; i++)
        {
            new CounterRandom(seed, (ulong)(Topics + i)).Uniform(uniform.AsSpan());
            SortedDictionary<int, double> counts = [];
            for (int k = 0; counts.Count < words && k < uniform.Length; k++)
            {
                // A rank of density about 1 / (1 + rank).
                int rank = Math.Min(vocabulary - 1, (int)Math.Exp(uniform[k] * Math.Log(vocabulary + 1)) - 1), word = orders[i % Topics][rank];
                counts[word] = counts.GetValueOrDefault(word) + 1;
            }

            double norm = Math.Sqrt(counts.Values.Sum(static v => v * v));
            foreach ((int word, double count) in counts)
            {
                at.Add(i);
                columns.Add(word);
                values.Add(count / norm);
            }
        }

        return CsrMatrix<double>.FromTriplets(rows, vocabulary, [.. at], [.. columns], [.. values]);
    }
}
