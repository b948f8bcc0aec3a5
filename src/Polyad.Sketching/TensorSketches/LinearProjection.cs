using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>Rows times a fixed matrix of d x D.</summary>
internal sealed unsafe class LinearProjection<T> : RowSketch<T>
    where T : unmanaged, INumberBase<T>
{
    private readonly Tensor<T> _matrix;

    public LinearProjection(Tensor<double> matrix)
        : base((int)matrix.Lengths[0], (int)matrix.Lengths[1], 0)
        => _matrix = Tensor.ConvertTruncating<double, T>(matrix);

    internal override void Fill(RowSource<T> rows, MatrixBlock<T> features, ILinearAlgebraBackend backend)
    {
        if (!rows.IsSparse)
        {
            backend.MatMul(T.One, rows.Dense.AsReadOnlyView(), _matrix.AsReadOnlyMatrix(), T.Zero, features.AsView());
            return;
        }

        fixed (T* matrix = &_matrix.GetPinnableReference())
        {
            T* weights = matrix;
            WorkTeam.Run(features.Rows, Parallelism.Current.ThreadsForFlops(2 * rows.Entries * OutputDimension), i =>
            {
                using Scratch<T> sum = Workspace.Rent<T>(OutputDimension);
                sum.Clear();
                rows.Row(i, out int count, out int* columns, out T* values);
                for (int p = 0; p < count; p++)
                {
                    Managed.VectorKernels.Axpy(OutputDimension, values[p], weights + ((nint)columns[p] * OutputDimension), sum.Pointer);
                }

                BlockCopy.Run(MatrixBlock<T>.RowMajor(sum.Pointer, 1, OutputDimension), features.Slice(i, 0, 1, OutputDimension));
            });
        }
    }
}
