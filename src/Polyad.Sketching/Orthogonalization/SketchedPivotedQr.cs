using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>
/// Pivoted QR of a tall matrix from a sketch (CQRRPT; Melnichenko, Balabanov, Murray, Demmel, Mahoney, Luszczek 2023): the pivots, the rank and a triangle that nearly orthonormalizes the pivoted columns
/// come from the pivoted QR of a small S A; one Gram matrix finishes them. 3 m n k flops in products of matrices, against 4 m n k on vectors.
/// </summary>
public sealed class SketchedPivotedQr : RandomizedAlgorithm
{
    /// <summary>Rows of the sketch for each column (default 2).</summary>
    public double SamplingFactor { get; init; } = 2;

    /// <summary>The distribution of the sketch (default eight signs per column).</summary>
    public SketchDistribution Distribution { get; init; } = SketchDistribution.SparseJohnsonLindenstrauss();

    /// <summary>Columns whose diagonal entry in the sketch's triangle is at most this times the first count as dependent. Null for n eps^(3/4), which leaves a block whose Gram matrix is safe.</summary>
    public double? Tolerance { get; init; }

    /// <summary>Factors a tall matrix: A P = Q R with k = rank columns of Q.</summary>
    /// <param name="a">m x n with m at least n.</param>
    /// <param name="cancellationToken">Looked at before each product and factorization.</param>
    /// <returns>Q: m x k, R: k x n with a diagonal that is positive and does not increase by more than the distortion of the sketch. A zero matrix has rank 0 and empty factors.</returns>
    /// <exception cref="ArgumentException">A is wider than tall or empty, or an option is out of range.</exception>
    /// <exception cref="NonFiniteInputException">A holds NaN or infinity.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public PivotedQrResult<T> Fit<T>(Tensor<T> a, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
    {
        _ = CheckedOperator.Of(a);
        int m = (int)a.Lengths[0], n = (int)a.Lengths[1];
        if (m < n)
        {
            throw new ArgumentException($"The matrix must have at least as many rows as columns; it is {m} x {n}.", nameof(a));
        }

        Require(SamplingFactor >= 1 && double.IsFinite(SamplingFactor), SamplingFactor, "a finite number of at least 1");
        Require(Tolerance is null or (>= 0 and < 1), Tolerance, "at least 0 and below 1");
        ArgumentNullException.ThrowIfNull(Distribution);
        cancellationToken.ThrowIfCancellationRequested();
        ILinearAlgebraBackend engine = Engine;
        Tensor<T> sketch = Distribution.Embedding<T>(m, n, SamplingFactor, Draws(0)).Sketch(a, engine);
        PivotedQrResult<T> small = new BlockedPivotedQr { Seed = Seed, Backend = Backend }.Fit(sketch, cancellationToken: cancellationToken);
        double cut = (Tolerance ?? n * Math.Pow(LinearAlgebra.Epsilon<T>(), 0.75)) * (small.Rank == 0 ? 0 : OperatorProducts.Double(small.R[0, 0]));
        int k = 0;
        while (k < small.Rank && OperatorProducts.Double(small.R[k, k]) > cut)
        {
            k++;
        }

        if (k == 0)
        {
            return new(FreshMemory.Zeros<T>([m, 0]), FreshMemory.Zeros<T>([0, n]), small.Permutation, 0);
        }

        cancellationToken.ThrowIfCancellationRequested();

        // Columns orthonormal up to the distortion of the sketch, so that one Gram matrix is safe.
        Tensor<T> q = a.TakeColumns(small.Permutation.AsSpan(0, k));
        Tensor<T> top = small.R.AsReadOnlyMatrix().Slice(0, 0, k, k).ToTensor();
        engine.TriangularSolve(Triangle.Lower, false, top.AsReadOnlyMatrix().Transpose, q.AsMatrix().Transpose);
        QrResult<T>? nearly = CholeskyQr.Finish(q, top, engine, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        QrResult<T> finished = nearly ?? LinearAlgebra.Qr(a.TakeColumns(small.Permutation.AsSpan(0, k)), engine);

        // The first k columns of R are products of triangles; the others are what Q makes of the columns left out.
        Tensor<T> r = FreshMemory.Zeros<T>([k, n]);
        finished.R.AsReadOnlyMatrix().CopyTo(r.AsMatrix().Slice(0, 0, k, k));

        if (k < n)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Tensor<T> rest = a.TakeColumns(small.Permutation.AsSpan(k));
            engine.MatMul(T.One, finished.Q.AsReadOnlyMatrix().Transpose, rest.AsReadOnlyMatrix(), T.Zero, r.AsMatrix().Slice(0, k, k, n - k));
        }

        return new(finished.Q, r, small.Permutation, k);
    }
}
