using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>A positive semidefinite matrix of which single columns can be had: a kernel matrix for one, which is never stored.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public interface ISemidefiniteColumns<T>
    where T : unmanaged, INumberBase<T>
{
    /// <summary>n.</summary>
    int Order { get; }

    /// <summary>Writes the diagonal.</summary>
    /// <param name="diagonal">n numbers.</param>
    void Diagonal(Span<T> diagonal);

    /// <summary>Writes some columns.</summary>
    /// <param name="indices">k different numbers of columns.</param>
    /// <param name="columns">n x k.</param>
    /// <param name="backend">The engine.</param>
    void Columns(ReadOnlySpan<int> indices, in MatrixView<T> columns, ILinearAlgebraBackend backend);
}

/// <summary>
/// Randomly pivoted Cholesky (Chen, Epperly, Tropp, Webber 2022): A is about F F^T, the pivots drawn in proportion to what is left of the diagonal, so that k (n + k) entries of A are looked at. The trace of
/// what is left is in the mean near that of the best rank. Blocks of pivots are drawn at once and thinned out, for products with matrices.
/// </summary>
public sealed class RandomlyPivotedCholesky : RandomizedAlgorithm
{
    /// <summary>Pivots that are drawn at a time (default 32); 1 is the method as published first.</summary>
    public int BlockSize { get; init; } = 32;

    /// <summary>It stops before the rank is reached when what is left of the trace is at most this times the trace (default 0: only when nothing but rounding is left).</summary>
    public double Tolerance { get; init; }

    /// <summary>A factor of given rank of a matrix whose columns are made when they are needed.</summary>
    /// <param name="a">n x n, positive semidefinite.</param>
    /// <param name="rank">k, 1 to n.</param>
    /// <param name="progress">Told what is left of the trace, relative to it, after each block.</param>
    /// <param name="cancellationToken">Looked at before each block.</param>
    /// <exception cref="ArgumentException">The rank does not fit, or an option is out of range.</exception>
    /// <exception cref="NotPositiveDefiniteException">The diagonal has a negative entry.</exception>
    /// <exception cref="NonFiniteInputException">The diagonal or a column holds NaN or infinity.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public PivotedCholeskyResult<T> Fit<T>(ISemidefiniteColumns<T> a, int rank, IProgress<IterationProgress>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(a);
        Arguments.Supported<T>();
        int n = a.Order;
        if (rank < 1 || rank > n)
        {
            throw new ArgumentOutOfRangeException(nameof(rank), rank, $"A {n} x {n} matrix has ranks 1 to {n}.");
        }

        Require(BlockSize >= 1, BlockSize, "at least 1");
        Require(Tolerance is >= 0 and < 1, Tolerance, "at least 0 and below 1");
        ILinearAlgebraBackend engine = Engine;
        T[] diagonal = new T[n];
        a.Diagonal(diagonal);
        Arguments.Finite(new ReadOnlyMatrixView<T>(diagonal, 1, n), default, "diagonal");
        double[] left = [.. diagonal.Select(static d => OperatorProducts.Double(d))];
        int negative = Array.FindIndex(left, static d => d < 0);
        if (negative >= 0)
        {
            throw new NotPositiveDefiniteException($"The {n} x {n} matrix is not positive semidefinite: its diagonal holds {left[negative]} at {negative}.", negative + 1);
        }

        double trace = left.Sum(), rest = trace, floor = Math.Max(Tolerance, n * LinearAlgebra.Epsilon<T>());
        Tensor<T> factor = Tensor.CreateFromShape<T>([n, rank]);
        List<int> pivots = new(rank);
        for (int block = 1; pivots.Count < rank && rest > floor * trace; block++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int[] drawn = Draw(left, rest, Math.Min(BlockSize, rank - pivots.Count), (ulong)block);
            Tensor<T> columns = Tensor.CreateFromShape<T>([n, drawn.Length]);
            a.Columns(drawn, columns.AsMatrix(), engine);
            Arguments.Finite(columns.AsReadOnlyMatrix(), default, "columns");
            Append(factor, pivots, drawn, columns, left, engine);
            rest = left.Sum();
            progress?.Report(new(block, trace == 0 ? 0 : rest / trace));
        }

        return new(factor.FirstColumns(pivots.Count), [.. pivots], trace == 0 ? 0 : rest / trace);
    }

    /// <summary>A factor of given rank of a matrix in memory, of which the diagonal and k columns are read.</summary>
    /// <inheritdoc cref="Fit{T}(ISemidefiniteColumns{T}, int, IProgress{IterationProgress}?, CancellationToken)"/>
    public PivotedCholeskyResult<T> Fit<T>(Tensor<T> a, int rank, IProgress<IterationProgress>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(a);
        Arguments.Square(a.AsReadOnlyMatrix(), nameof(a));
        return Fit(new MatrixColumns<T>(a), rank, progress, cancellationToken);
    }

    /// <summary>Different pivots, in proportion to what is left of the diagonal.</summary>
    private int[] Draw(double[] left, double rest, int count, ulong block)
    {
        double[] sums = new double[left.Length], uniform = new double[count];
        double sum = 0;
        for (int i = 0; i < left.Length; i++)
        {
            sums[i] = sum += left[i];
        }

        new CounterRandom(Seed, (1UL << 62) + block).Uniform<double>(uniform);
        SortedSet<int> chosen = [];
        foreach (double u in uniform)
        {
            int at = Array.BinarySearch(sums, u * sum);
            at = at < 0 ? ~at : at + 1;
            while (at < left.Length && left[at] <= 0)
            {
                at++;
            }

            chosen.Add(Math.Min(at, Array.FindLastIndex(left, static d => d > 0)));
        }

        return [.. chosen];
    }

    /// <summary>
    /// Subtracts from the columns what is known, factors the block on the pivots with the largest remaining diagonal first, stops where it is down to rounding, and updates the diagonal.
    /// </summary>
    private static void Append<T>(Tensor<T> factor, List<int> pivots, int[] drawn, Tensor<T> columns, double[] left, ILinearAlgebraBackend engine)
        where T : unmanaged, INumberBase<T>
    {
        int n = (int)factor.Lengths[0], known = pivots.Count, count = drawn.Length;
        ReadOnlyMatrixView<T> before = factor.AsReadOnlyMatrix().Slice(0, 0, n, known);
        if (known > 0)
        {
            Tensor<T> rows = Tensor.CreateFromShape<T>([count, known]);
            for (int j = 0; j < count; j++)
            {
                before.Slice(drawn[j], 0, 1, known).CopyTo(rows.AsMatrix().Slice(j, 0, 1, known));
            }

            engine.MatMul(-T.One, before, rows.AsReadOnlyMatrix().Transpose, T.One, columns.AsMatrix());
        }

        Tensor<T> core = Tensor.CreateFromShape<T>([count, count]);
        for (int j = 0; j < count; j++)
        {
            columns.AsReadOnlyMatrix().Slice(drawn[j], 0, 1, count).CopyTo(core.AsMatrix().Slice(j, 0, 1, count));
        }

        (Tensor<T> lower, int[] order) = Pivoted(core);
        int kept = order.Length;
        Tensor<T> chosen = Tensor.CreateFromShape<T>([n, kept]);
        for (int j = 0; j < kept; j++)
        {
            columns.AsReadOnlyMatrix().Slice(0, order[j], n, 1).CopyTo(chosen.AsMatrix().Slice(0, j, n, 1));
        }

        // New columns of F: G L^-T.
        engine.TriangularSolve(Triangle.Lower, false, lower.AsReadOnlyMatrix(), chosen.AsMatrix().Transpose);
        chosen.AsReadOnlyMatrix().CopyTo(factor.AsMatrix().Slice(0, known, n, kept));
        ReadOnlySpan<T> added = LinearAlgebra.Elements(chosen);
        for (int i = 0; i < n; i++)
        {
            left[i] = Math.Max(0, left[i] - OperatorProducts.SquareSum(added.Slice(i * kept, kept)));
        }

        foreach (int j in order)
        {
            pivots.Add(drawn[j]);
            left[drawn[j]] = 0;
        }
    }

    /// <summary>Cholesky with the largest diagonal first, of as many pivots as stand above rounding (at least one).</summary>
    private static (Tensor<T> Lower, int[] Order) Pivoted<T>(Tensor<T> core)
        where T : unmanaged, INumberBase<T>
    {
        int count = (int)core.Lengths[0];
        double[,] c = new double[count, count];
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j < count; j++)
            {
                c[i, j] = OperatorProducts.Double(core[i, j]);
            }
        }

        int[] order = [.. Enumerable.Range(0, count)];
        double[,] l = new double[count, count];
        double[] diagonal = [.. order.Select(i => c[i, i])];
        double first = diagonal.Max();
        int kept = 0;
        for (; kept < count; kept++)
        {
            int best = kept;
            for (int i = kept + 1; i < count; i++)
            {
                best = diagonal[order[i]] > diagonal[order[best]] ? i : best;
            }

            if (kept > 0 && diagonal[order[best]] <= 100 * count * LinearAlgebra.Epsilon<T>() * first)
            {
                break;
            }

            (order[kept], order[best]) = (order[best], order[kept]);
            for (int j = 0; j < kept; j++)
            {
                (l[kept, j], l[best, j]) = (l[best, j], l[kept, j]);
            }

            double root = l[kept, kept] = Math.Sqrt(Math.Max(diagonal[order[kept]], double.Epsilon));
            for (int i = kept + 1; i < count; i++)
            {
                double sum = c[order[i], order[kept]];
                for (int j = 0; j < kept; j++)
                {
                    sum -= l[i, j] * l[kept, j];
                }

                l[i, kept] = sum / root;
                diagonal[order[i]] -= l[i, kept] * l[i, kept];
            }
        }

        Tensor<T> lower = Tensor.CreateFromShape<T>([kept, kept]);
        for (int i = 0; i < kept; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                lower[i, j] = T.CreateTruncating(l[i, j]);
            }
        }

        return (lower, order[..kept]);
    }

    private sealed class MatrixColumns<T>(Tensor<T> a) : ISemidefiniteColumns<T>
        where T : unmanaged, INumberBase<T>
    {
        public int Order => (int)a.Lengths[0];

        public void Diagonal(Span<T> diagonal)
        {
            ReadOnlyMatrixView<T> view = a.AsReadOnlyMatrix();
            for (int i = 0; i < diagonal.Length; i++)
            {
                diagonal[i] = view[i, i];
            }
        }

        public void Columns(ReadOnlySpan<int> indices, in MatrixView<T> columns, ILinearAlgebraBackend backend)
        {
            for (int j = 0; j < indices.Length; j++)
            {
                a.AsReadOnlyMatrix().Slice(0, indices[j], columns.Rows, 1).CopyTo(columns.Slice(0, j, columns.Rows, 1));
            }
        }
    }
}

/// <summary>A is about F F^T.</summary>
/// <param name="Factor">n x k.</param>
/// <param name="Pivots">The k pivots in the order in which they were taken.</param>
/// <param name="RelativeTrace">trace(A - F F^T) / trace(A), which bounds the error in the nuclear, Frobenius and spectral norms relative to the trace.</param>
public sealed record PivotedCholeskyResult<T>(Tensor<T> Factor, int[] Pivots, double RelativeTrace)
    where T : unmanaged;
