using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>The weighted entries of one stage, equal monomials merged, and, where they are wanted, their rows of the tensor power: what the next stage's scores are of.</summary>
internal sealed class SampledEntries : IDisposable
{
    private readonly TensorPowerRows _rows;

    /// <param name="entries">q coordinates of each draw.</param>
    /// <param name="probabilities">Of the draws.</param>
    /// <param name="rows">Those of the draws, or none; owned from here.</param>
    /// <param name="mass">The estimated effective dimension.</param>
    public SampledEntries(int[] entries, double[] probabilities, TensorPowerRows rows, double mass)
    {
        (Draws, Mass, _rows) = (probabilities.Length, mass, rows);
        int degree = entries.Length / Draws;
        List<int[]> order = [];
        List<double> squares = [];
        Dictionary<EntryKey, int> features = [];
        for (int t = 0; t < Draws; t++)
        {
            // A monomial does not depend on the order of its coordinates; features of one add their squared weights 1 / (s p).
            int[] entry = entries.AsSpan(t * degree, degree).ToArray();
            Array.Sort(entry);
            EntryKey key = new(entry);
            if (!features.TryGetValue(key, out int feature))
            {
                feature = order.Count;
                features.Add(key, feature);
                order.Add(entry);
                squares.Add(0);
                rows.Row(t).CopyTo(rows.Row(feature));
            }

            squares[feature] += 1 / (Draws * probabilities[t]);
        }

        (Entries, Weights) = ([.. order], [.. squares.Select(Math.Sqrt)]);
        for (int feature = 0; feature < Weights.Length; feature++)
        {
            TensorPrimitives.Multiply(rows.Row(feature), Weights[feature], rows.Row(feature));
        }
    }

    /// <summary>The coordinates of each feature, ascending.</summary>
    public int[][] Entries { get; }

    public double[] Weights { get; }

    public int Draws { get; }

    /// <summary>The estimated effective dimension.</summary>
    public double Mass { get; }

    /// <summary>Phi, n x s: the weighted rows of the tensor power side by side.</summary>
    public ReadOnlyMatrixView<double> Features => _rows.First(Weights.Length).Transpose;

    public void Dispose() => _rows.Dispose();

    /// <summary>Coordinates, compared one by one.</summary>
    private readonly struct EntryKey(int[] entry) : IEquatable<EntryKey>
    {
        private readonly int[] _entry = entry;

        public bool Equals(EntryKey other) => _entry.AsSpan().SequenceEqual(other._entry);

        public override bool Equals(object? obj) => obj is EntryKey other && Equals(other);

        public override int GetHashCode()
        {
            HashCode hash = default;
            foreach (int coordinate in _entry)
            {
                hash.Add(coordinate);
            }

            return hash.ToHashCode();
        }
    }
}
