using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad;

/// <summary>
/// Multilinear algebra on dense tensors of any rank and any strides, results allocated. Modes are 0-based; tensors are row-major. Unfoldings follow TensorLy:
/// column j of the mode-n unfolding enumerates the remaining modes in order, the last one fastest. Where <c>backend</c> is null, <see cref="Backend.Current"/> is used.
/// </summary>
/// <remarks>Elements are reached through the tensor's span: the pinnable reference of a sliced <see cref="Tensor{T}"/> is that of the whole array.</remarks>
public static unsafe class TensorAlgebra
{
    /// <summary>The mode-n unfolding, I_n x (product of the other lengths), as a new matrix.</summary>
    /// <exception cref="ArgumentException">There is no such mode, or the unfolding has more than <see cref="int.MaxValue"/> columns.</exception>
    public static Tensor<T> Unfold<T>(Tensor<T> tensor, int mode, ILinearAlgebraBackend? backend = null)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(tensor);
        Arguments.Mode(mode, tensor.Rank);
        Tensor<T> result = FreshMemory.Uninitialized<T>([TensorLayout.Size(tensor.Lengths, mode), TensorLayout.OtherCount(tensor.Lengths, mode)]);
        (backend ?? Backend.Current).Unfold(tensor.AsReadOnlyTensorSpan(), mode, result.AsMatrix());
        return result;
    }

    /// <summary>The mode-0 unfolding without a copy: I_0 x (product of the other lengths). It can be had when the tensor lies densely in row-major order.</summary>
    /// <exception cref="ArgumentException">The tensor is not dense row-major (a slice, a permutation, a broadcast), or has too many columns.</exception>
    public static ReadOnlyMatrixView<T> UnfoldView<T>(Tensor<T> tensor)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(tensor);
        Arguments.Mode(0, tensor.Rank);
        if (!TensorLayout.IsDense(tensor.Lengths, tensor.Strides))
        {
            throw new ArgumentException($"A tensor of shape {TensorLayout.Text(tensor.Lengths)} with strides {TensorLayout.Text(tensor.Strides)} has no mode-0 unfolding without a copy.", nameof(tensor));
        }

        int rows = TensorLayout.Size(tensor.Lengths, 0), columns = TensorLayout.OtherCount(tensor.Lengths, 0);
        return new ReadOnlyMatrixView<T>(ref LinearAlgebra.First(tensor), rows, columns, columns, 1);
    }

    /// <summary>The tensor of shape <paramref name="lengths"/> whose mode-n unfolding is given.</summary>
    /// <exception cref="ArgumentException">The matrix has another shape than that unfolding.</exception>
    public static Tensor<T> Fold<T>(Tensor<T> unfolding, int mode, ReadOnlySpan<nint> lengths, ILinearAlgebraBackend? backend = null)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(unfolding);
        Tensor<T> result = FreshMemory.Uninitialized<T>(lengths);
        (backend ?? Backend.Current).Fold(unfolding.AsReadOnlyMatrix(), mode, result.AsTensorSpan());
        return result;
    }

    /// <summary>X x_n M: contracts the columns of M (J x I_n) with mode n; the result has length J there. 2 J prod(I) flops.</summary>
    /// <exception cref="ArgumentException">The columns of the matrix are not as many as the mode is long.</exception>
    public static Tensor<T> ModeProduct<T>(Tensor<T> tensor, Tensor<T> matrix, int mode, ILinearAlgebraBackend? backend = null)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(matrix);
        return ModeProduct(tensor, matrix.AsReadOnlyMatrix(), mode, backend ?? Backend.Current);
    }

    /// <summary>
    /// X x_0 M_0 x_1 M_1 ...: one matrix for each mode, null to leave a mode alone. The product that shrinks the tensor most is done first.
    /// </summary>
    /// <param name="tensor">X.</param>
    /// <param name="matrices">As many as X has modes: J_n x I_n, or I_n x J_n when <paramref name="transpose"/> is set.</param>
    /// <param name="transpose">Contract the rows of the matrices instead of their columns.</param>
    /// <param name="backend">The engine.</param>
    /// <exception cref="ArgumentException">The number of matrices or a shape does not fit.</exception>
    public static Tensor<T> MultiModeProduct<T>(Tensor<T> tensor, ReadOnlySpan<Tensor<T>?> matrices, bool transpose = false, ILinearAlgebraBackend? backend = null)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (matrices.Length != tensor.Rank)
        {
            throw new ArgumentException($"A tensor of shape {TensorLayout.Text(tensor.Lengths)} needs {tensor.Rank} matrices (null to skip a mode); there are {matrices.Length}.", nameof(matrices));
        }

        List<(double Growth, int Mode)> order = [];
        for (int n = 0; n < matrices.Length; n++)
        {
            if (matrices[n] is { } matrix)
            {
                ReadOnlyMatrixView<T> view = matrix.AsReadOnlyMatrix();
                order.Add(((double)(transpose ? view.Columns : view.Rows) / Math.Max(1, transpose ? view.Rows : view.Columns), n));
            }
        }

        order.Sort();
        Tensor<T> result = tensor;
        foreach ((_, int mode) in order)
        {
            ReadOnlyMatrixView<T> view = matrices[mode]!.AsReadOnlyMatrix();
            result = ModeProduct(result, transpose ? view.Transpose : view, mode, backend ?? Backend.Current);
        }

        return order.Count > 0 ? result : Permute(tensor, [.. Enumerable.Range(0, tensor.Rank)]);
    }

    /// <summary>X_(n) X_(n)^T, I_n x I_n, without storing the unfolding.</summary>
    /// <exception cref="ArgumentException">There is no such mode.</exception>
    public static Tensor<T> ModeGram<T>(Tensor<T> tensor, int mode, ILinearAlgebraBackend? backend = null)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(tensor);
        Arguments.Mode(mode, tensor.Rank);
        int length = TensorLayout.Size(tensor.Lengths, mode);
        Tensor<T> result = FreshMemory.Zeros<T>([length, length]);
        (backend ?? Backend.Current).ModeGram(tensor.AsReadOnlyTensorSpan(), mode, result.AsMatrix());
        return result;
    }

    /// <summary>
    /// X_(n) KR(U_0, .., U_{n-1}, U_{n+1}, .., U_{N-1}), I_n x R, the first matrix of the Khatri-Rao product varying slowest. Neither the unfolding nor the
    /// Khatri-Rao product is stored. 2 R prod(I) flops.
    /// </summary>
    /// <param name="tensor">X, rank N of at least 2.</param>
    /// <param name="factors">N factors I_k x R; the one at <paramref name="mode"/> is not read and may be null.</param>
    /// <param name="mode">n.</param>
    /// <param name="backend">The engine.</param>
    /// <exception cref="ArgumentException">The number or a shape of the factors does not fit.</exception>
    public static Tensor<T> Mttkrp<T>(Tensor<T> tensor, ReadOnlySpan<Tensor<T>> factors, int mode, ILinearAlgebraBackend? backend = null)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(tensor);
        Arguments.Mode(mode, tensor.Rank);
        nint rank = 0;
        for (int k = 0; k < factors.Length; k++)
        {
            if (k != mode && factors[k] is { Rank: 2 } factor)
            {
                rank = factor.Lengths[1];
                break;
            }
        }

        Tensor<T> result = FreshMemory.Zeros<T>([TensorLayout.Size(tensor.Lengths, mode), rank]);
        (backend ?? Backend.Current).Mttkrp(tensor.AsReadOnlyTensorSpan(), factors, mode, result.AsMatrix());
        return result;
    }

    /// <summary>The square root of the sum of squares, without overflow or underflow on the way; long tensors lose no accuracy (compensated sums).</summary>
    public static T FrobeniusNorm<T>(Tensor<T> tensor)
        where T : unmanaged, INumberBase<T>
    {
        Arguments.Supported<T>();
        ArgumentNullException.ThrowIfNull(tensor);
        fixed (T* data = &LinearAlgebra.First(tensor))
        {
            using DenseTensor<T> x = DenseTensor<T>.Of(data, tensor.Lengths, tensor.Strides, Parallelism.Current);
            return T.CreateSaturating(TensorReductions.FrobeniusNorm(x.Data, TensorLayout.Count(tensor.Lengths)));
        }
    }

    /// <summary>The sum of products of corresponding elements.</summary>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public static T Inner<T>(Tensor<T> a, Tensor<T> b)
        where T : unmanaged, INumberBase<T>
    {
        Arguments.Supported<T>();
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        if (!a.Lengths.SequenceEqual(b.Lengths))
        {
            throw new ArgumentException($"The inner product needs equal shapes; they are {TensorLayout.Text(a.Lengths)} and {TensorLayout.Text(b.Lengths)}.", nameof(b));
        }

        fixed (T* pa = &LinearAlgebra.First(a))
        fixed (T* pb = &LinearAlgebra.First(b))
        {
            using DenseTensor<T> x = DenseTensor<T>.Of(pa, a.Lengths, a.Strides, Parallelism.Current);
            using DenseTensor<T> y = DenseTensor<T>.Of(pb, b.Lengths, b.Strides, Parallelism.Current);
            return T.CreateSaturating(TensorReductions.Inner(x.Data, y.Data, TensorLayout.Count(a.Lengths)));
        }
    }

    /// <summary>A dense copy with the modes in another order: mode k of the result is mode <c>order[k]</c> of the tensor.</summary>
    /// <exception cref="ArgumentException"><paramref name="order"/> is not a permutation of the modes.</exception>
    public static Tensor<T> Permute<T>(Tensor<T> tensor, ReadOnlySpan<int> order)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(tensor);
        bool[] seen = new bool[tensor.Rank];
        bool valid = order.Length == tensor.Rank;
        for (int k = 0; k < order.Length && valid; k++)
        {
            valid = (uint)order[k] < (uint)tensor.Rank && !seen[order[k]];
            seen[valid ? order[k] : 0] = true;
        }

        if (!valid)
        {
            throw new ArgumentException($"[{string.Join(", ", order.ToArray())}] is not an order of the {tensor.Rank} modes of a tensor of shape {TensorLayout.Text(tensor.Lengths)}.", nameof(order));
        }

        nint[] lengths = new nint[order.Length], strides = new nint[order.Length];
        for (int k = 0; k < order.Length; k++)
        {
            lengths[k] = tensor.Lengths[order[k]];
            strides[k] = tensor.Strides[order[k]];
        }

        Tensor<T> result = FreshMemory.Uninitialized<T>(lengths);
        fixed (T* source = &LinearAlgebra.First(tensor))
        fixed (T* target = &LinearAlgebra.First(result))
        {
            TensorCopy.Run(source, strides, target, TensorLayout.DenseStrides(lengths), lengths, Parallelism.Current);
        }

        return result;
    }

    private static Tensor<T> ModeProduct<T>(Tensor<T> tensor, in ReadOnlyMatrixView<T> matrix, int mode, ILinearAlgebraBackend backend)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(tensor);
        Arguments.Mode(mode, tensor.Rank);
        nint[] lengths = tensor.Lengths.ToArray();
        lengths[mode] = matrix.Rows;
        Tensor<T> result = FreshMemory.Zeros<T>(lengths);
        backend.ModeProduct(tensor.AsReadOnlyTensorSpan(), matrix, mode, result.AsTensorSpan());
        return result;
    }
}
