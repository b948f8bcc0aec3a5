using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

public partial record TtTensor<T>
{
    /// <summary>
    /// The same tensor with orthonormal cores about <paramref name="center"/>: those before it have orthonormal columns when unfolded to (r_k n_k) x r_(k+1), those after it orthonormal rows when unfolded to
    /// r_k x (n_k r_(k+1)). The norm of the center core is then that of the tensor. Ranks larger than a core can carry shrink.
    /// </summary>
    /// <param name="center">0 to d - 1.</param>
    /// <param name="backend">The engine; null for the current one.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such core.</exception>
    public TtTensor<T> Orthogonalize(int center = 0, ILinearAlgebraBackend? backend = null)
    {
        CheckMode(center, least: 1);
        TrainCores<T> cores = new(Cores, backend ?? Backend.Current);
        for (int k = 0; k < center; k++)
        {
            cores.PushRight(k);
        }

        for (int k = Order - 1; k > center; k--)
        {
            cores.PushLeft(k);
        }

        return With(cores);
    }

    /// <summary>
    /// A train of smaller ranks within a relative tolerance: orthogonalization from the left, then singular values cut bond by bond from the right (Oseledets 2011). ||X - result|| is at most
    /// <paramref name="tolerance"/> ||X||, unless <paramref name="maxRank"/> cuts more. All cores but the first come out with orthonormal rows. About 6 d n r^3 multiplications.
    /// </summary>
    /// <param name="tolerance">Relative, not negative; every bond may use an equal share of what those before it left.</param>
    /// <param name="maxRank">The largest inner rank.</param>
    /// <param name="backend">The engine; null for the current one.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of range.</exception>
    public TtTensor<T> Round(double tolerance, int maxRank = int.MaxValue, ILinearAlgebraBackend? backend = null)
    {
        IterativeDecomposition.NonNegative(tolerance, nameof(tolerance));
        ArgumentOutOfRangeException.ThrowIfLessThan(maxRank, 1);
        return Truncate(null, tolerance, maxRank, backend ?? Backend.Current);
    }

    /// <summary>A train of given inner ranks, or smaller ones where the tensor has no more.</summary>
    /// <param name="ranks">r_1 .. r_(d-1), each at least 1.</param>
    /// <param name="backend">The engine; null for the current one.</param>
    /// <exception cref="ArgumentException">There is not one rank for each bond.</exception>
    public TtTensor<T> Round(IReadOnlyList<int> ranks, ILinearAlgebraBackend? backend = null)
    {
        ArgumentNullException.ThrowIfNull(ranks);
        int[] given = [.. ranks];
        Chain.CheckRanks(Lengths, given, nameof(ranks));
        return Truncate(given, 0, int.MaxValue, backend ?? Backend.Current);
    }

    /// <summary>
    /// Rounding to given inner ranks by a random sketch (randomize-then-orthogonalize: Al Daas, Ballard, Cazeaux, Hallman, Miedlar, Pasha, Reid, Saibaba 2023): X is contracted with a random train from the right,
    /// and one orthogonalization from the left follows. For sums and products whose ranks are far above those wanted it saves the orthogonalization at the large ranks; the error is within a small factor of the best.
    /// </summary>
    /// <param name="ranks">r_1 .. r_(d-1), each at least 1.</param>
    /// <param name="random">Of the sketch.</param>
    /// <param name="oversampling">Ranks of the sketch beyond those wanted, cut exactly at the end.</param>
    /// <param name="backend">The engine; null for the current one.</param>
    /// <exception cref="ArgumentException">There is not one rank for each bond.</exception>
    public TtTensor<T> RoundRandomized(IReadOnlyList<int> ranks, CounterRandom random, int oversampling = 8, ILinearAlgebraBackend? backend = null)
    {
        ArgumentNullException.ThrowIfNull(ranks);
        ArgumentOutOfRangeException.ThrowIfNegative(oversampling);
        int[] given = [.. ranks];
        Chain.CheckRanks(Lengths, given, nameof(ranks));
        ILinearAlgebraBackend engine = backend ?? Backend.Current;
        TtTensor<T> sketch = Random(random, Lengths, [.. given.Select(r => r + oversampling)]);

        // W_k = (cores k .. d-1 of X, unfolded)(those of the sketch)^H: what the sketch sees of everything right of bond k.
        T[][] seen = new T[Order][];
        seen[^1] = [T.One];
        for (int k = Order - 1; k > 0; k--)
        {
            Tensor<T> a = Cores[k], s = sketch.Cores[k];
            int left = (int)a.Lengths[0], length = (int)a.Lengths[1], ra = (int)a.Lengths[2], rs = (int)s.Lengths[2];
            T[] half = FieldAlgebra.Multiply<T>(engine, DenseData.Elements(a), left * length, ra, seen[k], rs);
            seen[k - 1] = FieldAlgebra.Multiply<T>(engine, half, left, length * rs, DenseData.Elements(s), (int)s.Lengths[0], adjointB: true);
        }

        TrainCores<T> cores = new(Cores, engine);
        for (int k = 0; k < Order - 1; k++)
        {
            cores.Capture(k, seen[k], (int)sketch.Cores[k].Lengths[2]);
        }

        return With(cores).Truncate(given, 0, int.MaxValue, engine, orthogonal: true);
    }

    /// <summary>
    /// The tensor with its modes in another order, by exchanging neighbours: each exchange is a singular value decomposition of two cores, cut at its share of the tolerance.
    /// Ranks may grow: they are those of the permuted tensor.
    /// </summary>
    /// <param name="order">Mode k of the result is mode <c>order[k]</c> of this tensor.</param>
    /// <param name="tolerance">Relative; the default drops rounding only.</param>
    /// <param name="backend">The engine; null for the current one.</param>
    /// <exception cref="ArgumentException"><paramref name="order"/> is not a permutation of the modes.</exception>
    public TtTensor<T> Permute(ReadOnlySpan<int> order, double tolerance = 1e-14, ILinearAlgebraBackend? backend = null)
    {
        IterativeDecomposition.NonNegative(tolerance, nameof(tolerance));
        int[] wanted = order.ToArray();
        if (wanted.Length != Order || !wanted.Order().SequenceEqual(Enumerable.Range(0, Order)))
        {
            throw new ArgumentException($"[{string.Join(", ", wanted)}] is not an order of the {Order} modes of a train of shape {DenseData.Text(Lengths)}.", nameof(order));
        }

        List<int> now = [.. Enumerable.Range(0, Order)];
        List<int> swaps = [];
        for (int k = 0; k < Order; k++)
        {
            for (int at = now.IndexOf(wanted[k]); at > k; at--)
            {
                swaps.Add(at - 1);
                (now[at], now[at - 1]) = (now[at - 1], now[at]);
            }
        }

        TrainCores<T> cores = new(Cores, backend ?? Backend.Current);
        double floor = Math.Max(tolerance, 4 * DenseData.Epsilon<T>());
        for (int k = Order - 1; k > 0; k--)
        {
            cores.PushLeft(k);
        }

        double allowed = floor * cores.Norm(0) / Math.Sqrt(Math.Max(1, swaps.Count));
        int center = 0;
        foreach (int bond in swaps)
        {
            for (; center < bond; center++)
            {
                cores.PushRight(center);
            }

            for (; center > bond; center--)
            {
                cores.PushLeft(center);
            }

            cores.Exchange(bond, allowed);
        }

        return With(cores, Modes is null ? null : [.. wanted.Select(n => Modes[n])]);
    }

    private TtTensor<T> Truncate(int[]? ranks, double tolerance, int maxRank, ILinearAlgebraBackend engine, bool orthogonal = false)
    {
        TrainCores<T> cores = new(Cores, engine);
        for (int k = 0; k < Order - 1 && !orthogonal; k++)
        {
            cores.PushRight(k);
        }

        TruncationBudget budget = new(ranks, maxRank, tolerance, Order, cores.Norm(Order - 1));
        for (int k = Order - 1; k > 0; k--)
        {
            cores.CutLeft(k, budget);
        }

        return With(cores);
    }

    private TtTensor<T> With(TrainCores<T> cores, IReadOnlyList<ModeLabel>? modes = null) => new(cores.ToTensors()) { Modes = modes ?? Modes };
}
