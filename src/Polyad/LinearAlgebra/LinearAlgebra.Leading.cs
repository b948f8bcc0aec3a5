using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad;

public static partial class LinearAlgebra
{
    /// <summary>
    /// The k leading singular triplets by a randomized block Krylov iteration (Halko, Martinsson, Tropp 2011; Musco and Musco 2015) with restarts. It ends when every
    /// residual ||A^T u - s v|| is at most <paramref name="tolerance"/> times the largest singular value (A v = s u holds to rounding), which bounds the error of the
    /// values by as much and, with a gap g, of the vectors by residual / g. For k above min(m, n) / 4, and where the iteration is slow, the full SVD is cut instead.
    /// </summary>
    /// <param name="a">m x n.</param>
    /// <param name="k">1 to min(m, n).</param>
    /// <param name="tolerance">Relative residual; default 1e-9 for double, 1e-4 for float.</param>
    /// <param name="seed">Of the random start.</param>
    /// <param name="backend">The engine; null for the current one.</param>
    /// <exception cref="ArgumentOutOfRangeException">k is not between 1 and min(m, n).</exception>
    public static unsafe SvdResult<T> TopSvd<T>(in ReadOnlyMatrixView<T> a, int k, double? tolerance = null, ulong seed = 0, ILinearAlgebraBackend? backend = null)
        where T : unmanaged, INumberBase<T>
    {
        CheckLeading<T>(a.Rows, a.Columns, k, Math.Min(a.Rows, a.Columns));
        fixed (T* p = a)
        {
            return KrylovIteration.Svd(new BlockOperator<T>(Managed.Pinned.Block(a, p)), k, new(tolerance, seed, Engine(backend))) is { Converged: true } found
                ? new(found.Left, found.Values, found.Right!)
                : CutSvd(a, k, backend);
        }
    }

    /// <summary>As <see cref="TopSvd{T}(in ReadOnlyMatrixView{T}, int, double?, ulong, ILinearAlgebraBackend?)"/> for a matrix known by its products. For k above min(m, n) / 4 it is written out.</summary>
    /// <inheritdoc cref="TopSvd{T}(in ReadOnlyMatrixView{T}, int, double?, ulong, ILinearAlgebraBackend?)"/>
    /// <exception cref="NonConvergenceException">The iteration is too slow: the values lie too close together.</exception>
    public static SvdResult<T> TopSvd<T>(LinearOperator<T> a, int k, double? tolerance = null, ulong seed = 0, ILinearAlgebraBackend? backend = null)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(a);
        CheckLeading<T>(a.Rows, a.Columns, k, Math.Min(a.Rows, a.Columns));
        return KrylovIteration.Svd(a, k, new(tolerance, seed, Engine(backend))) switch
        {
            null => CutSvd(KrylovIteration.WriteOut(a, Engine(backend)).AsReadOnlyMatrix(), k, backend),
            { Converged: true } found => new(found.Left, found.Values, found.Right!),
            { } missed => throw missed.Exception(),
        };
    }

    /// <inheritdoc cref="TopSvd{T}(in ReadOnlyMatrixView{T}, int, double?, ulong, ILinearAlgebraBackend?)"/>
    public static SvdResult<T> TopSvd<T>(Tensor<T> a, int k, double? tolerance = null, ulong seed = 0, ILinearAlgebraBackend? backend = null)
        where T : unmanaged, INumberBase<T>
        => TopSvd(a.AsReadOnlyMatrix(), k, tolerance, seed, backend);

    /// <inheritdoc cref="TopSvd{T}(LinearOperator{T}, int, double?, ulong, ILinearAlgebraBackend?)"/>
    public static SvdResult<T> TopSvd<T>(CsrMatrix<T> a, int k, double? tolerance = null, ulong seed = 0, ILinearAlgebraBackend? backend = null)
        where T : unmanaged, INumberBase<T>
        => TopSvd(LinearOperator.Of(a), k, tolerance, seed, backend);

    /// <summary>
    /// The k largest eigenvalues (descending) of a symmetric matrix and their vectors, by a randomized block Krylov iteration as in TopSvd. Both triangles are read.
    /// It ends when every residual ||A v - w v|| is at most <paramref name="tolerance"/> ||A||_F, which bounds the error of the values.
    /// </summary>
    /// <param name="a">n x n, symmetric.</param>
    /// <param name="k">1 to n.</param>
    /// <param name="tolerance">Relative residual; default 1e-9 for double, 1e-4 for float.</param>
    /// <param name="seed">Of the random start.</param>
    /// <param name="backend">The engine; null for the current one.</param>
    /// <exception cref="ArgumentOutOfRangeException">k is not between 1 and n.</exception>
    public static unsafe EigenResult<T> TopSymmetricEigen<T>(in ReadOnlyMatrixView<T> a, int k, double? tolerance = null, ulong seed = 0, ILinearAlgebraBackend? backend = null)
        where T : unmanaged, INumberBase<T>
    {
        Arguments.Square(a);
        CheckLeading<T>(a.Rows, a.Columns, k, a.Rows);
        fixed (T* p = a)
        {
            return KrylovIteration.Eigen(new BlockOperator<T>(Managed.Pinned.Block(a, p)), k, new(tolerance, seed, Engine(backend))) is { Converged: true } found
                ? new(found.Values, found.Left)
                : CutEigen(a, k, backend);
        }
    }

    /// <summary>
    /// As <see cref="TopSymmetricEigen{T}(in ReadOnlyMatrixView{T}, int, double?, ulong, ILinearAlgebraBackend?)"/> for a symmetric matrix known by its products; residuals are relative to its norm
    /// ||A||_F where that is known, else to the largest magnitude of an eigenvalue found. For k above n / 4 it is written out.
    /// </summary>
    /// <inheritdoc cref="TopSymmetricEigen{T}(in ReadOnlyMatrixView{T}, int, double?, ulong, ILinearAlgebraBackend?)"/>
    /// <exception cref="NonConvergenceException">The iteration is too slow: the values lie too close together.</exception>
    public static EigenResult<T> TopSymmetricEigen<T>(LinearOperator<T> a, int k, double? tolerance = null, ulong seed = 0, ILinearAlgebraBackend? backend = null)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(a);
        if (a.Rows != a.Columns)
        {
            throw new ArgumentException($"A symmetric operator must be square; it is {a.Rows} x {a.Columns}.", nameof(a));
        }

        CheckLeading<T>(a.Rows, a.Columns, k, a.Rows);
        return KrylovIteration.Eigen(a, k, new(tolerance, seed, Engine(backend))) switch
        {
            null => CutEigen(KrylovIteration.WriteOut(a, Engine(backend)).AsReadOnlyMatrix(), k, backend),
            { Converged: true } found => new(found.Values, found.Left),
            { } missed => throw missed.Exception(),
        };
    }

    /// <inheritdoc cref="TopSymmetricEigen{T}(in ReadOnlyMatrixView{T}, int, double?, ulong, ILinearAlgebraBackend?)"/>
    public static EigenResult<T> TopSymmetricEigen<T>(Tensor<T> a, int k, double? tolerance = null, ulong seed = 0, ILinearAlgebraBackend? backend = null)
        where T : unmanaged, INumberBase<T>
        => TopSymmetricEigen(a.AsReadOnlyMatrix(), k, tolerance, seed, backend);

    /// <inheritdoc cref="TopSymmetricEigen{T}(LinearOperator{T}, int, double?, ulong, ILinearAlgebraBackend?)"/>
    public static EigenResult<T> TopSymmetricEigen<T>(CsrMatrix<T> a, int k, double? tolerance = null, ulong seed = 0, ILinearAlgebraBackend? backend = null)
        where T : unmanaged, INumberBase<T>
        => TopSymmetricEigen(LinearOperator.Of(a), k, tolerance, seed, backend);

    private static SvdResult<T> CutSvd<T>(in ReadOnlyMatrixView<T> a, int k, ILinearAlgebraBackend? backend)
        where T : unmanaged, INumberBase<T>
    {
        SvdResult<T> full = Svd(a, backend: backend);
        return new(full.U.AsReadOnlyMatrix().Slice(0, 0, a.Rows, k).ToTensor(), Copy<T>(Elements(full.S)[..k]), full.Vt.AsReadOnlyMatrix().Slice(0, 0, k, a.Columns).ToTensor());
    }

    private static EigenResult<T> CutEigen<T>(in ReadOnlyMatrixView<T> a, int k, ILinearAlgebraBackend? backend)
        where T : unmanaged, INumberBase<T>
    {
        int n = a.Rows;
        EigenResult<T> full = SymmetricEigen(a, backend);
        Tensor<T> vectors = NewMatrix<T>(n, k), leading = NewVector<T>(k);
        for (int j = 0; j < k; j++)
        {
            full.Vectors.AsReadOnlyMatrix().Slice(0, n - 1 - j, n, 1).CopyTo(vectors.AsMatrix().Slice(0, j, n, 1));
            Elements(leading)[j] = Elements(full.Values)[n - 1 - j];
        }

        return new(leading, vectors);
    }

    private static Tensor<T> Copy<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        Tensor<T> copy = NewVector<T>(values.Length);
        values.CopyTo(Elements(copy));
        return copy;
    }

    private static void CheckLeading<T>(int rows, int columns, int k, int most)
        where T : unmanaged
    {
        Arguments.Supported<T>();
        if (k < 1 || k > most)
        {
            throw new ArgumentOutOfRangeException(nameof(k), k, $"A {rows} x {columns} matrix has 1 to {most} leading vectors.");
        }
    }
}
