using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>
/// A is about A[:, J] X with k of its own columns, or X A[I, :] with k of its own rows (Cheng, Gimbutas, Martinsson, Rokhlin 2005; Martinsson, Rokhlin, Tygert 2011): the pivots of a pivoted QR of a sketch
/// S A choose, its triangle gives X, which holds the identity. The error is at most 1 + sqrt(1 + k (n - k)) max|X| times that of the best rank-k matrix, in practice a small multiple of it.
/// </summary>
public sealed class InterpolativeDecomposition : RandomizedAlgorithm
{
    /// <summary>Rows of the sketch beyond the rank (default 10).</summary>
    public int Oversampling { get; init; } = 10;

    /// <summary>Power iterations that the sketch is sharpened by (default 1).</summary>
    public int PowerIterations { get; init; } = 1;

    /// <summary>Columns that span the others.</summary>
    /// <param name="a">m x n.</param>
    /// <param name="rank">k, 1 to min(m, n).</param>
    /// <param name="cancellationToken">Looked at before each product.</param>
    /// <returns>The columns J, and X (k x n) with X[:, J] the identity. A matrix of lower rank gives fewer columns.</returns>
    /// <exception cref="ArgumentException">The rank does not fit, or an option is out of range.</exception>
    /// <exception cref="NonFiniteInputException">A holds NaN or infinity.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public InterpolativeResult<T> FitColumns<T>(Tensor<T> a, int rank, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
    {
        (int[] columns, Tensor<T> coefficients) = Columns(CheckedOperator.Of(a), rank, cancellationToken);
        return new(columns, a.TakeColumns(columns), coefficients);
    }

    /// <inheritdoc cref="FitColumns{T}(Tensor{T}, int, CancellationToken)"/>
    public InterpolativeResult<T> FitColumns<T>(CsrMatrix<T> a, int rank, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
        => FitColumns(CheckedOperator.Of(a), rank, cancellationToken);

    /// <inheritdoc cref="FitColumns{T}(Tensor{T}, int, CancellationToken)"/>
    /// <remarks>The skeleton is the product with columns of the identity: k products beyond those of the sketch.</remarks>
    public InterpolativeResult<T> FitColumns<T>(LinearOperator<T> a, int rank, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
    {
        (int[] columns, Tensor<T> coefficients) = Columns(a, rank, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        return new(columns, a.TakeColumns(columns, Engine), coefficients);
    }

    /// <summary>Rows that span the others: A is about X A[I, :].</summary>
    /// <returns>The rows I, and X (m x k) with X[I, :] the identity. A matrix of lower rank gives fewer rows.</returns>
    /// <inheritdoc cref="FitColumns{T}(Tensor{T}, int, CancellationToken)"/>
    public InterpolativeResult<T> FitRows<T>(Tensor<T> a, int rank, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
    {
        (int[] rows, Tensor<T> coefficients) = Columns(CheckedOperator.Of(a).Adjoint, rank, cancellationToken);
        return new(rows, TakeRows(a, rows), coefficients.AsReadOnlyMatrix().Transpose.ToTensor());
    }

    /// <inheritdoc cref="FitRows{T}(Tensor{T}, int, CancellationToken)"/>
    public InterpolativeResult<T> FitRows<T>(CsrMatrix<T> a, int rank, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
        => FitRows(CheckedOperator.Of(a), rank, cancellationToken);

    /// <inheritdoc cref="FitRows{T}(Tensor{T}, int, CancellationToken)"/>
    /// <remarks>The skeleton is the product of A^T with columns of the identity: k products beyond those of the sketch.</remarks>
    public InterpolativeResult<T> FitRows<T>(LinearOperator<T> a, int rank, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
    {
        CheckedOperator.CheckRank(a, rank);
        InterpolativeResult<T> turned = FitColumns(a.Adjoint, rank, cancellationToken);
        return new(turned.Indices, turned.Skeleton.AsReadOnlyMatrix().Transpose.ToTensor(), turned.Coefficients.AsReadOnlyMatrix().Transpose.ToTensor());
    }

    internal static Tensor<T> TakeRows<T>(Tensor<T> a, int[] rows)
        where T : unmanaged
    {
        ReadOnlyMatrixView<T> view = a.AsReadOnlyMatrix();
        Tensor<T> taken = FreshMemory.Zeros<T>([rows.Length, view.Columns]);
        for (int i = 0; i < rows.Length; i++)
        {
            view.Slice(rows[i], 0, 1, view.Columns).CopyTo(taken.AsMatrix().Slice(i, 0, 1, view.Columns));
        }

        return taken;
    }

    internal (int[] Columns, Tensor<T> Coefficients) Columns<T>(LinearOperator<T> a, int rank, CancellationToken cancellationToken)
        where T : unmanaged, INumberBase<T>
    {
        CheckedOperator.CheckRank(a, rank);
        Require(Oversampling >= 0, Oversampling, "at least 0");
        Require(PowerIterations >= 0, PowerIterations, "at least 0");
        ILinearAlgebraBackend engine = Engine;
        int width = (int)Math.Min((long)rank + Oversampling, Math.Min(a.Rows, a.Columns));
        cancellationToken.ThrowIfCancellationRequested();
        using SubspaceBlocks<T> blocks = new(a, width);
        MatrixView<T> image = blocks.Image(width), basis = blocks.Basis(width), coImage = blocks.CoImage(width), coBasis = blocks.CoBasis(width);
        a.Adjoint.SketchRows(new GaussianSketch<T>(width, a.Rows, Draws(0)), coImage, engine);
        for (int q = 0; q < PowerIterations; q++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            blocks.Orthonormalize(coImage, coBasis, engine);
            a.Apply(coBasis, image, engine);
            blocks.Orthonormalize(image, basis, engine);
            a.ApplyAdjoint(basis, coImage, engine);
        }

        PivotedQrResult<T> qr = LinearAlgebra.PivotedQr<T>(coImage.Transpose);
        int k = Math.Min(rank, Math.Max(qr.Rank, 1)), n = a.Columns;
        Tensor<T> solved = qr.R.AsReadOnlyMatrix().Slice(0, 0, k, n).ToTensor(), coefficients = FreshMemory.Zeros<T>([k, n]);
        if (!T.IsZero(qr.R[0, 0]))
        {
            engine.TriangularSolve(Triangle.Upper, false, qr.R.AsReadOnlyMatrix().Slice(0, 0, k, k), solved.AsMatrix().Slice(0, k, k, n - k));
        }

        for (int j = 0; j < n; j++)
        {
            for (int i = 0; i < k; i++)
            {
                coefficients[i, qr.Permutation[j]] = j < k ? (i == j ? T.One : T.Zero) : solved[i, j];
            }
        }

        return (qr.Permutation[..k], coefficients);
    }
}

/// <summary>A matrix by some of its own columns or rows.</summary>
/// <param name="Indices">The numbers of the columns or rows.</param>
/// <param name="Skeleton">These columns (m x k) or rows (k x n).</param>
/// <param name="Coefficients">X: k x n for columns (A is about Skeleton X), m x k for rows (A is about X Skeleton).</param>
public sealed record InterpolativeResult<T>(int[] Indices, Tensor<T> Skeleton, Tensor<T> Coefficients)
    where T : unmanaged;
