using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>
/// Tensor-ring decomposition by alternating least squares (TR-ALS: Zhao, Zhou, Xie, Zhang, Cichocki 2016), in full or on sampled rows (Malik, Becker 2021). A full sweep reads the tensor twice whatever its order
/// (4 r^2 prod(n) flops) and never raises the error; a sampled one reads only fibres. A start has converged when the relative error, of a sampled fit as estimated on fixed entries, changes by less than
/// <see cref="IterativeDecomposition.Tolerance"/> (default 1e-8) from one sweep to the next. Elements are float or double.
/// </summary>
public sealed class TensorRingAls : IterativeDecomposition
{
    /// <summary>Entries on which a sampled fit estimates its error.</summary>
    private const int ErrorEntries = 1 << 14;

    /// <summary>At most 500 sweeps, tolerance 1e-8.</summary>
    public TensorRingAls()
        : base(maxIterations: 500, tolerance: 1e-8)
    {
    }

    /// <summary>Where the first start begins (default <see cref="TensorRingInitialization.Random"/>).</summary>
    public TensorRingInitialization Initialization { get; init; }

    /// <summary>Starts to try (default 1); those after the first begin at random. The one with the least error is returned.</summary>
    public int Restarts { get; init; } = 1;

    /// <summary>Rows that each least-squares problem is solved on; null, the default, for all of them. A few times r^2 log r^2 suffice.</summary>
    public int? Samples { get; init; }

    /// <summary>Whether rows are drawn uniformly (default false: by leverage scores, which find rows that matter).</summary>
    public bool UniformSampling { get; init; }

    /// <summary>Whether a sampled fit ends with one pass over the tensor for the exact error (default true); otherwise the result says that its error is an estimate.</summary>
    public bool ExactError { get; init; } = true;

    /// <summary>Fits a ring of given ranks.</summary>
    /// <param name="tensor">X, any order from 1, any strides; not modified.</param>
    /// <param name="ranks">r_0 .. r_(d-1), one before each mode, each at least 1.</param>
    /// <param name="progress">Told after each sweep.</param>
    /// <param name="cancellationToken">Looked at before each sweep.</param>
    /// <exception cref="ArgumentException">The tensor is empty, or the ranks or an option do not fit.</exception>
    /// <exception cref="NonFiniteInputException">The tensor holds NaN or infinity.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public TensorRingResult<T> Fit<T>(Tensor<T> tensor, IReadOnlyList<int> ranks, IProgress<DecompositionProgress>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(tensor);
        ArgumentNullException.ThrowIfNull(ranks);
        return Run(tensor, [.. ranks], null, progress, cancellationToken);
    }

    /// <summary>Fits a ring from a given one, whose ranks it keeps; it is not modified.</summary>
    /// <param name="tensor">X, any order from 1, any strides; not modified.</param>
    /// <param name="initial">Of the shape of the tensor.</param>
    /// <param name="progress">Told after each sweep.</param>
    /// <param name="cancellationToken">Looked at before each sweep.</param>
    /// <exception cref="ArgumentException">The tensor is empty, or the ring or an option does not fit.</exception>
    /// <exception cref="NonFiniteInputException">The tensor holds NaN or infinity.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public TensorRingResult<T> Fit<T>(Tensor<T> tensor, TrTensor<T> initial, IProgress<DecompositionProgress>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(tensor);
        ArgumentNullException.ThrowIfNull(initial);
        return initial.Lengths.AsSpan().SequenceEqual(tensor.Lengths) ? Run(tensor, [.. initial.Ranks], initial, progress, cancellationToken)
            : throw new ArgumentException($"A tensor of shape {DenseData.Text(tensor.Lengths)} cannot start from a ring of shape {DenseData.Text(initial.Lengths)}.", nameof(initial));
    }

    private unsafe TensorRingResult<T> Run<T>(Tensor<T> tensor, int[] ranks, TrTensor<T>? initial, IProgress<DecompositionProgress>? progress, CancellationToken cancellationToken)
        where T : unmanaged, INumberBase<T>
    {
        CheckOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(Restarts, 1);
        if (Samples is { } samples)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1, nameof(Samples));
        }

        TrTensor<T>.CheckRanks(tensor.Lengths, ranks);
        CheckSystems(tensor.Lengths, ranks);
        DenseInput<T> input = DenseInput<T>.Of(tensor, 1);
        cancellationToken.ThrowIfCancellationRequested();
        if (input.Norm == 0)
        {
            return new TensorRingResult<T>([.. ranks.Select((r, k) => FreshMemory.Zeros<T>([r, input.Lengths[k], ranks[(k + 1) % ranks.Length]]))], 0, [], 0, true);
        }

        string subject = Subject(input, ranks, initial);
        Resume?.Require(subject);
        fixed (T* data = input.Elements)
        {
            using TensorBlock<T> x = new(data, input.Lengths);
            SampledError<T>? estimate = Samples is null ? null : new SampledError<T>(input.Tensor, input.Norm, ErrorEntries, new CounterRandom(Seed, ulong.MaxValue - 1));
            RingFit<T>? best = null;
            ModelArchive? resumed = Resume?.State;
            int first = resumed?.Whole("start") ?? 0;
            if (resumed is not null && first > 0)
            {
                best = RingFit<T>.Of(resumed, "best_", input.Order, Engine);
            }

            for (int start = first; start < Restarts; start++)
            {
                RingFit<T> fit = resumed is not null ? RingFit<T>.Of(resumed, "", input.Order, Engine) : new RingFit<T>(new RingState<T>(Start(input, ranks, start > 0 ? null : initial, start), Engine));
                resumed = null;
                Descend(input, x, fit, estimate, start, best, subject, progress, cancellationToken);
                fit.Error = estimate is null || ExactError ? Exact(input, fit.State) : fit.Errors[^1];
                best = best is null || fit.Error < best.Error ? fit : best;
            }

            return best!.Result(input, sampled: estimate is not null && !ExactError);
        }
    }

    /// <summary>Refuses ranks for which the normal matrix of a core, r_n r_(n+1) square, or the core itself would have more elements than an array.</summary>
    private static void CheckSystems(ReadOnlySpan<nint> lengths, int[] ranks)
    {
        for (int k = 0; k < ranks.Length; k++)
        {
            long joint = (long)ranks[k] * ranks[(k + 1) % ranks.Length];
            if (joint > Array.MaxLength / Math.Max(joint, lengths[k]))
            {
                throw new ArgumentException(
                    $"Ranks [{string.Join(", ", ranks)}] are too large for a ring of shape {DenseData.Text(lengths)}: the least-squares problem of core {k} has a matrix of {joint} x {Math.Max(joint, lengths[k])}, more than {Array.MaxLength} elements.", nameof(ranks));
            }
        }
    }

    private void Descend<T>(
        DenseInput<T> input, TensorBlock<T> x, RingFit<T> fit, SampledError<T>? estimate, int start, RingFit<T>? best, string subject, IProgress<DecompositionProgress>? progress, CancellationToken cancellationToken)
        where T : unmanaged, INumberBase<T>
    {
        RingState<T> state = fit.State;
        RingTree<T>? tree = estimate is null ? new RingTree<T>(x, state, Engine) : null;
        RingSamples<T>? sampled = estimate is null ? null : new RingSamples<T>(input.Tensor, state, Samples!.Value, UniformSampling, Engine);
        while (!fit.Converged && fit.Errors.Count < MaxIterations)
        {
            cancellationToken.ThrowIfCancellationRequested();
            fit.Errors.Add(tree is not null ? Full(tree, state, input.Norm) : Sampled(sampled!, state, estimate!, new CounterRandom(Seed, ((ulong)start << 48) + ((ulong)(fit.Errors.Count + 1) << 16))));
            fit.Converged = fit.Errors.Count > 1 && Math.Abs(fit.Errors[^2] - fit.Errors[^1]) < Tolerance;
            progress?.Report(new DecompositionProgress(fit.Errors.Count, fit.Errors[^1], start));
            Checkpoint?.Leave(fit.Errors.Count, () => fit.Snapshot(subject, start, best));
        }
    }

    private double Full<T>(RingTree<T> tree, RingState<T> state, double norm)
        where T : unmanaged, INumberBase<T>
    {
        double error = 0;
        tree.Sweep((mode, right) =>
        {
            Tensor<T> normal = state.NormalMatrix(mode), solution = DenseData.Copy(right);
            NormalEquations.Solve(Engine, normal, solution);
            state.Set(mode, solution);
            if (mode < state.Order - 1)
            {
                state.Normalize(mode);
                return;
            }

            // ||X - M||^2 = ||X||^2 - 2 <F, B> + <F N, F>.
            double cross = double.CreateChecked(TensorAlgebra.Inner(solution, right)), square = double.CreateChecked(TensorAlgebra.Inner(LinearAlgebra.MatMul(solution, normal, Engine), solution));
            error = Math.Sqrt(Math.Max(0, (norm * norm) - (2 * cross) + square)) / norm;
        });
        return error;
    }

    private static double Sampled<T>(RingSamples<T> sampled, RingState<T> state, SampledError<T> estimate, CounterRandom draws)
        where T : unmanaged, INumberBase<T>
    {
        for (int mode = 0; mode < state.Order; mode++)
        {
            state.Set(mode, sampled.Solve(mode, draws.WithStream(draws.Stream + (ulong)mode)));
            if (mode < state.Order - 1)
            {
                state.Normalize(mode);
            }
        }

        return estimate.Of(new TrTensor<T>(state.Cores).Elements(estimate.Indices));
    }

    private double Exact<T>(DenseInput<T> input, RingState<T> state)
        where T : unmanaged, INumberBase<T>
    {
        (T[] left, T[] right, int rows, int inner, int columns) = RingHalves.Of(Engine, state.Cores);
        return StreamedResidual.Relative(Engine, input.Elements, input.Norm, new ReadOnlyMatrixView<T>(left, rows, inner), new ReadOnlyMatrixView<T>(right, inner, columns));
    }

    private Tensor<T>[] Start<T>(DenseInput<T> input, int[] ranks, TrTensor<T>? initial, int start)
        where T : unmanaged, INumberBase<T>
    {
        if (initial is not null)
        {
            return [.. initial.Cores.Select(static c => DenseData.Copy(c))];
        }

        CounterRandom draws = new(Seed, (ulong)start << 48);
        Tensor<T>[] cores = [.. TrTensor<T>.Random(draws, input.Lengths, ranks).Cores];
        if (start > 0 || Initialization == TensorRingInitialization.Random || input.Order == 1)
        {
            return cores;
        }

        // TR-SVD at ranks that its first truncation can have; small draws fill up the rest.
        int[] feasible = [.. ranks];
        while ((long)feasible[0] * feasible[1] > Math.Min(input.Lengths[0], input.Elements.Length / input.Lengths[0]))
        {
            int larger = feasible[0] >= feasible[1] ? 0 : 1;
            feasible[larger]--;
        }

        TensorRingResult<T> svd = new TensorRing { Backend = Engine }.Fit(input.Tensor, feasible);
        for (int k = 0; k < cores.Length; k++)
        {
            Fill(cores[k], svd.Cores[k]);
        }

        return cores;
    }

    /// <summary>Puts a smaller core into the corner of a drawn one, whose other elements become small beside it.</summary>
    private static void Fill<T>(Tensor<T> drawn, Tensor<T> core)
        where T : unmanaged, INumberBase<T>
    {
        int left = (int)core.Lengths[0], length = (int)core.Lengths[1], right = (int)core.Lengths[2], width = (int)drawn.Lengths[2];
        Span<T> target = DenseData.Elements(drawn);
        ReadOnlySpan<T> source = DenseData.Elements(core);
        double ratio = 0.01 * Scalar.Norm<T>(source) / Scalar.Norm<T>(target);
        TensorPrimitives.Multiply(target, T.CreateTruncating(ratio), target);
        for (int a = 0; a < left; a++)
        {
            for (int i = 0; i < length; i++)
            {
                source.Slice(((a * length) + i) * right, right).CopyTo(target.Slice(((a * length) + i) * width, right));
            }
        }
    }

    private string Subject<T>(DenseInput<T> input, int[] ranks, TrTensor<T>? initial)
        where T : unmanaged, INumberBase<T>
        => string.Create(
            CultureInfo.InvariantCulture,
            $"TensorRingAls {typeof(T).Name} {DenseData.Text(input.Lengths)} norm {input.Norm:R} ranks [{string.Join(", ", ranks)}] {(initial is null ? Initialization.ToString() : $"given {initial.Norm(Engine):R}")} seed {Seed} "
            + $"restarts {Restarts} samples {Samples?.ToString(CultureInfo.InvariantCulture) ?? "all"}{(UniformSampling ? " uniform" : "")}");
}
