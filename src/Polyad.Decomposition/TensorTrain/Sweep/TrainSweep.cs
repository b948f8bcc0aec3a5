using System.Numerics;

namespace Polyad.Decomposition;

/// <summary>
/// TT-SVD from right to left. A step takes a block of trailing modes, finds the block's cores and their orthonormal rows B, replaces X by X B^T and adds up ||X - X B^T B||^2 while it does. Trailing modes
/// are merged until the step shrinks the tensor well ("thick bounds"). Where the right end has become wide and the left one is narrow, a step is taken on the left.
/// </summary>
internal sealed unsafe class TrainSweep<T> : IDisposable
    where T : unmanaged, INumberBase<T>
{
    /// <summary>Real columns up to which modes are merged.</summary>
    private const int MostMerged = 128;

    /// <summary>Real columns that a pass should have at least: whole vectors.</summary>
    private const int LeastMerged = 32;

    private readonly TrainPlan _plan;
    private readonly ILinearAlgebraBackend _backend;
    private readonly Action<int, double> _report;
    private readonly CancellationToken _cancellationToken;
    private readonly T[][] _cores;
    private readonly int[] _ranks;
    private readonly int _width;
    private TruncationBudget _budget;
    private SubspaceSearch<T> _search;
    private int _first;
    private int _last;

    public TrainSweep(TrainPlan plan, ILinearAlgebraBackend backend, Action<int, double> report, CancellationToken cancellationToken)
    {
        (_plan, _backend, _report, _cancellationToken) = (plan, backend, report, cancellationToken);
        _budget = Budget(1);
        _search = new SubspaceSearch<T>(plan, 1, _budget, backend);
        _width = plan.Complex ? 2 : 1;
        _cores = new T[plan.Order][];
        _ranks = [.. Enumerable.Repeat(1, plan.Order + 1)];
        _last = plan.Order - 1;
    }

    /// <summary>r_0 .. r_d.</summary>
    public IReadOnlyList<int> Ranks => _ranks;

    /// <summary>The least accurate way in which a bond was found.</summary>
    public SubspaceMethod Method => _search.Used;

    /// <summary>The square of the norm of the difference.</summary>
    public double SquaredError => _budget.Spent;

    /// <summary>The norm of the dense tensor at <paramref name="x"/> when the first step begins with its Gram matrix, which is kept for <see cref="Run"/>; else NaN.</summary>
    public double Measure(T* x)
    {
        if (_last == 0 || TakesLeft())
        {
            return double.NaN;
        }

        (int start, int columns) = Block();
        int rows = Count(0, start - 1);
        return Uncut(start, _last, 1) || columns * _width > NarrowPass.MaxColumns || !_search.UsesGram(rows, columns, _last - start + 1) ? double.NaN
            : _search.Measure(new PooledMemory<T>(x), rows, columns * _width, _last);
    }

    /// <summary>The cores of the dense tensor at <paramref name="x"/>, complex ones with their parts in turn: all but the first have orthonormal rows.</summary>
    /// <param name="x">The elements.</param>
    /// <param name="norm">Of the tensor.</param>
    /// <param name="measured">Whether <see cref="Measure"/> saw these elements.</param>
    public T[][] Run(T* x, double norm, bool measured)
    {
        _budget = Budget(norm);
        SubspaceSearch<T>.PendingGram? pending = _search.Pending;
        _search = new SubspaceSearch<T>(_plan, norm, _budget, _backend) { Pending = measured ? pending : null };
        if (!measured)
        {
            pending?.Gram.Dispose();
        }

        PooledMemory<T> matrix = new(x);
        try
        {
            int center = 0;
            while (_last > _first)
            {
                _cancellationToken.ThrowIfCancellationRequested();
                matrix = TakesLeft() ? Left(matrix) : Right(matrix);
                center = _first;
            }

            _ranks[_first] = _first == 0 ? 1 : _ranks[_first];
            _cores[_first] = new Span<T>(matrix.Data, Count(_first, _first) * _ranks[_first] * _ranks[_first + 1] * _width).ToArray();
            Shift(center);
            return _cores;
        }
        finally
        {
            matrix.Dispose();
        }
    }

    public void Dispose() => _search.Dispose();

    private TruncationBudget Budget(double norm) => new(_plan.Ranks, _plan.MaxRank, _plan.Tolerance, _plan.Order, norm);

    private int Count(int from, int to) => DenseData.Product(_plan.Lengths.AsSpan()[from..(to + 1)]);

    private int Length(int mode) => (int)_plan.Lengths[mode];

    /// <summary>A Gram matrix of the right end would be large, one of the left end small, and the left end shrinks.</summary>
    private bool TakesLeft()
    {
        int right = Length(_last) * _ranks[_last + 1], left = Length(_first) * _ranks[_first];
        return !_plan.Complex && _plan.Method != SubspaceMethod.Randomized && right > NarrowPass.MaxColumns && left <= right / 2 && (_budget.Given(_first + 1) ?? _plan.MaxRank) < left;
    }

    private PooledMemory<T> Right(PooledMemory<T> x)
    {
        (int start, int columns) = Block();
        int rows = _ranks[_first] * Count(_first, start - 1);
        if (Uncut(start, _last, _ranks[_last + 1]) && rows >= columns)
        {
            Keep(TrainBasis<T>.Whole(_backend, _budget, _plan.Complex, _plan.Lengths, start, _last, _ranks[_last + 1]), start, 0);
            return x;
        }

        SubspaceSearch<T>.Found found = _search.Right(x, rows, columns, start, _last, _ranks[_last + 1], NextGroup);
        Keep(found.Basis!, start, found.SquaredDistance);
        return Replace(x, found.Projected);
    }

    /// <summary>The modes that the next step takes: more than one while that lowers the work per element, about c/2 for a Gram matrix and 2 r for product and distance, summed over the shrinking tensor.</summary>
    private (int Start, int Columns) Block() => Block(_last, _ranks[_last + 1]);

    private (int Start, int Columns) Block(int last, int rank)
    {
        int start = last, columns = Length(last) * rank, rows = _ranks[_first] * Count(_first, last - 1);
        double cost = Cost(start, columns);
        for (int s = start - 1, c = columns; s > _first; s--)
        {
            c *= Length(s);
            rows /= Length(s);
            if (c * _width > MostMerged || rows < 4 * c)
            {
                break;
            }

            double merged = Cost(s, c);
            if (columns * _width < LeastMerged || merged < cost)
            {
                (start, columns, cost) = (s, c, merged);
            }
        }

        return (start, columns);
    }

    private double Cost(int start, int columns)
    {
        double kept = Math.Min(_budget.Given(start) ?? _plan.MaxRank, columns / (_plan.Tolerance == 0 || _plan.Ranks is not null ? 1.0 : 2.0));
        return kept >= columns ? double.PositiveInfinity : ((columns / 2.0) + (2 * kept)) / (1 - (kept / columns));
    }

    /// <summary>How many rows of a projection onto <paramref name="kept"/> columns make one row of the next step; 0 when the next step does not begin with a narrow Gram matrix.</summary>
    private int NextGroup(int start, int kept)
    {
        if (start - 1 <= _first)
        {
            return 0;
        }

        (int next, int columns) = Block(start - 1, kept);
        int rows = _ranks[_first] * Count(_first, next - 1);
        return columns * _width <= NarrowPass.MaxColumns && !(Uncut(next, start - 1, kept) && rows >= columns) && _search.UsesGram(rows, columns, start - next) ? columns / kept : 0;
    }

    private PooledMemory<T> Left(PooledMemory<T> x)
    {
        int rows = Length(_first) * _ranks[_first], columns = Count(_first + 1, _last) * _ranks[_last + 1];
        SubspaceSearch<T>.Found found = _search.Left(x, rows, columns, _first + 1);
        int kept = found.Kept;
        T[] core = new T[rows * kept];
        View(found.Left, kept, rows).Transpose.CopyTo(core.AsMatrix(rows, kept));
        _cores[_first] = core;
        _ranks[++_first] = kept;
        _budget.Spend(found.SquaredDistance, 1);
        _report(_budget.Done, _budget.Spent);
        return Replace(x, found.Projected);
    }

    private static PooledMemory<T> Replace(PooledMemory<T> old, PooledMemory<T> next)
    {
        if (next != old)
        {
            old.Dispose();
        }

        return next;
    }

    /// <summary>Whether the ranks that are wanted cut no bond of these modes.</summary>
    private bool Uncut(int start, int last, int rank)
    {
        for (int mode = last; mode >= start; mode--)
        {
            rank *= Length(mode);
            if (!(_budget.Given(mode) >= rank))
            {
                return false;
            }
        }

        return true;
    }

    private void Keep(TrainBasis<T> basis, int start, double square)
    {
        int columns = _ranks[_last + 1];
        for (int k = 0; k < basis.Cores.Count; k++)
        {
            int mode = _last - k;
            _cores[mode] = basis.Cores[k];
            columns = _ranks[mode] = basis.Cores[k].Length / (Length(mode) * columns * _width);
            _budget.Spend(k == 0 ? square : 0, 1);
            _report(_budget.Done, _budget.Spent);
        }

        _last = start - 1;
    }

    private static ReadOnlyMatrixView<T> View(T[] elements, int rows, int columns) => new(elements, rows, columns);

    /// <summary>After steps on the left: moves what is not orthonormal to the first core, core by core, by LQ decompositions.</summary>
    private void Shift(int center)
    {
        for (int k = center; k > 0; k--)
        {
            int rank = _ranks[k], columns = Length(k) * _ranks[k + 1], kept = Math.Min(rank, columns), lines = _ranks[k - 1] * Length(k - 1);
            T[] r = new T[kept * rank], rows = new T[kept * columns], before = new T[lines * kept];
            _backend.Qr(View(_cores[k], rank, columns).Transpose, rows.AsMatrix(kept, columns).Transpose, r.AsMatrix(kept, rank));
            _backend.MatMul(T.One, _cores[k - 1].AsMatrix(lines, rank), View(r, kept, rank).Transpose, T.Zero, before.AsMatrix(lines, kept));
            (_cores[k], _cores[k - 1], _ranks[k]) = (rows, before, kept);
        }
    }
}
