using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad;

/// <content>The same operations for rank-2 tensors, whatever their strides; right sides may be vectors (rank 1).</content>
public static partial class LinearAlgebra
{
    /// <inheritdoc cref="MatMul{T}(in ReadOnlyMatrixView{T}, in ReadOnlyMatrixView{T}, ILinearAlgebraBackend?)"/>
    public static Tensor<T> MatMul<T>(Tensor<T> a, Tensor<T> b, ILinearAlgebraBackend? backend = null)
        where T : unmanaged, INumberBase<T>
        => MatMul(a.AsReadOnlyMatrix(), b.AsReadOnlyMatrix(), backend);

    /// <inheritdoc cref="Gram{T}(in ReadOnlyMatrixView{T}, ILinearAlgebraBackend?)"/>
    public static Tensor<T> Gram<T>(Tensor<T> a, ILinearAlgebraBackend? backend = null)
        where T : unmanaged, INumberBase<T>
        => Gram(a.AsReadOnlyMatrix(), backend);

    /// <inheritdoc cref="Svd{T}(in ReadOnlyMatrixView{T}, bool, ILinearAlgebraBackend?)"/>
    public static SvdResult<T> Svd<T>(Tensor<T> a, bool fullMatrices = false, ILinearAlgebraBackend? backend = null)
        where T : unmanaged, INumberBase<T>
        => Svd(a.AsReadOnlyMatrix(), fullMatrices, backend);

    /// <inheritdoc cref="SingularValues{T}(in ReadOnlyMatrixView{T}, ILinearAlgebraBackend?)"/>
    public static Tensor<T> SingularValues<T>(Tensor<T> a, ILinearAlgebraBackend? backend = null)
        where T : unmanaged, INumberBase<T>
        => SingularValues(a.AsReadOnlyMatrix(), backend);

    /// <inheritdoc cref="Qr{T}(in ReadOnlyMatrixView{T}, ILinearAlgebraBackend?)"/>
    public static QrResult<T> Qr<T>(Tensor<T> a, ILinearAlgebraBackend? backend = null)
        where T : unmanaged, INumberBase<T>
        => Qr(a.AsReadOnlyMatrix(), backend);

    /// <inheritdoc cref="SymmetricEigen{T}(in ReadOnlyMatrixView{T}, ILinearAlgebraBackend?)"/>
    public static EigenResult<T> SymmetricEigen<T>(Tensor<T> a, ILinearAlgebraBackend? backend = null)
        where T : unmanaged, INumberBase<T>
        => SymmetricEigen(a.AsReadOnlyMatrix(), backend);

    /// <inheritdoc cref="Cholesky{T}(in ReadOnlyMatrixView{T}, ILinearAlgebraBackend?)"/>
    public static Tensor<T> Cholesky<T>(Tensor<T> a, ILinearAlgebraBackend? backend = null)
        where T : unmanaged, INumberBase<T>
        => Cholesky(a.AsReadOnlyMatrix(), backend);

    /// <inheritdoc cref="Lu{T}(in ReadOnlyMatrixView{T}, ILinearAlgebraBackend?)"/>
    public static LuResult<T> Lu<T>(Tensor<T> a, ILinearAlgebraBackend? backend = null)
        where T : unmanaged, INumberBase<T>
        => Lu(a.AsReadOnlyMatrix(), backend);

    /// <inheritdoc cref="Inverse{T}(in ReadOnlyMatrixView{T}, ILinearAlgebraBackend?)"/>
    public static Tensor<T> Inverse<T>(Tensor<T> a, ILinearAlgebraBackend? backend = null)
        where T : unmanaged, INumberBase<T>
        => Inverse(a.AsReadOnlyMatrix(), backend);

    /// <inheritdoc cref="Pinv{T}(in ReadOnlyMatrixView{T}, double?, ILinearAlgebraBackend?)"/>
    public static Tensor<T> Pinv<T>(Tensor<T> a, double? rcond = null, ILinearAlgebraBackend? backend = null)
        where T : unmanaged, INumberBase<T>
        => Pinv(a.AsReadOnlyMatrix(), rcond, backend);

    /// <inheritdoc cref="MatrixRank{T}(in ReadOnlyMatrixView{T}, double?, ILinearAlgebraBackend?)"/>
    public static int MatrixRank<T>(Tensor<T> a, double? tolerance = null, ILinearAlgebraBackend? backend = null)
        where T : unmanaged, INumberBase<T>
        => MatrixRank(a.AsReadOnlyMatrix(), tolerance, backend);

    /// <inheritdoc cref="Norm{T}(in ReadOnlyMatrixView{T}, MatrixNorm, ILinearAlgebraBackend?)"/>
    public static T Norm<T>(Tensor<T> a, MatrixNorm norm = MatrixNorm.Frobenius, ILinearAlgebraBackend? backend = null)
        where T : unmanaged, INumberBase<T>
        => Norm(a.AsReadOnlyMatrix(), norm, backend);

    /// <inheritdoc cref="Cond{T}(in ReadOnlyMatrixView{T}, MatrixNorm, ILinearAlgebraBackend?)"/>
    public static T Cond<T>(Tensor<T> a, MatrixNorm norm = MatrixNorm.Two, ILinearAlgebraBackend? backend = null)
        where T : unmanaged, INumberBase<T>
        => Cond(a.AsReadOnlyMatrix(), norm, backend);

    /// <inheritdoc cref="Determinant{T}(in ReadOnlyMatrixView{T}, ILinearAlgebraBackend?)"/>
    public static T Determinant<T>(Tensor<T> a, ILinearAlgebraBackend? backend = null)
        where T : unmanaged, INumberBase<T>
        => Determinant(a.AsReadOnlyMatrix(), backend);

    /// <inheritdoc cref="LogDeterminant{T}(in ReadOnlyMatrixView{T}, ILinearAlgebraBackend?)"/>
    public static (int Sign, double LogMagnitude) LogDeterminant<T>(Tensor<T> a, ILinearAlgebraBackend? backend = null)
        where T : unmanaged, INumberBase<T>
        => LogDeterminant(a.AsReadOnlyMatrix(), backend);

    /// <inheritdoc cref="PivotedQr{T}(in ReadOnlyMatrixView{T})"/>
    public static PivotedQrResult<T> PivotedQr<T>(Tensor<T> a)
        where T : unmanaged, INumberBase<T>
        => PivotedQr(a.AsReadOnlyMatrix());

    /// <inheritdoc cref="Solve{T}(in ReadOnlyMatrixView{T}, in ReadOnlyMatrixView{T}, ILinearAlgebraBackend?)"/>
    public static Tensor<T> Solve<T>(Tensor<T> a, Tensor<T> b, ILinearAlgebraBackend? backend = null)
        where T : unmanaged, INumberBase<T>
        => LikeRightSide(Solve(a.AsReadOnlyMatrix(), RightSide(b), backend), b);

    /// <inheritdoc cref="SolvePositiveDefinite{T}(in ReadOnlyMatrixView{T}, in ReadOnlyMatrixView{T}, ILinearAlgebraBackend?)"/>
    public static Tensor<T> SolvePositiveDefinite<T>(Tensor<T> a, Tensor<T> b, ILinearAlgebraBackend? backend = null)
        where T : unmanaged, INumberBase<T>
        => LikeRightSide(SolvePositiveDefinite(a.AsReadOnlyMatrix(), RightSide(b), backend), b);

    /// <inheritdoc cref="LeastSquares{T}(in ReadOnlyMatrixView{T}, in ReadOnlyMatrixView{T}, double?, ILinearAlgebraBackend?)"/>
    public static LeastSquaresResult<T> LeastSquares<T>(Tensor<T> a, Tensor<T> b, double? rcond = null, ILinearAlgebraBackend? backend = null)
        where T : unmanaged, INumberBase<T>
    {
        LeastSquaresResult<T> result = LeastSquares(a.AsReadOnlyMatrix(), RightSide(b), rcond, backend);
        return result with { Solution = LikeRightSide(result.Solution, b) };
    }
}
