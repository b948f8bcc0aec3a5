using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>
/// The least-squares problem of one mode of a ring on sampled rows of the chain of all other cores, drawn by the leverage scores of the cores (Malik, Becker 2021): their product bounds the scores of the chain.
/// </summary>
internal sealed class RingSamples<T>(Tensor<T> tensor, RingState<T> state, int samples, bool uniform, ILinearAlgebraBackend backend)
    where T : unmanaged, INumberBase<T>
{
    private readonly nint[] _lengths = tensor.Lengths.ToArray();
    private readonly (Tensor<T>? Core, IndexDistribution Rows)[] _distributions = new (Tensor<T>?, IndexDistribution)[tensor.Rank];

    /// <summary>Solves for a core.</summary>
    /// <param name="mode">Of the core.</param>
    /// <param name="draws">A stream that nothing else uses.</param>
    public Tensor<T> Solve(int mode, CounterRandom draws)
    {
        int order = _lengths.Length, length = (int)_lengths[mode], columns = state.Columns(mode);
        SampledRows rows = DenseData.Product(_lengths) / length <= samples ? SampledRows.All(_lengths, mode)
            : SampledRows.Draw([.. Enumerable.Range(0, order).Select(k => Distribution(k, mode))], _lengths, mode, samples, draws);
        Tensor<T> z = FreshMemory.Zeros<T>([rows.Count, columns]), fibres = FreshMemory.Zeros<T>([rows.Count, length]);
        ReadOnlySpan<T> x = DenseData.Elements(tensor);
        nint step = 1;
        for (int k = order - 1; k > mode; k--)
        {
            step *= _lengths[k];
        }

        for (int s = 0; s < rows.Count; s++)
        {
            ReadOnlySpan<int> index = rows.Indices.AsSpan(s * order, order);
            T root = T.CreateTruncating(Math.Sqrt(rows.Weights[s]));
            TensorPrimitives.Multiply(Slices(index, mode), root, DenseData.Elements(z).Slice(s * columns, columns));
            Span<T> fibre = DenseData.Elements(fibres).Slice(s * length, length);
            nint at = 0;
            for (int k = 0; k < order; k++)
            {
                at = (at * _lengths[k]) + (k == mode ? 0 : index[k]);
            }

            for (int i = 0; i < length; i++, at += step)
            {
                fibre[i] = x[(int)at] * root;
            }
        }

        Tensor<T> normal = FieldProducts.Cross(backend, z, z), solution = FieldProducts.Cross(backend, fibres, z);
        NormalEquations.Solve(backend, normal, solution);
        return solution;
    }

    /// <summary>The product of the slices of all cores after the mode, round the ring: r_(k+1) x r_k.</summary>
    private T[] Slices(ReadOnlySpan<int> index, int mode)
    {
        int order = _lengths.Length, rows = (int)state.Cores[mode].Lengths[2];
        T[] product = new T[rows * rows];
        for (int a = 0; a < rows; a++)
        {
            product[(a * rows) + a] = T.One;
        }

        int width = rows;
        for (int step = 1; step < order; step++)
        {
            Tensor<T> core = state.Cores[(mode + step) % order];
            int next = (int)core.Lengths[2];
            T[] longer = new T[rows * next];
            for (int a = 0; a < rows; a++)
            {
                Chain.Step<T>(product.AsSpan(a * width, width), core, index[(mode + step) % order]).CopyTo(longer, a * next);
            }

            (product, width) = (longer, next);
        }

        return product;
    }

    /// <summary>By the leverage scores of core k, found anew where the core is another one than when they were last asked for: between the problems of two modes only one is.</summary>
    private IndexDistribution Distribution(int k, int mode)
    {
        int length = (int)_lengths[k];
        if (uniform || k == mode || state.Columns(k) >= length)
        {
            return IndexDistribution.Uniform(length);
        }

        if (!ReferenceEquals(_distributions[k].Core, state.Cores[k]))
        {
            Tensor<T> unfolded = state.Solved(k);
            _distributions[k] = (state.Cores[k], IndexDistribution.Leverage(unfolded, FieldProducts.Cross(backend, unfolded, unfolded), backend));
        }

        return _distributions[k].Rows;
    }
}
