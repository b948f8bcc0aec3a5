using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>
/// The entries of the rows, the coordinates hashed to buckets, those to smaller ones, and the coordinates of a bucket side by side; of each bucket also a few random signed sums of its coordinates' columns: the squared length
/// of what a bucket holds is estimated without visiting its coordinates (Woodruff and Zandieh 2020). The longest columns have places of their own beside the buckets. Made once in the time of the entries.
/// </summary>
internal sealed unsafe class BucketedRows : IDisposable
{
    /// <summary>
    /// Signed sums of a bucket: one for each lane of a vector of probes. Two columns of about the same direction and length that share a bucket cancel in all of them with probability 2^-16; a bucket whose sums cancel would be
    /// missed at every step of every draw, so that few sums make rare entries of great weight.
    /// </summary>
    public const int SumCount = ProbeLanes.Width;

    private const int MostDepth = 2;
    private const int FetchedBytes = 128;

    // Of each bucket that is divided last; a multiple of the masses that are summed at once.
    private const int AloneCount = 3 * ProbeLanes.Together;
    private const int SignsPerWord = 64 / SumCount;

    // What the sums of a bucket of a row, and a further choice, cost beside an entry: measured with 16 probes; the time is flat about its least.
    private const double SumsToEntry = 0.2;
    private const double ChoiceToEntry = 8;

    // Of a row, on average, at least: as many bytes as the bucket's sums.
    private const int EntriesPerBucket = 8;

    private readonly int _parents;
    private readonly int _lowest;
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
    /// <param name="depth">How often they are divided, at most twice; 0 for a single bucket.</param>
    /// <param name="alone">Coordinates that lie alone in a bucket that is divided last.</param>
    /// <param name="seed">The seed.</param>
    public BucketedRows(PowerRows rows, int arity, int depth, int alone, ulong seed)
    {
        (Arity, Depth, Alone) = (arity, depth, alone);
        int n = rows.Rows, d = rows.Dimension;
        _parents = depth > 1 ? arity : 1;
        _lowest = _parents * arity;
        _stride = depth == 0 ? 0 : ((depth > 1 ? arity * SumCount : 0) + (_parents * ((arity * SumCount) + alone)) + SumCount - 1) / SumCount * SumCount;
        try
        {
            (_bucket, _places, _coordinates, _firsts) = (Workspace.Rent<int>(d), Workspace.Rent<int>(d), Workspace.Rent<int>(d), Workspace.Rent<int>((_parents * Children) + 1));
            Hash(rows, seed);
            Widest = Place(d);
            _starts = Workspace.Rent<int>(checked(n * (_lowest + 1)));
            _entries = Workspace.Rent<BucketEntry>(rows.NonZeros);
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

    /// <summary>Coordinates alone in a bucket that is divided last. They come before its buckets.</summary>
    public int Alone { get; }

    /// <summary>Parts of a bucket that is divided last.</summary>
    public int Children => Alone + Arity;

    /// <summary>Coordinates of the largest bucket.</summary>
    public int Widest { get; }

    /// <summary>From a row's sums, and coordinates alone, to the next row's.</summary>
    public int Stride => _stride;

    /// <summary>The sums of the first row for a bucket's buckets.</summary>
    /// <param name="bucket">The bucket among those of its depth.</param>
    /// <param name="depth">0 for the single bucket of all coordinates.</param>
    public ref readonly float Sums(int bucket, int depth) => ref *(_sums.Pointer + ((depth == 0 ? 0 : Arity + (bucket * Arity)) * SumCount));

    /// <summary>The entries of the first row at the coordinates that lie alone in a bucket.</summary>
    public ref readonly float AloneIn(int bucket) => ref *(_sums.Pointer + OfAlone(bucket));

    /// <summary>Which part of its bucket at a depth a coordinate is in.</summary>
    public int ChildOf(int coordinate, int depth) => depth + 1 < Depth ? _bucket.Pointer[coordinate] / Children : _bucket.Pointer[coordinate] % Children;

    /// <summary>Where a coordinate is in its bucket.</summary>
    public int PlaceOf(int coordinate) => _places.Pointer[coordinate];

    /// <summary>The coordinate at a place of a bucket.</summary>
    public int Coordinate(int bucket, int place) => _coordinates.Pointer[_firsts.Pointer[bucket] + place];

    /// <summary>The number of a bucket among those that coordinates share; negative where one lies alone.</summary>
    public int Shared(int bucket) => bucket % Children < Alone ? -1 : (bucket / Children * Arity) + (bucket % Children) - Alone;

    /// <summary>Has the processor fetch the entries of a row in a shared bucket: rows in support are far from each other.</summary>
    public void Prefetch(int row, int shared) => Managed.Prefetch.Lines(_entries.Pointer + _starts.Pointer[(row * (_lowest + 1)) + shared], FetchedBytes);

    /// <summary>The entries of a row in a shared bucket.</summary>
    public ReadOnlySpan<BucketEntry> Entries(int row, int shared)
    {
        int* start = _starts.Pointer + ((row * (_lowest + 1)) + shared);
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
    /// Estimates are worth their errors only where they save half of the cost. Sums take no more room than entries.
    /// </summary>
    public static BucketedRows For(PowerRows rows, ulong seed)
    {
        double perRow = (double)rows.NonZeros / rows.Rows, least = perRow / 2;
        (int arity, int depth) = (1, 0);
        for (int l = 1; l <= MostDepth; l++)
        {
            double best = Math.Min(Math.Pow(perRow / SumsToEntry, 1.0 / (l + 1)), Math.Pow(perRow / EntriesPerBucket, 1.0 / l));
            int a = Math.Clamp(best < ProbeLanes.Together ? (int)best : (int)best / ProbeLanes.Together * ProbeLanes.Together, 1, 1024);
            double cost = (((SumsToEntry * a) + ChoiceToEntry) * l) + (perRow / Math.Pow(a, l));
            if (cost < least)
            {
                (least, arity, depth) = (cost, a, l);
            }
        }

        return new BucketedRows(rows, arity, depth, depth > 0 ? AloneCount : 0, seed);
    }

    /// <summary>The parts of the coordinates. Those of the longest columns, most of what is drawn, lie alone: their masses are exact, and need no look at entries. The others are hashed to buckets.</summary>
    private void Hash(PowerRows rows, ulong seed)
    {
        int d = rows.Dimension, alone = Math.Min(_parents * Alone, d);
        SketchStream.Of(seed, StreamRole.Bucket, 0).Integers(_bucket.Span, _lowest);
        PriorityQueue<int, (double, int)> longest = new(alone + 1);
        for (int i = 0; i < d; i++)
        {
            int b = _bucket.Pointer[i];
            _bucket.Pointer[i] = (b / Arity * Children) + Alone + (b % Arity);
            if (alone == 0)
            {
                continue;
            }

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
        while (longest.TryDequeue(out int i, out _))
        {
            _bucket.Pointer[i] = (longest.Count % _parents * Children) + (longest.Count / _parents);
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
        for (int b = 1; b < _firsts.Length; b++)
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
        WorkTeam.Run(rows.Rows, Parallelism.Current.ThreadsForFlops(2.0 * SumCount * rows.NonZeros), j =>
        {
            SparseLine line = rows.Row(j);
            ReadOnlySpan<int> columns = line.Places;
            ReadOnlySpan<double> values = line.Values;
            int first = rows.Start(j);
            int* bucket = _bucket.Pointer, places = _places.Pointer, starts = _starts.Pointer + (j * (_lowest + 1));
            BucketEntry* entries = _entries.Pointer;
            float* sums = _sums.Pointer + (j * (nint)_stride), lowest = sums + (Depth > 1 ? Arity * SumCount : 0);
            new Span<float>(sums, _stride).Clear();

            // A counting sort by bucket.
            using Scratch<int> room = Workspace.Rent<int>(_lowest);
            room.Clear();
            int* next = room.Pointer;
            foreach (int i in columns)
            {
                if (Shared(bucket[i]) is >= 0 and int b)
                {
                    next[b]++;
                }
            }

            for (int b = 0; b < _lowest; b++)
            {
                starts[b] = first;
                first += next[b];
                next[b] = starts[b];
            }

            starts[_lowest] = first;
            for (int p = 0; p < columns.Length; p++)
            {
                int i = columns[p], b = Shared(bucket[i]), signs = (int)(words[i / SignsPerWord] >> (i % SignsPerWord * SumCount));
                float value = (float)values[p];
                if (b >= 0)
                {
                    entries[next[b]++] = new(places[i], value);
                    if (Depth > 0)
                    {
                        ProbeLanes.AddSigned(value, signs, ref lowest[b * SumCount]);
                    }
                }
                else
                {
                    sums[OfAlone(bucket[i] / Children) + (bucket[i] % Children)] = value;
                    if (Depth > 1)
                    {
                        ProbeLanes.AddSigned(value, signs, ref sums[bucket[i] / Children * SumCount]);
                    }
                }
            }

            // The sums of upper buckets are those of what they hold.
            for (int b = 0; Depth > 1 && b < _lowest; b++)
            {
                ProbeLanes.Add(1, new ReadOnlySpan<float>(lowest + (b * SumCount), SumCount), ref sums[b / Arity * SumCount]);
            }
        });
    }

    /// <summary>Where among a row's sums the coordinates alone in a bucket begin.</summary>
    private int OfAlone(int bucket) => (((Depth > 1 ? Arity : 0) + _lowest) * SumCount) + (bucket * Alone);
}

/// <summary>An entry of a row: the place of its coordinate in the bucket, and its value.</summary>
internal readonly record struct BucketEntry(int Place, float Value);
