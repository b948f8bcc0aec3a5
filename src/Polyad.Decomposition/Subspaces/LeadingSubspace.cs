using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>The leading left singular vectors and the singular values of a mode's unfolding, which is not stored.</summary>
internal static unsafe class LeadingSubspace
{
    /// <summary>The first left singular vectors as columns: <paramref name="count"/>, or as many as the mode is long.</summary>
    public static Tensor<T> Of<T>(ILinearAlgebraBackend backend, Tensor<T> dense, int mode, SubspaceMethod method, int count)
        where T : unmanaged, INumberBase<T>
    {
        fixed (T* data = DenseData.Elements(dense))
        {
            using TensorBlock<T> block = new(data, dense.Lengths.ToArray());
            return Of(backend, block, mode, method, values => Math.Min(count, values.Length)).Vectors;
        }
    }

    /// <summary>Singular values (descending, I_n of them, zeros where the unfolding has fewer) and the first left singular vectors as columns.</summary>
    /// <param name="backend">The engine.</param>
    /// <param name="x">The tensor.</param>
    /// <param name="mode">n.</param>
    /// <param name="method">Gram or QR-SVD.</param>
    /// <param name="choose">How many vectors, from the values.</param>
    public static (double[] Values, Tensor<T> Vectors) Of<T>(ILinearAlgebraBackend backend, TensorBlock<T> x, int mode, SubspaceMethod method, Func<double[], int> choose)
        where T : unmanaged, INumberBase<T>
    {
        (int left, int length, int right) = x.View(mode);
        int others = left * right;

        // With fewer columns than rows the unfolding has few vectors, and its own QR decomposition is the short way to them.
        return others < length ? FromUnfolding(backend, x, mode, others, choose)
            : method == SubspaceMethod.Gram ? FromGram(backend, x, mode, choose) : FromTriangle(backend, x, mode, choose);
    }

    private static (double[] Values, Tensor<T> Vectors) FromGram<T>(ILinearAlgebraBackend backend, TensorBlock<T> x, int mode, Func<double[], int> choose)
        where T : unmanaged, INumberBase<T>
    {
        int length = (int)x.Lengths[mode];
        using Scratch<T> scratch = Workspace.Rent<T>(2 * (nint)length * length);
        MatrixView<T> gram = new(scratch.Span[..(length * length)], length, length), ascending = new(scratch.Span[(length * length)..], length, length);
        backend.ModeGram(x.Span, mode, gram);
        T[] eigenvalues = new T[length];
        backend.SymmetricEigen(gram, eigenvalues, ascending);
        double[] values = new double[length];
        for (int k = 0; k < length; k++)
        {
            values[k] = Math.Sqrt(Math.Max(0, double.CreateChecked(eigenvalues[length - 1 - k])));
        }

        int rank = choose(values);
        T[] vectors = new T[length * rank];
        for (int i = 0; i < length; i++)
        {
            for (int j = 0; j < rank; j++)
            {
                vectors[(i * rank) + j] = ascending[i, length - 1 - j];
            }
        }

        return (values, Tensor.Create(vectors, [length, rank]));
    }

    private static (double[] Values, Tensor<T> Vectors) FromUnfolding<T>(ILinearAlgebraBackend backend, TensorBlock<T> x, int mode, int others, Func<double[], int> choose)
        where T : unmanaged, INumberBase<T>
    {
        int length = (int)x.Lengths[mode];
        using Scratch<T> scratch = Workspace.Rent<T>((((nint)2 * length) + others) * others);
        Span<T> rest = scratch.Span[(length * others)..];
        MatrixView<T> unfolding = new(scratch.Span[..(length * others)], length, others), u = new(rest[..(length * others)], length, others), vt = new(rest[(length * others)..], others, others);
        backend.Unfold(x.Span, mode, unfolding);
        T[] s = new T[others];
        backend.Svd(unfolding, u, s, vt);
        double[] values = new double[length];
        TensorPrimitives.ConvertChecked<T, double>(s, values);
        int rank = choose(values);

        // More vectors than columns: any that complete the basis, which only the full decomposition has.
        ReadOnlyMatrixView<T> vectors = rank <= others ? u : LinearAlgebra.Svd<T>(unfolding, fullMatrices: true, backend: backend).U.AsReadOnlyMatrix();
        return (values, vectors.Slice(0, 0, length, rank).ToTensor());
    }

    /// <summary>X_(n)^T = Q R by a flat tree of QRs over the slabs, then R = U S V^T: the columns of V. Small singular values keep all their digits.</summary>
    private static (double[] Values, Tensor<T> Vectors) FromTriangle<T>(ILinearAlgebraBackend backend, TensorBlock<T> x, int mode, Func<double[], int> choose)
        where T : unmanaged, INumberBase<T>
    {
        (int left, int length, int right) = x.View(mode);
        using Scratch<T> triangle = Workspace.Rent<T>((nint)length * length);
        MatrixView<T> r = new(triangle.Span, length, length);
        if (left == 1 || right == 1)
        {
            // X_(n)^T is X itself when the mode is last, its transposed view when it is first.
            backend.QrR(right == 1 ? new ReadOnlyMatrixView<T>(x.Elements, left, length) : new ReadOnlyMatrixView<T>(x.Elements, length, right).Transpose, r);
        }
        else
        {
            OverSlabs(backend, x, mode, r);
        }

        using Scratch<T> scratch = Workspace.Rent<T>(2 * (nint)length * length);
        MatrixView<T> u = new(scratch.Span[..(length * length)], length, length), vt = new(scratch.Span[(length * length)..], length, length);
        T[] s = new T[length];
        backend.Svd(r, u, s, vt);
        double[] values = [.. s.Select(static v => double.CreateChecked(v))];
        int rank = choose(values);
        return (values, ((ReadOnlyMatrixView<T>)vt).Slice(0, 0, rank, length).Transpose.ToTensor());
    }

    private static void OverSlabs<T>(ILinearAlgebraBackend backend, TensorBlock<T> x, int mode, in MatrixView<T> triangle)
        where T : unmanaged, INumberBase<T>
    {
        (int left, int length, int right) = x.View(mode);
        ReadOnlySpan<T> elements = x.Elements;
        int slabs = Math.Min(left, Math.Max(1, ((4 * length) + right - 1) / right)), height = length + (slabs * right), held = 0;
        using Scratch<T> scratch = Workspace.Rent<T>((nint)height * length);
        MatrixView<T> stacked = new(scratch.Span, height, length);
        for (int l = 0; l < left; l += slabs)
        {
            int count = Math.Min(slabs, left - l);
            for (int s = 0; s < count; s++)
            {
                new ReadOnlyMatrixView<T>(elements.Slice((l + s) * length * right, length * right), length, right).Transpose.CopyTo(stacked.Slice(held + (s * right), 0, right, length));
            }

            int rows = held + (count * right), kept = Math.Min(rows, length);
            backend.QrR(((ReadOnlyMatrixView<T>)stacked).Slice(0, 0, rows, length), triangle.Slice(0, 0, kept, length));
            ((ReadOnlyMatrixView<T>)triangle).Slice(0, 0, kept, length).CopyTo(stacked.Slice(0, 0, kept, length));
            held = kept;
        }
    }
}
