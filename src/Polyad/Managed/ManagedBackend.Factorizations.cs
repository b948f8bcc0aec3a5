using System.Numerics;
using Polyad.Managed;

namespace Polyad;

public sealed unsafe partial class ManagedBackend
{
    /// <inheritdoc/>
    protected override int CholeskyCore<T>(in ReadOnlyMatrixView<T> a, in MatrixView<T> l)
    {
        fixed (T* pa = a)
        fixed (T* pl = l)
        {
            return CholeskyFactorization.Run(Pinned.Block(a, pa), Pinned.Block(l, pl), EffectiveParallelism);
        }
    }

    /// <inheritdoc/>
    protected override int LuCore<T>(in ReadOnlyMatrixView<T> a, in MatrixView<T> lu, Span<int> pivots)
    {
        fixed (T* pa = a)
        fixed (T* pl = lu)
        {
            return LuFactorization.Run(Pinned.Block(a, pa), Pinned.Block(lu, pl), pivots, EffectiveParallelism);
        }
    }

    /// <inheritdoc/>
    protected override void QrCore<T>(in ReadOnlyMatrixView<T> a, in MatrixView<T> q, in MatrixView<T> r)
    {
        fixed (T* pa = a)
        fixed (T* pq = q)
        fixed (T* pr = r)
        {
            QrFactorization.Run(Pinned.Block(a, pa), Pinned.Block(q, pq), Pinned.Block(r, pr), EffectiveParallelism);
        }
    }

    /// <inheritdoc/>
    protected override void QrRCore<T>(in ReadOnlyMatrixView<T> a, in MatrixView<T> r)
    {
        fixed (T* pa = a)
        fixed (T* pr = r)
        {
            QrFactorization.RunR(Pinned.Block(a, pa), Pinned.Block(r, pr), EffectiveParallelism);
        }
    }

    /// <inheritdoc/>
    protected override void SymmetricEigenCore<T>(in ReadOnlyMatrixView<T> a, Span<T> eigenvalues, in MatrixView<T> eigenvectors)
    {
        fixed (T* pa = a)
        fixed (T* pw = eigenvalues)
        fixed (T* pv = eigenvectors)
        {
            SymmetricEigenSolver.Run(Pinned.Block(a, pa), pw, Pinned.Block(eigenvectors, pv), EffectiveParallelism);
        }
    }

    /// <inheritdoc/>
    protected override void SymmetricEigenvaluesCore<T>(in ReadOnlyMatrixView<T> a, Span<T> eigenvalues)
    {
        fixed (T* pa = a)
        fixed (T* pw = eigenvalues)
        {
            SymmetricEigenSolver.RunValues(Pinned.Block(a, pa), pw, EffectiveParallelism);
        }
    }

    /// <inheritdoc/>
    protected override void SvdCore<T>(in ReadOnlyMatrixView<T> a, in MatrixView<T> u, Span<T> s, in MatrixView<T> vt)
    {
        fixed (T* pa = a)
        fixed (T* pu = u)
        fixed (T* ps = s)
        fixed (T* pv = vt)
        {
            SvdSolver.Run(Pinned.Block(a, pa), Pinned.Block(u, pu), ps, Pinned.Block(vt, pv), EffectiveParallelism);
        }
    }

    /// <inheritdoc/>
    protected override void SingularValuesCore<T>(in ReadOnlyMatrixView<T> a, Span<T> s)
    {
        fixed (T* pa = a)
        fixed (T* ps = s)
        {
            SvdSolver.RunValues(Pinned.Block(a, pa), ps, EffectiveParallelism);
        }
    }
}
