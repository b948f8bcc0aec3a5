using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

public partial record CpTensor<T>
{
    /// <summary>||M||, from the Gram matrices of the factors. O(R^2 sum(I)).</summary>
    public double Norm() => Math.Sqrt(Math.Max(0, Scalar.Real(Inner(this))));

    /// <summary>The norm of each component: |w_r| times the norms of its columns.</summary>
    public double[] ComponentNorms()
    {
        double[] norms = [.. Weights.ToArray().Select(Scalar.Magnitude)];
        foreach (Tensor<T> factor in Factors)
        {
            TensorPrimitives.Multiply(norms, ColumnNorms.Of(DenseData.Dense(factor)), norms);
        }

        return norms;
    }

    /// <summary>The sum of all products of elements, those of <paramref name="other"/> conjugated. O(R S sum(I)); neither tensor is formed.</summary>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public T Inner(CpTensor<T> other)
    {
        SameShape(other);
        T[] weights = other.Weights.ToArray(), own = Weights.ToArray(), products = new T[weights.Length * own.Length];
        products.AsSpan().Fill(T.One);
        for (int n = 0; n < Order; n++)
        {
            ReadOnlySpan<T> cross = DenseData.Elements(FieldProducts.Cross(ManagedBackend.Shared, DenseData.Dense(other.Factors[n]), DenseData.Dense(Factors[n])));
            TensorPrimitives.Multiply(products, cross, products);
        }

        T sum = T.Zero;
        for (int i = 0; i < products.Length; i++)
        {
            sum += products[i] * Scalar.Conjugate(weights[i / own.Length]) * own[i % own.Length];
        }

        return sum;
    }

    /// <summary>The sum of all products with the elements of a full tensor, those of the tensor conjugated. One reading of it, 2 R prod(I) flops.</summary>
    /// <param name="tensor">A tensor of the model's shape.</param>
    /// <param name="backend">The engine; null for the current one.</param>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public T Inner(Tensor<T> tensor, ILinearAlgebraBackend? backend = null)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (!tensor.Lengths.SequenceEqual(Lengths))
        {
            throw new ArgumentException($"A model of shape {DenseData.Text(Lengths)} has no inner product with a tensor of shape {DenseData.Text(tensor.Lengths)}.", nameof(tensor));
        }

        T[] weights = Weights.ToArray();
        T sum = T.Zero;
        using DimensionTree<T> tree = new(DenseData.Dense(tensor), Rank, backend ?? Backend.Current);
        tree.Sweep(
            [.. Factors.Select(DenseData.Dense)],
            (mode, product) =>
            {
                ReadOnlySpan<T> g = DenseData.Elements(product), u = DenseData.Elements(DenseData.Dense(Factors[mode]));
                for (int i = 0; i < g.Length; i++)
                {
                    // <M, X> = conj(<X, M>)
                    sum += Scalar.Conjugate(g[i]) * u[i] * weights[i % weights.Length];
                }
            },
            [false, .. Enumerable.Repeat(true, Order - 1)]);
        return sum;
    }

    /// <summary>The element at these indices.</summary>
    /// <exception cref="ArgumentException">There are more or fewer indices than modes, or one is out of range.</exception>
    public T At(params ReadOnlySpan<int> indices)
    {
        if (indices.Length != Order)
        {
            throw new ArgumentException($"A model of shape {DenseData.Text(Lengths)} takes {Order} indices; there are {indices.Length}.", nameof(indices));
        }

        T[] products = Weights.ToArray();
        for (int n = 0; n < Order; n++)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(indices[n], nameof(indices));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(indices[n], Factors[n].Lengths[0], nameof(indices));
            TensorPrimitives.Multiply(products, DenseData.Elements(DenseData.Dense(Factors[n])).Slice(indices[n] * Rank, Rank), products);
        }

        T sum = T.Zero;
        foreach (T product in products)
        {
            sum += product;
        }

        return sum;
    }

    /// <summary>The model with its modes in another order: mode n of the result is mode <paramref name="order"/>[n] of this one.</summary>
    /// <exception cref="ArgumentException">It is not a permutation of the modes.</exception>
    public CpTensor<T> Permute(params ReadOnlySpan<int> order)
    {
        int[] modes = order.ToArray();
        if (!modes.Order().SequenceEqual(Enumerable.Range(0, Order)))
        {
            throw new ArgumentException($"[{string.Join(", ", modes)}] is not a permutation of the modes 0 to {Order - 1}.", nameof(order));
        }

        return new CpTensor<T>(Weights, [.. modes.Select(n => Factors[n])]) { Modes = Modes is { } labels ? [.. modes.Select(n => labels[n])] : null };
    }

    /// <summary>The model of some components, in the order given.</summary>
    /// <exception cref="ArgumentException">None is given, or there is no such component.</exception>
    public CpTensor<T> Select(params ReadOnlySpan<int> components)
    {
        int[] chosen = components.ToArray();
        if (chosen.Length == 0 || chosen.Any(r => (uint)r >= (uint)Rank))
        {
            throw new ArgumentException($"Components [{string.Join(", ", chosen)}] of a model that has the components 0 to {Rank - 1}.", nameof(components));
        }

        T[] weights = Weights.ToArray();
        return new CpTensor<T>(
            Tensor.Create([.. chosen.Select(r => weights[r])], [chosen.Length]), [.. Factors.Select(f => ComponentOrder.Columns(DenseData.Dense(f), chosen))]) { Modes = Modes };
    }

    /// <summary>The model of a part of the tensor: one range for each mode, <c>..</c> for all of it. Its <see cref="Reconstruct"/> forms that part alone.</summary>
    /// <exception cref="ArgumentException">There are more or fewer ranges than modes, or one is out of range or empty.</exception>
    public CpTensor<T> Part(params ReadOnlySpan<Range> ranges)
    {
        if (ranges.Length != Order)
        {
            throw new ArgumentException($"A model of shape {DenseData.Text(Lengths)} takes {Order} ranges; there are {ranges.Length}.", nameof(ranges));
        }

        Tensor<T>[] rows = new Tensor<T>[Order];
        ModeLabel[]? labels = Modes?.ToArray();
        for (int n = 0; n < Order; n++)
        {
            (int start, int count) = ranges[n].GetOffsetAndLength((int)Factors[n].Lengths[0]);
            ArgumentOutOfRangeException.ThrowIfZero(count, nameof(ranges));
            rows[n] = DenseData.Copy<T>(DenseData.Elements(DenseData.Dense(Factors[n])).Slice(start * Rank, count * Rank), [count, Rank]);
            if (labels?[n].Items is { } items)
            {
                labels[n] = labels[n] with { Items = [.. items.Skip(start).Take(count)] };
            }
        }

        return new CpTensor<T>(Weights, rows) { Modes = labels };
    }

    /// <summary>The sum of two models of one shape: their components side by side, R + S of them.</summary>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public CpTensor<T> Add(CpTensor<T> other)
    {
        SameShape(other);
        T[] weights = [.. Weights.ToArray(), .. other.Weights.ToArray()];
        return new CpTensor<T>(Tensor.Create(weights, [weights.Length]), [.. Factors.Zip(other.Factors, static (a, b) => Beside(a, b))]) { Modes = Modes };
    }

    /// <summary>This model minus another: R + S components.</summary>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public CpTensor<T> Subtract(CpTensor<T> other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Add(other.Multiply(-T.One));
    }

    /// <summary>The model times a number.</summary>
    public CpTensor<T> Multiply(T factor) => new(Tensor.Create([.. Weights.ToArray().Select(w => w * factor)], [Rank]), Factors) { Modes = Modes };

    /// <summary>The element-wise product of two models of one shape: R S components (the row-wise Khatri-Rao product of the factors).</summary>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public CpTensor<T> Hadamard(CpTensor<T> other)
    {
        SameShape(other);
        Tensor<T> Rows(Tensor<T> a, Tensor<T> b)
        {
            ReadOnlySpan<T> x = DenseData.Elements(DenseData.Dense(a)), y = DenseData.Elements(DenseData.Dense(b));
            int p = (int)a.Lengths[1], q = (int)b.Lengths[1];
            Tensor<T> product = FreshMemory.Zeros<T>([a.Lengths[0], p * q]);
            Span<T> target = DenseData.Elements(product);
            for (int i = 0; i < x.Length; i++)
            {
                TensorPrimitives.Multiply(y.Slice(i / p * q, q), x[i], target.Slice(i * q, q));
            }

            return product;
        }

        Tensor<T> weights = Rows(Tensor.Create(Weights.ToArray(), [1, Rank]), Tensor.Create(other.Weights.ToArray(), [1, other.Rank]));
        return new CpTensor<T>(Tensor.Create(weights.ToArray(), [weights.FlattenedLength]), [.. Factors.Zip(other.Factors, Rows)]) { Modes = Modes };
    }

    /// <summary>The model of M x_n A: the factor of the mode is multiplied by a matrix of J x I_n.</summary>
    /// <exception cref="ArgumentException">There is no such mode, or the matrix has another number of columns than it is long.</exception>
    public CpTensor<T> ModeProduct(Tensor<T> matrix, int mode, ILinearAlgebraBackend? backend = null)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        CheckMode(mode);
        if (matrix.Rank != 2 || matrix.Lengths[1] != Factors[mode].Lengths[0])
        {
            throw new ArgumentException($"A matrix of shape {DenseData.Text(matrix.Lengths)} cannot be applied to mode {mode} of a model of shape {DenseData.Text(Lengths)}.", nameof(matrix));
        }

        Tensor<T>[] factors = [.. Factors];
        factors[mode] = FieldProducts.MatMul(backend ?? Backend.Current, DenseData.Dense(matrix), DenseData.Dense(Factors[mode]));
        return new CpTensor<T>(Weights, factors);
    }

    /// <summary>The sum of two models.</summary>
    public static CpTensor<T> operator +(CpTensor<T> a, CpTensor<T> b)
    {
        ArgumentNullException.ThrowIfNull(a);
        return a.Add(b);
    }

    /// <summary>The difference of two models.</summary>
    public static CpTensor<T> operator -(CpTensor<T> a, CpTensor<T> b)
    {
        ArgumentNullException.ThrowIfNull(a);
        return a.Subtract(b);
    }

    /// <summary>A model times a number.</summary>
    public static CpTensor<T> operator *(T factor, CpTensor<T> model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.Multiply(factor);
    }

    private static Tensor<T> Beside(Tensor<T> a, Tensor<T> b)
    {
        ReadOnlySpan<T> x = DenseData.Elements(DenseData.Dense(a)), y = DenseData.Elements(DenseData.Dense(b));
        int p = (int)a.Lengths[1], q = (int)b.Lengths[1];
        Tensor<T> both = FreshMemory.Zeros<T>([a.Lengths[0], p + q]);
        Span<T> target = DenseData.Elements(both);
        for (int i = 0; i < a.Lengths[0]; i++)
        {
            x.Slice(i * p, p).CopyTo(target[(i * (p + q))..]);
            y.Slice(i * q, q).CopyTo(target[((i * (p + q)) + p)..]);
        }

        return both;
    }

    private void SameShape(CpTensor<T> other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (!Lengths.AsSpan().SequenceEqual(other.Lengths))
        {
            throw new ArgumentException($"The models have different shapes, {DenseData.Text(Lengths)} and {DenseData.Text(other.Lengths)}.", nameof(other));
        }
    }

    private void CheckMode(int mode)
    {
        if ((uint)mode >= (uint)Order)
        {
            throw new ArgumentOutOfRangeException(nameof(mode), mode, $"A model of order {Order} has modes 0 to {Order - 1}.");
        }
    }
}
