using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>
/// HALS on a core (Phan, Cichocki 2011): each entry in turn, in row-major order, becomes the minimum over g_j &gt;= 0 given all others,
/// g_j = max(0, g_j - (sum_k S_0[j_0, k_0] S_1[j_1, k_1] .. g_k - p_j + penalty) / (S_0[j_0, j_0] S_1[j_1, j_1] ..)).
/// The sums of entries that share leading indices are formed once: T_0 = G, T_(d+1) = sum over k of S_d[j_d, k] T_d[k, ..], and what an update changes is added along the path. So a cycle over
/// all entries takes sum(r) prod(r) multiplications, as many as one gradient, where entry by entry it would take prod(r)^2.
/// </summary>
internal sealed class CoreCycle<T>
    where T : unmanaged, INumberBase<T>
{
    private readonly Tensor<T> _core;
    private readonly Tensor<T> _right;
    private readonly Tensor<T>[] _grams;
    private readonly double _penalty;
    private readonly int[] _ranks;
    private readonly T[][] _sums;
    private readonly double[] _scales;
    private readonly T[] _changes;
    private double _moved;

    /// <param name="core">Not negative; overwritten.</param>
    /// <param name="right">p.</param>
    /// <param name="grams">S_n, symmetric.</param>
    /// <param name="penalty">Of the sum of the entries.</param>
    public CoreCycle(Tensor<T> core, Tensor<T> right, Tensor<T>[] grams, double penalty)
    {
        (_core, _right, _grams, _penalty) = (core, right, grams, penalty);
        _ranks = [.. grams.Select(static g => (int)g.Lengths[0])];
        _sums = [.. Enumerable.Range(0, _ranks.Length).Select(d => d == 0 ? [] : new T[_ranks[d..].Aggregate(1, static (a, b) => a * b)])];
        _scales = new double[_ranks.Length];
        _scales[0] = 1;
        _changes = new T[_ranks[^1]];
    }

    /// <summary>Cycles until one moves the core less than the reduction times what the first moved it, sqrt(sum H_jj (change of g_j)^2), or they run out.</summary>
    public void Run(in NonNegativeSettings settings)
    {
        double first = 0;
        for (int cycle = 0; cycle < settings.Cycles; cycle++)
        {
            _moved = 0;
            Visit(0, 0);
            first = cycle == 0 ? _moved : first;
            if (_moved <= settings.Reduction * settings.Reduction * first)
            {
                return;
            }
        }
    }

    private Span<T> Sums(int depth) => depth == 0 ? DenseData.Elements(_core) : _sums[depth];

    /// <summary>All entries whose first <paramref name="depth"/> indices are those of the row-major position <paramref name="index"/>.</summary>
    private void Visit(int depth, int index)
    {
        if (depth == _ranks.Length - 1)
        {
            Update(index * _ranks[depth]);
            return;
        }

        int rank = _ranks[depth];
        ReadOnlySpan<T> gram = DenseData.Elements(_grams[depth]);
        for (int j = 0; j < rank; j++)
        {
            _scales[depth + 1] = _scales[depth] * double.CreateTruncating(gram[(j * rank) + j]);
            if (_scales[depth + 1] == 0)
            {
                // A column of zeros: the entries that it meets change nothing.
                continue;
            }

            Span<T> from = Sums(depth), to = Sums(depth + 1);
            to.Clear();
            for (int k = 0; k < rank; k++)
            {
                TensorPrimitives.MultiplyAdd(from.Slice(k * to.Length, to.Length), gram[(j * rank) + k], to, to);
            }

            Visit(depth + 1, (index * rank) + j);
        }
    }

    /// <summary>The entries of one row, the last index running.</summary>
    private void Update(int at)
    {
        int rank = _ranks[^1], last = _ranks.Length - 1;
        double scale = _scales[last];
        ReadOnlySpan<T> gram = DenseData.Elements(_grams[last]), right = DenseData.Elements(_right).Slice(at, rank);
        Span<T> core = DenseData.Elements(_core).Slice(at, rank), sums = last == 0 ? core : _sums[last];
        bool any = false;
        for (int i = 0; i < rank; i++)
        {
            double curvature = scale * double.CreateTruncating(gram[(i * rank) + i]), value = double.CreateTruncating(core[i]);
            _changes[i] = T.Zero;
            if (curvature == 0)
            {
                continue;
            }

            double slope = double.CreateTruncating(TensorPrimitives.Dot(gram.Slice(i * rank, rank), sums)) - double.CreateTruncating(right[i]) + _penalty;
            T next = T.CreateTruncating(Math.Max(0, value - (slope / curvature)));
            double change = double.CreateTruncating(next) - value;
            if (change == 0)
            {
                continue;
            }

            any = true;
            _moved += curvature * change * change;
            _changes[i] = T.CreateTruncating(change);
            core[i] = next;
            if (last > 0)
            {
                sums[i] += T.CreateTruncating(scale * change);
            }
        }

        // Along the path: T_d at the remaining indices, times S_0[j_0, j_0] .. S_(d-1)[j_(d-1), j_(d-1)].
        for (int depth = 1; any && depth < last; depth++)
        {
            Span<T> row = _sums[depth].AsSpan(at % _sums[depth].Length, rank);
            TensorPrimitives.MultiplyAdd(_changes, T.CreateTruncating(_scales[depth]), row, row);
        }
    }
}
