using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>
/// Tensor-ring decomposition by singular value decompositions (TR-SVD: Zhao, Zhou, Xie, Zhang, Cichocki 2016). The first mode is cut off as U (n_0 x r_0 r_1); the joint index of its columns becomes (r_0, r_1), r_0 slow;
/// what is left, with r_1 in front and r_0 behind, is a train. Elements are float, double or Complex.
/// </summary>
/// <remarks>
/// Gauge: splitting the joint index depends on the order and the signs of the first singular vectors, and so does the error of the later truncations. Here the vectors are ordered by singular value, and in each column of U
/// the entry of largest magnitude (the first on ties) is positive. <see cref="TensorRingAls"/> has no such dependence and can start from the result.
/// </remarks>
public sealed class TensorRing
{
    /// <summary>Without ranks: ||X - T|| is at most this times ||X|| (default 1e-6), two parts of d in the first truncation and one in each other. The rank of the first becomes r_0 r_1 with r_0 and r_1 as equal as its divisors allow.</summary>
    public double Tolerance { get; init; } = 1e-6;

    /// <summary>How singular vectors are found, as in <see cref="TensorTrain.Method"/>.</summary>
    public SubspaceMethod Method { get; init; }

    /// <summary>The mode that is cut off first (default 0).</summary>
    public int StartMode { get; init; }

    /// <summary>The engine; null for <see cref="Polyad.Backend.Current"/>.</summary>
    public ILinearAlgebraBackend? Backend { get; init; }

    /// <summary>Decomposes with ranks chosen by <see cref="Tolerance"/>.</summary>
    /// <param name="tensor">X, any order from 1, any strides; not modified.</param>
    /// <param name="progress">Told after each core (iteration = cores done).</param>
    /// <param name="cancellationToken">Looked at before each step.</param>
    /// <exception cref="ArgumentException">The tensor is empty, or an option does not fit.</exception>
    /// <exception cref="NonFiniteInputException">The tensor holds NaN or infinity.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public TensorRingResult<T> Fit<T>(Tensor<T> tensor, IProgress<DecompositionProgress>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
        => Run(tensor, null, progress, cancellationToken);

    /// <summary>Decomposes with given ranks r_0 .. r_(d-1), one before each mode. With s the start mode r_s r_(s+1) is at most n_s and at most the product of the other lengths; later ranks that the matrices do not have shrink.</summary>
    /// <inheritdoc cref="Fit{T}(Tensor{T}, IProgress{DecompositionProgress}, CancellationToken)"/>
    public TensorRingResult<T> Fit<T>(Tensor<T> tensor, IReadOnlyList<int> ranks, IProgress<DecompositionProgress>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(tensor);
        ArgumentNullException.ThrowIfNull(ranks);
        int[] given = [.. ranks];
        TrTensor<T>.CheckRanks(tensor.Lengths, given);
        return Run(tensor, given, progress, cancellationToken);
    }

    private TensorRingResult<T> Run<T>(Tensor<T> tensor, int[]? ranks, IProgress<DecompositionProgress>? progress, CancellationToken cancellationToken)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(tensor);
        IterativeDecomposition.NonNegative(Tolerance, nameof(Tolerance));
        int order = tensor.Rank;
        if ((uint)StartMode >= (uint)Math.Max(order, 1))
        {
            throw new ArgumentException($"A tensor of shape {DenseData.Text(tensor.Lengths)} has no mode {StartMode} to start from.", nameof(tensor));
        }

        // The start mode goes to the front; the ring is turned back at the end.
        int[] turned = [.. Enumerable.Range(0, order).Select(k => (StartMode + k) % order)];
        Tensor<T> x = StartMode == 0 || tensor.FlattenedLength == 0 ? tensor : TensorAlgebra.Permute(tensor, turned);
        int[]? turnedRanks = ranks is null ? null : [.. turned.Select(k => ranks[k])];
        nint[] lengths = x.Lengths.ToArray();
        if (turnedRanks is not null && order > 1)
        {
            double others = lengths.Skip(1).Aggregate(1.0, static (p, n) => p * n);
            if ((long)turnedRanks[0] * turnedRanks[1] > Math.Min(lengths[0], others))
            {
                throw new ArgumentException(
                    $"Ranks [{string.Join(", ", ranks!)}] do not fit a ring of shape {DenseData.Text(tensor.Lengths)} from mode {StartMode}: the product of the ranks beside that mode is at most its length and that of the others.", nameof(ranks));
            }
        }

        Steps<T> steps = new(this, Backend ?? Polyad.Backend.Current, progress, cancellationToken);
        (List<Tensor<T>> cores, double error) = order == 1 ? Vector(x, turnedRanks) : steps.Cut(x, lengths, turnedRanks);
        return new TensorRingResult<T>([.. Enumerable.Range(0, order).Select(k => cores[(k - StartMode + order) % order])], error, [error], order - 1, true);
    }

    /// <summary>One mode: the core carries the vector where its joint index is 0.</summary>
    private static (List<Tensor<T>> Cores, double Error) Vector<T>(Tensor<T> x, int[]? ranks)
        where T : unmanaged, INumberBase<T>
    {
        DenseInput<T> input = DenseInput<T>.Of(x, 1, complex: true);
        int rank = ranks?[0] ?? 1, length = (int)input.Lengths[0];
        T[] core = new T[rank * length * rank];
        for (int i = 0; i < length; i++)
        {
            core[i * rank] = input.Elements[i];
        }

        return ([input.Restore(Tensor.Create(core, [rank, length, rank]))], 0);
    }

    private sealed class Steps<T>(TensorRing options, ILinearAlgebraBackend backend, IProgress<DecompositionProgress>? progress, CancellationToken cancellationToken)
        where T : unmanaged, INumberBase<T>
    {
        public (List<Tensor<T>> Cores, double Error) Cut(Tensor<T> x, nint[] lengths, int[]? ranks)
        {
            int order = lengths.Length, length = (int)lengths[0];
            double part = options.Tolerance / Math.Sqrt(order);
            nint others = 1;
            foreach (nint other in lengths.Skip(1))
            {
                others = checked(others * other);
            }

            // X = A B with orthonormal rows in B; A = U S W^H turns it to U (S W^H B).
            TensorTrainResult<T> two = new TensorTrain { Tolerance = part * Math.Sqrt(2), Method = options.Method, Backend = backend }.FitAs(
                x, [length, others], ranks is null ? null : [ranks[0] * ranks[1]], null, cancellationToken);
            int found = two.Ranks[0], joint = ranks is null ? found : ranks[0] * ranks[1], r0 = ranks?[0] ?? LargestDivisor(joint), r1 = joint / r0;
            (T[] u, double[] s, T[] wt) = FieldAlgebra.Svd<T>(backend, DenseData.Elements(two.Cores[0]), length, found);
            Settle(u, wt, length, found);
            for (int i = 0; i < found * found; i++)
            {
                wt[i] *= T.CreateTruncating(s[i / found]);
            }

            // Of a joint rank that X does not have the last columns of U, and the rows that they meet, are zero: r_0 r_1 must not shrink to a number that r_0 does not divide.
            T[] rest = FieldAlgebra.Multiply<T>(backend, wt, found, found, DenseData.Elements(two.Cores[1]), (int)others);
            if (found < joint)
            {
                u = Widened(u, length, found, joint);
                Array.Resize(ref rest, checked(joint * (int)others));
            }

            progress?.Report(new DecompositionProgress(1, two.RelativeError));

            // [r_0, r_1, n_1 .. n_(d-1)] as [r_1 n_1, n_2, .., n_(d-1) r_0], which is a train.
            Tensor<T> chain = TensorAlgebra.Permute(Tensor.Create(rest, [r0, r1, others]), [1, 2, 0]);
            nint[] modes = [.. lengths.Skip(1)];
            modes[0] *= r1;
            modes[^1] *= r0;
            double norm = Scalar.Norm<T>(rest), whole = two.RelativeError < 1 ? norm / Math.Sqrt((1 - two.RelativeError) * (1 + two.RelativeError)) : norm;
            double allowed = norm > 0 ? part * Math.Sqrt(order - 2) * whole / norm : 0;
            TensorTrainResult<T> train = new TensorTrain { Tolerance = Math.Max(allowed, 4 * DenseData.Epsilon<T>()), Method = options.Method, Backend = backend }.FitAs(
                chain, modes, ranks is null ? null : [.. ranks.Skip(2)], progress, cancellationToken);
            List<Tensor<T>> cores = [TensorAlgebra.Permute(Tensor.Create(u, [length, r0, r1]), [1, 0, 2])];
            for (int k = 1; k < order; k++)
            {
                nint left = k == 1 ? r1 : train.Cores[k - 1].Lengths[0], right = k == order - 1 ? r0 : train.Cores[k - 1].Lengths[2];
                cores.Add(DenseData.Reshaped(train.Cores[k - 1], [left, lengths[k], right]));
            }

            // U has orthonormal columns: the two errors are orthogonal to each other.
            double second = whole > 0 ? train.RelativeError * norm / whole : 0;
            return (cores, Math.Sqrt((two.RelativeError * two.RelativeError) + (second * second)));
        }

        /// <summary>The largest divisor of a rank that is not above its square root.</summary>
        private static int LargestDivisor(int rank)
        {
            int divisor = (int)Math.Sqrt(rank);
            while (rank % divisor != 0)
            {
                divisor--;
            }

            return divisor;
        }

        private static T[] Widened(T[] matrix, int rows, int columns, int wider)
        {
            T[] wide = new T[rows * wider];
            new ReadOnlyMatrixView<T>(matrix, rows, columns).CopyTo(new MatrixView<T>(wide, rows, wider).Slice(0, 0, rows, columns));
            return wide;
        }

        /// <summary>The sign rule: in each column of U the entry of largest magnitude is positive.</summary>
        private static void Settle(T[] u, T[] wt, int rows, int columns)
        {
            for (int j = 0; j < columns; j++)
            {
                T phase = ComponentOrder.Phase<T>(u, j, columns);
                for (int i = 0; i < rows; i++)
                {
                    u[(i * columns) + j] *= Scalar.Conjugate(phase);
                }

                for (int i = 0; i < columns; i++)
                {
                    wt[(j * columns) + i] *= phase;
                }
            }
        }
    }
}
