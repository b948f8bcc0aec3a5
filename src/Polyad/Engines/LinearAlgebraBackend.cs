using System.Numerics;

namespace Polyad;

/// <summary>
/// The base of an engine. The public members check arguments, settle empty matrices and fix signs, once for all engines;
/// an engine writes the <c>Core</c> members, which may trust what they are given: supported type, right shapes, nothing empty, no overlap, finite where promised. An engine of this
/// library that looks at every number anyway may take over <c>CheckedCholesky</c> and <c>CheckedLu</c>, and with them the check for finite numbers.
/// </summary>
public abstract class LinearAlgebraBackend : ILinearAlgebraBackend
{
    /// <inheritdoc/>
    public abstract string Id { get; }

    /// <inheritdoc/>
    public abstract Parallelism Parallelism { get; }

    /// <inheritdoc/>
    public abstract BackendInfo Describe();

    /// <inheritdoc/>
    public abstract OperationSource SourceOf(LinearAlgebraOperation operation);

    /// <summary>The smaller of the engine's own thread limit and the ambient one.</summary>
    internal Parallelism EffectiveParallelism => Parallelism.Min(Parallelism.Current);

    /// <inheritdoc/>
    public void MatMul<T>(T alpha, in ReadOnlyMatrixView<T> a, in ReadOnlyMatrixView<T> b, T beta, in MatrixView<T> c)
        where T : unmanaged, INumberBase<T>
    {
        Arguments.Supported<T>();
        if (a.Columns != b.Rows)
        {
            throw new ArgumentException($"Cannot multiply {a.Rows} x {a.Columns} by {b.Rows} x {b.Columns}: the inner sizes differ.", nameof(b));
        }

        Arguments.Shape(c, a.Rows, b.Columns);
        Arguments.Disjoint<T>(a, c, nameof(a), nameof(c));
        Arguments.Disjoint<T>(b, c, nameof(b), nameof(c));
        if (c.IsEmpty)
        {
            return;
        }

        if (a.Columns == 0 || T.IsZero(alpha))
        {
            Scale(beta, c);
            return;
        }

        MatMulCore(alpha, a, b, beta, c);
    }

    /// <inheritdoc/>
    public void Gram<T>(T alpha, in ReadOnlyMatrixView<T> a, T beta, in MatrixView<T> c)
        where T : unmanaged, INumberBase<T>
    {
        Arguments.Supported<T>();
        Arguments.Shape(c, a.Rows, a.Rows);
        Arguments.Disjoint<T>(a, c, nameof(a), nameof(c));
        if (c.IsEmpty)
        {
            return;
        }

        if (a.Columns == 0 || T.IsZero(alpha))
        {
            Scale(beta, c);
            MirrorLower(c);
            return;
        }

        GramCore(alpha, a, beta, c);
    }

    /// <inheritdoc/>
    public void TriangularSolve<T>(Triangle triangle, bool unitDiagonal, in ReadOnlyMatrixView<T> a, in MatrixView<T> b)
        where T : unmanaged, INumberBase<T>
    {
        Arguments.Supported<T>();
        Arguments.Square(a);
        if (b.Rows != a.Rows)
        {
            throw new ArgumentException($"A {a.Rows} x {a.Columns} triangle cannot solve for a right side of {b.Rows} x {b.Columns}: the rows differ.", nameof(b));
        }

        Arguments.Disjoint<T>(a, b, nameof(a), nameof(b));
        for (int i = 0; i < a.Rows && !unitDiagonal; i++)
        {
            if (T.IsZero(a[i, i]))
            {
                throw new SingularMatrixException($"The triangular {a.Rows} x {a.Columns} matrix has a zero at ({i}, {i}).", i);
            }
        }

        if (!b.IsEmpty)
        {
            TriangularSolveCore(triangle, unitDiagonal, a, b);
        }
    }

    /// <inheritdoc/>
    public void Cholesky<T>(in ReadOnlyMatrixView<T> a, in MatrixView<T> l, in FactorizationOptions options = default)
        where T : unmanaged, INumberBase<T>
    {
        Arguments.Supported<T>();
        Arguments.Square(a);
        Arguments.Shape(l, a.Rows, a.Rows);
        Arguments.Disjoint<T>(a, l, nameof(a), nameof(l));
        if (a.IsEmpty)
        {
            return;
        }

        int minor = CheckedCholesky(a, l, options);
        if (minor > 0)
        {
            throw new NotPositiveDefiniteException($"The {a.Rows} x {a.Columns} matrix is not positive definite: its leading minor of order {minor} is not positive.", minor);
        }
    }

    /// <inheritdoc/>
    public int Lu<T>(in ReadOnlyMatrixView<T> a, in MatrixView<T> lu, Span<int> pivots, in FactorizationOptions options = default)
        where T : unmanaged, INumberBase<T>
    {
        Arguments.Supported<T>();
        Arguments.Shape(lu, a.Rows, a.Columns);
        Arguments.Length<int>(pivots, Math.Min(a.Rows, a.Columns), nameof(pivots));
        Arguments.Disjoint<T>(a, lu, nameof(a), nameof(lu));
        return a.IsEmpty ? -1 : CheckedLu(a, lu, pivots, options);
    }

    /// <inheritdoc/>
    public void Qr<T>(in ReadOnlyMatrixView<T> a, in MatrixView<T> q, in MatrixView<T> r, in FactorizationOptions options = default)
        where T : unmanaged, INumberBase<T>
    {
        Arguments.Supported<T>();
        int k = Math.Min(a.Rows, a.Columns);
        if (q.Rows != a.Rows || (q.Columns != k && q.Columns != a.Rows))
        {
            throw new ArgumentException($"'q' must be {a.Rows} x {k} (thin) or {a.Rows} x {a.Rows} (full); it is {q.Rows} x {q.Columns}.", nameof(q));
        }

        Arguments.Shape(r, q.Columns, a.Columns);
        Arguments.Disjoint<T>(a, q, nameof(a), nameof(q));
        Arguments.Disjoint<T>(a, r, nameof(a), nameof(r));
        Arguments.Disjoint<T>(q, r, nameof(q), nameof(r));
        Arguments.Finite(a, options, nameof(a), EffectiveParallelism);
        if (a.IsEmpty)
        {
            SetIdentity(q);
            return;
        }

        QrCore(a, q, r);
        SignConvention.DiagonalNotNegative(q, r);
    }

    /// <inheritdoc/>
    public void QrR<T>(in ReadOnlyMatrixView<T> a, in MatrixView<T> r, in FactorizationOptions options = default)
        where T : unmanaged, INumberBase<T>
    {
        Arguments.Supported<T>();
        Arguments.Shape(r, Math.Min(a.Rows, a.Columns), a.Columns);
        Arguments.Disjoint<T>(a, r, nameof(a), nameof(r));
        Arguments.Finite(a, options, nameof(a), EffectiveParallelism);
        if (!a.IsEmpty)
        {
            QrRCore(a, r);
            SignConvention.DiagonalNotNegative(default, r);
        }
    }

    /// <inheritdoc/>
    public void SymmetricEigen<T>(in ReadOnlyMatrixView<T> a, Span<T> eigenvalues, in MatrixView<T> eigenvectors, in FactorizationOptions options = default)
        where T : unmanaged, INumberBase<T>
    {
        Arguments.Supported<T>();
        Arguments.Square(a);
        Arguments.Length<T>(eigenvalues, a.Rows, nameof(eigenvalues));
        Arguments.Shape(eigenvectors, a.Rows, a.Rows);
        Arguments.Disjoint<T>(a, eigenvectors, nameof(a), nameof(eigenvectors));
        Arguments.Disjoint<T>(a, eigenvalues, nameof(a), nameof(eigenvalues));
        Arguments.Disjoint<T>(eigenvectors, eigenvalues, nameof(eigenvectors), nameof(eigenvalues));
        Arguments.FiniteTriangle(Triangle.Lower, a, options, nameof(a), EffectiveParallelism);
        if (!a.IsEmpty)
        {
            SymmetricEigenCore(a, eigenvalues, eigenvectors);
            SignConvention.ColumnsPositive(eigenvectors, default, eigenvectors.Columns);
        }
    }

    /// <inheritdoc/>
    public void SymmetricEigenvalues<T>(in ReadOnlyMatrixView<T> a, Span<T> eigenvalues, in FactorizationOptions options = default)
        where T : unmanaged, INumberBase<T>
    {
        Arguments.Supported<T>();
        Arguments.Square(a);
        Arguments.Length<T>(eigenvalues, a.Rows, nameof(eigenvalues));
        Arguments.Disjoint<T>(a, eigenvalues, nameof(a), nameof(eigenvalues));
        Arguments.FiniteTriangle(Triangle.Lower, a, options, nameof(a), EffectiveParallelism);
        if (!a.IsEmpty)
        {
            SymmetricEigenvaluesCore(a, eigenvalues);
        }
    }

    /// <inheritdoc/>
    public void Svd<T>(in ReadOnlyMatrixView<T> a, in MatrixView<T> u, Span<T> s, in MatrixView<T> vt, in FactorizationOptions options = default)
        where T : unmanaged, INumberBase<T>
    {
        Arguments.Supported<T>();
        int k = Math.Min(a.Rows, a.Columns);
        if (u.Rows != a.Rows || (u.Columns != k && u.Columns != a.Rows))
        {
            throw new ArgumentException($"'u' must be {a.Rows} x {k} (thin) or {a.Rows} x {a.Rows} (full); it is {u.Rows} x {u.Columns}.", nameof(u));
        }

        if (vt.Columns != a.Columns || (vt.Rows != k && vt.Rows != a.Columns))
        {
            throw new ArgumentException($"'vt' must be {k} x {a.Columns} (thin) or {a.Columns} x {a.Columns} (full); it is {vt.Rows} x {vt.Columns}.", nameof(vt));
        }

        Arguments.Length<T>(s, k, nameof(s));
        Arguments.Disjoint<T>(a, u, nameof(a), nameof(u));
        Arguments.Disjoint<T>(a, vt, nameof(a), nameof(vt));
        Arguments.Disjoint<T>(u, vt, nameof(u), nameof(vt));
        Arguments.Disjoint<T>(a, s, nameof(a), nameof(s));
        Arguments.Disjoint<T>(u, s, nameof(u), nameof(s));
        Arguments.Disjoint<T>(vt, s, nameof(vt), nameof(s));
        Arguments.Finite(a, options, nameof(a), EffectiveParallelism);
        if (a.IsEmpty)
        {
            SetIdentity(u);
            SetIdentity(vt);
            return;
        }

        SvdCore(a, u, s, vt);
        SignConvention.ColumnsPositive(u, vt, k);
    }

    /// <inheritdoc/>
    public void SingularValues<T>(in ReadOnlyMatrixView<T> a, Span<T> s, in FactorizationOptions options = default)
        where T : unmanaged, INumberBase<T>
    {
        Arguments.Supported<T>();
        Arguments.Length<T>(s, Math.Min(a.Rows, a.Columns), nameof(s));
        Arguments.Disjoint<T>(a, s, nameof(a), nameof(s));
        Arguments.Finite(a, options, nameof(a), EffectiveParallelism);
        if (!a.IsEmpty)
        {
            SingularValuesCore(a, s);
        }
    }

    /// <summary>C = alpha A B + beta C; nothing is empty, alpha is not 0.</summary>
    protected abstract void MatMulCore<T>(T alpha, in ReadOnlyMatrixView<T> a, in ReadOnlyMatrixView<T> b, T beta, in MatrixView<T> c)
        where T : unmanaged, INumberBase<T>;

    /// <summary>C = alpha A A^T + beta C, both triangles.</summary>
    protected abstract void GramCore<T>(T alpha, in ReadOnlyMatrixView<T> a, T beta, in MatrixView<T> c)
        where T : unmanaged, INumberBase<T>;

    /// <summary>Solves A X = B in place; the diagonal has no zero unless it is not read.</summary>
    protected abstract void TriangularSolveCore<T>(Triangle triangle, bool unitDiagonal, in ReadOnlyMatrixView<T> a, in MatrixView<T> b)
        where T : unmanaged, INumberBase<T>;

    /// <summary>A = L L^T. Returns 0, or the order of the first leading minor that is not positive.</summary>
    protected abstract int CholeskyCore<T>(in ReadOnlyMatrixView<T> a, in MatrixView<T> l)
        where T : unmanaged, INumberBase<T>;

    /// <summary>Looks for NaN and infinity and factors. An engine that copies its input anyway looks at each part just before.</summary>
    internal virtual int CheckedCholesky<T>(in ReadOnlyMatrixView<T> a, in MatrixView<T> l, in FactorizationOptions options)
        where T : unmanaged, INumberBase<T>
    {
        Arguments.FiniteTriangle(Triangle.Lower, a, options, nameof(a), EffectiveParallelism);
        return CholeskyCore(a, l);
    }

    /// <summary>As <see cref="CheckedCholesky"/>.</summary>
    internal virtual int CheckedLu<T>(in ReadOnlyMatrixView<T> a, in MatrixView<T> lu, Span<int> pivots, in FactorizationOptions options)
        where T : unmanaged, INumberBase<T>
    {
        Arguments.Finite(a, options, nameof(a), EffectiveParallelism);
        return LuCore(a, lu, pivots);
    }

    /// <summary>P A = L U. Returns -1 or the index of the first zero pivot.</summary>
    protected abstract int LuCore<T>(in ReadOnlyMatrixView<T> a, in MatrixView<T> lu, Span<int> pivots)
        where T : unmanaged, INumberBase<T>;

    /// <summary>A = Q R with any signs.</summary>
    protected abstract void QrCore<T>(in ReadOnlyMatrixView<T> a, in MatrixView<T> q, in MatrixView<T> r)
        where T : unmanaged, INumberBase<T>;

    /// <summary>R alone with any signs.</summary>
    protected abstract void QrRCore<T>(in ReadOnlyMatrixView<T> a, in MatrixView<T> r)
        where T : unmanaged, INumberBase<T>;

    /// <summary>A = V diag(w) V^T, ascending, any signs.</summary>
    protected abstract void SymmetricEigenCore<T>(in ReadOnlyMatrixView<T> a, Span<T> eigenvalues, in MatrixView<T> eigenvectors)
        where T : unmanaged, INumberBase<T>;

    /// <summary>Eigenvalues alone, ascending.</summary>
    protected abstract void SymmetricEigenvaluesCore<T>(in ReadOnlyMatrixView<T> a, Span<T> eigenvalues)
        where T : unmanaged, INumberBase<T>;

    /// <summary>A = U diag(s) Vt, descending, any signs.</summary>
    protected abstract void SvdCore<T>(in ReadOnlyMatrixView<T> a, in MatrixView<T> u, Span<T> s, in MatrixView<T> vt)
        where T : unmanaged, INumberBase<T>;

    /// <summary>Singular values alone, descending.</summary>
    protected abstract void SingularValuesCore<T>(in ReadOnlyMatrixView<T> a, Span<T> s)
        where T : unmanaged, INumberBase<T>;

    private static void Scale<T>(T beta, in MatrixView<T> c)
        where T : unmanaged, INumberBase<T>
    {
        if (T.IsZero(beta))
        {
            c.Fill(T.Zero);
            return;
        }

        for (int i = 0; i < c.Rows; i++)
        {
            for (int j = 0; j < c.Columns; j++)
            {
                c[i, j] *= beta;
            }
        }
    }

    private static void MirrorLower<T>(in MatrixView<T> c)
        where T : unmanaged
    {
        for (int i = 0; i < c.Rows; i++)
        {
            for (int j = 0; j < i; j++)
            {
                c[j, i] = c[i, j];
            }
        }
    }

    private static void SetIdentity<T>(in MatrixView<T> a)
        where T : unmanaged, INumberBase<T>
    {
        a.Fill(T.Zero);
        for (int i = 0; i < Math.Min(a.Rows, a.Columns); i++)
        {
            a[i, i] = T.One;
        }
    }
}
