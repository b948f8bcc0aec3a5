using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>
/// Canonical polyadic (PARAFAC) decomposition by alternating least squares (Carroll, Chang 1970; Harshman 1970) with a dimension tree: a sweep reads the tensor twice
/// whatever its order, 4 R prod(I) flops, and stores neither an unfolding nor a Khatri-Rao product of the tensor's size.
/// </summary>
public sealed class CpAls
{
    /// <summary>The most sweeps of one start (default 500).</summary>
    public int MaxIterations { get; init; } = 500;

    /// <summary>A start has converged when the relative error ||X - M|| / ||X|| changes by less than this from one sweep to the next (default 1e-8); 0 never stops early.</summary>
    public double Tolerance { get; init; } = 1e-8;

    /// <summary>Where the first start begins (default <see cref="CpInitialization.GramEigen"/>).</summary>
    public CpInitialization Initialization { get; init; }

    /// <summary>The seed of every draw (default 0): same seed, same engine, same model bit for bit.</summary>
    public ulong Seed { get; init; }

    /// <summary>Starts to try (default 1); those after the first begin at random. The one with the least error is returned.</summary>
    public int Restarts { get; init; } = 1;

    /// <summary>Added to the diagonal of every normal matrix, the other factors having unit columns (default 0).</summary>
    public double Ridge { get; init; }

    /// <summary>The engine; null for <see cref="Polyad.Backend.Current"/>.</summary>
    public ILinearAlgebraBackend? Backend { get; init; }

    /// <summary>Fits a model of <paramref name="rank"/> components.</summary>
    /// <param name="tensor">X, order 2 or more, any strides; not modified.</param>
    /// <param name="rank">The number of components, at least 1; it may exceed the lengths.</param>
    /// <param name="progress">Told after each sweep.</param>
    /// <param name="cancellationToken">Looked at before each sweep.</param>
    /// <exception cref="ArgumentException">The tensor is empty or of order 1, or an option does not fit.</exception>
    /// <exception cref="NonFiniteInputException">The tensor holds NaN or infinity.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public CpResult<T> Fit<T>(Tensor<T> tensor, int rank, IProgress<DecompositionProgress>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (rank < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(rank), rank, $"A model of a tensor of shape {DenseData.Text(tensor.Lengths)} needs a rank of at least 1.");
        }

        if (Initialization == CpInitialization.Given)
        {
            throw new ArgumentException("Initialization.Given needs the overload that takes the factors.", nameof(tensor));
        }

        return Run(tensor, rank, null, progress, cancellationToken);
    }

    /// <summary>Fits a model from given factors, one I_n x R matrix for each mode; they are copied.</summary>
    /// <inheritdoc cref="Fit{T}(Tensor{T}, int, IProgress{DecompositionProgress}, CancellationToken)"/>
    public CpResult<T> Fit<T>(
        Tensor<T> tensor, IReadOnlyList<Tensor<T>> initialFactors, IProgress<DecompositionProgress>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(tensor);
        ArgumentNullException.ThrowIfNull(initialFactors);
        nint rank = initialFactors.Count > 0 && initialFactors[0] is { Rank: 2 } first ? first.Lengths[1] : 0;
        bool fits = initialFactors.Count == tensor.Rank && rank > 0;
        for (int n = 0; n < initialFactors.Count && fits; n++)
        {
            fits = initialFactors[n] is { Rank: 2 } factor && factor.Lengths[0] == tensor.Lengths[n] && factor.Lengths[1] == rank;
        }

        if (!fits)
        {
            throw new ArgumentException(
                $"A tensor of shape {DenseData.Text(tensor.Lengths)} starts from one I_n x R matrix for each mode; given: {string.Join(", ", initialFactors.Select(static f => f is null ? "null" : DenseData.Text(f.Lengths)))}.",
                nameof(initialFactors));
        }

        return Run(tensor, (int)rank, initialFactors, progress, cancellationToken);
    }

    private CpResult<T> Run<T>(
        Tensor<T> tensor, int rank, IReadOnlyList<Tensor<T>>? given, IProgress<DecompositionProgress>? progress, CancellationToken cancellationToken)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxIterations, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Restarts, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(Tolerance);
        ArgumentOutOfRangeException.ThrowIfNegative(Ridge);
        DenseInput<T> input = DenseInput<T>.Of(tensor, 2);
        ILinearAlgebraBackend backend = Backend ?? Polyad.Backend.Current;
        cancellationToken.ThrowIfCancellationRequested();
        CpResult<T>? best = null;
        for (int start = 0; start < Restarts; start++)
        {
            CounterRandom draws = new(Seed, (ulong)start << 32);
            Tensor<T>[] factors = start > 0 ? Draw(input, rank, draws) : Start(input, rank, given, draws, backend);
            CpResult<T> result = Descend(input, factors, draws, backend, progress, cancellationToken);
            best = best is null || result.RelativeError < best.RelativeError ? result : best;
        }

        return best!;
    }

    private Tensor<T>[] Start<T>(DenseInput<T> input, int rank, IReadOnlyList<Tensor<T>>? given, CounterRandom draws, ILinearAlgebraBackend backend)
        where T : unmanaged, INumberBase<T>
    {
        if (given is not null)
        {
            return [.. given.Select(static f => DenseInput<T>.Of(TensorAlgebra.Permute(f, [0, 1]), 2).Tensor)];
        }

        Tensor<T>[] factors = Draw(input, rank, draws);
        if (Initialization == CpInitialization.Random || input.Norm == 0)
        {
            return factors;
        }

        // The first factor is replaced before it is read.
        for (int n = 1; n < input.Order; n++)
        {
            Tensor<T> leading = LeadingSubspace.Of(backend, input.Tensor, n, SubspaceMethod.Gram).Vectors;
            int length = (int)input.Lengths[n], columns = Math.Min(rank, length);
            leading.AsReadOnlyMatrix().Slice(0, 0, length, columns).CopyTo(factors[n].AsMatrix().Slice(0, 0, length, columns));
        }

        return factors;
    }

    private static Tensor<T>[] Draw<T>(DenseInput<T> input, int rank, CounterRandom draws)
        where T : unmanaged, INumberBase<T>
        => [.. input.Lengths.Select((length, n) => draws.WithStream(draws.Stream + (ulong)n).Normal<T>(length, rank))];

    private CpResult<T> Descend<T>(
        DenseInput<T> input, Tensor<T>[] factors, CounterRandom draws, ILinearAlgebraBackend backend, IProgress<DecompositionProgress>? progress, CancellationToken cancellationToken)
        where T : unmanaged, INumberBase<T>
    {
        AlternatingLeastSquares<T> model = new(input, factors, backend, Ridge, draws);
        List<double> errors = [];
        if (input.Norm == 0)
        {
            Array.Clear(model.Weights);
            return Order(input, model, 0, errors, converged: true);
        }

        bool converged = false;
        while (!converged && errors.Count < MaxIterations)
        {
            cancellationToken.ThrowIfCancellationRequested();
            model.Sweep();
            errors.Add(model.RelativeError());
            progress?.Report(new DecompositionProgress(errors.Count, errors[^1]));
            converged = errors.Count > 1 && Math.Abs(errors[^2] - errors[^1]) < Tolerance;
        }

        return Order(input, model, model.ExactRelativeError(), errors, converged);
    }

    /// <summary>Sorts the components by weight and settles their signs.</summary>
    private static CpResult<T> Order<T>(DenseInput<T> input, AlternatingLeastSquares<T> model, double error, List<double> errors, bool converged)
        where T : unmanaged, INumberBase<T>
    {
        int rank = model.Weights.Length, last = model.Factors.Length - 1;
        int[] order = [.. Enumerable.Range(0, rank).OrderByDescending(r => model.Weights[r])];
        Tensor<T>[] sorted = [.. model.Factors.Select(static f => Tensor.CreateFromShape<T>(f.Lengths))];
        for (int r = 0; r < rank; r++)
        {
            bool flip = false;
            for (int n = 0; n <= last; n++)
            {
                ReadOnlySpan<T> from = DenseData.Elements(model.Factors[n]);
                Span<T> to = DenseData.Elements(sorted[n]);
                bool negative = n == last ? flip : HasNegativePeak(from, order[r], rank);
                flip ^= negative;
                for (int i = 0; i < from.Length; i += rank)
                {
                    T value = from[i + order[r]];
                    to[i + r] = negative ? -value : value;
                }
            }
        }

        Tensor<T> weights = Tensor.Create([.. order.Select(r => T.CreateTruncating(model.Weights[r]))], [rank]);
        return new CpResult<T>(input.Restore(weights), sorted, error, errors, errors.Count, converged);
    }

    private static bool HasNegativePeak<T>(ReadOnlySpan<T> factor, int column, int rank)
        where T : unmanaged, INumberBase<T>
    {
        T peak = T.Zero;
        for (int i = column; i < factor.Length; i += rank)
        {
            if (double.CreateChecked(T.Abs(factor[i])) > double.CreateChecked(T.Abs(peak)))
            {
                peak = factor[i];
            }
        }

        return T.IsNegative(peak);
    }
}
