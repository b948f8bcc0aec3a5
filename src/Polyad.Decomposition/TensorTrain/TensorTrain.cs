using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>
/// Tensor-train decomposition (TT-SVD: Oseledets 2011) from right to left: a QR tree that keeps no Q, the SVD of the small triangle, and one product that shrinks the tensor.
/// Short trailing modes are merged first, so that the first product already reduces and the tensor is read about twice (Roehrig-Zoellner, Thies, Basermann 2022).
/// </summary>
public sealed class TensorTrain
{
    /// <summary>Columns that the first step should at least see.</summary>
    private const int LeastColumns = 16;

    /// <summary>Merging stops before this many columns: the QR would cost more than the reads it saves.</summary>
    private const int MostMergedColumns = 128;

    /// <summary>Without ranks: ||X - T|| is at most this times ||X|| (default 1e-6), tol / sqrt(d - 1) being dropped in each of the d - 1 steps.</summary>
    public double Tolerance { get; init; } = 1e-6;

    /// <summary>No inner rank exceeds this (default none); a rank that it cuts may cost the tolerance.</summary>
    public int MaxRank { get; init; } = int.MaxValue;

    /// <summary>The engine; null for <see cref="Polyad.Backend.Current"/>.</summary>
    public ILinearAlgebraBackend? Backend { get; init; }

    /// <summary>Decomposes with ranks chosen by <see cref="Tolerance"/> and <see cref="MaxRank"/>.</summary>
    /// <param name="tensor">X, any order from 1, any strides; not modified.</param>
    /// <param name="progress">Told after each core (iteration = cores done; the error is what truncation dropped so far).</param>
    /// <param name="cancellationToken">Looked at before each core.</param>
    /// <exception cref="ArgumentException">The tensor is empty, or an option does not fit.</exception>
    /// <exception cref="NonFiniteInputException">The tensor holds NaN or infinity.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public TensorTrainResult<T> Fit<T>(Tensor<T> tensor, IProgress<DecompositionProgress>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
        => Run(tensor, null, progress, cancellationToken);

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

        return fits ? Run(tensor, [.. ranks], progress, cancellationToken)
            : throw new ArgumentException(
                $"Ranks [{string.Join(", ", ranks)}] do not fit a tensor of shape {DenseData.Text(tensor.Lengths)}: one less than its modes, each from 1 to the smaller product of lengths on its two sides.",
                nameof(ranks));
    }

    private TensorTrainResult<T> Run<T>(Tensor<T> tensor, int[]? ranks, IProgress<DecompositionProgress>? progress, CancellationToken cancellationToken)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Tolerance);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxRank, 1);
        DenseInput<T> input = DenseInput<T>.Of(tensor, 1);
        ILinearAlgebraBackend backend = Backend ?? Polyad.Backend.Current;
        int order = input.Order;
        if (order == 1)
        {
            return new TensorTrainResult<T>([input.Restore(DenseData.Copy(input.Elements, [1, input.Lengths[0], 1]))], 0, 0);
        }

        Steps<T> steps = new(input, ranks, MaxRank, Tolerance / Math.Sqrt(order - 1), backend, progress, cancellationToken);
        (T[] head, int rank) = steps.RightToLeft(input.Elements, 1, order - 1, 1, merge: true);
        Tensor<T>[] cores = steps.Cores;
        cores[0] = Tensor.Create(head, [1, input.Lengths[0], rank]);
        TensorTrainResult<T> result = new(cores, 0, order - 1);
        int split = KhatriRaoProduct.Split(input.Lengths);
        Tensor<T> left = result.Contract(0, split, backend), right = result.Contract(split, order, backend);
        ReadOnlyMatrixView<T> rightRows = new(DenseData.Elements(right), (int)cores[split].Lengths[0], (int)(right.FlattenedLength / cores[split].Lengths[0]));
        double error = StreamedResidual.Relative(backend, input.Elements, input.Norm, left.AsReadOnlyMatrix(), rightRows);
        cores[0] = input.Restore(cores[0]);
        return result with { RelativeError = error };
    }

    /// <summary>The state of one decomposition.</summary>
    private sealed class Steps<T>(
        DenseInput<T> input, int[]? ranks, int maxRank, double stepTolerance, ILinearAlgebraBackend backend, IProgress<DecompositionProgress>? progress, CancellationToken cancellationToken)
        where T : unmanaged, INumberBase<T>
    {
        private double _dropped;
        private int _done;

        public Tensor<T>[] Cores { get; } = new Tensor<T>[input.Order];

        /// <summary>
        /// Splits modes last .. first off the right of <paramref name="x"/>, whose elements are [lead, n_first, .., n_last, rank].
        /// Returns what is left, lead x rank, and its number of columns.
        /// </summary>
        public (T[] Head, int Rank) RightToLeft(ReadOnlySpan<T> x, int first, int last, int rank, bool merge)
        {
            T[] rest = [];
            while (last >= first)
            {
                cancellationToken.ThrowIfCancellationRequested();
                int start = last, columns = checked((int)input.Lengths[last] * rank), rows = x.Length / columns;
                int wanted = Math.Max(LeastColumns, Math.Min(ranks?[last - 1] ?? maxRank, 64));
                while (merge && start > first && columns < wanted && columns * input.Lengths[start - 1] <= Math.Min(MostMergedColumns, rows / input.Lengths[start - 1]))
                {
                    start--;
                    columns *= (int)input.Lengths[start];
                    rows /= (int)input.Lengths[start];
                }

                Tensor<T> triangle = Triangle(x, rows, columns);
                Tensor<T> basis;
                if (start == last)
                {
                    basis = Truncated(triangle, last);
                    Keep(last, basis, rank);
                }
                else
                {
                    // The triangle has the Gram matrix of X, so its own train has the trailing cores of X.
                    (_, int inner) = RightToLeft(DenseData.Elements(triangle), start, last, rank, merge: false);
                    basis = Joined(start, last, inner, columns);
                }

                int kept = (int)basis.Lengths[0];
                rest = GC.AllocateUninitializedArray<T>(rows * kept);
                backend.MatMul(T.One, new ReadOnlyMatrixView<T>(x, rows, columns), basis.AsReadOnlyMatrix().Transpose, T.Zero, new MatrixView<T>(rest, rows, kept));
                x = rest;
                rank = kept;
                last = start - 1;
            }

            return (rest, rank);
        }

        private void Keep(int mode, Tensor<T> basis, int rank)
        {
            Cores[mode] = DenseData.Copy<T>(DenseData.Elements(basis), [basis.Lengths[0], input.Lengths[mode], rank]);
            progress?.Report(new DecompositionProgress(++_done, input.Norm > 0 ? _dropped / input.Norm : 0));
        }

        private Tensor<T> Triangle(ReadOnlySpan<T> x, int rows, int columns)
        {
            if (rows <= columns)
            {
                return DenseData.Copy(x, [rows, columns]);
            }

            Tensor<T> triangle = Tensor.CreateFromShape<T>([columns, columns]);
            backend.QrR(new ReadOnlyMatrixView<T>(x, rows, columns), triangle.AsMatrix());
            return triangle;
        }

        /// <summary>The leading right singular vectors, as rows, as many as the tolerance or the given rank asks for.</summary>
        private Tensor<T> Truncated(Tensor<T> triangle, int bond)
        {
            int rows = (int)triangle.Lengths[0], columns = (int)triangle.Lengths[1], count = Math.Min(rows, columns);
            Tensor<T> u = Tensor.CreateFromShape<T>([rows, count]), vt = Tensor.CreateFromShape<T>([count, columns]);
            T[] s = new T[count];
            backend.Svd(triangle.AsReadOnlyMatrix(), u.AsMatrix(), s, vt.AsMatrix());
            double[] values = [.. s.Select(static v => double.CreateChecked(v))];
            int rank = ranks is not null ? Math.Min(ranks[bond - 1], count) : Math.Min(maxRank, TruncationRank.Of(values, stepTolerance * input.Norm));
            for (int k = rank; k < count; k++)
            {
                _dropped = double.Hypot(_dropped, values[k]);
            }

            return vt.AsReadOnlyMatrix().Slice(0, 0, rank, columns).ToTensor();
        }

        /// <summary>Cores start .. last multiplied out: rank x columns, orthonormal rows.</summary>
        private Tensor<T> Joined(int start, int last, int rank, int columns)
        {
            Tensor<T> product = new TensorTrainResult<T>(Cores, 0, 0).Contract(start, last + 1, backend);
            return DenseData.Copy<T>(DenseData.Elements(product), [rank, columns]);
        }
    }
}
