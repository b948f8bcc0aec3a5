using System.Numerics;
using System.Numerics.Tensors;
using Polyad.Managed;

namespace Polyad;

/// <summary>
/// The tensor kernels that every engine inherits: all work on the [left, mode, right] view of the tensor and store no unfolding.
/// Here arguments are checked, memory is pinned, and layouts other than dense row-major are packed.
/// </summary>
internal static unsafe class TensorKernels
{
    public static void Unfold<T>(in ReadOnlyTensorSpan<T> tensor, int mode, in MatrixView<T> destination, Parallelism parallelism)
        where T : unmanaged, INumberBase<T>
    {
        Arguments.Supported<T>();
        Arguments.Mode(mode, tensor.Rank);
        ReadOnlySpan<nint> lengths = tensor.Lengths;
        Arguments.Shape(destination, TensorLayout.Size(lengths, mode), TensorLayout.OtherCount(lengths, mode));
        fixed (T* source = &tensor.GetPinnableReference())
        fixed (T* target = destination)
        {
            RefuseOverlap(source, tensor, nameof(tensor), target, destination, nameof(destination));
            TensorCopy.Run(source, tensor.Strides, target, UnfoldingStrides(lengths, mode, destination.RowStride, destination.ColumnStride), lengths, parallelism.Min(Parallelism.Current));
        }
    }

    public static void Fold<T>(in ReadOnlyMatrixView<T> unfolding, int mode, in TensorSpan<T> destination, Parallelism parallelism)
        where T : unmanaged, INumberBase<T>
    {
        Arguments.Supported<T>();
        Arguments.Mode(mode, destination.Rank);
        ReadOnlySpan<nint> lengths = destination.Lengths;
        int rows = TensorLayout.Size(lengths, mode), columns = TensorLayout.OtherCount(lengths, mode);
        if (unfolding.Rows != rows || unfolding.Columns != columns)
        {
            throw new ArgumentException(
                $"The mode-{mode} unfolding of a tensor of shape {TensorLayout.Text(lengths)} is {rows} x {columns}; '{nameof(unfolding)}' is {unfolding.Rows} x {unfolding.Columns}.", nameof(unfolding));
        }

        TensorLayout.RefuseBroadcast(lengths, destination.Strides, nameof(destination));
        fixed (T* source = unfolding)
        fixed (T* target = &destination.GetPinnableReference())
        {
            RefuseOverlap(target, destination, nameof(destination), source, unfolding, nameof(unfolding));
            TensorCopy.Run(source, UnfoldingStrides(lengths, mode, unfolding.RowStride, unfolding.ColumnStride), target, destination.Strides, lengths, parallelism.Min(Parallelism.Current));
        }
    }

    public static void ModeProduct<T>(ILinearAlgebraBackend backend, in ReadOnlyTensorSpan<T> tensor, in ReadOnlyMatrixView<T> matrix, int mode, in TensorSpan<T> destination)
        where T : unmanaged, INumberBase<T>
    {
        Arguments.Supported<T>();
        Arguments.Mode(mode, tensor.Rank);
        nint[] lengths = tensor.Lengths.ToArray();
        int length = TensorLayout.Size(lengths, mode);
        if (matrix.Columns != length)
        {
            throw new ArgumentException($"A {matrix.Rows} x {matrix.Columns} matrix cannot contract mode {mode} of a tensor of shape {TensorLayout.Text(lengths)}: it needs {length} columns.", nameof(matrix));
        }

        nint[] product = (nint[])lengths.Clone();
        product[mode] = matrix.Rows;
        if (!destination.Lengths.SequenceEqual(product))
        {
            throw new ArgumentException($"'{nameof(destination)}' must have shape {TensorLayout.Text(product)}; it has {TensorLayout.Text(destination.Lengths)}.", nameof(destination));
        }

        TensorLayout.RefuseBroadcast(product, destination.Strides, nameof(destination));
        Parallelism parallelism = backend.Parallelism.Min(Parallelism.Current);
        fixed (T* source = &tensor.GetPinnableReference())
        fixed (T* m = matrix)
        fixed (T* target = &destination.GetPinnableReference())
        {
            TensorOverlap.Refuse(source, lengths, tensor.Strides, nameof(tensor), target, product, destination.Strides, nameof(destination));
            RefuseOverlap(target, destination, nameof(destination), m, matrix, nameof(matrix));
            if (TensorLayout.Count(product) == 0)
            {
                return;
            }

            using DenseTensor<T> y = DenseTensor<T>.For(target, product, destination.Strides);
            if (length == 0)
            {
                T zero = T.Zero;
                TensorCopy.Run(&zero, new nint[product.Length], y.Data, TensorLayout.DenseStrides(product), product, parallelism);
            }
            else
            {
                using DenseTensor<T> x = DenseTensor<T>.Of(source, lengths, tensor.Strides, parallelism);
                ModeProductKernel.Run(
                    backend, x.Data, TensorLayout.Count(lengths.AsSpan(0, mode)), length, TensorLayout.Count(lengths.AsSpan(mode + 1)), Pinned.Block(matrix, m), y.Data, parallelism);
            }

            y.WriteBack(target, product, destination.Strides, parallelism);
        }
    }

    public static void ModeGram<T>(ILinearAlgebraBackend backend, in ReadOnlyTensorSpan<T> tensor, int mode, in MatrixView<T> destination)
        where T : unmanaged, INumberBase<T>
    {
        Arguments.Supported<T>();
        Arguments.Mode(mode, tensor.Rank);
        ReadOnlySpan<nint> lengths = tensor.Lengths;
        int length = TensorLayout.Size(lengths, mode);
        Arguments.Shape(destination, length, length);
        Parallelism parallelism = backend.Parallelism.Min(Parallelism.Current);
        fixed (T* source = &tensor.GetPinnableReference())
        fixed (T* target = destination)
        {
            RefuseOverlap(source, tensor, nameof(tensor), target, destination, nameof(destination));
            if (TensorLayout.Count(lengths) == 0)
            {
                destination.Fill(T.Zero);
                return;
            }

            using DenseTensor<T> x = DenseTensor<T>.Of(source, lengths, tensor.Strides, parallelism);
            ModeGramKernel.Run(backend, x.Data, TensorLayout.Count(lengths[..mode]), length, TensorLayout.Count(lengths[(mode + 1)..]), Pinned.Block(destination, target), parallelism);
        }
    }

    public static void Mttkrp<T>(ILinearAlgebraBackend backend, in ReadOnlyTensorSpan<T> tensor, ReadOnlySpan<Tensor<T>> factors, int mode, in MatrixView<T> destination)
        where T : unmanaged, INumberBase<T>
    {
        Arguments.Supported<T>();
        Arguments.Mode(mode, tensor.Rank);
        nint[] lengths = tensor.Lengths.ToArray();
        int rank = destination.Columns;
        CheckFactors(lengths, factors, mode, rank);
        Arguments.Shape(destination, TensorLayout.Size(lengths, mode), rank);
        Parallelism parallelism = backend.Parallelism.Min(Parallelism.Current);
        fixed (T* source = &tensor.GetPinnableReference())
        fixed (T* target = destination)
        {
            RefuseOverlap(source, tensor, nameof(tensor), target, destination, nameof(destination));
            for (int k = 0; k < factors.Length; k++)
            {
                if (k != mode)
                {
                    Arguments.Disjoint<T>(factors[k].AsReadOnlyMatrix(), destination, nameof(factors), nameof(destination));
                }
            }

            if (TensorLayout.Count(lengths) == 0)
            {
                destination.Fill(T.Zero);
                return;
            }

            nint rows = 0;
            for (int k = 0; k < lengths.Length; k++)
            {
                rows += k == mode ? 0 : lengths[k];
            }

            // The factors are small beside X: one dense copy of each spares every kernel their strides.
            using Scratch<T> packed = Workspace.Rent<T>(checked(rows * rank));
            nint[] addresses = new nint[lengths.Length];
            T* next = packed.Pointer;
            for (int k = 0; k < lengths.Length; k++)
            {
                if (k == mode)
                {
                    continue;
                }

                addresses[k] = (nint)next;
                factors[k].AsReadOnlyMatrix().CopyTo(MatrixView<T>.FromPointer(next, (int)lengths[k], rank, rank, 1));
                next += lengths[k] * rank;
            }

            using DenseTensor<T> x = DenseTensor<T>.Of(source, lengths, tensor.Strides, parallelism);
            MttkrpKernel<T>.Run(backend, x.Data, lengths, addresses, rank, mode, Pinned.Block(destination, target), parallelism);
        }
    }

    private static void CheckFactors<T>(nint[] lengths, ReadOnlySpan<Tensor<T>> factors, int mode, int rank)
        where T : unmanaged, INumberBase<T>
    {
        if (lengths.Length < 2)
        {
            throw new ArgumentException($"The product needs a tensor of rank 2 or more; this one has shape {TensorLayout.Text(lengths)}.", nameof(lengths));
        }

        if (rank < 1)
        {
            throw new ArgumentException("The destination must have at least one column: the rank.", nameof(rank));
        }

        if (factors.Length != lengths.Length)
        {
            throw new ArgumentException($"A tensor of shape {TensorLayout.Text(lengths)} needs {lengths.Length} factors; there are {factors.Length}.", nameof(factors));
        }

        for (int k = 0; k < factors.Length; k++)
        {
            if (k == mode)
            {
                continue;
            }

            if (factors[k] is null)
            {
                throw new ArgumentException($"Factor {k} is null; only the one at mode {mode} may be.", nameof(factors));
            }

            if (factors[k].Rank != 2 || factors[k].Lengths[0] != TensorLayout.Size(lengths, k) || factors[k].Lengths[1] != rank)
            {
                throw new ArgumentException(
                    $"Factor {k} must be {lengths[k]} x {rank} for a tensor of shape {TensorLayout.Text(lengths)} and a destination of {rank} columns; it has shape {TensorLayout.Text(factors[k].Lengths)}.", nameof(factors));
            }
        }
    }

    /// <summary>The strides that a tensor has inside its own unfolding.</summary>
    private static nint[] UnfoldingStrides(ReadOnlySpan<nint> lengths, int mode, nint rowStride, nint columnStride)
    {
        nint[] strides = new nint[lengths.Length];
        nint next = columnStride;
        for (int k = lengths.Length - 1; k >= 0; k--)
        {
            if (k == mode)
            {
                strides[k] = rowStride;
                continue;
            }

            strides[k] = next;
            next *= lengths[k];
        }

        return strides;
    }

    private static void RefuseOverlap<T>(T* data, in ReadOnlyTensorSpan<T> tensor, string first, T* origin, in ReadOnlyMatrixView<T> matrix, string second)
        where T : unmanaged
        => TensorOverlap.Refuse(data, tensor.Lengths, tensor.Strides, first, origin, [matrix.Rows, matrix.Columns], [matrix.RowStride, matrix.ColumnStride], second);
}
