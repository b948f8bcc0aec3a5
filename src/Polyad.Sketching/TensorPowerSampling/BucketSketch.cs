namespace Polyad.Sketching;

/// <summary>
/// Coordinates hashed to buckets, and for each bucket a few random signed sums of its coordinates' columns: the squared length of what a bucket holds is estimated without visiting its coordinates (Woodruff and Zandieh
/// 2020). Made once in the time of the entries; used for rows that have many more entries than there are sums.
/// </summary>
internal sealed class BucketSketch
{
    private readonly int[] _bucket;
    private readonly int[] _order;
    private readonly int[] _starts;

    public BucketSketch(PowerRows rows, int buckets, int sums, ulong seed)
    {
        (Buckets, Sums) = (buckets, sums);
        _bucket = new int[rows.Dimension];
        SketchStream.Of(seed, StreamRole.Bucket, 0).Integers(_bucket, buckets);
        double[] signs = new double[rows.Dimension * sums];
        SketchStream.Of(seed, StreamRole.Sign, 0).Signs(signs.AsSpan());
        int width = buckets * sums;
        Rows = new double[rows.Rows * width];
        _order = new int[rows.Columns.Length];
        _starts = new int[(rows.Rows * buckets) + 1];
        int at = 0;
        int[] counts = new int[buckets + 1];
        for (int j = 0; j < rows.Rows; j++)
        {
            // The entries of a row by bucket: a counting sort.
            Array.Clear(counts);
            for (int p = rows.Pointers[j]; p < rows.Pointers[j + 1]; p++)
            {
                counts[_bucket[rows.Columns[p]] + 1]++;
            }

            for (int b = 0; b < buckets; b++)
            {
                counts[b + 1] += counts[b];
                _starts[(j * buckets) + b] = at + counts[b];
            }

            for (int p = rows.Pointers[j]; p < rows.Pointers[j + 1]; p++)
            {
                int i = rows.Columns[p], b = _bucket[i];
                _order[at + counts[b]++] = p;
                Span<double> target = Rows.AsSpan((j * width) + (b * sums), sums);
                ProbeProjection.Add(rows.Values[p], signs.AsSpan(i * sums, sums), target);
            }

            at += rows.Pointers[j + 1] - rows.Pointers[j];
        }

        _starts[^1] = at;
    }

    public int Buckets { get; }

    /// <summary>Signed sums of a bucket.</summary>
    public int Sums { get; }

    /// <summary>For each row the sums of bucket 0, of bucket 1, ...</summary>
    public double[] Rows { get; }

    public int BucketOf(int coordinate) => _bucket[coordinate];

    /// <summary>The entries of a row in a bucket, as places in the list of entries.</summary>
    public ReadOnlySpan<int> Entries(int row, int bucket)
    {
        int start = _starts[(row * Buckets) + bucket];
        return _order.AsSpan(start, _starts[(row * Buckets) + bucket + 1] - start);
    }

    /// <summary>
    /// The sketch that makes a step cheapest: b buckets cost s b numbers of a row for the masses and 1/b of its entries for the bucket that is chosen, least at b = (entries / s)^(1/2). Null where visiting all entries is
    /// cheaper.
    /// </summary>
    public static BucketSketch? For(PowerRows rows, int sums, ulong seed)
    {
        double perRow = (double)rows.Values.Length / rows.Rows;
        int buckets = Math.Clamp((int)Math.Sqrt(perRow / sums), 2, 1024);
        return Cost(perRow, buckets, sums) < perRow ? new BucketSketch(rows, buckets, sums, seed) : null;
    }

    /// <summary>Numbers of a row that a step visits.</summary>
    public static double Cost(double entries, int buckets, int sums) => (buckets * sums) + (entries / buckets);
}
