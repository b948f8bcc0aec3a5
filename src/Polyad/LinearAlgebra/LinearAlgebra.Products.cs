using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad;

public static unsafe partial class LinearAlgebra
{
    /// <summary>The Khatri-Rao product: column r is the Kronecker product of the columns r, the first matrix varying slowest.</summary>
    /// <param name="matrices">I_k x R each; at least one.</param>
    /// <returns>(product of the I_k) x R.</returns>
    /// <exception cref="ArgumentException">There is no matrix, or the numbers of columns differ.</exception>
    public static Tensor<T> KhatriRao<T>(params ReadOnlySpan<Tensor<T>> matrices)
        where T : unmanaged, INumberBase<T>
    {
        Arguments.Supported<T>();
        if (matrices.IsEmpty)
        {
            throw new ArgumentException("A Khatri-Rao product needs at least one matrix.", nameof(matrices));
        }

        Tensor<T> product = matrices[0].AsReadOnlyMatrix().ToTensor();
        int columns = (int)product.Lengths[1];
        for (int k = 1; k < matrices.Length; k++)
        {
            Tensor<T> next = matrices[k].AsReadOnlyMatrix().ToTensor();
            if (next.Lengths[1] != columns)
            {
                throw new ArgumentException($"Matrix {k} of a Khatri-Rao product is {next.Lengths[0]} x {next.Lengths[1]}; the first has {columns} columns.", nameof(matrices));
            }

            int left = (int)product.Lengths[0], right = (int)next.Lengths[0];
            Tensor<T> larger = NewMatrix<T>(checked(left * right), columns);
            for (int i = 0; i < left; i++)
            {
                for (int j = 0; j < right; j++)
                {
                    TensorPrimitives.Multiply(
                        Elements(product).Slice(i * columns, columns), Elements(next).Slice(j * columns, columns), Elements(larger).Slice(((i * right) + j) * columns, columns));
                }
            }

            product = larger;
        }

        return product;
    }

    /// <summary>The Kronecker product: block (i, j) is a[i, j] B.</summary>
    /// <param name="a">m x n.</param>
    /// <param name="b">p x q.</param>
    /// <returns>mp x nq.</returns>
    public static Tensor<T> Kronecker<T>(Tensor<T> a, Tensor<T> b)
        where T : unmanaged, INumberBase<T>
    {
        Arguments.Supported<T>();
        Tensor<T> left = a.AsReadOnlyMatrix().ToTensor(), right = b.AsReadOnlyMatrix().ToTensor();
        int m = (int)left.Lengths[0], n = (int)left.Lengths[1], p = (int)right.Lengths[0], q = (int)right.Lengths[1];
        Tensor<T> product = NewMatrix<T>(checked(m * p), checked(n * q));
        for (int i = 0; i < m; i++)
        {
            for (int k = 0; k < p; k++)
            {
                for (int j = 0; j < n; j++)
                {
                    TensorPrimitives.Multiply(
                        Elements(right).Slice(k * q, q), Elements(left)[(i * n) + j], Elements(product).Slice((((i * p) + k) * n * q) + (j * q), q));
                }
            }
        }

        return product;
    }

    /// <summary>The outer product: entry (i.., j..) is a[i..] b[j..].</summary>
    /// <returns>A tensor whose shape is that of A followed by that of B.</returns>
    public static Tensor<T> Outer<T>(Tensor<T> a, Tensor<T> b, ILinearAlgebraBackend? backend = null)
        where T : unmanaged, INumberBase<T>
        => Contract(a, b, [], [], backend);

    /// <summary>Matrix products over the last two modes; the leading modes are equal or of length 1, which repeats.</summary>
    /// <param name="a">.. x m x k.</param>
    /// <param name="b">.. x k x n.</param>
    /// <param name="backend">The engine; null for the current one.</param>
    /// <returns>.. x m x n.</returns>
    /// <exception cref="ArgumentException">A rank is below 2, the inner sizes differ, or leading modes do not match.</exception>
    public static Tensor<T> BatchedMatMul<T>(Tensor<T> a, Tensor<T> b, ILinearAlgebraBackend? backend = null)
        where T : unmanaged, INumberBase<T>
    {
        Arguments.Supported<T>();
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        if (a.Rank < 2 || b.Rank < 2 || a.Lengths[^1] != b.Lengths[^2])
        {
            throw new ArgumentException($"Cannot multiply tensors of shape {ShapeOf(a.Lengths)} and {ShapeOf(b.Lengths)} over their last two modes.", nameof(b));
        }

        int rank = Math.Max(a.Rank, b.Rank);
        nint[] shape = new nint[rank], aSteps = new nint[rank], bSteps = new nint[rank];
        long batches = 1;
        for (int i = 0; i < rank - 2; i++)
        {
            int ia = i - (rank - a.Rank), ib = i - (rank - b.Rank);
            nint la = ia < 0 ? 1 : a.Lengths[ia], lb = ib < 0 ? 1 : b.Lengths[ib];
            if (la != lb && la != 1 && lb != 1)
            {
                throw new ArgumentException($"The leading modes of shapes {ShapeOf(a.Lengths)} and {ShapeOf(b.Lengths)} do not match.", nameof(b));
            }

            shape[i] = la == 1 ? lb : la;
            aSteps[i] = la == 1 ? 0 : a.Strides[ia];
            bSteps[i] = lb == 1 ? 0 : b.Strides[ib];
            batches *= shape[i];
        }

        int m = (int)a.Lengths[^2], k = (int)a.Lengths[^1], n = (int)b.Lengths[^1];
        shape[rank - 2] = m;
        shape[rank - 1] = n;
        Tensor<T> c = FreshMemory.Zeros<T>(shape);
        if (c.FlattenedLength == 0 || k == 0)
        {
            return c;
        }

        ILinearAlgebraBackend engine = Engine(backend);
        nint[] index = new nint[rank];
        fixed (T* pa = &First(a), pb = &First(b), pc = &First(c))
        {
            for (long batch = 0; batch < batches; batch++)
            {
                nint offsetA = 0, offsetB = 0;
                for (int i = 0; i < rank - 2; i++)
                {
                    offsetA += index[i] * aSteps[i];
                    offsetB += index[i] * bSteps[i];
                }

                engine.MatMul(
                    T.One,
                    ReadOnlyMatrixView<T>.FromPointer(pa + offsetA, m, k, a.Strides[^2], a.Strides[^1]),
                    ReadOnlyMatrixView<T>.FromPointer(pb + offsetB, k, n, b.Strides[^2], b.Strides[^1]),
                    T.Zero,
                    MatrixView<T>.FromPointer(pc + ((nint)batch * m * n), m, n, n, 1));
                for (int i = rank - 3; i >= 0 && ++index[i] == shape[i]; i--)
                {
                    index[i] = 0;
                }
            }
        }

        return c;
    }

    /// <summary>
    /// Sums over pairs of modes: the result has the other modes of A, then those of B, in order. One matrix product; a tensor is copied only where its modes
    /// do not lie as a matrix already.
    /// </summary>
    /// <param name="a">Any rank.</param>
    /// <param name="b">Any rank.</param>
    /// <param name="modesA">The modes of A to sum over.</param>
    /// <param name="modesB">Their partners in B.</param>
    /// <param name="backend">The engine; null for the current one.</param>
    /// <returns>The contraction; shape [1] when no mode remains.</returns>
    /// <exception cref="ArgumentException">The modes do not pair up, repeat, are out of range, or differ in length.</exception>
    public static Tensor<T> Contract<T>(Tensor<T> a, Tensor<T> b, ReadOnlySpan<int> modesA, ReadOnlySpan<int> modesB, ILinearAlgebraBackend? backend = null)
        where T : unmanaged, INumberBase<T>
    {
        Arguments.Supported<T>();
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        if (modesA.Length != modesB.Length)
        {
            throw new ArgumentException($"{modesA.Length} modes of the first tensor cannot pair with {modesB.Length} of the second.", nameof(modesB));
        }

        // Modes are named by letters of an internal alphabet: those of A count up from 0, a summed mode of B takes the name of its partner.
        int[] labelsA = [.. Enumerable.Range(0, a.Rank)], labelsB = [.. Enumerable.Range(a.Rank, b.Rank)];
        for (int i = 0; i < modesA.Length; i++)
        {
            int p = modesA[i], q = modesB[i];
            if ((uint)p >= (uint)a.Rank || (uint)q >= (uint)b.Rank || modesA[..i].Contains(p) || modesB[..i].Contains(q) || a.Lengths[p] != b.Lengths[q])
            {
                throw new ArgumentException($"Mode {p} of shape {ShapeOf(a.Lengths)} cannot be summed with mode {q} of shape {ShapeOf(b.Lengths)}.", nameof(modesA));
            }

            labelsB[q] = p;
        }

        int[] output = [.. labelsA.Where(l => !labelsB.Contains(l)), .. labelsB.Where(l => l >= a.Rank)];
        return EinsumPlan.Run<T>(Engine(backend), [new(a, labelsA), new(b, labelsB)], output);
    }

    internal static string ShapeOf(ReadOnlySpan<nint> lengths) => $"[{string.Join(" x ", lengths.ToArray())}]";
}
