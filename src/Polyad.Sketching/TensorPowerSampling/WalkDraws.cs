namespace Polyad.Sketching;

/// <summary>The draws of a walk, and what is known of them.</summary>
/// <param name="degree">q.</param>
/// <param name="entries">q coordinates of each draw.</param>
/// <param name="given">Draws whose coordinates are given.</param>
/// <param name="uniform">q + 1 uniform numbers of each draw, of which the walk takes the last q.</param>
/// <param name="kept">Takes their rows of the tensor power.</param>
internal sealed class WalkDraws(int degree, int[] entries, bool[] given, double[] uniform, TensorPowerRows kept)
{
    /// <summary>Under the walk.</summary>
    public double[] Probabilities { get; } = new double[given.Length];

    /// <summary>Of the rows of the tensor power.</summary>
    public double[] SquaredLengths { get; } = new double[given.Length];

    /// <summary>The probability of a draw's coordinate at the level where it is, given the earlier ones.</summary>
    public double[] Chances { get; } = new double[given.Length];

    /// <summary>What draws are told apart by: a bucket, a coordinate.</summary>
    public int[] Keys { get; } = new int[given.Length];

    /// <summary>What is left of the level's uniform number once buckets are chosen: uniform again.</summary>
    public double[] Rests { get; } = new double[given.Length];

    public bool IsGiven(int draw) => given[draw];

    public double Uniform(int draw, int level) => uniform[(draw * (degree + 1)) + level + 1];

    public ref int Coordinate(int draw, int level) => ref entries[(draw * degree) + level];

    /// <summary>Keeps a draw's row of the tensor power, which is zero outside its support.</summary>
    public void Keep(int draw, ReadOnlySpan<int> support, ReadOnlySpan<double> product)
    {
        Span<double> row = kept.Row(draw);
        row.Clear();
        for (int s = 0; !row.IsEmpty && s < support.Length; s++)
        {
            row[support[s]] = product[s];
        }
    }

    /// <summary>Sorts draws by their keys, equal ones by their numbers.</summary>
    public void Sort(Span<int> draws)
    {
        if (draws.Length > 1)
        {
            draws.Sort((a, b) => (Keys[a], a).CompareTo((Keys[b], b)));
        }
    }

    /// <summary>How many of the first of sorted draws have one key.</summary>
    public int Shared(ReadOnlySpan<int> sorted)
    {
        int end = 1;
        while (end < sorted.Length && Keys[sorted[end]] == Keys[sorted[0]])
        {
            end++;
        }

        return end;
    }
}
