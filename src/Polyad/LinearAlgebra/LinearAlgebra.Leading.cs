using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad;

public static partial class LinearAlgebra
{
    /// <summary>Blocks in a Krylov basis before it is restarted from its best vectors.</summary>
    private const int KrylovDepth = 4;

    /// <summary>Restarts after which the full factorization is the better way.</summary>
    private const int KrylovRestarts = 12;

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
    public static SvdResult<T> TopSvd<T>(in ReadOnlyMatrixView<T> a, int k, double? tolerance = null, ulong seed = 0, ILinearAlgebraBackend? backend = null)
        where T : unmanaged, INumberBase<T>
    {
        CheckLeading<T>(a, k, Math.Min(a.Rows, a.Columns));
        ILinearAlgebraBackend engine = Engine(backend);
        int block = k + 8;
        if (4 * k <= Math.Min(a.Rows, a.Columns) && block * KrylovDepth <= Math.Min(a.Rows, a.Columns))
        {
            double limit = tolerance ?? DefaultResidual<T>();
            Tensor<T> start = Qr(new CounterRandom(seed).Normal<T>(a.Columns, block).AsReadOnlyMatrix(), engine).Q;
            for (int restart = 0; restart < KrylovRestarts; restart++)
            {
                int width = block * KrylovDepth;
                Tensor<T> basis = NewMatrix<T>(a.Columns, width), image = NewMatrix<T>(a.Rows, width);
                MatrixView<T> p = basis.AsMatrix(), y = image.AsMatrix();
                for (int depth = 0; depth < KrylovDepth; depth++)
                {
                    int at = depth * block;
                    start.AsReadOnlyMatrix().CopyTo(p.Slice(0, at, a.Columns, block));
                    engine.MatMul(T.One, a, start.AsReadOnlyMatrix(), T.Zero, y.Slice(0, at, a.Rows, block));
                    if (depth + 1 < KrylovDepth)
                    {
                        start = Extend(engine, p.Slice(0, 0, a.Columns, at + block), MatMul(a.Transpose, y.Slice(0, at, a.Rows, block), engine));
                    }
                }

                // Y = A P = Q R, R = U S V^T: A (P v) = s (Q u) exactly, and A^T (Q u) - s (P v) is what is missing.
                QrResult<T> qr = Qr(image.AsReadOnlyMatrix(), engine);
                SvdResult<T> small = Svd(qr.R.AsReadOnlyMatrix(), backend: engine);
                Tensor<T> u = MatMul(qr.Q.AsReadOnlyMatrix(), small.U.AsReadOnlyMatrix().Slice(0, 0, width, block), engine);
                Tensor<T> v = MatMul(basis.AsReadOnlyMatrix(), small.Vt.AsReadOnlyMatrix().Slice(0, 0, block, width).Transpose, engine);
                Tensor<T> residual = MatMul(a.Transpose, u.AsReadOnlyMatrix(), engine);
                if (LargestResidual(residual, v, Elements(small.S), k) <= limit * Real(Elements(small.S)[0]))
                {
                    return Signed(
                        u.AsReadOnlyMatrix().Slice(0, 0, a.Rows, k).ToTensor(), Copy<T>(Elements(small.S)[..k]), v.AsReadOnlyMatrix().Slice(0, 0, a.Columns, k).Transpose.ToTensor());
                }

                start = Qr(v.AsReadOnlyMatrix(), engine).Q;
            }
        }

        SvdResult<T> full = Svd(a, backend: engine);
        return new(full.U.AsReadOnlyMatrix().Slice(0, 0, a.Rows, k).ToTensor(), Copy<T>(Elements(full.S)[..k]), full.Vt.AsReadOnlyMatrix().Slice(0, 0, k, a.Columns).ToTensor());
    }

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
    public static EigenResult<T> TopSymmetricEigen<T>(in ReadOnlyMatrixView<T> a, int k, double? tolerance = null, ulong seed = 0, ILinearAlgebraBackend? backend = null)
        where T : unmanaged, INumberBase<T>
    {
        Arguments.Square(a);
        CheckLeading<T>(a, k, a.Rows);
        ILinearAlgebraBackend engine = Engine(backend);
        int n = a.Rows, block = k + 8, width = block * KrylovDepth;
        if (4 * k <= n && width <= n)
        {
            double limit = (tolerance ?? DefaultResidual<T>()) * FrobeniusNorm(a);
            Tensor<T> start = Qr(new CounterRandom(seed).Normal<T>(n, block).AsReadOnlyMatrix(), engine).Q;
            for (int restart = 0; restart < KrylovRestarts; restart++)
            {
                Tensor<T> basis = NewMatrix<T>(n, width), image = NewMatrix<T>(n, width);
                MatrixView<T> p = basis.AsMatrix(), y = image.AsMatrix();
                for (int depth = 0; depth < KrylovDepth; depth++)
                {
                    int at = depth * block;
                    start.AsReadOnlyMatrix().CopyTo(p.Slice(0, at, n, block));
                    engine.MatMul(T.One, a, start.AsReadOnlyMatrix(), T.Zero, y.Slice(0, at, n, block));
                    if (depth + 1 < KrylovDepth)
                    {
                        start = Extend(engine, p.Slice(0, 0, n, at + block), ((ReadOnlyMatrixView<T>)y.Slice(0, at, n, block)).ToTensor());
                    }
                }

                EigenResult<T> small = SymmetricEigen(MatMul(basis.AsReadOnlyMatrix().Transpose, image.AsReadOnlyMatrix(), engine).AsReadOnlyMatrix(), engine);
                Tensor<T> chosen = NewMatrix<T>(width, block);
                T[] values = new T[block];
                for (int j = 0; j < block; j++)
                {
                    small.Vectors.AsReadOnlyMatrix().Slice(0, width - 1 - j, width, 1).CopyTo(chosen.AsMatrix().Slice(0, j, width, 1));
                    values[j] = Elements(small.Values)[width - 1 - j];
                }

                Tensor<T> v = MatMul(basis.AsReadOnlyMatrix(), chosen.AsReadOnlyMatrix(), engine);
                Tensor<T> residual = MatMul(image.AsReadOnlyMatrix(), chosen.AsReadOnlyMatrix(), engine);
                if (LargestResidual(residual, v, values, k) <= limit)
                {
                    SvdResult<T> signed = Signed(v.AsReadOnlyMatrix().Slice(0, 0, n, k).ToTensor(), Copy<T>(values.AsSpan(0, k)), NewMatrix<T>(k, 0));
                    return new(signed.S, signed.U);
                }

                start = Qr(v.AsReadOnlyMatrix(), engine).Q;
            }
        }

        EigenResult<T> full = SymmetricEigen(a, engine);
        Tensor<T> vectors = NewMatrix<T>(n, k), leading = NewVector<T>(k);
        for (int j = 0; j < k; j++)
        {
            full.Vectors.AsReadOnlyMatrix().Slice(0, n - 1 - j, n, 1).CopyTo(vectors.AsMatrix().Slice(0, j, n, 1));
            Elements(leading)[j] = Elements(full.Values)[n - 1 - j];
        }

        return new(leading, vectors);
    }

    /// <inheritdoc cref="TopSvd{T}(in ReadOnlyMatrixView{T}, int, double?, ulong, ILinearAlgebraBackend?)"/>
    public static SvdResult<T> TopSvd<T>(Tensor<T> a, int k, double? tolerance = null, ulong seed = 0, ILinearAlgebraBackend? backend = null)
        where T : unmanaged, INumberBase<T>
        => TopSvd(a.AsReadOnlyMatrix(), k, tolerance, seed, backend);

    /// <inheritdoc cref="TopSymmetricEigen{T}(in ReadOnlyMatrixView{T}, int, double?, ulong, ILinearAlgebraBackend?)"/>
    public static EigenResult<T> TopSymmetricEigen<T>(Tensor<T> a, int k, double? tolerance = null, ulong seed = 0, ILinearAlgebraBackend? backend = null)
        where T : unmanaged, INumberBase<T>
        => TopSymmetricEigen(a.AsReadOnlyMatrix(), k, tolerance, seed, backend);

    /// <summary>An orthonormal basis of W that is orthogonal to P. The second and third pass act on unit columns, so that a W inside the span of P still leaves a good basis.</summary>
    private static Tensor<T> Extend<T>(ILinearAlgebraBackend engine, in ReadOnlyMatrixView<T> p, Tensor<T> w)
        where T : unmanaged, INumberBase<T>
    {
        for (int pass = 0; pass < 3; pass++)
        {
            Tensor<T> inside = MatMul(p.Transpose, w.AsReadOnlyMatrix(), engine);
            engine.MatMul(-T.One, p, inside.AsReadOnlyMatrix(), T.One, w.AsMatrix());
            w = Qr(w.AsReadOnlyMatrix(), engine).Q;
        }

        return w;
    }

    /// <summary>The largest ||r_j - s_j v_j|| of the first k columns; R is overwritten.</summary>
    private static double LargestResidual<T>(Tensor<T> r, Tensor<T> v, ReadOnlySpan<T> s, int k)
        where T : unmanaged, INumberBase<T>
    {
        int rows = (int)r.Lengths[0], columns = (int)r.Lengths[1];
        Span<T> residual = Elements(r), vectors = Elements(v);
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < k; j++)
            {
                residual[(i * columns) + j] -= s[j] * vectors[(i * columns) + j];
            }
        }

        double largest = 0;
        for (int j = 0; j < k; j++)
        {
            largest = Math.Max(largest, FrobeniusNorm(r.AsReadOnlyMatrix().Slice(0, j, rows, 1)));
        }

        return largest;
    }

    /// <summary>Turns each pair so that the entry of largest magnitude (the first on ties) of the left vector is positive.</summary>
    private static SvdResult<T> Signed<T>(Tensor<T> u, Tensor<T> s, Tensor<T> vt)
        where T : unmanaged, INumberBase<T>
    {
        int rows = (int)u.Lengths[0], k = (int)u.Lengths[1], columns = (int)vt.Lengths[1];
        Span<T> left = Elements(u), right = Elements(vt);
        for (int j = 0; j < k; j++)
        {
            int largest = 0;
            for (int i = 1; i < rows; i++)
            {
                largest = Real(T.Abs(left[(i * k) + j])) > Real(T.Abs(left[(largest * k) + j])) ? i : largest;
            }

            if (!T.IsNegative(left[(largest * k) + j]))
            {
                continue;
            }

            for (int i = 0; i < rows; i++)
            {
                left[(i * k) + j] = -left[(i * k) + j];
            }

            TensorPrimitives.Negate(right.Slice(j * columns, columns), right.Slice(j * columns, columns));
        }

        return new(u, s, vt);
    }

    private static Tensor<T> Copy<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        Tensor<T> copy = NewVector<T>(values.Length);
        values.CopyTo(Elements(copy));
        return copy;
    }

    private static double DefaultResidual<T>()
        where T : unmanaged
        => typeof(T) == typeof(float) ? 1e-4 : 1e-9;

    private static void CheckLeading<T>(in ReadOnlyMatrixView<T> a, int k, int most)
        where T : unmanaged, INumberBase<T>
    {
        Arguments.Supported<T>();
        if (k < 1 || k > most)
        {
            throw new ArgumentOutOfRangeException(nameof(k), k, $"A {a.Rows} x {a.Columns} matrix has 1 to {most} leading vectors.");
        }
    }
}
