using System.Numerics;
using System.Numerics.Tensors;
using Polyad.Managed;

namespace Polyad;

/// <summary>The operator of a dense matrix in memory.</summary>
internal abstract unsafe class DenseOperator<T>(int rows, int columns) : LinearOperator<T>(rows, columns)
    where T : unmanaged, INumberBase<T>
{
    /// <summary>Bytes of rows that stay in the second-level cache between the two products of a step.</summary>
    private const int StepBytes = 512 << 10;

    /// <summary>Sums that are kept apart: the rows are shared among threads in so many parts, whatever the threads.</summary>
    private const int StepParts = 8;

    public abstract ReadOnlyMatrixView<T> View { get; }

    public override double? FrobeniusNorm => LinearAlgebra.FrobeniusNorm(View);

    public override LinearOperator<T> Adjoint => new TransposedOperator<T>(this);

    protected internal override void ApplyCore(in ReadOnlyMatrixView<T> x, in MatrixView<T> y, ILinearAlgebraBackend backend) => backend.MatMul(T.One, View, x, T.Zero, y);

    protected internal override void ApplyAdjointCore(in ReadOnlyMatrixView<T> x, in MatrixView<T> y, ILinearAlgebraBackend backend)
        => backend.MatMul(T.One, View.Transpose, x, T.Zero, y);

    internal override void Step(in ReadOnlyMatrixView<T> v, ReadOnlySpan<T> beta, in MatrixView<T> u, in MatrixView<T> w, ILinearAlgebraBackend backend)
    {
        int k = v.Columns, height = Math.Min(Rows, Math.Max(8, StepBytes / sizeof(T) / Columns / 8 * 8));
        int blocks = (Rows + height - 1) / height, parts = Math.Min(StepParts, blocks);
        using Scratch<T> scratch = Workspace.Rent<T>((nint)parts * Columns * k);
        ReadOnlyMatrixView<T> a = View;
        fixed (T* pa = a, pv = v, pu = u, pw = w, pb = beta)
        {
            MatrixBlock<T> matrix = Pinned.Block(a, pa), right = Pinned.Block(v, pv), left = Pinned.Block(u, pu), result = Pinned.Block(w, pw);
            T* scales = pb;
            T* sums = scratch.Pointer;
            int columns = Columns, rows = Rows;
            int threads = Math.Min(backend.Parallelism.MaxThreads, Parallelism.Current.ThreadsForBytes(sizeof(T) * (double)rows * columns));
            WorkTeam.Run(parts, threads, part =>
            {
                using IDisposable? alone = threads > 1 ? Parallelism.Use(1) : null;
                MatrixBlock<T> sum = MatrixBlock<T>.RowMajor(sums + ((nint)part * columns * k), columns, k);
                (int first, int end) = WorkTeam.Range(rows, parts, part, height);
                if (k == 1 && BidiagonalStep.Fits(matrix) && (right.RowStride == 1 || columns == 1))
                {
                    BlockScale.Run(sum, T.Zero);
                    BidiagonalStep.Run(matrix.Slice(first, 0, end - first, columns), right.Data, scales[0], left.Data + (first * left.RowStride), left.RowStride, sum.Data);
                    return;
                }

                bool fresh = true;
                for (int i = first; i < end; i += height)
                {
                    int count = Math.Min(height, end - i);
                    MatrixBlock<T> some = matrix.Slice(i, 0, count, columns), lines = left.Slice(i, 0, count, k);
                    for (int j = 0; j < k; j++)
                    {
                        BlockScale.Run(lines.Slice(0, j, count, 1), scales[j]);
                    }

                    backend.MatMul(T.One, some.AsReadOnlyView(), right.AsReadOnlyView(), T.One, lines.AsView());
                    backend.MatMul(T.One, some.AsReadOnlyView().Transpose, lines.AsReadOnlyView(), fresh ? T.Zero : T.One, sum.AsView());
                    fresh = false;
                }

                if (fresh)
                {
                    BlockScale.Run(sum, T.Zero);
                }
            });

            for (int part = 0; part < parts; part++)
            {
                BlockAdd.Run(T.One, MatrixBlock<T>.RowMajor(sums + ((nint)part * columns * k), columns, k), part == 0 ? T.Zero : T.One, result);
            }
        }
    }
}

/// <summary>A tensor.</summary>
internal sealed class TensorOperator<T>(Tensor<T> matrix) : DenseOperator<T>(checked((int)matrix.Lengths[0]), checked((int)matrix.Lengths[1]))
    where T : unmanaged, INumberBase<T>
{
    public Tensor<T> Matrix => matrix;

    public override ReadOnlyMatrixView<T> View => matrix.AsReadOnlyMatrix();
}

/// <summary>A pinned view, to be used while it is pinned.</summary>
internal sealed class BlockOperator<T>(MatrixBlock<T> block) : DenseOperator<T>(block.Rows, block.Columns)
    where T : unmanaged, INumberBase<T>
{
    public override ReadOnlyMatrixView<T> View => block.AsReadOnlyView();
}

/// <summary>The transpose of a dense matrix.</summary>
internal sealed class TransposedOperator<T>(DenseOperator<T> inner) : DenseOperator<T>(inner.Columns, inner.Rows)
    where T : unmanaged, INumberBase<T>
{
    public override ReadOnlyMatrixView<T> View => inner.View.Transpose;

    public override LinearOperator<T> Adjoint => inner;
}

/// <summary>A sparse matrix.</summary>
internal sealed class SparseOperator<T>(CsrMatrix<T> matrix) : LinearOperator<T>(matrix.Rows, matrix.Columns)
    where T : unmanaged, INumberBase<T>
{
    // Gathering shares rows among threads for any number of columns; scattering would not.
    private CsrMatrix<T>? _turned;

    public CsrMatrix<T> Matrix => matrix;

    public override double? FrobeniusNorm => matrix.NonZeros == 0 ? 0 : LinearAlgebra.FrobeniusNorm(new ReadOnlyMatrixView<T>(matrix.Values, 1, matrix.NonZeros));

    /// <summary>The transpose, made once.</summary>
    public CsrMatrix<T> Turned => _turned ??= matrix.Transpose();

    protected internal override void ApplyCore(in ReadOnlyMatrixView<T> x, in MatrixView<T> y, ILinearAlgebraBackend backend) => matrix.Multiply(T.One, x, T.Zero, y);

    protected internal override void ApplyAdjointCore(in ReadOnlyMatrixView<T> x, in MatrixView<T> y, ILinearAlgebraBackend backend) => Turned.Multiply(T.One, x, T.Zero, y);
}

/// <summary>The transpose of an operator.</summary>
internal sealed class AdjointOperator<T>(LinearOperator<T> inner) : LinearOperator<T>(inner.Columns, inner.Rows)
    where T : unmanaged, INumberBase<T>
{
    public LinearOperator<T> Inner => inner;

    public override double? FrobeniusNorm => inner.FrobeniusNorm;

    public override LinearOperator<T> Adjoint => inner;

    protected internal override void ApplyCore(in ReadOnlyMatrixView<T> x, in MatrixView<T> y, ILinearAlgebraBackend backend) => inner.ApplyAdjointCore(x, y, backend);

    protected internal override void ApplyAdjointCore(in ReadOnlyMatrixView<T> x, in MatrixView<T> y, ILinearAlgebraBackend backend) => inner.ApplyCore(x, y, backend);
}

/// <summary>Code of the user.</summary>
internal sealed class ProductOperator<T>(int rows, int columns, MatrixProduct<T> apply, MatrixProduct<T> applyAdjoint) : LinearOperator<T>(rows, columns)
    where T : unmanaged, INumberBase<T>
{
    protected internal override void ApplyCore(in ReadOnlyMatrixView<T> x, in MatrixView<T> y, ILinearAlgebraBackend backend) => apply(x, y);

    protected internal override void ApplyAdjointCore(in ReadOnlyMatrixView<T> x, in MatrixView<T> y, ILinearAlgebraBackend backend) => applyAdjoint(x, y);
}
