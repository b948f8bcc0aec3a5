using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>The left singular vectors and singular values of a mode's unfolding, which is not stored.</summary>
internal static class LeadingSubspace
{
    /// <summary>Singular values (descending, I_n of them, zeros where the unfolding has fewer) and all I_n left singular vectors as columns.</summary>
    public static (double[] Values, Tensor<T> Vectors) Of<T>(ILinearAlgebraBackend backend, Tensor<T> dense, int mode, SubspaceMethod method)
        where T : unmanaged, INumberBase<T>
        => method == SubspaceMethod.Gram ? FromGram(backend, dense, mode) : FromTriangle(backend, dense, mode);

    private static (double[] Values, Tensor<T> Vectors) FromGram<T>(ILinearAlgebraBackend backend, Tensor<T> dense, int mode)
        where T : unmanaged, INumberBase<T>
    {
        int length = (int)dense.Lengths[mode];
        Tensor<T> gram = TensorAlgebra.ModeGram(dense, mode, backend), ascending = Tensor.CreateFromShape<T>([length, length]);
        T[] eigenvalues = new T[length];
        backend.SymmetricEigen(gram.AsReadOnlyMatrix(), eigenvalues, ascending.AsMatrix());
        Tensor<T> vectors = Tensor.CreateFromShape<T>([length, length]);
        ReadOnlySpan<T> from = DenseData.Elements(ascending);
        Span<T> to = DenseData.Elements(vectors);
        for (int i = 0; i < length; i++)
        {
            for (int j = 0; j < length; j++)
            {
                to[(i * length) + j] = from[(i * length) + length - 1 - j];
            }
        }

        return ([.. eigenvalues.Reverse().Select(static w => Math.Sqrt(Math.Max(0, double.CreateChecked(w))))], vectors);
    }

    /// <summary>X_(n)^T = Q R by a flat tree of QRs over the slabs, then R = U S V^T: the columns of V. Small singular values keep all their digits.</summary>
    private static (double[] Values, Tensor<T> Vectors) FromTriangle<T>(ILinearAlgebraBackend backend, Tensor<T> dense, int mode)
        where T : unmanaged, INumberBase<T>
    {
        int left = DenseData.Product(dense.Lengths[..mode]), length = (int)dense.Lengths[mode], right = DenseData.Product(dense.Lengths[(mode + 1)..]);
        Tensor<T> triangle = left == 1 || right == 1 ? Direct(backend, dense, left, length, right) : OverSlabs(backend, dense, left, length, right);
        int rows = (int)triangle.Lengths[0];
        Tensor<T> u = Tensor.CreateFromShape<T>([rows, rows]), vt = Tensor.CreateFromShape<T>([length, length]);
        T[] s = new T[Math.Min(rows, length)];
        backend.Svd(triangle.AsReadOnlyMatrix(), u.AsMatrix(), s, vt.AsMatrix());
        double[] values = new double[length];
        for (int k = 0; k < s.Length; k++)
        {
            values[k] = double.CreateChecked(s[k]);
        }

        return (values, TensorAlgebra.Permute(vt, [1, 0]));
    }

    private static Tensor<T> Direct<T>(ILinearAlgebraBackend backend, Tensor<T> dense, int left, int length, int right)
        where T : unmanaged, INumberBase<T>
    {
        // X_(n)^T is X itself when the mode is last, its transposed view when it is first.
        ReadOnlySpan<T> x = DenseData.Elements(dense);
        ReadOnlyMatrixView<T> tall = right == 1 ? new(x, left, length) : new ReadOnlyMatrixView<T>(x, length, right).Transpose;
        Tensor<T> triangle = Tensor.CreateFromShape<T>([Math.Min(tall.Rows, length), length]);
        backend.QrR(tall, triangle.AsMatrix());
        return triangle;
    }

    private static Tensor<T> OverSlabs<T>(ILinearAlgebraBackend backend, Tensor<T> dense, int left, int length, int right)
        where T : unmanaged, INumberBase<T>
    {
        ReadOnlySpan<T> x = DenseData.Elements(dense);
        int slabs = Math.Min(left, Math.Max(1, ((4 * length) + right - 1) / right));
        Tensor<T> stacked = Tensor.CreateFromShape<T>([length + (slabs * right), length]), triangle = Tensor.CreateFromShape<T>([length, length]);
        int held = 0;
        for (int l = 0; l < left; l += slabs)
        {
            int count = Math.Min(slabs, left - l);
            for (int s = 0; s < count; s++)
            {
                new ReadOnlyMatrixView<T>(x.Slice((l + s) * length * right, length * right), length, right).Transpose.CopyTo(stacked.AsMatrix().Slice(held + (s * right), 0, right, length));
            }

            int rows = held + (count * right), kept = Math.Min(rows, length);
            backend.QrR(stacked.AsReadOnlyMatrix().Slice(0, 0, rows, length), triangle.AsMatrix().Slice(0, 0, kept, length));
            triangle.AsReadOnlyMatrix().Slice(0, 0, kept, length).CopyTo(stacked.AsMatrix().Slice(0, 0, kept, length));
            held = kept;
        }

        return held == length ? triangle : triangle.AsReadOnlyMatrix().Slice(0, 0, held, length).ToTensor();
    }
}
