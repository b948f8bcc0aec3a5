using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>A with the mean of its rows subtracted from each, which is not written out: A - 1 mu^T.</summary>
internal sealed class CenteredOperator<T>(LinearOperator<T> inner, T[] mean) : LinearOperator<T>(inner.Rows, inner.Columns)
    where T : unmanaged, INumberBase<T>
{
    public LinearOperator<T> Inner => inner;

    public T[] Mean => mean;

    protected internal override void ApplyCore(in ReadOnlyMatrixView<T> x, in MatrixView<T> y, ILinearAlgebraBackend backend)
    {
        inner.ApplyCore(x, y, backend);
        T[] shift = new T[x.Columns];
        backend.MatMul(T.One, new ReadOnlyMatrixView<T>(mean, 1, mean.Length), x, T.Zero, new MatrixView<T>(shift, 1, shift.Length));
        T[] ones = new T[Rows];
        Array.Fill(ones, T.One);
        backend.MatMul(-T.One, new ReadOnlyMatrixView<T>(ones, Rows, 1), new ReadOnlyMatrixView<T>(shift, 1, shift.Length), T.One, y);
    }

    protected internal override void ApplyAdjointCore(in ReadOnlyMatrixView<T> x, in MatrixView<T> y, ILinearAlgebraBackend backend)
    {
        inner.ApplyAdjointCore(x, y, backend);
        T[] ones = new T[Rows], sums = new T[x.Columns];
        Array.Fill(ones, T.One);
        backend.MatMul(T.One, new ReadOnlyMatrixView<T>(ones, 1, Rows), x, T.Zero, new MatrixView<T>(sums, 1, sums.Length));
        backend.MatMul(-T.One, new ReadOnlyMatrixView<T>(mean, mean.Length, 1), new ReadOnlyMatrixView<T>(sums, 1, sums.Length), T.One, y);
    }
}

/// <summary>[A; sqrt(lambda) I].</summary>
internal sealed class RidgeOperator<T>(LinearOperator<T> inner, T root) : LinearOperator<T>(checked(inner.Rows + inner.Columns), inner.Columns)
    where T : unmanaged, INumberBase<T>
{
    protected internal override void ApplyCore(in ReadOnlyMatrixView<T> x, in MatrixView<T> y, ILinearAlgebraBackend backend)
    {
        inner.ApplyCore(x, y.Slice(0, 0, inner.Rows, x.Columns), backend);
        Scale(x, T.Zero, y.Slice(inner.Rows, 0, Columns, x.Columns));
    }

    protected internal override void ApplyAdjointCore(in ReadOnlyMatrixView<T> x, in MatrixView<T> y, ILinearAlgebraBackend backend)
    {
        inner.ApplyAdjointCore(x.Slice(0, 0, inner.Rows, x.Columns), y, backend);
        Scale(x.Slice(inner.Rows, 0, Columns, x.Columns), T.One, y);
    }

    /// <summary>Y = sqrt(lambda) X + beta Y.</summary>
    private unsafe void Scale(in ReadOnlyMatrixView<T> x, T beta, in MatrixView<T> y)
    {
        fixed (T* from = x, to = y)
        {
            BlockAdd.Run(root, Managed.Pinned.Block(x, from), beta, Managed.Pinned.Block(y, to));
        }
    }
}

/// <summary>A^T A, not written out.</summary>
internal sealed class NormalOperator<T>(LinearOperator<T> inner) : LinearOperator<T>(inner.Columns, inner.Columns)
    where T : unmanaged, INumberBase<T>
{
    public override LinearOperator<T> Adjoint => this;

    protected internal override void ApplyCore(in ReadOnlyMatrixView<T> x, in MatrixView<T> y, ILinearAlgebraBackend backend)
    {
        Tensor<T> image = FreshMemory.Zeros<T>([inner.Rows, x.Columns]);
        inner.Step(x, new T[x.Columns], image.AsMatrix(), y, backend);
    }

    protected internal override void ApplyAdjointCore(in ReadOnlyMatrixView<T> x, in MatrixView<T> y, ILinearAlgebraBackend backend) => ApplyCore(x, y, backend);
}
