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

    /// <summary>Writes the entries where some rows and the same columns cross. By default whole columns are made for it.</summary>
    /// <param name="indices">k different numbers of rows and columns.</param>
    /// <param name="block">k x k.</param>
    /// <param name="backend">The engine.</param>
    void Block(ReadOnlySpan<int> indices, in MatrixView<T> block, ILinearAlgebraBackend backend)
    {
        Tensor<T> columns = FreshMemory.Zeros<T>([Order, indices.Length]);
        Columns(indices, columns.AsMatrix(), backend);
        for (int i = 0; i < indices.Length; i++)
        {
            columns.AsReadOnlyMatrix().Slice(indices[i], 0, 1, indices.Length).CopyTo(block.Slice(i, 0, 1, indices.Length));
        }
    }
}

/// <summary>
/// Randomly pivoted Cholesky (Chen, Epperly, Tropp, Webber 2022): A is about F F^T, the pivots drawn in proportion to what is left of the diagonal, so that k (n + k) entries of A are looked at. The trace of
/// what is left is in the mean near that of the best rank. Pivots are proposed in blocks, from the diagonal as it is at the start of a block, and accepted with probability (diagonal now) / (diagonal then)
/// (Epperly, Tropp, Webber 2024): the same distribution as one by one, for products with matrices.
/// </summary>
public sealed class RandomlyPivotedCholesky : RandomizedAlgorithm
{
    /// <summary>The most pivots that are proposed at a time (default 64); 1 is the method as published first. The first blocks are smaller, since the first pivots change the diagonal most.</summary>
    public int BlockSize { get; init; } = 64;

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
        Tensor<T> factor = FreshMemory.Zeros<T>([n, rank]);
        List<int> pivots = new(rank);
        int proposals = 1;
        for (int block = 1; pivots.Count < rank && rest > floor * trace; block++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            CounterRandom draws = new(Seed, (1UL << 62) + (2 * (ulong)block));
            int[] proposed = Propose(left, Math.Min(proposals, rank - pivots.Count), draws), accepted = Accept(a, factor, pivots.Count, proposed, diagonal, left, draws.WithStream(draws.Stream + 1), engine);
            if (accepted.Length == 0)
            {
                // Nothing but rounding was left of them.
                left[proposed[0]] = 0;
            }
            else
            {
                Append(a, factor, pivots, accepted, left, engine);
            }

            proposals = accepted.Length * 2 >= proposed.Length ? Math.Min(BlockSize, proposals * 2) : Math.Min(BlockSize, Math.Max(8, proposals / 2));
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

    /// <summary>Independent draws in proportion to what is left of the diagonal; repeated ones, which could not be accepted, are left out.</summary>
    private static int[] Propose(double[] left, int count, CounterRandom draws)
    {
        double[] sums = new double[left.Length], uniform = new double[count];
        double sum = 0;
        for (int i = 0; i < left.Length; i++)
        {
            sums[i] = sum += left[i];
        }

        draws.Uniform<double>(uniform);
        List<int> chosen = new(count);
        foreach (double u in uniform)
        {
            int at = Array.BinarySearch(sums, u * sum);
            at = Math.Min(at < 0 ? ~at : at + 1, left.Length - 1);

            // Rounding may point behind the last entry, or at one without weight.
            while (at > 0 && left[at] <= 0)
            {
                at--;
            }

            if (!chosen.Contains(at))
            {
                chosen.Add(at);
            }
        }

        return [.. chosen];
    }

    /// <summary>Proposals in their order, each kept with the probability by which earlier ones have lowered its diagonal: Cholesky of the block of proposals that leaves out what is refused.</summary>
    private static int[] Accept<T>(
        ISemidefiniteColumns<T> a, Tensor<T> factor, int known, int[] proposed, T[] diagonal, double[] left, CounterRandom draws, ILinearAlgebraBackend engine)
        where T : unmanaged, INumberBase<T>
    {
        int count = proposed.Length;
        Tensor<T> block = FreshMemory.Zeros<T>([count, count]);
        a.Block(proposed, block.AsMatrix(), engine);
        if (known > 0)
        {
            Tensor<T> rows = Rows(factor.AsReadOnlyMatrix().Slice(0, 0, left.Length, known), proposed);
            engine.MatMul(-T.One, rows.AsReadOnlyMatrix(), rows.AsReadOnlyMatrix().Transpose, T.One, block.AsMatrix());
        }

        double[,] c = new double[count, count];
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j < count; j++)
            {
                c[i, j] = OperatorProducts.Double(block[i, j]);
            }
        }

        double[] uniform = new double[count];
        draws.Uniform<double>(uniform);
        List<int> accepted = [];
        for (int i = 0; i < count; i++)
        {
            double pivot = c[i, i], then = left[proposed[i]], rounding = 100 * LinearAlgebra.Epsilon<T>() * OperatorProducts.Double(diagonal[proposed[i]]);
            if (pivot <= rounding || uniform[i] * then >= pivot)
            {
                continue;
            }

            accepted.Add(proposed[i]);
            for (int r = i + 1; r < count; r++)
            {
                double ratio = c[r, i] / pivot;
                for (int j = i + 1; j < count; j++)
                {
                    c[r, j] -= ratio * c[i, j];
                }
            }
        }

        return [.. accepted];
    }

    /// <summary>New columns of F: (A[:, S] - F F[S]^T) L^-T, L the Cholesky factor of its rows S; then what is left of the diagonal.</summary>
    private static void Append<T>(ISemidefiniteColumns<T> a, Tensor<T> factor, List<int> pivots, int[] accepted, double[] left, ILinearAlgebraBackend engine)
        where T : unmanaged, INumberBase<T>
    {
        int n = left.Length, known = pivots.Count, count = accepted.Length;
        Tensor<T> columns = FreshMemory.Zeros<T>([n, count]);
        a.Columns(accepted, columns.AsMatrix(), engine);
        Arguments.Finite(columns.AsReadOnlyMatrix(), default, "columns");
        if (known > 0)
        {
            ReadOnlyMatrixView<T> before = factor.AsReadOnlyMatrix().Slice(0, 0, n, known);
            engine.MatMul(-T.One, before, Rows(before, accepted).AsReadOnlyMatrix().Transpose, T.One, columns.AsMatrix());
        }

        Tensor<T> core = Rows(columns.AsReadOnlyMatrix(), accepted);
        T trace = T.Zero;
        for (int j = 0; j < count; j++)
        {
            trace += core[j, j];
        }

        // Rounding may have left the block slightly indefinite.
        T shift = T.CreateTruncating(count * LinearAlgebra.Epsilon<T>()) * trace;
        for (int j = 0; j < count; j++)
        {
            core[j, j] += shift;
        }

        engine.TriangularSolve(Triangle.Lower, false, LinearAlgebra.Cholesky(core, engine).AsReadOnlyMatrix(), columns.AsMatrix().Transpose);
        columns.AsReadOnlyMatrix().CopyTo(factor.AsMatrix().Slice(0, known, n, count));
        ReadOnlySpan<T> added = LinearAlgebra.Elements(columns);
        for (int i = 0; i < n; i++)
        {
            left[i] = Math.Max(0, left[i] - OperatorProducts.SquareSum(added.Slice(i * count, count)));
        }

        foreach (int pivot in accepted)
        {
            pivots.Add(pivot);
            left[pivot] = 0;
        }
    }

    private static Tensor<T> Rows<T>(in ReadOnlyMatrixView<T> matrix, int[] indices)
        where T : unmanaged, INumberBase<T>
    {
        Tensor<T> rows = FreshMemory.Zeros<T>([indices.Length, matrix.Columns]);
        for (int i = 0; i < indices.Length; i++)
        {
            matrix.Slice(indices[i], 0, 1, matrix.Columns).CopyTo(rows.AsMatrix().Slice(i, 0, 1, matrix.Columns));
        }

        return rows;
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

        public void Block(ReadOnlySpan<int> indices, in MatrixView<T> block, ILinearAlgebraBackend backend)
        {
            ReadOnlyMatrixView<T> view = a.AsReadOnlyMatrix();
            for (int i = 0; i < indices.Length; i++)
            {
                for (int j = 0; j < indices.Length; j++)
                {
                    block[i, j] = view[indices[i], indices[j]];
                }
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
