using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Polyad.Decomposition;

/// <summary>
/// Tensor-train decomposition (TT-SVD: Oseledets 2011) from right to left. Each step reads what is left of the tensor about twice: once for the Gram matrix or the Q-less QR tree of its trailing columns, once
/// for the product that shrinks it, the distance that the product leaves, and the Gram matrix of the next step together. Short trailing modes are merged first, so that the first product already reduces
/// (Roehrig-Zoellner, Thies, Basermann 2022). No unfolding is stored. Elements are float, double or Complex.
/// </summary>
public sealed partial class TensorTrain
{
    /// <summary>Without ranks: ||X - T|| is at most this times ||X|| (default 1e-6); every bond may use an equal share of what those before it left. 0 with <see cref="MaxRank"/>: ranks as large as that allows.</summary>
    public double Tolerance { get; init; } = 1e-6;

    /// <summary>No inner rank exceeds this (default none); a rank that it cuts may cost the tolerance.</summary>
    public int MaxRank { get; init; } = int.MaxValue;

    /// <summary>
    /// How singular vectors are found. Default <see cref="SubspaceMethod.Automatic"/>: by Gram matrices, a bond again by the QR tree when the distance that it left, which is always measured, does not show that
    /// nothing was lost; with a tolerance near rounding by QR from the start.
    /// </summary>
    public SubspaceMethod Method { get; init; }

    /// <summary>The seed of the sketches of <see cref="SubspaceMethod.Randomized"/> (default 0).</summary>
    public ulong Seed { get; init; }

    /// <summary>Directions that a sketch has beyond the rank (default 10).</summary>
    public int Oversampling { get; init; } = 10;

    /// <summary>Times that a sketch is multiplied by X^T X (default 1): each sharpens the spectrum that the sketch sees.</summary>
    public int PowerIterations { get; init; } = 1;

    /// <summary>The engine; null for <see cref="Polyad.Backend.Current"/>.</summary>
    public ILinearAlgebraBackend? Backend { get; init; }

    /// <summary>Decomposes with ranks chosen by <see cref="Tolerance"/> and <see cref="MaxRank"/>.</summary>
    /// <param name="tensor">X, any order from 1, any strides; not modified.</param>
    /// <param name="progress">Told after each core (iteration = cores done; the error is what truncation dropped so far).</param>
    /// <param name="cancellationToken">Looked at before each step.</param>
    /// <exception cref="ArgumentException">The tensor is empty, or an option does not fit.</exception>
    /// <exception cref="NonFiniteInputException">The tensor holds NaN or infinity.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="NotSupportedException">T is not float, double or Complex.</exception>
    public TensorTrainResult<T> Fit<T>(Tensor<T> tensor, IProgress<DecompositionProgress>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
        => Run(tensor, tensor?.Lengths.ToArray() ?? [], null, progress, cancellationToken);

    /// <summary>Decomposes with given inner ranks r_1 .. r_(d-1), each from 1 to the smaller product of lengths on its two sides.</summary>
    /// <inheritdoc cref="Fit{T}(Tensor{T}, IProgress{DecompositionProgress}, CancellationToken)"/>
    public TensorTrainResult<T> Fit<T>(Tensor<T> tensor, IReadOnlyList<int> ranks, IProgress<DecompositionProgress>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(tensor);
        ArgumentNullException.ThrowIfNull(ranks);
        bool fits = ranks.Count == tensor.Rank - 1;
        for (int k = 0; k < ranks.Count && fits; k++)
        {
            fits = ranks[k] >= 1 && ranks[k] <= Math.Min(DenseData.Product(tensor.Lengths[..(k + 1)]), DenseData.Product(tensor.Lengths[(k + 1)..]));
        }

        return fits ? Run(tensor, tensor.Lengths.ToArray(), [.. ranks], progress, cancellationToken)
            : throw new ArgumentException(
                $"Ranks [{string.Join(", ", ranks)}] do not fit a tensor of shape {DenseData.Text(tensor.Lengths)}: one less than its modes, each from 1 to the smaller product of lengths on its two sides.",
                nameof(ranks));
    }

    /// <summary>Decomposes the elements of a tensor under another shape.</summary>
    internal TensorTrainResult<T> FitAs<T>(Tensor<T> tensor, nint[] lengths, int[]? ranks, IProgress<DecompositionProgress>? progress, CancellationToken cancellationToken)
        where T : unmanaged, INumberBase<T>
        => Run(tensor, lengths, ranks, progress, cancellationToken);

    private TensorTrainResult<T> Run<T>(Tensor<T> tensor, nint[] lengths, int[]? ranks, IProgress<DecompositionProgress>? progress, CancellationToken cancellationToken)
        where T : unmanaged, INumberBase<T>
    {
        IterativeDecomposition.NonNegative(Tolerance, nameof(Tolerance));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxRank, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(Oversampling);
        ArgumentOutOfRangeException.ThrowIfNegative(PowerIterations);
        ArgumentNullException.ThrowIfNull(tensor);
        TrainPlan plan = new(lengths, ranks, MaxRank, Tolerance, Method, typeof(T) == typeof(Complex), Seed, Oversampling, PowerIterations);
        cancellationToken.ThrowIfCancellationRequested();
        return typeof(T) == typeof(float) ? Sweep<T, float>(tensor, plan, progress, cancellationToken) : Sweep<T, double>(tensor, plan, progress, cancellationToken);
    }

    private unsafe TensorTrainResult<T> Sweep<T, TReal>(Tensor<T> tensor, TrainPlan plan, IProgress<DecompositionProgress>? progress, CancellationToken cancellationToken)
        where T : unmanaged, INumberBase<T>
        where TReal : unmanaged, INumberBase<TReal>
    {
        double norm = 1;
        using TrainSweep<TReal> sweep = new(plan, Backend ?? Polyad.Backend.Current, (done, square) => progress?.Report(new DecompositionProgress(done, Math.Sqrt(square) / norm)), cancellationToken);
        bool measured = false;
        DenseInput<T> input = DenseInput<T>.Of(tensor, 1, complex: true, dense =>
        {
            measured = true;
            fixed (T* x = DenseData.Elements(dense))
            {
                return sweep.Measure((TReal*)x);
            }
        });
        norm = input.Norm;
        if (norm == 0)
        {
            return new TensorTrainResult<T>([.. plan.Lengths.Select(static n => FreshMemory.Zeros<T>([1, n, 1]))], 0, plan.Order - 1, SubspaceMethod.QrSvd);
        }

        TReal[][] cores;
        fixed (T* x = input.Elements)
        {
            cores = sweep.Run((TReal*)x, norm, measured && input.Scale == 1);
        }

        Tensor<T>[] shaped = new Tensor<T>[plan.Order];
        for (int k = 0; k < shaped.Length; k++)
        {
            nint[] lengths = [sweep.Ranks[k], plan.Lengths[k], sweep.Ranks[k + 1]];
            shaped[k] = cores[k] is T[] own ? Tensor.Create(own, lengths) : DenseData.Copy<T>(MemoryMarshal.Cast<TReal, T>(cores[k]), lengths);
        }

        shaped[0] = input.Restore(shaped[0]);
        return new TensorTrainResult<T>(shaped, Math.Sqrt(sweep.SquaredError) / norm, plan.Order - 1, sweep.Method);
    }
}
