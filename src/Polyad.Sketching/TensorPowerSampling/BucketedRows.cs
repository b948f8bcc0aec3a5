using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>
/// The entries of the rows, the coordinates hashed to buckets, those to smaller ones, and the coordinates of a bucket side by side; of each bucket also a few random signed sums of its coordinates' columns: the squared length
/// of what a bucket holds is estimated without visiting its coordinates (Woodruff and Zandieh 2020). Made once in the time of the entries. Coordinates are renumbered so that those of a bucket are neighbours.
/// </summary>
internal sealed unsafe class BucketedRows : IDisposable
{
    /// <summary>Signed sums of a bucket.</summary>
    public const int SumCount = 8;

    private const int MostDepth = 2;
    private const int FetchedBytes = 256;

    // What the sums of a bucket of a row, and a further choice, cost beside an entry: measured with 16 probes.
    private const double SumsToEntry = 0.5;
    private const double ChoiceToEntry = 8;

    private readonly int[] _bucket;
    private readonly int[] _numbers;
    private readonly int[] _coordinates;
    private readonly int[] _starts;
    private readonly int _leaves;
    private readonly int _stride;
    private Scratch<BucketEntry> _entries;
    private Scratch<float> _sums;

    /// <param name="rows">The rows.</param>
    /// <param name="arity">Buckets of a bucket.</param>
    /// <param name="depth">How often they are divided; 0 for a single bucket.</param>
    /// <param name="seed">The seed.</param>
    public BucketedRows(PowerRows rows, int arity, int depth, ulong seed)
    {
        (Arity, Depth) = (arity, depth);
        int n = rows.Rows, d = rows.Dimension;
        _leaves = 1;
        for (int level = 0; level < depth; level++)
        {
            _leaves *= arity;
            _stride += _leaves * SumCount;
        }

        _bucket = new int[d];
        SketchStream.Of(seed, StreamRole.Bucket, 0).Integers(_bucket, _leaves);
        _numbers = Renumber(_bucket, _leaves);
        _coordinates = new int[d];
        for (int i = 0; i < d; i++)
        {
            _coordinates[_numbers[i]] = i;
        }

        _starts = new int[checked((n * _leaves) + 1)];
        try
        {
            _entries = Workspace.Rent<BucketEntry>(rows.ByRow.NonZeros);
            _sums = Workspace.Rent<float>((nint)n * _stride);
            _sums.Clear();
            Distribute(rows, seed);
            AddUp(n);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Buckets of a bucket.</summary>
    public int Arity { get; }

    /// <summary>How often buckets are divided; of a single one there are no sums.</summary>
    public int Depth { get; }

    /// <summary>The sums of the first row for a bucket's children.</summary>
    /// <param name="bucket">The bucket among those of its depth.</param>
    /// <param name="depth">0 for the single bucket of all coordinates.</param>
    /// <param name="stride">From a row's sums to the next row's.</param>
    public ref readonly float ChildSums(int bucket, int depth, out int stride)
    {
        stride = _stride;
        return ref *(_sums.Pointer + (((depth > 0 ? Arity : 0) + (bucket * Arity)) * SumCount));
    }

    /// <summary>Which child of its bucket at a depth a coordinate is in.</summary>
    public int ChildOf(int coordinate, int depth) => depth + 1 < Depth ? _bucket[coordinate] / Arity : _bucket[coordinate] % Arity;

    /// <summary>Where a coordinate is among the renumbered ones.</summary>
    public int Number(int coordinate) => _numbers[coordinate];

    public int Coordinate(int number) => _coordinates[number];

    /// <summary>Has the processor fetch the entries of a row in a bucket: rows in support are far from each other.</summary>
    public void Prefetch(int row, int bucket) => Managed.Prefetch.Lines(_entries.Pointer + _starts[(row * _leaves) + bucket], FetchedBytes);

    /// <summary>The entries of a row in a bucket.</summary>
    public ReadOnlySpan<BucketEntry> Entries(int row, int bucket)
    {
        int start = _starts[(row * _leaves) + bucket];
        return new(_entries.Pointer + start, _starts[(row * _leaves) + bucket + 1] - start);
    }

    public void Dispose()
    {
        _entries.Dispose();
        _sums.Dispose();
    }

    /// <summary>
    /// Of the depth and arity that make a step cheapest: arity a and depth l cost a l sets of sums of a row for the masses and a^-l of its entries for the bucket that is chosen, least at a = (entries / cost of a set)^(1 / (l + 1)).
    /// Estimates are worth their errors only where they save half of the cost.
    /// </summary>
    public static BucketedRows For(PowerRows rows, ulong seed)
    {
        double perRow = (double)rows.ByRow.NonZeros / rows.Rows, least = perRow / 2;
        (int arity, int depth) = (1, 0);
        for (int l = 1; l <= MostDepth; l++)
        {
            int a = Math.Clamp((int)Math.Pow(perRow / SumsToEntry, 1.0 / (l + 1)), 1, 1024);
            double cost = (((SumsToEntry * a) + ChoiceToEntry) * l) + (perRow / Math.Pow(a, l));
            if (cost < least)
            {
                (least, arity, depth) = (cost, a, l);
            }
        }

        return new BucketedRows(rows, arity, depth, seed);
    }

    /// <summary>The entries of each row by bucket, and the signed sums of the lowest buckets.</summary>
    private void Distribute(PowerRows rows, ulong seed)
    {
        using Scratch<float> signs = Workspace.Rent<float>((nint)rows.Dimension * SumCount);
        SketchStream.Of(seed, StreamRole.Sign, 0).Signs(signs.Span);
        ReadOnlySpan<int> pointers = rows.ByRow.RowPointers, columns = rows.ByRow.ColumnIndices;
        ReadOnlySpan<double> values = rows.ByRow.Values;
        int[] next = new int[_leaves + 1];
        for (int j = 0; j < rows.Rows; j++)
        {
            // A counting sort of the row's entries by bucket.
            Array.Clear(next);
            for (int p = pointers[j]; p < pointers[j + 1]; p++)
            {
                next[_bucket[columns[p]] + 1]++;
            }

            next[0] = pointers[j];
            for (int b = 0; b < _leaves; b++)
            {
                _starts[(j * _leaves) + b] = next[b];
                next[b + 1] += next[b];
            }

            for (int p = pointers[j]; p < pointers[j + 1]; p++)
            {
                int i = columns[p], at = next[_bucket[i]]++;
                _entries.Pointer[at] = new(_numbers[i], (float)values[p]);
                if (Depth > 0)
                {
                    ReadOnlySpan<float> sign = new(signs.Pointer + ((nint)i * SumCount), SumCount);
                    Span<float> sums = new(_sums.Pointer + (j * (nint)_stride) + _stride - ((_leaves - _bucket[i]) * SumCount), SumCount);
                    TensorPrimitives.MultiplyAdd(sign, (float)values[p], sums, sums);
                }
            }
        }

        _starts[^1] = pointers[rows.Rows];
    }

    /// <summary>The sums of the upper buckets are those of what they hold.</summary>
    private void AddUp(int rows)
    {
        for (int j = 0; Depth > 1 && j < rows; j++)
        {
            Span<float> sums = new(_sums.Pointer + (j * (nint)_stride), _stride);
            for (int b = 0; b < _leaves; b++)
            {
                Span<float> upper = sums.Slice(b / Arity * SumCount, SumCount);
                TensorPrimitives.Add(upper, sums.Slice((Arity + b) * SumCount, SumCount), upper);
            }
        }
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
