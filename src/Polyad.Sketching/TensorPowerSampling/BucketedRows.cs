using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Polyad.Sketching;

/// <summary>
/// The entries of the rows, the coordinates hashed to buckets and those of a bucket side by side; of each bucket also a few random signed sums of its coordinates' columns: the squared length of what a bucket
/// holds is estimated without visiting its coordinates (Woodruff and Zandieh 2020). Made once in the time of the entries. Coordinates are renumbered so that those of a bucket are neighbours.
/// </summary>
internal sealed class BucketedRows
{
    /// <summary>Signed sums of a bucket.</summary>
    public const int SumCount = 8;

    // Nanoseconds of a bucket's sums and of an entry, of 16 probes each: what a step costs per row.
    private const double SumsToEntry = 1;

    private const int FetchedBytes = 256;

    private readonly int[] _bucket;
    private readonly int[] _numbers;
    private readonly int[] _coordinates;
    private readonly int[] _starts;
    private readonly BucketEntry[] _entries;
    private readonly float[] _sums;

    public BucketedRows(PowerRows rows, int buckets, ulong seed)
    {
        Count = buckets;
        int n = rows.Rows, d = rows.Dimension;
        _bucket = new int[d];
        SketchStream.Of(seed, StreamRole.Bucket, 0).Integers(_bucket, buckets);
        _numbers = Renumber(_bucket, buckets);
        _coordinates = new int[d];
        for (int i = 0; i < d; i++)
        {
            _coordinates[_numbers[i]] = i;
        }

        _starts = new int[checked((n * buckets) + 1)];
        _entries = new BucketEntry[rows.ByRow.NonZeros];
        _sums = buckets > 1 ? new float[checked(n * buckets * SumCount)] : [];
        float[] signs = new float[buckets > 1 ? checked(d * SumCount) : 0];
        SketchStream.Of(seed, StreamRole.Sign, 0).Signs(signs.AsSpan());
        ReadOnlySpan<int> pointers = rows.ByRow.RowPointers, columns = rows.ByRow.ColumnIndices;
        ReadOnlySpan<double> values = rows.ByRow.Values;
        int[] next = new int[buckets + 1];
        for (int j = 0; j < n; j++)
        {
            // A counting sort of the row's entries by bucket.
            Array.Clear(next);
            for (int p = pointers[j]; p < pointers[j + 1]; p++)
            {
                next[_bucket[columns[p]] + 1]++;
            }

            next[0] = pointers[j];
            for (int b = 0; b < buckets; b++)
            {
                _starts[(j * buckets) + b] = next[b];
                next[b + 1] += next[b];
            }

            for (int p = pointers[j]; p < pointers[j + 1]; p++)
            {
                int i = columns[p], b = _bucket[i], at = next[b]++;
                _entries[at] = new(_numbers[i], (float)values[p]);
                if (buckets > 1)
                {
                    Span<float> sums = _sums.AsSpan(((j * buckets) + b) * SumCount, SumCount);
                    TensorPrimitives.MultiplyAdd(signs.AsSpan(i * SumCount, SumCount), (float)values[p], sums, sums);
                }
            }
        }

        _starts[^1] = pointers[n];
    }

    /// <summary>How many buckets there are; of a single one there are no sums.</summary>
    public int Count { get; }

    /// <summary>For each row the sums of bucket 0, of bucket 1, ...</summary>
    public ReadOnlySpan<float> Sums => _sums;

    /// <summary>Where a coordinate is among the renumbered ones.</summary>
    public int Number(int coordinate) => _numbers[coordinate];

    public int Coordinate(int number) => _coordinates[number];

    public int BucketOf(int coordinate) => _bucket[coordinate];

    /// <summary>Has the processor fetch the entries of a row in a bucket: rows in support are far from each other.</summary>
    public unsafe void Prefetch(int row, int bucket)
    {
        ref readonly BucketEntry first = ref MemoryMarshal.GetReference(Entries(row, bucket));
        Managed.Prefetch.Lines(Unsafe.AsPointer(ref Unsafe.AsRef(in first)), FetchedBytes);
    }

    /// <summary>The entries of a row in a bucket.</summary>
    public ReadOnlySpan<BucketEntry> Entries(int row, int bucket)
    {
        int start = _starts[(row * Count) + bucket];
        return _entries.AsSpan(start, _starts[(row * Count) + bucket + 1] - start);
    }

    /// <summary>
    /// Of as many buckets as make a step cheapest: b buckets cost b sets of sums of a row for the masses and 1/b of its entries for the bucket that is chosen, least at b = (entries / cost of a set)^(1/2). A single one where
    /// visiting all entries is cheaper.
    /// </summary>
    public static BucketedRows For(PowerRows rows, ulong seed)
    {
        double perRow = (double)rows.ByRow.NonZeros / rows.Rows;
        int buckets = Math.Clamp((int)Math.Sqrt(perRow / SumsToEntry), 1, 1024);
        return new BucketedRows(rows, (SumsToEntry * buckets) + (perRow / buckets) < perRow ? buckets : 1, seed);
    }

    private static int[] Renumber(int[] bucket, int buckets)
    {
        int[] next = new int[buckets + 1], numbers = new int[bucket.Length];
        foreach (int b in bucket)
        {
            next[b + 1]++;
        }

        for (int b = 1; b < next.Length; b++)
        {
            next[b] += next[b - 1];
        }

        for (int i = 0; i < bucket.Length; i++)
        {
            numbers[i] = next[bucket[i]]++;
        }

        return numbers;
    }
}

/// <summary>An entry of a row: the number of its coordinate, and its value.</summary>
internal readonly record struct BucketEntry(int Number, float Value);
