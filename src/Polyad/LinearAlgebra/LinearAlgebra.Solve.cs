using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad;

public static partial class LinearAlgebra
{
    /// <summary>X of A X = B by LU with partial pivoting. n^3 2/3 + 2 n^2 k flops.</summary>
    /// <param name="a">n x n.</param>
    /// <param name="b">n x k.</param>
    /// <param name="backend">The engine; null for the current one.</param>
    /// <exception cref="SingularMatrixException">A pivot is exactly zero.</exception>
    /// <exception cref="ArgumentException">A is not square, or the rows of B differ from its order.</exception>
    public static Tensor<T> Solve<T>(in ReadOnlyMatrixView<T> a, in ReadOnlyMatrixView<T> b, ILinearAlgebraBackend? backend = null)
        where T : unmanaged, INumberBase<T>
    {
        Arguments.Square(a);
        SameRows(a, b);
        ILinearAlgebraBackend engine = Engine(backend);
        LuResult<T> lu = Lu(a, engine);
        if (lu.ZeroPivot >= 0)
        {
            throw new SingularMatrixException($"The {a.Rows} x {a.Columns} matrix is singular: pivot {lu.ZeroPivot} is zero.", lu.ZeroPivot);
        }

        Tensor<T> x = NewMatrix<T>(b.Rows, b.Columns);
        int[] order = lu.Permutation();
        for (int i = 0; i < order.Length && b.Columns > 0; i++)
        {
            b.Slice(order[i], 0, 1, b.Columns).CopyTo(x.AsMatrix().Slice(i, 0, 1, b.Columns));
        }

        engine.TriangularSolve(Triangle.Lower, true, lu.Lu.AsReadOnlyMatrix(), x.AsMatrix());
        engine.TriangularSolve(Triangle.Upper, false, lu.Lu.AsReadOnlyMatrix(), x.AsMatrix());
        return x;
    }

    /// <summary>X of A X = B by Cholesky for symmetric positive definite A, of which the lower triangle is read. n^3/3 + 2 n^2 k flops.</summary>
    /// <param name="a">n x n.</param>
    /// <param name="b">n x k.</param>
    /// <param name="backend">The engine; null for the current one.</param>
    /// <exception cref="NotPositiveDefiniteException">A leading minor is not positive.</exception>
    /// <exception cref="ArgumentException">A is not square, or the rows of B differ from its order.</exception>
    public static Tensor<T> SolvePositiveDefinite<T>(in ReadOnlyMatrixView<T> a, in ReadOnlyMatrixView<T> b, ILinearAlgebraBackend? backend = null)
        where T : unmanaged, INumberBase<T>
    {
        Arguments.Square(a);
        SameRows(a, b);
        ILinearAlgebraBackend engine = Engine(backend);
        Tensor<T> l = Cholesky(a, engine), x = b.ToTensor();
        engine.TriangularSolve(Triangle.Lower, false, l.AsReadOnlyMatrix(), x.AsMatrix());
        engine.TriangularSolve(Triangle.Upper, false, l.AsReadOnlyMatrix().Transpose, x.AsMatrix());
        return x;
    }

    /// <summary>The inverse, by LU. A solve is faster and more accurate where only A^-1 B is wanted.</summary>
    /// <param name="a">n x n.</param>
    /// <param name="backend">The engine; null for the current one.</param>
    /// <exception cref="SingularMatrixException">A pivot is exactly zero.</exception>
    public static Tensor<T> Inverse<T>(in ReadOnlyMatrixView<T> a, ILinearAlgebraBackend? backend = null)
        where T : unmanaged, INumberBase<T>
    {
        Arguments.Square(a);
        return Solve(a, Identity<T>(a.Rows).AsReadOnlyMatrix(), backend);
    }

    /// <summary>
    /// The minimum-norm X that minimises ||A X - B|| in each column. A QR factorization of the long side comes first; its triangle R has the singular values of A.
    /// With full rank R is solved, else its singular values up to <paramref name="rcond"/> times the largest are dropped.
    /// </summary>
    /// <param name="a">m x n, any shape and rank.</param>
    /// <param name="b">m x k.</param>
    /// <param name="rcond">Relative cut; default eps * max(m, n).</param>
    /// <param name="backend">The engine; null for the current one.</param>
    /// <exception cref="NonFiniteInputException">A holds NaN or infinity.</exception>
    public static LeastSquaresResult<T> LeastSquares<T>(in ReadOnlyMatrixView<T> a, in ReadOnlyMatrixView<T> b, double? rcond = null, ILinearAlgebraBackend? backend = null)
        where T : unmanaged, INumberBase<T>
    {
        SameRows(a, b);
        double cut = RelativeCut<T>(rcond, a.Rows, a.Columns);
        ILinearAlgebraBackend engine = Engine(backend);
        bool tall = a.Rows >= a.Columns;
        QrResult<T> qr = Qr(tall ? a : a.Transpose, engine);
        Tensor<T> s = SingularValues(qr.R.AsReadOnlyMatrix(), engine);
        int rank = CountAbove<T>(Elements(s), cut);
        Tensor<T> x;
        if (rank < s.FlattenedLength)
        {
            // R = U S Vt, so that the pseudo-inverse is V S+ (Q U)^T of a tall A and Q U S+ V^T of a wide one.
            SvdResult<T> svd = Svd(qr.R.AsReadOnlyMatrix(), backend: engine);
            ReadOnlyMatrixView<T> u = svd.U.AsReadOnlyMatrix().Slice(0, 0, (int)svd.U.Lengths[0], rank);
            ReadOnlyMatrixView<T> v = svd.Vt.AsReadOnlyMatrix().Slice(0, 0, rank, (int)svd.Vt.Lengths[1]).Transpose;
            Tensor<T> c = tall ? MatMul(u.Transpose, MatMul(qr.Q.AsReadOnlyMatrix().Transpose, b, engine).AsReadOnlyMatrix(), engine) : MatMul(v.Transpose, b, engine);
            DivideRows(c, Elements(svd.S));
            x = tall ? MatMul(v, c.AsReadOnlyMatrix(), engine) : MatMul(qr.Q.AsReadOnlyMatrix(), MatMul(u, c.AsReadOnlyMatrix(), engine).AsReadOnlyMatrix(), engine);
        }
        else if (tall)
        {
            x = MatMul(qr.Q.AsReadOnlyMatrix().Transpose, b, engine);
            engine.TriangularSolve(Triangle.Upper, false, qr.R.AsReadOnlyMatrix(), x.AsMatrix());
        }
        else
        {
            Tensor<T> c = b.ToTensor();
            engine.TriangularSolve(Triangle.Lower, false, qr.R.AsReadOnlyMatrix().Transpose, c.AsMatrix());
            x = MatMul(qr.Q.AsReadOnlyMatrix(), c.AsReadOnlyMatrix(), engine);
        }

        Tensor<T> residual = b.ToTensor(), norms = NewVector<T>(b.Columns);
        engine.MatMul(-T.One, a, x.AsReadOnlyMatrix(), T.One, residual.AsMatrix());
        for (int j = 0; j < b.Columns; j++)
        {
            Elements(norms)[j] = T.CreateSaturating(FrobeniusNorm(residual.AsReadOnlyMatrix().Slice(0, j, b.Rows, 1)));
        }

        return new(x, norms, rank, s);
    }

    /// <summary>The pseudo-inverse of Moore and Penrose by the SVD; singular values up to <paramref name="rcond"/> times the largest count as zero.</summary>
    /// <param name="a">m x n.</param>
    /// <param name="rcond">Relative cut; default eps * max(m, n).</param>
    /// <param name="backend">The engine; null for the current one.</param>
    public static Tensor<T> Pinv<T>(in ReadOnlyMatrixView<T> a, double? rcond = null, ILinearAlgebraBackend? backend = null)
        where T : unmanaged, INumberBase<T>
    {
        double cut = RelativeCut<T>(rcond, a.Rows, a.Columns);
        SvdResult<T> svd = Svd(a, backend: backend);
        int rank = CountAbove<T>(Elements(svd.S), cut);
        Tensor<T> vt = svd.Vt.AsReadOnlyMatrix().Slice(0, 0, rank, a.Columns).ToTensor();
        DivideRows(vt, Elements(svd.S));
        return MatMul(vt.AsReadOnlyMatrix().Transpose, svd.U.AsReadOnlyMatrix().Slice(0, 0, a.Rows, rank).Transpose, backend);
    }

    private static void SameRows<T>(in ReadOnlyMatrixView<T> a, in ReadOnlyMatrixView<T> b)
        where T : unmanaged
    {
        if (a.Rows != b.Rows)
        {
            throw new ArgumentException($"A {a.Rows} x {a.Columns} system cannot have a right side of {b.Rows} x {b.Columns}: the rows differ.", nameof(b));
        }
    }

    private static double RelativeCut<T>(double? rcond, int rows, int columns)
        where T : unmanaged
    {
        if (rcond is { } given && !(given >= 0))
        {
            throw new ArgumentOutOfRangeException(nameof(rcond), given, "The relative cut must be at least 0.");
        }

        return rcond ?? Epsilon<T>() * Math.Max(rows, columns);
    }

    /// <summary>Descending values above the relative cut.</summary>
    private static int CountAbove<T>(ReadOnlySpan<T> s, double cut)
        where T : unmanaged, INumberBase<T>
    {
        int rank = 0;
        while (rank < s.Length && Real(s[rank]) > cut * Real(s[0]))
        {
            rank++;
        }

        return rank;
    }

    private static void DivideRows<T>(Tensor<T> matrix, ReadOnlySpan<T> divisors)
        where T : unmanaged, INumberBase<T>
    {
        int columns = (int)matrix.Lengths[1];
        for (int i = 0; i < matrix.Lengths[0]; i++)
        {
            Span<T> row = Elements(matrix).Slice(i * columns, columns);
            TensorPrimitives.Divide(row, divisors[i], row);
        }
    }
}
