using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

public sealed partial class CpAls
{
    /// <summary>
    /// Fits one model to each of many tensors of equal shape. The fits are dealt out to the threads, one thread each, and every one is bit for bit what
    /// <see cref="Fit{T}(Tensor{T}, int, IProgress{DecompositionProgress}, CancellationToken)"/> makes of its tensor alone.
    /// </summary>
    /// <param name="tensors">The tensors stacked along a leading mode: shape [B, I_0, I_1, ...], order 3 or more, any strides; not modified.</param>
    /// <param name="rank">The number of components of each.</param>
    /// <param name="progress">Told after each fit, from any of the threads.</param>
    /// <param name="cancellationToken">Looked at before each sweep.</param>
    /// <returns>B fits, in order.</returns>
    /// <exception cref="ArgumentException">The shape or an option does not fit; checkpoints are not offered here.</exception>
    /// <exception cref="NonFiniteInputException">A tensor holds NaN or infinity; the message says which.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public IReadOnlyList<CpResult<T>> FitBatch<T>(Tensor<T> tensors, int rank, IProgress<ManyFitsProgress>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(tensors);
        if (tensors.Rank < 3 || tensors.FlattenedLength == 0)
        {
            throw new ArgumentException($"A batch has shape [B, I_0, I_1, ...] with at least one tensor of order 2 or more; this one has shape {DenseData.Text(tensors.Lengths)}.", nameof(tensors));
        }

        CpStart.CheckRank(tensors.Lengths, rank);
        CheckDrawn();
        if (Checkpoint is not null || Resume is not null)
        {
            throw new ArgumentException("A batch leaves no checkpoints: fit the tensors one by one, or in smaller batches.", nameof(tensors));
        }

        Tensor<T> dense = DenseData.Dense(tensors);
        int count = (int)dense.Lengths[0], size = (int)(dense.FlattenedLength / count), finished = 0;
        nint[] lengths = dense.Lengths[1..].ToArray();
        ReadOnlySpan<T> elements = DenseData.Elements(dense);
        for (int i = 0; i < elements.Length; i++)
        {
            if (!T.IsFinite(elements[i]))
            {
                throw new NonFiniteInputException($"Tensor {i / size} of the batch of shape {DenseData.Text(tensors.Lengths)} holds {elements[i]} at its row-major position {i % size}.", nameof(tensors));
            }
        }

        CpResult<T>[] results = new CpResult<T>[count];
        ParallelFits.Run(count, Engine, item =>
        {
            Tensor<T> one = DenseData.Copy<T>(DenseData.Elements(dense).Slice(item * size, size), lengths);
            results[item] = Fit(one, rank, null, cancellationToken);
            progress?.Report(new ManyFitsProgress(0, Interlocked.Increment(ref finished), count));
        });
        return results;
    }
}
