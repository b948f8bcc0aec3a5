using System.Numerics;
using System.Numerics.Tensors;
using Polyad.Managed;

namespace Polyad.Sketching;

/// <summary>
/// Leverage scores of the rows of a tall matrix: l_i = ||e_i^T Q||^2 for an orthonormal basis Q of its columns, between 0 and 1, with the rank as their sum. With ridge lambda:
/// l_i = a_i^T (A^T A + lambda I)^-1 a_i, whose sum is the effective dimension.
/// </summary>
public sealed class LeverageScores : RandomizedAlgorithm
{
    /// <summary>lambda, at least 0 (default 0).</summary>
    public double Ridge { get; init; }

    /// <summary>Rows of the sketch for each column of A (default 4).</summary>
    public double SamplingFactor { get; init; } = 4;

    /// <summary>Columns of the Johnson-Lindenstrauss projection that rows of A R^-1 are measured in (default 64): the relative error of a score has a deviation of about sqrt(2 / 64) beside that of the sketch.</summary>
    public int Projections { get; init; } = 64;

    /// <summary>The distribution of the sketch (default eight signs per column, in time of the stored entries).</summary>
    public SketchDistribution Distribution { get; init; } = SketchDistribution.SparseJohnsonLindenstrauss();

    /// <summary>Exact scores, by a QR factorization. 2 m n^2 flops and as many for the triangular solve.</summary>
    /// <param name="a">m x n with m at least n.</param>
    /// <param name="cancellationToken">Looked at before each product and factorization.</param>
    /// <exception cref="ArgumentException">A is wider than tall or empty, or an option is out of range.</exception>
    /// <exception cref="NonFiniteInputException">A holds NaN or infinity.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public double[] Exact<T>(Tensor<T> a, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
    {
        Check(CheckedOperator.Of(a));
        cancellationToken.ThrowIfCancellationRequested();
        ILinearAlgebraBackend engine = Engine;
        if (Ridge == 0)
        {
            // Of a matrix of lower rank the columns of U that belong to its range.
            PivotedQrResult<T> qr = new BlockedPivotedQr { Backend = Backend, Seed = Seed }.Fit(a, cancellationToken: cancellationToken);
            return RowSquares(qr.Q);
        }

        Tensor<T> stacked = OverRidge(a);
        cancellationToken.ThrowIfCancellationRequested();
        return RowSquares(LinearAlgebra.Qr(stacked, engine).Q)[..(int)a.Lengths[0]];
    }

    /// <summary>
    /// Approximate scores (Drineas, Magdon-Ismail, Mahoney, Woodruff 2012; Clarkson, Woodruff 2013): with the triangle R of a sketch S A, ||e_i^T A R^-1 G||^2 for a normal n x r matrix G. Time of the stored
    /// entries of A times (s + r), and n^3; m n r flops for dense A.
    /// </summary>
    /// <param name="a">m x n with m at least n.</param>
    /// <param name="cancellationToken">Looked at before each product and factorization.</param>
    /// <exception cref="ArgumentException">A is wider than tall or empty, or an option is out of range.</exception>
    /// <exception cref="NonFiniteInputException">A holds NaN or infinity.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public double[] Approximate<T>(LinearOperator<T> a, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
    {
        Check(a);
        cancellationToken.ThrowIfCancellationRequested();
        ILinearAlgebraBackend engine = Engine;
        int n = a.Columns, r = Math.Min(Projections, n);
        Tensor<T> sketch = a.SketchColumns(Distribution.Embedding<T>(a.Rows, n, SamplingFactor, Draws(0)), engine);
        if (Ridge > 0)
        {
            sketch = OverRidge(sketch);
        }

        cancellationToken.ThrowIfCancellationRequested();

        // R^+ G from the SVD, so that a dependent column does no harm; no projection where it would not save anything.
        SvdResult<T> svd = LinearAlgebra.Svd(sketch.AsReadOnlyMatrix(), backend: engine);
        double largest = OperatorProducts.Double(svd.S[0]);
        int rank = 0;
        while (rank < n && OperatorProducts.Double(svd.S[rank]) > n * LinearAlgebra.Epsilon<T>() * largest)
        {
            rank++;
        }

        if (rank == 0)
        {
            return new double[a.Rows];
        }

        Tensor<T> inverse = svd.Vt.AsReadOnlyMatrix().Slice(0, 0, rank, n).Transpose.ToTensor();
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < rank; j++)
            {
                inverse[i, j] /= svd.S[j];
            }
        }

        cancellationToken.ThrowIfCancellationRequested();
        Tensor<T> projected = r < rank ? new GaussianSketch<T>(r, rank, Draws(1)).SketchRows(inverse, engine) : inverse;
        cancellationToken.ThrowIfCancellationRequested();
        return RowSquares(a.Apply(projected, engine));
    }

    /// <inheritdoc cref="Approximate{T}(LinearOperator{T}, CancellationToken)"/>
    public double[] Approximate<T>(Tensor<T> a, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
        => Approximate(CheckedOperator.Of(a), cancellationToken);

    /// <inheritdoc cref="Approximate{T}(LinearOperator{T}, CancellationToken)"/>
    public double[] Approximate<T>(CsrMatrix<T> a, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
        => Approximate(CheckedOperator.Of(a), cancellationToken);

    /// <summary>The matrix and below it sqrt(ridge) I: its Gram matrix has the ridge on the diagonal.</summary>
    private Tensor<T> OverRidge<T>(Tensor<T> a)
        where T : unmanaged, INumberBase<T>
    {
        int m = (int)a.Lengths[0], n = (int)a.Lengths[1];
        Tensor<T> stacked = FreshMemory.Zeros<T>([m + n, n]);
        a.AsReadOnlyMatrix().CopyTo(stacked.AsMatrix().Slice(0, 0, m, n));
        for (int i = 0; i < n; i++)
        {
            stacked[m + i, i] = T.CreateTruncating(Math.Sqrt(Ridge));
        }

        return stacked;
    }

    private static double[] RowSquares<T>(Tensor<T> q)
        where T : unmanaged, INumberBase<T>
    {
        int rows = (int)q.Lengths[0], columns = (int)q.Lengths[1];
        double[] squares = new double[rows];
        ReadOnlySpan<T> elements = LinearAlgebra.Elements(q);
        for (int i = 0; i < rows && columns > 0; i++)
        {
            squares[i] = OperatorProducts.Double(TensorPrimitives.SumOfSquares(elements.Slice(i * columns, columns)));
        }

        return squares;
    }

    private void Check<T>(LinearOperator<T> a)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(a);
        if (a.Rows < a.Columns)
        {
            throw new ArgumentException($"The matrix must have at least as many rows as columns; it is {a.Rows} x {a.Columns}.", nameof(a));
        }

        Require(Ridge >= 0 && double.IsFinite(Ridge), Ridge, "a finite number of at least 0");
        Require(SamplingFactor >= 1 && double.IsFinite(SamplingFactor), SamplingFactor, "a finite number of at least 1");
        Require(Projections >= 1, Projections, "at least 1");
        ArgumentNullException.ThrowIfNull(Distribution);
    }
}
