using System.Numerics;

namespace Polyad.Decomposition;

/// <summary>A_(n) B_(n)^T of two tensors that share all modes but one, slab by slab of the [left, mode, right] view: no unfolding is stored.</summary>
internal static class ModeInner
{
    /// <param name="backend">The engine.</param>
    /// <param name="a">.. x I x ..</param>
    /// <param name="b">.. x J x ..</param>
    /// <param name="mode">n.</param>
    /// <param name="result">I x J; overwritten.</param>
    public static void Multiply<T>(ILinearAlgebraBackend backend, TensorBlock<T> a, TensorBlock<T> b, int mode, in MatrixView<T> result)
        where T : unmanaged, INumberBase<T>
    {
        (int left, int rows, int right) = a.View(mode);
        int columns = (int)b.Lengths[mode];
        if (right == 1)
        {
            backend.MatMul(T.One, new ReadOnlyMatrixView<T>(a.Elements, left, rows).Transpose, new ReadOnlyMatrixView<T>(b.Elements, left, columns), T.Zero, result);
            return;
        }

        for (int l = 0; l < left; l++)
        {
            ReadOnlyMatrixView<T> slab = new(a.Elements.Slice(l * rows * right, rows * right), rows, right), other = new(b.Elements.Slice(l * columns * right, columns * right), columns, right);
            backend.MatMul(T.One, slab, other.Transpose, l == 0 ? T.Zero : T.One, result);
        }
    }
}
