using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

public partial record TuckerTensor<T>
{
    /// <summary>One element. prod(r) multiplications.</summary>
    /// <param name="index">One for each mode.</param>
    /// <exception cref="ArgumentException">There are not as many indices as modes.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An index is outside its mode.</exception>
    public T this[params ReadOnlySpan<int> index]
    {
        get
        {
            if (index.Length != Order)
            {
                throw new ArgumentException($"An element of a model of shape {DenseData.Text(Lengths)} has {Order} indices; {index.Length} were given.", nameof(index));
            }

            // Contracts the last mode first: what is left is a prefix of the core's shape.
            T[] rest = DenseData.Elements(Core).ToArray();
            Tensor<T>?[] factors = ByMode;
            for (int n = Order - 1; n >= 0; n--)
            {
                int rank = (int)Core.Lengths[n], length = (int)(factors[n]?.Lengths[0] ?? rank);
                if ((uint)index[n] >= (uint)length)
                {
                    throw new ArgumentOutOfRangeException(nameof(index), index[n], $"Index {index[n]} is outside mode {n} of a model of shape {DenseData.Text(Lengths)}.");
                }

                T[] next = new T[rest.Length / rank];
                for (int i = 0; i < next.Length; i++)
                {
                    ReadOnlySpan<T> line = rest.AsSpan(i * rank, rank);
                    next[i] = factors[n] is { } factor ? TensorPrimitives.Dot(line, DenseData.Elements(factor).Slice(index[n] * rank, rank)) : line[index[n]];
                }

                rest = next;
            }

            return rest[0];
        }
    }

    /// <summary>The model of a part of the tensor, a range of each mode: <c>model.Part(10..20, .., 3..4).Reconstruct()</c> forms that part alone.</summary>
    /// <param name="ranges">One for each mode.</param>
    /// <exception cref="ArgumentException">There are not as many ranges as modes, or one is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A range leaves its mode.</exception>
    public TuckerTensor<T> Part(params ReadOnlySpan<Range> ranges)
    {
        if (ranges.Length != Order)
        {
            throw new ArgumentException($"A model of shape {DenseData.Text(Lengths)} takes {Order} ranges; there are {ranges.Length}.", nameof(ranges));
        }

        Tensor<T>?[] factors = ByMode;
        Tensor<T> core = Core;
        for (int n = 0; n < Order; n++)
        {
            int length = (int)Lengths[n];
            (int from, int count) = ranges[n].GetOffsetAndLength(length);
            if (count == 0)
            {
                throw new ArgumentException($"The range {ranges[n]} of mode {n}, of length {length}, is empty.", nameof(ranges));
            }

            if (factors[n] is { } factor)
            {
                factors[n] = factor.AsReadOnlyMatrix().Slice(from, 0, count, (int)factor.Lengths[1]).ToTensor();
            }
            else if (count < length)
            {
                NRange[] part = [.. Enumerable.Repeat(NRange.All, Order)];
                part[n] = from..(from + count);
                core = DenseData.Copy(core.Slice(part));
            }
        }

        return Of(core, factors, null);
    }

    /// <summary>The model of the tensor with its modes in another order.</summary>
    /// <param name="order">Mode k of the result is mode <c>order[k]</c> of this tensor.</param>
    /// <exception cref="ArgumentException"><paramref name="order"/> is not a permutation of the modes.</exception>
    public TuckerTensor<T> Permute(params ReadOnlySpan<int> order)
    {
        Tensor<T> core = TensorAlgebra.Permute(Core, order);
        int[] wanted = order.ToArray();
        Tensor<T>?[] factors = ByMode;
        return Of(core, [.. wanted.Select(n => factors[n])], Modes is null ? null : [.. wanted.Select(n => Modes[n])]);
    }

    /// <summary>X x_n M: contracts the columns of M (J x I_n) with a mode.</summary>
    /// <param name="mode">Any.</param>
    /// <param name="matrix">J x I_n.</param>
    /// <param name="backend">The engine; null for the current one.</param>
    /// <exception cref="ArgumentException">The matrix does not fit.</exception>
    public TuckerTensor<T> ModeProduct(int mode, Tensor<T> matrix, ILinearAlgebraBackend? backend = null)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        CheckMode(mode);
        if (matrix.Rank != 2 || matrix.Lengths[0] == 0 || matrix.Lengths[1] != Lengths[mode])
        {
            throw new ArgumentException($"Mode {mode} of a model of shape {DenseData.Text(Lengths)} is contracted with a J x {Lengths[mode]} matrix; this one is {DenseData.Text(matrix.Lengths)}.", nameof(matrix));
        }

        Tensor<T>?[] factors = ByMode;
        factors[mode] = factors[mode] is { } factor ? LinearAlgebra.MatMul(matrix, factor, backend) : DenseData.Copy(matrix);
        return Of(Core, factors, null);
    }

    /// <summary>The core that another tensor has in these factors, by least squares: X x_n U_n^+ in every mode. Two tensors compressed in one basis are compared, added and averaged as their cores.</summary>
    /// <param name="tensor">Of the same shape.</param>
    /// <param name="backend">The engine; null for the current one.</param>
    /// <exception cref="ArgumentException">The shape differs.</exception>
    public Tensor<T> Project(Tensor<T> tensor, ILinearAlgebraBackend? backend = null)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        CheckShape(tensor.Lengths, nameof(tensor));
        return TensorAlgebra.MultiModeProduct(tensor, [.. ByMode.Select(factor => factor is null ? null : LinearAlgebra.Pinv(factor, backend: backend))], backend: backend);
    }

    /// <summary>
    /// The rows that a mode's factor has for new samples, by least squares with all else fixed: a tensor of the same shape but for the length of that mode, J, gives J x r_n coefficients. Times the core and the other factors
    /// they are the model of the samples: <c>new TuckerTensor(core, factors with these rows)</c>.
    /// </summary>
    /// <param name="samples">Of the shape of the model, but for <paramref name="mode"/>.</param>
    /// <param name="mode">The mode that the samples are numbered by; it has a factor.</param>
    /// <param name="backend">The engine; null for the current one.</param>
    /// <exception cref="ArgumentException">The shape does not fit, or the mode has no factor.</exception>
    public Tensor<T> Transform(Tensor<T> samples, int mode = 0, ILinearAlgebraBackend? backend = null)
    {
        ArgumentNullException.ThrowIfNull(samples);
        CheckMode(mode);
        nint[] lengths = Lengths;
        lengths[mode] = samples.Rank == Order ? samples.Lengths[mode] : 0;
        if (!lengths.AsSpan().SequenceEqual(samples.Lengths) || ByMode[mode] is null)
        {
            throw new ArgumentException($"Samples for mode {mode} of a model of shape {DenseData.Text(Lengths)} have that shape in all other modes, and the mode has a factor; these are {DenseData.Text(samples.Lengths)}.", nameof(samples));
        }

        // With orthonormal factors in the other modes, min ||Y - G x_n S x_m U_m|| is min ||Y x_m U_m^T - G x_n S||: least squares with the unfolded core.
        Tensor<T>?[] bases = ByMode, triangles = new Tensor<T>?[Order];
        bases[mode] = null;
        foreach (int n in FactorModes.Where(n => n != mode))
        {
            (bases[n], triangles[n]) = LinearAlgebra.Qr(bases[n]!, backend);
        }

        Tensor<T> core = TensorAlgebra.Unfold(TensorAlgebra.MultiModeProduct(Core, triangles, backend: backend), mode, backend);
        Tensor<T> projected = TensorAlgebra.Unfold(TensorAlgebra.MultiModeProduct(samples, bases, transpose: true, backend), mode, backend);
        return TensorAlgebra.Permute(LinearAlgebra.LeastSquares(core.AsReadOnlyMatrix().Transpose, projected.AsReadOnlyMatrix().Transpose, backend: backend).Solution, [1, 0]);
    }

    private void CheckMode(int mode)
    {
        if ((uint)mode >= (uint)Order)
        {
            throw new ArgumentOutOfRangeException(nameof(mode), mode, $"A model of shape {DenseData.Text(Lengths)} has no mode {mode}.");
        }
    }
}
