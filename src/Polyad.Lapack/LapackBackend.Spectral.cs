using System.Numerics;
using Polyad.Managed;

namespace Polyad.Lapack;

public sealed unsafe partial class LapackBackend
{
    /// <inheritdoc/>
    protected override void SymmetricEigenCore<T>(in ReadOnlyMatrixView<T> a, Span<T> eigenvalues, in MatrixView<T> eigenvectors)
    {
        Routines<T> lapack = _table.For<T>();
        if (!lapack.Has(Routine.Syevd) || !lapack.EigenFits(a.Rows))
        {
            ManagedBackend.Shared.SymmetricEigen(a, eigenvalues, eigenvectors, Unchecked);
            return;
        }

        fixed (T* pa = a)
        fixed (T* pw = eigenvalues)
        fixed (T* pv = eigenvectors)
        {
            using ThreadControl.Scope threads = ThreadsForFactorization(9.0 * a.Rows * a.Rows * a.Rows);
            using ColumnMajor<T> vectors = ColumnMajor<T>.For(Pinned.Block(eigenvectors, pv), lapack.LargestInteger);
            if (!TryEigen(lapack, true, Pinned.Block(a, pa), pw, vectors.Matrix, vectors.LeadingDimension))
            {
                NotANumber(eigenvalues);
                eigenvectors.Fill(NaN<T>());
                return;
            }

            vectors.Store();
        }
    }

    /// <inheritdoc/>
    protected override void SymmetricEigenvaluesCore<T>(in ReadOnlyMatrixView<T> a, Span<T> eigenvalues)
    {
        Routines<T> lapack = _table.For<T>();
        if (!lapack.Has(Routine.Syevd))
        {
            ManagedBackend.Shared.SymmetricEigenvalues(a, eigenvalues, Unchecked);
            return;
        }

        fixed (T* pa = a)
        fixed (T* pw = eigenvalues)
        {
            using ThreadControl.Scope threads = ThreadsForFactorization(4.0 / 3 * a.Rows * a.Rows * a.Rows);
            using ColumnMajor<T> work = ColumnMajor<T>.Rent(a.Rows, a.Rows);
            if (!TryEigen(lapack, false, Pinned.Block(a, pa), pw, work.Matrix, work.LeadingDimension))
            {
                NotANumber(eigenvalues);
            }
        }
    }

    /// <inheritdoc/>
    protected override void SvdCore<T>(in ReadOnlyMatrixView<T> a, in MatrixView<T> u, Span<T> s, in MatrixView<T> vt)
    {
        Routines<T> lapack = _table.For<T>();
        int k = Math.Min(a.Rows, a.Columns);
        char job = u.Columns == k && vt.Rows == k ? 'S' : 'A';
        if (!lapack.Has(Routine.Gesdd) || !lapack.SvdFits(job, a.Rows, a.Columns))
        {
            ManagedBackend.Shared.Svd(a, u, s, vt, Unchecked);
            return;
        }

        fixed (T* pa = a)
        fixed (T* ps = s)
        fixed (T* pu = u)
        fixed (T* pv = vt)
        {
            // The factors of A^T = V S U^T are the same: LAPACK gets the one of the two that suits it.
            MatrixBlock<T> source = Pinned.Block(a, pa), left = Pinned.Block(u, pu), right = Pinned.Block(vt, pv);
            if (IsBetterTransposed(source, left.ColumnStride == 1 && right.ColumnStride == 1 && (left.RowStride != 1 || right.RowStride != 1)))
            {
                (source, left, right) = (source.Transpose, right.Transpose, left.Transpose);
            }

            using ThreadControl.Scope threads = ThreadsForFactorization(SvdFlops(source.Rows, source.Columns));
            using ColumnMajor<T> leftWork = ColumnMajor<T>.For(left, lapack.LargestInteger);
            using ColumnMajor<T> rightWork = ColumnMajor<T>.For(right, lapack.LargestInteger);
            if (!TrySvd(lapack, job, source, ps, leftWork, rightWork))
            {
                NotANumber(s);
                u.Fill(NaN<T>());
                vt.Fill(NaN<T>());
                return;
            }

            leftWork.Store();
            rightWork.Store();
        }
    }

    /// <inheritdoc/>
    protected override void SingularValuesCore<T>(in ReadOnlyMatrixView<T> a, Span<T> s)
    {
        Routines<T> lapack = _table.For<T>();
        if (!lapack.Has(Routine.Gesdd))
        {
            ManagedBackend.Shared.SingularValues(a, s, Unchecked);
            return;
        }

        fixed (T* pa = a)
        fixed (T* ps = s)
        {
            MatrixBlock<T> source = Pinned.Block(a, pa);
            if (IsBetterTransposed(source, source.ColumnStride == 1))
            {
                source = source.Transpose;
            }

            using ThreadControl.Scope threads = ThreadsForFactorization(SvdFlops(source.Rows, source.Columns));
            if (!TrySvd(lapack, 'N', source, ps, default, default))
            {
                NotANumber(s);
            }
        }
    }

    /// <summary>SYEVD on a copy; false when the input is not finite, which LAPACK's iterations do not promise to survive.</summary>
    private static bool TryEigen<T>(Routines<T> lapack, bool vectors, MatrixBlock<T> a, T* w, in MatrixBlock<T> work, nint leading)
        where T : unmanaged, INumberBase<T>
    {
        BlockCopy.Run(a, work);
        if (!FiniteCheck.InTriangle(Triangle.Lower, work.AsReadOnlyView(), out _, out _))
        {
            return false;
        }

        long info = lapack.Syevd(vectors, 'L', a.Rows, work.Data, leading, w);
        if (info > 0)
        {
            throw new NonConvergenceException($"syevd did not converge on a {a.Rows} x {a.Columns} matrix (INFO = {info}).");
        }

        Completed(info, "syevd");
        return true;
    }

    /// <summary>GESDD on a copy; false when the input is not finite.</summary>
    private static bool TrySvd<T>(Routines<T> lapack, char job, MatrixBlock<T> a, T* s, in ColumnMajor<T> u, in ColumnMajor<T> vt)
        where T : unmanaged, INumberBase<T>
    {
        using ColumnMajor<T> work = ColumnMajor<T>.Rent(a.Rows, a.Columns);
        BlockCopy.Run(a, work.Matrix);
        if (!FiniteCheck.All(work.Matrix.AsReadOnlyView(), out _, out _))
        {
            return false;
        }

        long info = job == 'N'
            ? lapack.Gesdd(job, a.Rows, a.Columns, work.Data, work.LeadingDimension, s, null, 1, null, 1)
            : lapack.Gesdd(job, a.Rows, a.Columns, work.Data, work.LeadingDimension, s, u.Data, u.LeadingDimension, vt.Data, vt.LeadingDimension);
        if (info > 0)
        {
            throw new NonConvergenceException($"gesdd did not converge on a {a.Rows} x {a.Columns} matrix (INFO = {info}).");
        }

        Completed(info, "gesdd");
        return true;
    }

    /// <summary>
    /// Tall is better than wide: GESDD begins with QR there and with LQ here, which libraries run two to four times slower. For nearly square matrices the layout
    /// decides: memory that holds U and Vt row-major holds U^T and V column-major, so that the SVD of the transpose writes both in place.
    /// </summary>
    private static bool IsBetterTransposed<T>(in MatrixBlock<T> a, bool byLayout)
        where T : unmanaged
        => 2L * a.Columns > 3L * a.Rows || (byLayout && 2L * a.Rows <= 3L * a.Columns);

    private static double SvdFlops(double m, double n) => (m > n ? (6 * m * n * n) + (16 * n * n * n) : (6 * n * m * m) + (16 * m * m * m));

    private static void NotANumber<T>(Span<T> values)
        where T : unmanaged, INumberBase<T>
        => values.Fill(NaN<T>());

    private static T NaN<T>()
        where T : unmanaged, INumberBase<T>
        => T.CreateTruncating(double.NaN);
}
