using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

public partial record TtTensor<T>
{
    /// <summary>One element. d r^2 multiplications.</summary>
    /// <param name="index">One for each mode.</param>
    /// <exception cref="ArgumentException">There are not as many indices as modes.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An index is outside its mode.</exception>
    public T this[params ReadOnlySpan<int> index]
    {
        get
        {
            Chain.CheckIndices(Lengths, index);
            T[] row = [T.One];
            for (int k = 0; k < Order; k++)
            {
                row = Chain.Step<T>(row, Cores[k], index[k]);
            }

            return row[0];
        }
    }

    /// <summary>Many elements. Neighbours that begin with the same indices share that part of the work: sorted indices cost least.</summary>
    /// <param name="indices">d indices for each element, one element after the other.</param>
    /// <exception cref="ArgumentException">The indices are not a multiple of d.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An index is outside its mode.</exception>
    public T[] Elements(ReadOnlySpan<int> indices)
    {
        Chain.CheckIndices(Lengths, indices);
        T[] elements = new T[indices.Length / Order];
        T[][] rows = new T[Order + 1][];
        rows[0] = [T.One];
        for (int i = 0; i < elements.Length; i++)
        {
            ReadOnlySpan<int> index = indices.Slice(i * Order, Order);
            int same = i == 0 ? 0 : index.CommonPrefixLength(indices.Slice((i - 1) * Order, Order));
            for (int k = same; k < Order; k++)
            {
                rows[k + 1] = Chain.Step<T>(rows[k], Cores[k], index[k]);
            }

            elements[i] = rows[Order][0];
        }

        return elements;
    }

    /// <summary>The train of order d - 1 that has <paramref name="index"/> fixed in <paramref name="mode"/>.</summary>
    /// <param name="mode">Any, when there are at least two.</param>
    /// <param name="index">Within it.</param>
    /// <param name="backend">The engine; null for the current one.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such mode or index, or only one mode.</exception>
    public TtTensor<T> Slice(int mode, int index, ILinearAlgebraBackend? backend = null)
    {
        CheckMode(mode, least: 2);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, (int)Cores[mode].Lengths[1]);
        T[] unit = new T[Cores[mode].Lengths[1]];
        unit[index] = T.One;
        return Absorb(mode, unit, backend ?? Backend.Current);
    }

    /// <summary>The part of the tensor within a range of each mode, still a train.</summary>
    /// <param name="ranges">One for each mode.</param>
    /// <exception cref="ArgumentException">There are not as many ranges as modes, or one is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A range leaves its mode.</exception>
    public TtTensor<T> Part(params ReadOnlySpan<Range> ranges)
    {
        if (ranges.Length != Order)
        {
            throw new ArgumentException($"A train of shape {DenseData.Text(Lengths)} takes {Order} ranges; there are {ranges.Length}.", nameof(ranges));
        }

        Tensor<T>[] cores = new Tensor<T>[Order];
        for (int k = 0; k < Order; k++)
        {
            int left = (int)Cores[k].Lengths[0], length = (int)Cores[k].Lengths[1], right = (int)Cores[k].Lengths[2];
            (int from, int count) = ranges[k].GetOffsetAndLength(length);
            if (count == 0)
            {
                throw new ArgumentException($"The range {ranges[k]} of mode {k}, of length {length}, is empty.", nameof(ranges));
            }

            T[] part = new T[left * count * right];
            ReadOnlySpan<T> core = DenseData.Elements(Cores[k]);
            for (int a = 0; a < left; a++)
            {
                core.Slice(((a * length) + from) * right, count * right).CopyTo(part.AsSpan(a * count * right));
            }

            cores[k] = Tensor.Create(part, [left, count, right]);
        }

        return new TtTensor<T>(cores);
    }

    /// <summary>The sum over a mode with weights: the train of order d - 1 of X contracted with a vector (which is not conjugated).</summary>
    /// <param name="mode">Any, when there are at least two.</param>
    /// <param name="vector">As long as the mode.</param>
    /// <param name="backend">The engine; null for the current one.</param>
    /// <exception cref="ArgumentException">The vector does not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such mode, or only one.</exception>
    public TtTensor<T> Contract(int mode, Tensor<T> vector, ILinearAlgebraBackend? backend = null)
    {
        CheckMode(mode, least: 2);
        return Absorb(mode, Weights(mode, vector), backend ?? Backend.Current);
    }

    /// <summary>The number that is left when every mode is contracted with a vector (none is conjugated): a sum of prod(n) terms for d n r^2 operations.</summary>
    /// <param name="vectors">One for each mode, as long as it.</param>
    /// <exception cref="ArgumentException">The vectors do not fit.</exception>
    public T Contract(IReadOnlyList<Tensor<T>> vectors)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        if (vectors.Count != Order)
        {
            throw new ArgumentException($"A train of shape {DenseData.Text(Lengths)} takes {Order} vectors; there are {vectors.Count}.", nameof(vectors));
        }

        T[] row = [T.One];
        for (int k = 0; k < Order; k++)
        {
            row = Chain.Row<T>(row, Chain.WeightedSum<T>(Cores[k], Weights(k, vectors[k])), (int)Cores[k].Lengths[2]);
        }

        return row[0];
    }

    /// <summary>X x_n M: contracts the columns of M (J x n_k) with a mode, which then has length J.</summary>
    /// <param name="mode">Any.</param>
    /// <param name="matrix">J x n_k.</param>
    /// <param name="backend">The engine; null for the current one.</param>
    /// <exception cref="ArgumentException">The matrix does not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such mode.</exception>
    public TtTensor<T> ModeProduct(int mode, Tensor<T> matrix, ILinearAlgebraBackend? backend = null)
    {
        CheckMode(mode, least: 1);
        ArgumentNullException.ThrowIfNull(matrix);
        int left = (int)Cores[mode].Lengths[0], length = (int)Cores[mode].Lengths[1], right = (int)Cores[mode].Lengths[2];
        if (matrix.Rank != 2 || matrix.Lengths[0] == 0 || matrix.Lengths[1] != length)
        {
            throw new ArgumentException($"Mode {mode} of length {length} is contracted with a J x {length} matrix; this one is {DenseData.Text(matrix.Lengths)}.", nameof(matrix));
        }

        int rows = (int)matrix.Lengths[0];
        T[] product = new T[left * rows * right];
        ReadOnlySpan<T> core = DenseData.Elements(Cores[mode]), m = DenseData.Elements(DenseData.Dense(matrix));
        for (int a = 0; a < left; a++)
        {
            FieldAlgebra.Multiply(backend ?? Backend.Current, m, rows, length, core.Slice(a * length * right, length * right), right, product.AsSpan(a * rows * right, rows * right));
        }

        Tensor<T>[] cores = [.. Cores];
        cores[mode] = Tensor.Create(product, [left, rows, right]);
        return new TtTensor<T>(cores);
    }

    /// <summary>The train without one mode, whose weighted sum goes into a neighbour.</summary>
    private TtTensor<T> Absorb(int mode, ReadOnlySpan<T> weights, ILinearAlgebraBackend backend)
    {
        T[] middle = Chain.WeightedSum(Cores[mode], weights);
        List<Tensor<T>> cores = [.. Cores];
        cores.RemoveAt(mode);
        int left = (int)Cores[mode].Lengths[0], right = (int)Cores[mode].Lengths[2];
        if (mode > 0)
        {
            Tensor<T> before = Cores[mode - 1];
            int rows = (int)(before.Lengths[0] * before.Lengths[1]);
            cores[mode - 1] = Tensor.Create(FieldAlgebra.Multiply<T>(backend, DenseData.Elements(before), rows, left, middle, right), [before.Lengths[0], before.Lengths[1], right]);
        }
        else
        {
            Tensor<T> after = Cores[1];
            int columns = (int)(after.Lengths[1] * after.Lengths[2]);
            cores[0] = Tensor.Create(FieldAlgebra.Multiply<T>(backend, middle, left, right, DenseData.Elements(after), columns), [left, after.Lengths[1], after.Lengths[2]]);
        }

        return new TtTensor<T>(cores) { Modes = Modes is null ? null : [.. Modes.Where((_, n) => n != mode)] };
    }

    private ReadOnlySpan<T> Weights(int mode, Tensor<T> vector)
    {
        ArgumentNullException.ThrowIfNull(vector);
        return vector.Rank == 1 && vector.Lengths[0] == Cores[mode].Lengths[1] ? DenseData.Elements(DenseData.Dense(vector))
            : throw new ArgumentException($"Mode {mode} has length {Cores[mode].Lengths[1]}; the vector has shape {DenseData.Text(vector.Lengths)}.", nameof(vector));
    }

    private void CheckMode(int mode, int least)
    {
        if ((uint)mode >= (uint)Order || Order < least)
        {
            throw new ArgumentOutOfRangeException(nameof(mode), mode, $"A train of shape {DenseData.Text(Lengths)} has no mode {mode}{(Order < least ? " that could go" : "")}.");
        }
    }
}
