using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

public sealed partial class TensorTrain
{
    /// <summary>Decomposes a matrix into a train matrix: rows and columns are split into modes, row-major, and the train runs over the pairs (i_k, j_k).</summary>
    /// <param name="matrix">prod(m) x prod(n), any strides; not modified.</param>
    /// <param name="rowLengths">m_0 .. m_(d-1).</param>
    /// <param name="columnLengths">n_0 .. n_(d-1).</param>
    /// <param name="ranks">The inner ranks; null to choose them by <see cref="Tolerance"/> and <see cref="MaxRank"/>.</param>
    /// <param name="progress">Told after each core.</param>
    /// <param name="cancellationToken">Looked at before each step.</param>
    /// <exception cref="ArgumentException">The lengths do not multiply to the matrix's, or an option does not fit.</exception>
    /// <exception cref="NonFiniteInputException">The matrix holds NaN or infinity.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public TensorTrainMatrixResult<T> FitMatrix<T>(
        Tensor<T> matrix,
        IReadOnlyList<int> rowLengths,
        IReadOnlyList<int> columnLengths,
        IReadOnlyList<int>? ranks = null,
        IProgress<DecompositionProgress>? progress = null,
        CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(matrix);
        ArgumentNullException.ThrowIfNull(rowLengths);
        ArgumentNullException.ThrowIfNull(columnLengths);
        nint[] rows = [.. rowLengths], columns = [.. columnLengths];
        int order = rows.Length;
        bool fits = matrix.Rank == 2 && order > 0 && columns.Length == order && rows.Concat(columns).All(static n => n > 0)
            && rows.Aggregate(1.0, static (p, n) => p * n) == matrix.Lengths[0] && columns.Aggregate(1.0, static (p, n) => p * n) == matrix.Lengths[1];
        if (!fits)
        {
            throw new ArgumentException(
                $"A matrix of shape {DenseData.Text(matrix.Lengths)} cannot have row modes {DenseData.Text(rows)} and column modes {DenseData.Text(columns)}: as many of each, whose products are its sizes.", nameof(rowLengths));
        }

        int[] interleaved = [.. Enumerable.Range(0, 2 * order).Select(k => (k / 2) + (k % 2 * order))];
        Tensor<T> pairs = TensorAlgebra.Permute(DenseData.Reshaped(DenseData.Dense(matrix), [.. rows, .. columns]), interleaved);
        Tensor<T> merged = DenseData.Reshaped(pairs, [.. rows.Zip(columns, static (m, n) => m * n)]);
        TensorTrainResult<T> train = ranks is null ? Fit(merged, progress, cancellationToken) : Fit(merged, ranks, progress, cancellationToken);
        return new TensorTrainMatrixResult<T>(TtMatrix<T>.FromTensor(train, rows, columns).Cores, train.RelativeError, train.Iterations, train.Method);
    }
}
