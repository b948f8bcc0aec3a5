using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad;

/// <summary>The tensor kernels that every engine inherits: all work on the [left, mode, right] view of the tensor and store no unfolding.</summary>
internal static class TensorKernels
{
    public static void Unfold<T>(in ReadOnlyTensorSpan<T> tensor, int mode, in MatrixView<T> destination, Parallelism parallelism)
        where T : unmanaged, INumberBase<T>
        => throw new NotImplementedException();

    public static void Fold<T>(in ReadOnlyMatrixView<T> unfolding, int mode, in TensorSpan<T> destination, Parallelism parallelism)
        where T : unmanaged, INumberBase<T>
        => throw new NotImplementedException();

    public static void ModeProduct<T>(ILinearAlgebraBackend backend, in ReadOnlyTensorSpan<T> tensor, in ReadOnlyMatrixView<T> matrix, int mode, in TensorSpan<T> destination)
        where T : unmanaged, INumberBase<T>
        => throw new NotImplementedException();

    public static void ModeGram<T>(ILinearAlgebraBackend backend, in ReadOnlyTensorSpan<T> tensor, int mode, in MatrixView<T> destination)
        where T : unmanaged, INumberBase<T>
        => throw new NotImplementedException();

    public static void Mttkrp<T>(ILinearAlgebraBackend backend, in ReadOnlyTensorSpan<T> tensor, ReadOnlySpan<Tensor<T>> factors, int mode, in MatrixView<T> destination)
        where T : unmanaged, INumberBase<T>
        => throw new NotImplementedException();
}
