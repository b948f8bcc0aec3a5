using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad;

/// <summary>
/// One linear-algebra engine: matrix products, factorizations and tensor kernels that write into views given by the caller.
/// Element types are <see cref="float"/> and <see cref="double"/>; another one throws <see cref="NotSupportedException"/>.
/// </summary>
/// <remarks>
/// <para>Every member checks its arguments before any work and throws <see cref="ArgumentException"/> with the shapes. An output that shares an <em>element</em> with an
/// input or another output is refused; disjoint blocks of one buffer are fine. Matrices may be empty. Factorizations refuse NaN and infinity
/// with <see cref="NonFiniteInputException"/> unless <see cref="FactorizationOptions.CheckFinite"/> is false. Inputs are never modified.</para>
/// <para>Members may be called from any thread at once. A managed result does not depend on the number of threads.</para>
/// </remarks>
public interface ILinearAlgebraBackend
{
    /// <summary>The id under which the engine is registered, for example "managed".</summary>
    string Id { get; }

    /// <summary>The most threads that the engine uses; the ambient <see cref="Polyad.Parallelism.Current"/> limits it further.</summary>
    Parallelism Parallelism { get; }

    /// <summary>What is known of the engine on this machine.</summary>
    BackendInfo Describe();

    /// <summary>Whose code runs an operation.</summary>
    OperationSource SourceOf(LinearAlgebraOperation operation);

    /// <summary>C = alpha * A * B + beta * C. With <c>beta == 0</c> C is never read (it may hold NaN). 2mnk flops.</summary>
    /// <param name="alpha">Scale of the product.</param>
    /// <param name="a">m x k.</param>
    /// <param name="b">k x n.</param>
    /// <param name="beta">Scale of what C holds.</param>
    /// <param name="c">m x n, any strides.</param>
    void MatMul<T>(T alpha, in ReadOnlyMatrixView<T> a, in ReadOnlyMatrixView<T> b, T beta, in MatrixView<T> c)
        where T : unmanaged, INumberBase<T>;

    /// <summary>
    /// C = alpha * A * A^T + beta * C, both triangles written, exactly symmetric. For A^T A pass <c>a.Transpose</c>. With beta not 0 the lower triangle of C is read. m^2 k flops.
    /// </summary>
    /// <param name="alpha">Scale of the product.</param>
    /// <param name="a">m x k.</param>
    /// <param name="beta">Scale of what C holds.</param>
    /// <param name="c">m x m.</param>
    void Gram<T>(T alpha, in ReadOnlyMatrixView<T> a, T beta, in MatrixView<T> c)
        where T : unmanaged, INumberBase<T>;

    /// <summary>Solves A X = B for triangular A, X overwriting B. For X A = B pass the transposes of A and B and the other triangle. n^2 k flops.</summary>
    /// <param name="triangle">The triangle of A that is read.</param>
    /// <param name="unitDiagonal">True to take the diagonal as ones without reading it.</param>
    /// <param name="a">n x n.</param>
    /// <param name="b">n x k; holds X afterwards.</param>
    /// <exception cref="SingularMatrixException">A diagonal entry is exactly zero; B is unchanged.</exception>
    void TriangularSolve<T>(Triangle triangle, bool unitDiagonal, in ReadOnlyMatrixView<T> a, in MatrixView<T> b)
        where T : unmanaged, INumberBase<T>;

    /// <summary>A = L L^T for symmetric positive definite A, of which the lower triangle is read. The strict upper part of L is zeroed. n^3/3 flops.</summary>
    /// <param name="a">n x n.</param>
    /// <param name="l">n x n.</param>
    /// <param name="options">Checks.</param>
    /// <exception cref="NotPositiveDefiniteException">A leading minor is not positive; L is undefined.</exception>
    void Cholesky<T>(in ReadOnlyMatrixView<T> a, in MatrixView<T> l, in FactorizationOptions options = default)
        where T : unmanaged, INumberBase<T>;

    /// <summary>P A = L U with partial pivoting. L (unit diagonal, below) and U (on and above the diagonal) share one matrix. n^3 * 2/3 flops when square.</summary>
    /// <param name="a">m x n.</param>
    /// <param name="lu">m x n.</param>
    /// <param name="pivots">min(m, n) row swaps, 0-based: row i was swapped with row pivots[i] at step i.</param>
    /// <param name="options">Checks.</param>
    /// <returns>The index of the first pivot that is exactly zero, or -1: a singular matrix is factored all the same.</returns>
    int Lu<T>(in ReadOnlyMatrixView<T> a, in MatrixView<T> lu, Span<int> pivots, in FactorizationOptions options = default)
        where T : unmanaged, INumberBase<T>;

    /// <summary>A = Q R with the diagonal of R not negative. Thin when Q is m x min(m, n), full when Q is m x m. 2n^2(m - n/3) flops for R and as many for thin Q.</summary>
    /// <param name="a">m x n.</param>
    /// <param name="q">m x k with k = min(m, n) or k = m; orthonormal columns.</param>
    /// <param name="r">k x n, upper triangular (trapezoidal), zeros below.</param>
    /// <param name="options">Checks.</param>
    void Qr<T>(in ReadOnlyMatrixView<T> a, in MatrixView<T> q, in MatrixView<T> r, in FactorizationOptions options = default)
        where T : unmanaged, INumberBase<T>;

    /// <summary>The R of <see cref="Qr"/> alone; for tall A a tree of small QRs that reads A once (TSQR: Demmel, Grigori, Hoemmen, Langou 2012).</summary>
    /// <param name="a">m x n.</param>
    /// <param name="r">min(m, n) x n.</param>
    /// <param name="options">Checks.</param>
    void QrR<T>(in ReadOnlyMatrixView<T> a, in MatrixView<T> r, in FactorizationOptions options = default)
        where T : unmanaged, INumberBase<T>;

    /// <summary>A = V diag(w) V^T for symmetric A, of which the lower triangle is read. Eigenvalues ascend; in each eigenvector the entry of largest magnitude (the first on ties) is positive.</summary>
    /// <param name="a">n x n.</param>
    /// <param name="eigenvalues">n.</param>
    /// <param name="eigenvectors">n x n, orthonormal columns.</param>
    /// <param name="options">Checks.</param>
    void SymmetricEigen<T>(in ReadOnlyMatrixView<T> a, Span<T> eigenvalues, in MatrixView<T> eigenvectors, in FactorizationOptions options = default)
        where T : unmanaged, INumberBase<T>;

    /// <summary>The eigenvalues of <see cref="SymmetricEigen"/> alone, ascending.</summary>
    /// <param name="a">n x n; the lower triangle is read.</param>
    /// <param name="eigenvalues">n.</param>
    /// <param name="options">Checks.</param>
    void SymmetricEigenvalues<T>(in ReadOnlyMatrixView<T> a, Span<T> eigenvalues, in FactorizationOptions options = default)
        where T : unmanaged, INumberBase<T>;

    /// <summary>
    /// A = U diag(s) Vt, singular values descending, not negative. Thin when U is m x k and Vt k x n (k = min(m, n)); full on a side whose matrix is square.
    /// In each column of U that belongs to a singular value the entry of largest magnitude (the first on ties) is positive.
    /// </summary>
    /// <param name="a">m x n.</param>
    /// <param name="u">m x k or m x m.</param>
    /// <param name="s">k singular values.</param>
    /// <param name="vt">k x n or n x n.</param>
    /// <param name="options">Checks.</param>
    void Svd<T>(in ReadOnlyMatrixView<T> a, in MatrixView<T> u, Span<T> s, in MatrixView<T> vt, in FactorizationOptions options = default)
        where T : unmanaged, INumberBase<T>;

    /// <summary>The singular values alone, descending.</summary>
    /// <param name="a">m x n.</param>
    /// <param name="s">min(m, n).</param>
    /// <param name="options">Checks.</param>
    void SingularValues<T>(in ReadOnlyMatrixView<T> a, Span<T> s, in FactorizationOptions options = default)
        where T : unmanaged, INumberBase<T>;

    /// <summary>Copies the mode-n unfolding: row i holds X[.., i, ..], the remaining modes in order, the last one fastest (the convention of TensorLy).</summary>
    /// <param name="tensor">Any rank from 1, any strides.</param>
    /// <param name="mode">0-based.</param>
    /// <param name="destination">I_n x (product of the other lengths).</param>
    void Unfold<T>(in ReadOnlyTensorSpan<T> tensor, int mode, in MatrixView<T> destination)
        where T : unmanaged, INumberBase<T>
        => TensorKernels.Unfold(tensor, mode, destination, Parallelism);

    /// <summary>The inverse of <see cref="Unfold"/>: writes the tensor whose mode-n unfolding is given.</summary>
    /// <param name="unfolding">I_n x (product of the other lengths).</param>
    /// <param name="mode">0-based.</param>
    /// <param name="destination">The tensor, any strides.</param>
    void Fold<T>(in ReadOnlyMatrixView<T> unfolding, int mode, in TensorSpan<T> destination)
        where T : unmanaged, INumberBase<T>
        => TensorKernels.Fold(unfolding, mode, destination, Parallelism);

    /// <summary>Y = X x_n M: contracts the columns of M with mode n, so Y has length J there. 2 J prod(I) flops; no unfolding is stored.</summary>
    /// <param name="tensor">X, any strides.</param>
    /// <param name="matrix">J x I_n.</param>
    /// <param name="mode">0-based.</param>
    /// <param name="destination">Y: the shape of X with J in mode n.</param>
    void ModeProduct<T>(in ReadOnlyTensorSpan<T> tensor, in ReadOnlyMatrixView<T> matrix, int mode, in TensorSpan<T> destination)
        where T : unmanaged, INumberBase<T>
        => TensorKernels.ModeProduct(this, tensor, matrix, mode, destination);

    /// <summary>G = X_(n) X_(n)^T, I_n x I_n, without storing the unfolding.</summary>
    /// <param name="tensor">X, any strides.</param>
    /// <param name="mode">0-based.</param>
    /// <param name="destination">I_n x I_n, exactly symmetric.</param>
    void ModeGram<T>(in ReadOnlyTensorSpan<T> tensor, int mode, in MatrixView<T> destination)
        where T : unmanaged, INumberBase<T>
        => TensorKernels.ModeGram(this, tensor, mode, destination);

    /// <summary>
    /// The matricized tensor times Khatri-Rao product: G = X_(n) KR(U_0, .., U_{n-1}, U_{n+1}, .., U_{N-1}), the first matrix of the Khatri-Rao product varying slowest.
    /// Neither the unfolding nor the Khatri-Rao product is stored. 2 R prod(I) flops.
    /// </summary>
    /// <param name="tensor">X, rank N of at least 2, any strides.</param>
    /// <param name="factors">N factors, U_k of shape I_k x R; the one at <paramref name="mode"/> is not read (it may be null).</param>
    /// <param name="mode">0-based.</param>
    /// <param name="destination">I_n x R.</param>
    void Mttkrp<T>(in ReadOnlyTensorSpan<T> tensor, ReadOnlySpan<Tensor<T>> factors, int mode, in MatrixView<T> destination)
        where T : unmanaged, INumberBase<T>
        => TensorKernels.Mttkrp(this, tensor, factors, mode, destination);
}
