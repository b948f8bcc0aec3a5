using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>
/// The entries of the rows, the coordinates hashed to buckets, those to smaller ones, and the coordinates of a bucket side by side; of each bucket also a few random signed sums of its coordinates' columns: the squared length
/// of what a bucket holds is estimated without visiting its coordinates (Woodruff and Zandieh 2020). Made once in the time of the entries.
/// </summary>
internal sealed unsafe class BucketedRows : IDisposable
{
    /// <summary>Signed sums of a bucket: one for each lane of a vector of probes.</summary>
    public const int SumCount = ProbeLanes.Width;

    private const int MostDepth = 2;
    private const int FetchedBytes = 128;
    private const int SignsPerWord = 64 / SumCount;

    // What the sums of a bucket of a row, and a further choice, cost beside an entry: measured with 16 probes.
    private const double SumsToEntry = 0.2;
    private const double ChoiceToEntry = 8;

    // Sums take at most as many bytes as entries.
    private const int EntriesPerBucket = 8;

    private readonly int _leaves;
    private readonly int _stride;
    private Scratch<int> _bucket;
    private Scratch<int> _places;
    private Scratch<int> _coordinates;
    private Scratch<int> _firsts;
    private Scratch<int> _starts;
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

        try
        {
            (_bucket, _places, _coordinates, _firsts) = (Workspace.Rent<int>(d), Workspace.Rent<int>(d), Workspace.Rent<int>(d), Workspace.Rent<int>(_leaves + 1));
            Hash(rows, seed);
            Widest = Place(d);
            _starts = Workspace.Rent<int>(checked((n * _leaves) + 1));
            _entries = Workspace.Rent<BucketEntry>(rows.ByRow.NonZeros);
            _sums = Workspace.Rent<float>((nint)n * _stride);
            Distribute(rows, seed);
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

    /// <summary>Coordinates of the largest bucket.</summary>
    public int Widest { get; }

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
    public int ChildOf(int coordinate, int depth) => depth + 1 < Depth ? _bucket.Pointer[coordinate] / Arity : _bucket.Pointer[coordinate] % Arity;

    /// <summary>How many coordinates a lowest bucket has.</summary>
    public int Width(int bucket) => _firsts.Pointer[bucket + 1] - _firsts.Pointer[bucket];

    /// <summary>Where a coordinate is in its bucket.</summary>
    public int PlaceOf(int coordinate) => _places.Pointer[coordinate];

    /// <summary>The coordinate at a place of a bucket.</summary>
    public int Coordinate(int bucket, int place) => _coordinates.Pointer[_firsts.Pointer[bucket] + place];

    /// <summary>Has the processor fetch the entries of a row in a bucket: rows in support are far from each other.</summary>
    public void Prefetch(int row, int bucket) => Managed.Prefetch.Lines(_entries.Pointer + _starts.Pointer[(row * _leaves) + bucket], FetchedBytes);

    /// <summary>The entries of a row in a bucket.</summary>
    public ReadOnlySpan<BucketEntry> Entries(int row, int bucket)
    {
        int* start = _starts.Pointer + ((row * _leaves) + bucket);
        return new(_entries.Pointer + start[0], start[1] - start[0]);
    }

    public void Dispose()
    {
        _bucket.Dispose();
        _places.Dispose();
        _coordinates.Dispose();
        _firsts.Dispose();
        _starts.Dispose();
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
            double best = Math.Min(Math.Pow(perRow / SumsToEntry, 1.0 / (l + 1)), Math.Pow(perRow / EntriesPerBucket, 1.0 / l));
            int a = Math.Clamp((int)best, 1, 1024);
            double cost = (((SumsToEntry * a) + ChoiceToEntry) * l) + (perRow / Math.Pow(a, l));
            if (cost < least)
            {
                (least, arity, depth) = (cost, a, l);
            }
        }

        return new BucketedRows(rows, arity, depth, seed);
    }

    /// <summary>
    /// The lowest buckets of the coordinates. The longest columns, most of what is drawn, have each a bucket alone, whose sums are exact and which needs no look at its entries: half of the buckets. The others are hashed to the rest.
    /// </summary>
    private void Hash(PowerRows rows, ulong seed)
    {
        int d = rows.Dimension, single = Arity / 2, alone = Math.Min(_leaves / Arity * single, d), shared = Arity - single;
        SketchStream.Of(seed, StreamRole.Bucket, 0).Integers(_bucket.Span, _leaves / Arity * shared);
        for (int i = 0; i < d; i++)
        {
            int b = _bucket.Pointer[i];
            _bucket.Pointer[i] = (b / shared * Arity) + single + (b % shared);
        }

        PriorityQueue<int, (double, int)> longest = new(alone + 1);
        for (int i = 0; alone > 0 && i < d; i++)
        {
            (double, int) length = (TensorPrimitives.SumOfSquares(rows.Column(i).Values), -i);
            if (longest.Count < alone)
            {
                longest.Enqueue(i, length);
            }
            else
            {
                longest.EnqueueDequeue(i, length);
            }
        }

        // In turn to the buckets above.
        for (int above = _leaves / Arity; longest.TryDequeue(out int i, out _);)
        {
            _bucket.Pointer[i] = (longest.Count % above * Arity) + (longest.Count / above);
        }
    }

    /// <summary>Puts the coordinates of a bucket side by side; returns how many the largest has.</summary>
    private int Place(int dimension)
    {
        int* bucket = _bucket.Pointer, firsts = _firsts.Pointer;
        _firsts.Clear();
        for (int i = 0; i < dimension; i++)
        {
            _places.Pointer[i] = firsts[bucket[i] + 1]++;
        }

        int widest = TensorPrimitives.Max<int>(_firsts.Span);
        for (int b = 1; b <= _leaves; b++)
        {
            firsts[b] += firsts[b - 1];
        }

        for (int i = 0; i < dimension; i++)
        {
            _coordinates.Pointer[firsts[bucket[i]] + _places.Pointer[i]] = i;
        }

        return widest;
    }

    /// <summary>The entries of each row by bucket, and the signed sums.</summary>
    private void Distribute(PowerRows rows, ulong seed)
    {
        using Scratch<ulong> signs = Workspace.Rent<ulong>((rows.Dimension + SignsPerWord - 1) / SignsPerWord);
        SketchStream.Of(seed, StreamRole.Sign, 0).Words(signs.Span);
        ulong* words = signs.Pointer;
        WorkTeam.Run(rows.Rows, Parallelism.Current.ThreadsForFlops(2.0 * SumCount * rows.ByRow.NonZeros), j =>
        {
            int first = rows.ByRow.RowPointers[j], count = rows.ByRow.RowPointers[j + 1] - first;
            ReadOnlySpan<int> columns = rows.ByRow.ColumnIndices.Slice(first, count);
            ReadOnlySpan<double> values = rows.ByRow.Values.Slice(first, count);
            int* bucket = _bucket.Pointer, places = _places.Pointer, starts = _starts.Pointer + (j * _leaves);
            BucketEntry* entries = _entries.Pointer + first;
            float* sums = _sums.Pointer + (j * (nint)_stride), lowest = sums + _stride - (_leaves * SumCount);
            using Scratch<int> room = Workspace.Rent<int>(_leaves + 1);
            room.Clear();

            // A counting sort by bucket.
            int* next = room.Pointer;
            foreach (int i in columns)
            {
                next[bucket[i] + 1]++;
            }

            for (int b = 0; b < _leaves; b++)
            {
                starts[b] = first + next[b];
                next[b + 1] += next[b];
            }

            new Span<float>(sums, _stride).Clear();
            for (int p = 0; p < count; p++)
            {
                int i = columns[p], b = bucket[i];
                float value = (float)values[p];
                entries[next[b]++] = new(places[i], value);
                if (Depth > 0)
                {
                    ProbeLanes.AddSigned(value, (int)(words[i / SignsPerWord] >> (i % SignsPerWord * SumCount)), ref lowest[b * SumCount]);
                }
            }

            // The sums of upper buckets are those of what they hold.
            for (int b = 0; Depth > 1 && b < _leaves; b++)
            {
                ProbeLanes.Add(1, new ReadOnlySpan<float>(lowest + (b * SumCount), SumCount), ref sums[b / Arity * SumCount]);
            }
        });
        _starts.Pointer[rows.Rows * _leaves] = rows.ByRow.NonZeros;
    }
}

/// <summary>An entry of a row: the place of its coordinate in the bucket, and its value.</summary>
internal readonly record struct BucketEntry(int Place, float Value);
