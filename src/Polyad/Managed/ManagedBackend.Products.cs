using System.Numerics;
using Polyad.Managed;

namespace Polyad;

public sealed unsafe partial class ManagedBackend
{
    /// <inheritdoc/>
    protected override void MatMulCore<T>(T alpha, in ReadOnlyMatrixView<T> a, in ReadOnlyMatrixView<T> b, T beta, in MatrixView<T> c)
    {
        fixed (T* pa = a)
        fixed (T* pb = b)
        fixed (T* pc = c)
        {
            Gemm.Run(alpha, Pinned.Block(a, pa), Pinned.Block(b, pb), beta, Pinned.Block(c, pc), EffectiveParallelism);
        }
    }

    /// <inheritdoc/>
    protected override void GramCore<T>(T alpha, in ReadOnlyMatrixView<T> a, T beta, in MatrixView<T> c)
    {
        fixed (T* pa = a)
        fixed (T* pc = c)
        {
            Gemm.Gram(alpha, Pinned.Block(a, pa), beta, Pinned.Block(c, pc), EffectiveParallelism);
        }
    }

    /// <inheritdoc/>
    protected override void TriangularSolveCore<T>(Triangle triangle, bool unitDiagonal, in ReadOnlyMatrixView<T> a, in MatrixView<T> b)
    {
        fixed (T* pa = a)
        fixed (T* pb = b)
        {
            TriangularSolver.Run(triangle, unitDiagonal, Pinned.Block(a, pa), Pinned.Block(b, pb), EffectiveParallelism);
        }
    }
}
