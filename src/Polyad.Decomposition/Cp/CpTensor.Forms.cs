using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

public partial record CpTensor<T>
{
    /// <summary>
    /// The same tensor in normal form: unit columns, weights not negative and descending, and in every factor but the last the entry of largest magnitude (the first on ties) of each
    /// column positive, the last factor carrying the sign. A component of zeros keeps its columns and gets weight 0.
    /// </summary>
    public CpTensor<T> Normalize()
    {
        CpTensor<T> unit = WithUnitColumns(out double[] norms);
        int[] order = ComponentOrder.ByWeight(norms);
        return new CpTensor<T>(Tensor.Create([.. order.Select(r => T.CreateTruncating(norms[r]))], [Rank]), ComponentOrder.Arrange(unit.Factors, order, Order - 1)) { Modes = Modes };
    }

    /// <summary>The same tensor with the sign (phase) of each column settled, its entry of largest magnitude being positive, in every mode but one, which carries what is left.</summary>
    /// <param name="carrier">The mode that may have negative columns.</param>
    public CpTensor<T> FlipSigns(int carrier)
    {
        CheckMode(carrier);
        return new CpTensor<T>(Weights, ComponentOrder.Arrange([.. Factors.Select(DenseData.Dense)], [.. Enumerable.Range(0, Rank)], carrier)) { Modes = Modes };
    }

    /// <summary>The same tensor with all weights one, the norms spread evenly over the factors.</summary>
    public CpTensor<T> Distribute()
    {
        double[] norms = [.. Weights.ToArray().Select(Scalar.Magnitude)];
        T[] weights = Weights.ToArray(), root = [.. norms.Select(w => T.CreateTruncating(Math.Pow(w, 1.0 / Order)))];
        Tensor<T>[] factors = new Tensor<T>[Order];
        for (int n = 0; n < Order; n++)
        {
            T[] scale = (T[])root.Clone();
            for (int r = 0; r < Rank && n == Order - 1; r++)
            {
                scale[r] *= norms[r] == 0 ? T.One : weights[r] / T.CreateTruncating(norms[r]);
            }

            factors[n] = DenseData.Copy(Factors[n]);
            Span<T> elements = DenseData.Elements(factors[n]);
            for (int row = 0; row < elements.Length; row += Rank)
            {
                TensorPrimitives.Multiply(elements.Slice(row, Rank), scale, elements.Slice(row, Rank));
            }
        }

        return new CpTensor<T>(Tensor.Create([.. Enumerable.Repeat(T.One, Rank)], [Rank]), factors) { Modes = Modes };
    }

    /// <summary>
    /// The same tensor with its components in the order of a reference (matched by <see cref="FactorMatch"/>; those without a partner follow), unit columns, and signs (phases) as like
    /// the reference's as the tensor allows: in every mode but the one where they agree least, each column points the way of its partner.
    /// </summary>
    /// <param name="reference">A model of the same shape.</param>
    /// <param name="exceptMode">A mode that is not compared (its length may differ) and that carries the signs; null for none.</param>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public CpTensor<T> Align(CpTensor<T> reference, int? exceptMode = null)
    {
        FactorMatch match = FactorMatch.Of(this, reference, exceptMode: exceptMode);
        int[] matched = [.. match.Partners.Where(static p => p >= 0)], order = [.. matched, .. Enumerable.Range(0, Rank).Except(matched)];
        CpTensor<T> unit = WithUnitColumns(out double[] norms).Select(order);
        Tensor<T>[] factors = [.. unit.Factors];
        T[] weights = [.. order.Select(r => T.CreateTruncating(norms[r]))];
        int column = 0;
        for (int r = 0; r < match.Partners.Count; r++)
        {
            if (match.Partners[r] >= 0)
            {
                Turn(factors, column++, reference, r, exceptMode);
            }
        }

        return new CpTensor<T>(Tensor.Create(weights, [Rank]), factors) { Modes = Modes };
    }

    /// <summary>
    /// The least-squares scores of new data on this model: the rows that the factor of <paramref name="mode"/> would have for it, all other factors and the weights staying as they are.
    /// One reading of the data, 2 R prod(I) flops.
    /// </summary>
    /// <param name="data">A tensor of the model's shape except that <paramref name="mode"/> may have any length K; or of one mode less, for a single sample.</param>
    /// <param name="mode">The mode of the samples.</param>
    /// <param name="backend">The engine; null for the current one.</param>
    /// <returns>K x R.</returns>
    /// <exception cref="ArgumentException">The shape does not fit.</exception>
    /// <exception cref="NonFiniteInputException">The data holds NaN or infinity.</exception>
    public Tensor<T> Transform(Tensor<T> data, int mode, ILinearAlgebraBackend? backend = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        CheckMode(mode);
        nint[] expected = Lengths;
        expected[mode] = data.Rank == Order ? data.Lengths[mode] : 1;
        nint[] sample = [.. expected.Where((_, n) => n != mode)];
        if (Order < 2 || !(data.Lengths.SequenceEqual(expected) || data.Lengths.SequenceEqual(sample)))
        {
            throw new ArgumentException(
                $"Data of shape {DenseData.Text(data.Lengths)} does not fit mode {mode} of a model of shape {DenseData.Text(Lengths)}: the other lengths must be {DenseData.Text(sample)}.", nameof(data));
        }

        ILinearAlgebraBackend engine = backend ?? Backend.Current;
        DenseInput<T> input = DenseInput<T>.Of(data.Rank == Order ? data : DenseData.Copy<T>(DenseData.Elements(DenseData.Dense(data)), expected), 1, complex: true);
        Tensor<T>[] factors = [.. WithUnitColumns(out double[] norms).Factors];
        factors[mode] = FreshMemory.Zeros<T>([expected[mode], Rank]);
        Tensor<T> normal = NormalMatrix(factors, mode, engine), scores = FreshMemory.Zeros<T>([expected[mode], Rank]);
        bool[] skip = [.. Enumerable.Repeat(true, Order)];
        skip[mode] = false;
        using DimensionTree<T> tree = new(input.Tensor, Rank, engine);
        tree.Sweep(
            factors,
            (_, product) =>
            {
                DenseData.Elements(product).CopyTo(DenseData.Elements(scores));
                NormalEquations.Solve(engine, normal, scores);
            },
            skip);

        // The scores are those of unit columns elsewhere; the weights, and the norms of the other columns, are not theirs.
        double[] own = ColumnNorms.Of(DenseData.Dense(Factors[mode]));
        T[] weights = Weights.ToArray();
        Span<T> rows = DenseData.Elements(input.Restore(scores));
        for (int i = 0; i < rows.Length; i++)
        {
            int r = i % Rank;
            T sign = mode == 0 && norms[r] != 0 ? weights[r] / T.CreateTruncating(Scalar.Magnitude(weights[r])) : T.One;
            rows[i] = norms[r] == 0 ? T.Zero : rows[i] * T.CreateTruncating(own[r] / norms[r]) * Scalar.Conjugate(sign);
        }

        return scores;
    }

    /// <summary>The element-wise product of the Gram matrices of all factors but one.</summary>
    private static Tensor<T> NormalMatrix(Tensor<T>[] factors, int mode, ILinearAlgebraBackend backend)
    {
        int rank = (int)factors[0].Lengths[1];
        Tensor<T> normal = Tensor.Create([.. Enumerable.Repeat(T.One, rank * rank)], [rank, rank]);
        Span<T> elements = DenseData.Elements(normal);
        for (int n = 0; n < factors.Length; n++)
        {
            if (n != mode)
            {
                TensorPrimitives.Multiply(elements, DenseData.Elements(FieldProducts.Cross(backend, factors[n], factors[n])), elements);
            }
        }

        for (int i = 0; i < elements.Length; i++)
        {
            elements[i] = Scalar.Conjugate(elements[i]);
        }

        return normal;
    }

    /// <summary>Unit columns, the weights' signs in the first factor; the norms of the components.</summary>
    private CpTensor<T> WithUnitColumns(out double[] norms)
    {
        norms = ComponentNorms();
        T[] weights = Weights.ToArray();
        Tensor<T>[] factors = new Tensor<T>[Order];
        for (int n = 0; n < Order; n++)
        {
            Tensor<T> dense = DenseData.Dense(Factors[n]);
            factors[n] = ColumnNorms.Scaled(dense, ColumnNorms.Of(dense));
        }

        Span<T> first = DenseData.Elements(factors[0]);
        for (int i = 0; i < first.Length; i++)
        {
            T weight = weights[i % Rank];
            double magnitude = Scalar.Magnitude(weight);
            first[i] *= magnitude == 0 ? T.One : weight / T.CreateTruncating(magnitude);
        }

        return new CpTensor<T>(Tensor.Create([.. norms.Select(static w => T.CreateTruncating(w))], [Rank]), factors) { Modes = Modes };
    }

    /// <summary>Turns column <paramref name="column"/> of every factor towards column <paramref name="partner"/> of the reference, but for the mode whose columns are least alike.</summary>
    private static void Turn(Tensor<T>[] factors, int column, CpTensor<T> reference, int partner, int? exceptMode)
    {
        int rank = (int)factors[0].Lengths[1];
        T[] cosines = new T[factors.Length];
        for (int n = 0; n < factors.Length; n++)
        {
            ReadOnlySpan<T> u = DenseData.Elements(factors[n]), v = DenseData.Elements(DenseData.Dense(reference.Factors[n]));
            for (int i = 0; i < factors[n].Lengths[0] && n != exceptMode; i++)
            {
                cosines[n] += Scalar.Conjugate(u[(i * rank) + column]) * v[(i * reference.Rank) + partner];
            }
        }

        double[] norms = [.. reference.Factors.Select(f => ColumnNorms.Of(DenseData.Dense(f))[partner])];
        int carrier = exceptMode ?? Enumerable.Range(0, factors.Length).MinBy(n => norms[n] == 0 ? 0 : Scalar.Magnitude(cosines[n]) / norms[n]);
        T carried = T.One;
        for (int n = 0; n < factors.Length; n++)
        {
            double magnitude = Scalar.Magnitude(cosines[n]);
            T phase = n == carrier || magnitude == 0 ? T.One : cosines[n] / T.CreateTruncating(magnitude);
            carried *= Scalar.Conjugate(phase);
            ComponentOrder.Multiply(factors[n], column, phase);
        }

        ComponentOrder.Multiply(factors[carrier], column, carried);
    }
}
