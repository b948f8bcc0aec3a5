using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>
/// An orthonormal basis that nearly spans the leading left singular vectors of an unfolding: the unfolding times a Khatri-Rao product of normal draws, which is an MTTKRP and stores neither, sharpened by
/// multiplications with X_(n) X_(n)^T (Halko, Martinsson, Tropp 2011; Che, Wei, Yan 2021 for the product sketch).
/// </summary>
internal static class ModeSketch
{
    /// <summary>I_n x min(count, I_n) orthonormal columns.</summary>
    /// <param name="backend">The engine.</param>
    /// <param name="x">The tensor, order 2 or more.</param>
    /// <param name="mode">n.</param>
    /// <param name="count">Columns of the sketch.</param>
    /// <param name="random">The draws; streams random.Stream + mode.</param>
    /// <param name="powers">Multiplications with X_(n) X_(n)^T.</param>
    public static Tensor<T> Of<T>(ILinearAlgebraBackend backend, TensorBlock<T> x, int mode, int count, CounterRandom random, int powers)
        where T : unmanaged, INumberBase<T>
    {
        Tensor<T>[] draws = [.. x.Lengths.Select((length, k) => random.WithStream(random.Stream + (ulong)k).Normal<T>(length, count))];
        Tensor<T> product = FreshMemory.Zeros<T>([x.Lengths[mode], count]);
        backend.Mttkrp(x.Span, draws, mode, product.AsMatrix());
        Tensor<T> basis = LinearAlgebra.Qr(product, backend).Q;
        for (int p = 0; p < powers; p++)
        {
            using TensorBlock<T> projected = x.Product(backend, basis, mode, transpose: true);
            basis = LinearAlgebra.Qr(Cross(backend, x, projected, mode), backend).Q;
        }

        return basis;
    }

    /// <summary>X_(n) Y_(n)^T for tensors that differ in mode n alone: one product for each slab of the [left, mode, right] views.</summary>
    private static Tensor<T> Cross<T>(ILinearAlgebraBackend backend, TensorBlock<T> x, TensorBlock<T> y, int mode)
        where T : unmanaged, INumberBase<T>
    {
        (int left, int length, int right) = x.View(mode);
        int columns = (int)y.Lengths[mode];
        Tensor<T> sum = FreshMemory.Zeros<T>([length, columns]);
        if (right == 1)
        {
            backend.MatMul(T.One, new ReadOnlyMatrixView<T>(x.Elements, left, length).Transpose, new ReadOnlyMatrixView<T>(y.Elements, left, columns), T.Zero, sum.AsMatrix());
            return sum;
        }

        for (int l = 0; l < left; l++)
        {
            backend.MatMul(
                T.One,
                new ReadOnlyMatrixView<T>(x.Elements.Slice(l * length * right, length * right), length, right),
                new ReadOnlyMatrixView<T>(y.Elements.Slice(l * columns * right, columns * right), columns, right).Transpose,
                l == 0 ? T.Zero : T.One,
                sum.AsMatrix());
        }

        return sum;
    }
}
