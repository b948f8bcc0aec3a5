using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>
/// The index sets of a cross approximation: for each bond rows (multi-indices of the modes before it) and columns (of the modes after it). A step takes two neighbouring modes, the rows left of them and the columns
/// right of them, and chooses the pivots of that matrix anew: so ranks adapt (Savostyanov, Oseledets 2011).
/// </summary>
internal sealed class CrossSweep<T>
    where T : unmanaged, INumberBase<T>
{
    private readonly FunctionSource<T> _source;
    private readonly ILinearAlgebraBackend _backend;
    private readonly MultiIndices[] _rows;
    private readonly MultiIndices[] _columns;

    public CrossSweep(FunctionSource<T> source, ILinearAlgebraBackend backend, MultiIndices[] rows, MultiIndices[] columns)
        => (_source, _backend, _rows, _columns) = (source, backend, rows, columns);

    /// <summary>For bond k = 0 .. d: multi-indices of modes 0 .. k - 1.</summary>
    public MultiIndices[] Rows => _rows;

    /// <summary>For bond k = 0 .. d: multi-indices of modes k .. d - 1.</summary>
    public MultiIndices[] Columns => _columns;

    /// <summary>The largest element that a sweep has seen.</summary>
    public double Largest { get; set; }

    /// <summary>The sets of single points: each gives its beginnings as rows and its ends as columns.</summary>
    public static CrossSweep<T> Of(FunctionSource<T> source, ILinearAlgebraBackend backend)
    {
        int order = source.Order;
        MultiIndices[] rows = [.. Enumerable.Range(0, order + 1).Select(static k => new MultiIndices(k, []))], columns = [.. Enumerable.Range(0, order + 1).Select(k => new MultiIndices(order - k, []))];
        return new CrossSweep<T>(source, backend, rows, columns);
    }

    /// <summary>Adds a point to every set.</summary>
    public void Add(ReadOnlySpan<int> index)
    {
        for (int k = 1; k < _source.Order; k++)
        {
            _rows[k] = _rows[k].With(index[..k]);
            _columns[k] = _columns[k].With(index[k..]);
        }
    }

    /// <summary>There and back over all bonds.</summary>
    /// <param name="threshold">What is left may be as large as this everywhere.</param>
    /// <param name="maxRank">Of any bond.</param>
    /// <param name="random">Draws; streams random.Stream + bond.</param>
    public void Sweep(double threshold, int maxRank, CounterRandom random)
    {
        int bonds = _source.Order - 1;
        for (int bond = 1; bond <= bonds; bond++)
        {
            Step(bond, threshold, maxRank, random.WithStream(random.Stream + (ulong)bond));
        }

        for (int bond = bonds - 1; bond >= 1; bond--)
        {
            Step(bond, threshold, maxRank, random.WithStream(random.Stream + (ulong)(bonds + bond)));
        }
    }

    private void Step(int bond, double threshold, int maxRank, CounterRandom random)
    {
        MultiIndices rows = _rows[bond - 1].ThenMode((int)_source.Lengths[bond - 1]), columns = _columns[bond + 1].AfterMode((int)_source.Lengths[bond]);
        List<int> served = [];
        for (int k = 0; k < _columns[bond].Count; k++)
        {
            if (columns.IndexOf(_columns[bond][k]) is >= 0 and int at)
            {
                served.Add(at);
            }
        }

        CrossPivots<T> pivots = new(_source, rows, columns, threshold, maxRank, random);
        (int[] chosenRows, int[] chosenColumns) = pivots.Choose([.. served]);
        Largest = Math.Max(Largest, pivots.Largest);
        _rows[bond] = rows.Choose(chosenRows);
        _columns[bond] = columns.Choose(chosenColumns);
    }

    /// <summary>
    /// The train through the columns, from left to right (Oseledets, Tyrtyshnikov 2010): of each core's elements an orthonormal basis, of that the rows of largest volume, and the core is what interpolates between
    /// those rows. Coefficients are about 1 at most, so that nothing is amplified.
    /// </summary>
    public TtTensor<T> Train()
    {
        int order = _source.Order;
        Tensor<T>[] cores = new Tensor<T>[order];
        MultiIndices rows = MultiIndices.Empty;
        for (int k = 0; k < order; k++)
        {
            int length = (int)_source.Lengths[k];
            MultiIndices extended = rows.ThenMode(length), right = k == order - 1 ? MultiIndices.Empty : _columns[k + 1];
            T[] elements = _source.Block(extended, right);
            if (k == order - 1)
            {
                cores[k] = Tensor.Create(elements, [rows.Count, length, 1]);
                break;
            }

            int rank = Math.Min(extended.Count, right.Count);
            (int[] chosen, T[] coefficients) = MaximumVolume.Of<T>(FieldAlgebra.Qr<T>(_backend, elements, extended.Count, right.Count).Q, extended.Count, rank);
            cores[k] = Tensor.Create(coefficients, [rows.Count, length, rank]);
            rows = extended.Choose(chosen);
        }

        return new TtTensor<T>(cores);
    }
}
