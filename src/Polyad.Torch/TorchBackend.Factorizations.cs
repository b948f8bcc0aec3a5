using System.Numerics;
using System.Runtime.InteropServices;
using Polyad.Managed;
using static TorchSharp.torch;

namespace Polyad.Torch;

public sealed unsafe partial class TorchBackend
{
    /// <inheritdoc/>
    protected override int CholeskyCore<T>(in ReadOnlyMatrixView<T> a, in MatrixView<T> l)
    {
        fixed (T* pa = a)
        fixed (T* pl = l)
        {
            using TorchCall call = Begin(Cubic(a.Rows, a.Rows) / 3);
            (Tensor factor, Tensor info) = linalg.cholesky_ex(call.Input(Pinned.Block(a, pa)), check_errors: false);
            int minor = info.cpu().item<int>();
            if (minor == 0)
            {
                call.Output(factor, Pinned.Block(l, pl));
            }

            return minor;
        }
    }

    /// <inheritdoc/>
    protected override void QrCore<T>(in ReadOnlyMatrixView<T> a, in MatrixView<T> q, in MatrixView<T> r)
    {
        fixed (T* pa = a)
        fixed (T* pq = q)
        fixed (T* pr = r)
        {
            using TorchCall call = Begin(4 * Cubic(a.Rows, a.Columns));
            bool thin = q.Columns == Math.Min(a.Rows, a.Columns);
            using Scratch<T> copy = call.ColumnMajor(Pinned.Block(a, pa), out Tensor x);
            (Tensor orthogonal, Tensor triangular) = linalg.qr(x, thin ? linalg.QRMode.Reduced : linalg.QRMode.Complete);
            call.Output(orthogonal, Pinned.Block(q, pq));
            call.Output(triangular, Pinned.Block(r, pr));
        }
    }

    /// <inheritdoc/>
    protected override void QrRCore<T>(in ReadOnlyMatrixView<T> a, in MatrixView<T> r)
    {
        fixed (T* pa = a)
        fixed (T* pr = r)
        {
            using TorchCall call = Begin(2 * Cubic(a.Rows, a.Columns));
            using Scratch<T> copy = call.ColumnMajor(Pinned.Block(a, pa), out Tensor x);
            (_, Tensor triangular) = linalg.qr(x, linalg.QRMode.R);
            call.Output(triangular, Pinned.Block(r, pr));
        }
    }

    /// <inheritdoc/>
    protected override void SymmetricEigenCore<T>(in ReadOnlyMatrixView<T> a, Span<T> eigenvalues, in MatrixView<T> eigenvectors)
    {
        RefuseNonFinite(a, lowerOnly: true);
        fixed (T* pa = a)
        fixed (T* pv = eigenvectors)
        {
            using TorchCall call = Begin(4 * Cubic(a.Rows, a.Rows));
            using Scratch<T> copy = call.ColumnMajor(Pinned.Block(a, pa), out Tensor x);
            try
            {
                (Tensor values, Tensor vectors) = linalg.eigh(x, 'L');
                call.Output(values, eigenvalues);
                call.Output(vectors, Pinned.Block(eigenvectors, pv));
            }
            catch (ExternalException e)
            {
                throw NotConverged(e);
            }
        }
    }

    /// <inheritdoc/>
    protected override void SymmetricEigenvaluesCore<T>(in ReadOnlyMatrixView<T> a, Span<T> eigenvalues)
    {
        RefuseNonFinite(a, lowerOnly: true);
        fixed (T* pa = a)
        {
            using TorchCall call = Begin(4 * Cubic(a.Rows, a.Rows) / 3);
            try
            {
                call.Output(linalg.eigvalsh(call.Input(Pinned.Block(a, pa)), 'L'), eigenvalues);
            }
            catch (ExternalException e)
            {
                throw NotConverged(e);
            }
        }
    }

    /// <inheritdoc/>
    protected override void SvdCore<T>(in ReadOnlyMatrixView<T> a, in MatrixView<T> u, Span<T> s, in MatrixView<T> vt)
    {
        RefuseNonFinite(a);
        fixed (T* pa = a)
        fixed (T* pu = u)
        fixed (T* pv = vt)
        {
            using TorchCall call = Begin(6 * Cubic(a.Rows, a.Columns));
            try
            {
                // The longer side is full where it is square; the shorter one is square either way.
                bool full = u.Columns > s.Length || vt.Rows > s.Length;
                (Tensor left, Tensor values, Tensor right) = linalg.svd(call.Input(Pinned.Block(a, pa)), full);
                call.Output(left, Pinned.Block(u, pu));
                call.Output(values, s);
                call.Output(right, Pinned.Block(vt, pv));
            }
            catch (ExternalException e)
            {
                throw NotConverged(e);
            }
        }
    }

    /// <inheritdoc/>
    protected override void SingularValuesCore<T>(in ReadOnlyMatrixView<T> a, Span<T> s)
    {
        RefuseNonFinite(a);
        fixed (T* pa = a)
        {
            using TorchCall call = Begin(4 * Cubic(a.Rows, a.Columns) / 3);
            try
            {
                call.Output(linalg.svdvals(call.Input(Pinned.Block(a, pa))), s);
            }
            catch (ExternalException e)
            {
                throw NotConverged(e);
            }
        }
    }

    /// <summary>The flops of a factorization up to a constant: longer side times the square of the shorter one.</summary>
    private static double Cubic(double rows, double columns) => rows * columns * Math.Min(rows, columns);

    /// <summary>LAPACK's iterations have no answer for NaN and infinity, and the one in libtorch complains on the standard output: unchecked input ends here.</summary>
    private static void RefuseNonFinite<T>(in ReadOnlyMatrixView<T> a, bool lowerOnly = false)
        where T : unmanaged, INumberBase<T>
    {
        if (!(lowerOnly ? FiniteCheck.InTriangle(Triangle.Lower, a, out int row, out int column) : FiniteCheck.All(a, out row, out column)))
        {
            throw new NonConvergenceException($"A {a.Rows} x {a.Columns} matrix with {a[row, column]} at ({row}, {column}) has no spectrum.");
        }
    }

    private static NonConvergenceException NotConverged(ExternalException e) => new(e.Message.Split('\n')[0], e);
}
