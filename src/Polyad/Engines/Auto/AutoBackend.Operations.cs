using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad;

public sealed partial class AutoBackend
{
    /// <summary>Its own public door has checked the input, or was told not to.</summary>
    private static readonly FactorizationOptions Checked = new() { CheckFinite = false };

    /// <inheritdoc/>
    public void Unfold<T>(in ReadOnlyTensorSpan<T> tensor, int mode, in MatrixView<T> destination)
        where T : unmanaged, INumberBase<T>
        => Tensor<T>(LinearAlgebraOperation.Unfold, tensor.Lengths, mode).Unfold(tensor, mode, destination);

    /// <inheritdoc/>
    public void Fold<T>(in ReadOnlyMatrixView<T> unfolding, int mode, in TensorSpan<T> destination)
        where T : unmanaged, INumberBase<T>
        => Tensor<T>(LinearAlgebraOperation.Fold, destination.Lengths, mode).Fold(unfolding, mode, destination);

    /// <inheritdoc/>
    public void ModeProduct<T>(in ReadOnlyTensorSpan<T> tensor, in ReadOnlyMatrixView<T> matrix, int mode, in TensorSpan<T> destination)
        where T : unmanaged, INumberBase<T>
        => Tensor<T>(LinearAlgebraOperation.ModeProduct, tensor.Lengths, mode).ModeProduct(tensor, matrix, mode, destination);

    /// <inheritdoc/>
    public void ModeGram<T>(in ReadOnlyTensorSpan<T> tensor, int mode, in MatrixView<T> destination)
        where T : unmanaged, INumberBase<T>
        => Tensor<T>(LinearAlgebraOperation.ModeGram, tensor.Lengths, mode).ModeGram(tensor, mode, destination);

    /// <inheritdoc/>
    public void Mttkrp<T>(in ReadOnlyTensorSpan<T> tensor, ReadOnlySpan<Tensor<T>> factors, int mode, in MatrixView<T> destination)
        where T : unmanaged, INumberBase<T>
        => Tensor<T>(LinearAlgebraOperation.Mttkrp, tensor.Lengths, mode).Mttkrp(tensor, factors, mode, destination);

    /// <inheritdoc/>
    protected override void MatMulCore<T>(T alpha, in ReadOnlyMatrixView<T> a, in ReadOnlyMatrixView<T> b, T beta, in MatrixView<T> c)
        => Product<T>(c.Rows, c.Columns, a.Columns).MatMul(alpha, a, b, beta, c);

    /// <inheritdoc/>
    protected override void GramCore<T>(T alpha, in ReadOnlyMatrixView<T> a, T beta, in MatrixView<T> c)
        => Matrix<T>(LinearAlgebraOperation.Gram, a.Rows, a.Columns).Gram(alpha, a, beta, c);

    /// <inheritdoc/>
    protected override void TriangularSolveCore<T>(Triangle triangle, bool unitDiagonal, in ReadOnlyMatrixView<T> a, in MatrixView<T> b)
        => Matrix<T>(LinearAlgebraOperation.TriangularSolve, a.Rows, b.Columns).TriangularSolve(triangle, unitDiagonal, a, b);

    /// <inheritdoc/>
    protected override int CholeskyCore<T>(in ReadOnlyMatrixView<T> a, in MatrixView<T> l)
    {
        // A matrix that is not positive definite leaves by the engine's exception.
        Matrix<T>(LinearAlgebraOperation.Cholesky, a.Rows, a.Columns).Cholesky(a, l, Checked);
        return 0;
    }

    /// <inheritdoc/>
    protected override int LuCore<T>(in ReadOnlyMatrixView<T> a, in MatrixView<T> lu, Span<int> pivots)
        => Matrix<T>(LinearAlgebraOperation.Lu, a.Rows, a.Columns).Lu(a, lu, pivots, Checked);

    /// <inheritdoc/>
    protected override void QrCore<T>(in ReadOnlyMatrixView<T> a, in MatrixView<T> q, in MatrixView<T> r)
        => Matrix<T>(LinearAlgebraOperation.Qr, a.Rows, a.Columns).Qr(a, q, r, Checked);

    /// <inheritdoc/>
    protected override void QrRCore<T>(in ReadOnlyMatrixView<T> a, in MatrixView<T> r)
        => Matrix<T>(LinearAlgebraOperation.QrR, a.Rows, a.Columns).QrR(a, r, Checked);

    /// <inheritdoc/>
    protected override void SymmetricEigenCore<T>(in ReadOnlyMatrixView<T> a, Span<T> eigenvalues, in MatrixView<T> eigenvectors)
        => Matrix<T>(LinearAlgebraOperation.SymmetricEigen, a.Rows, a.Columns).SymmetricEigen(a, eigenvalues, eigenvectors, Checked);

    /// <inheritdoc/>
    protected override void SymmetricEigenvaluesCore<T>(in ReadOnlyMatrixView<T> a, Span<T> eigenvalues)
        => Matrix<T>(LinearAlgebraOperation.SymmetricEigenvalues, a.Rows, a.Columns).SymmetricEigenvalues(a, eigenvalues, Checked);

    /// <inheritdoc/>
    protected override void SvdCore<T>(in ReadOnlyMatrixView<T> a, in MatrixView<T> u, Span<T> s, in MatrixView<T> vt)
        => Matrix<T>(LinearAlgebraOperation.Svd, a.Rows, a.Columns).Svd(a, u, s, vt, Checked);

    /// <inheritdoc/>
    protected override void SingularValuesCore<T>(in ReadOnlyMatrixView<T> a, Span<T> s)
        => Matrix<T>(LinearAlgebraOperation.SingularValues, a.Rows, a.Columns).SingularValues(a, s, Checked);
}
