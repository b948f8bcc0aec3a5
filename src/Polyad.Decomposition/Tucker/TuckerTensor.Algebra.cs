using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

public partial record TuckerTensor<T>
{
    /// <inheritdoc cref="Add"/>
    public static TuckerTensor<T> operator +(TuckerTensor<T> a, TuckerTensor<T> b) => Required(a).Add(b);

    /// <inheritdoc cref="Subtract"/>
    public static TuckerTensor<T> operator -(TuckerTensor<T> a, TuckerTensor<T> b) => Required(a).Subtract(b);

    /// <inheritdoc cref="Scale"/>
    public static TuckerTensor<T> operator *(T factor, TuckerTensor<T> a) => Required(a).Scale(factor);

    /// <summary>The same tensor with orthonormal columns in every factor, by QR decompositions; the core takes the triangles.</summary>
    /// <param name="backend">The engine; null for the current one.</param>
    public TuckerTensor<T> Orthonormalize(ILinearAlgebraBackend? backend = null)
    {
        Tensor<T>?[] bases = ByMode, triangles = new Tensor<T>?[Order];
        foreach (int n in FactorModes)
        {
            (bases[n], triangles[n]) = LinearAlgebra.Qr(bases[n]!, backend);
        }

        return Of(TensorAlgebra.MultiModeProduct(Core, triangles, backend: backend), bases, Modes);
    }

    /// <summary>
    /// The normal form of the higher-order SVD (De Lathauwer, De Moor, Vandewalle 2000): orthonormal factors, core slices of a mode orthogonal to each other and of falling norm; in each column of a factor the entry of
    /// largest magnitude is positive. Equal tensors without equal singular values have the same normal form.
    /// </summary>
    /// <param name="backend">The engine; null for the current one.</param>
    public TuckerTensor<T> Normalize(ILinearAlgebraBackend? backend = null)
    {
        TuckerTensor<T> start = Orthonormalize(backend);
        Tensor<T>?[] factors = start.ByMode, turns = new Tensor<T>?[Order];
        ILinearAlgebraBackend engine = backend ?? Backend.Current;
        foreach (int n in FactorModes)
        {
            turns[n] = LeadingSubspace.Of(engine, start.Core, n, SubspaceMethod.QrSvd, (int)start.Core.Lengths[n]);
            factors[n] = LinearAlgebra.MatMul(factors[n]!, turns[n]!, engine);
            for (int j = 0; j < turns[n]!.Lengths[1]; j++)
            {
                T sign = ComponentOrder.Phase<T>(DenseData.Elements(factors[n]!), j, (int)turns[n]!.Lengths[1]);
                ComponentOrder.Multiply(factors[n]!, j, sign);
                ComponentOrder.Multiply(turns[n]!, j, sign);
            }
        }

        return Of(TensorAlgebra.MultiModeProduct(start.Core, turns, transpose: true, backend: backend), factors, Modes);
    }

    /// <summary>The Frobenius norm.</summary>
    /// <param name="backend">The engine; null for the current one.</param>
    public double Norm(ILinearAlgebraBackend? backend = null) => double.CreateChecked(TensorAlgebra.FrobeniusNorm(Orthonormalize(backend).Core));

    /// <summary>&lt;X, Y&gt;, the sum of products of corresponding elements, without forming either tensor.</summary>
    /// <param name="other">Y, of the same shape.</param>
    /// <param name="backend">The engine; null for the current one.</param>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public T Inner(TuckerTensor<T> other, ILinearAlgebraBackend? backend = null)
    {
        Same(other);
        Tensor<T>?[] mine = ByMode, theirs = other.ByMode, between = new Tensor<T>?[Order];
        for (int n = 0; n < Order; n++)
        {
            between[n] = (mine[n], theirs[n]) switch
            {
                ({ } u, { } v) => LinearAlgebra.MatMul(u.AsReadOnlyMatrix().Transpose, v.AsReadOnlyMatrix(), backend),
                ({ } u, null) => TensorAlgebra.Permute(u, [1, 0]),
                (null, { } v) => v,
                _ => null,
            };
        }

        return TensorAlgebra.Inner(Core, TensorAlgebra.MultiModeProduct(other.Core, between, backend: backend));
    }

    /// <summary>&lt;X, Y&gt; with a full tensor: the core with Y contracted by all factors.</summary>
    /// <param name="other">Y, of the same shape.</param>
    /// <param name="backend">The engine; null for the current one.</param>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public T Inner(Tensor<T> other, ILinearAlgebraBackend? backend = null)
    {
        ArgumentNullException.ThrowIfNull(other);
        CheckShape(other.Lengths, nameof(other));
        return TensorAlgebra.Inner(Core, TensorAlgebra.MultiModeProduct(other, ByMode, transpose: true, backend));
    }

    /// <summary>||X - Y||, right to rounding of ||X|| and ||Y||: no difference of squares is taken.</summary>
    /// <param name="other">Y, of the same shape.</param>
    /// <param name="backend">The engine; null for the current one.</param>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public double Distance(TuckerTensor<T> other, ILinearAlgebraBackend? backend = null) => double.CreateChecked(TensorAlgebra.FrobeniusNorm(Combine(other, -T.One, backend).Core));

    /// <summary>X + Y. In the same basis the cores add; else the factors become a joint orthonormal basis, of r_n + s_n columns or I_n if that is less.</summary>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public TuckerTensor<T> Add(TuckerTensor<T> other) => Combine(other, T.One, null);

    /// <summary>X - Y, as <see cref="Add"/>.</summary>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public TuckerTensor<T> Subtract(TuckerTensor<T> other) => Combine(other, -T.One, null);

    /// <summary>c X.</summary>
    public TuckerTensor<T> Scale(T factor)
    {
        T[] scaled = new T[Core.FlattenedLength];
        TensorPrimitives.Multiply(DenseData.Elements(Core), factor, scaled);
        return Of(Tensor.Create(scaled, Core.Lengths), ByMode, Modes);
    }

    /// <summary>A model of smaller ranks within a relative tolerance, by the sequentially truncated higher-order SVD of the core: ||X - result|| is at most <paramref name="tolerance"/> ||X||.</summary>
    /// <param name="tolerance">Relative, not negative.</param>
    /// <param name="backend">The engine; null for the current one.</param>
    public TuckerTensor<T> Round(double tolerance, ILinearAlgebraBackend? backend = null)
        => Recompress(new Tucker { Tolerance = tolerance, MaxIterations = 0, Backend = backend, CompressedModes = FactorModes }, null, backend);

    /// <summary>A model of given ranks, one for each factor, by the sequentially truncated higher-order SVD of the core.</summary>
    /// <param name="ranks">Each from 1 to that of this model.</param>
    /// <param name="backend">The engine; null for the current one.</param>
    /// <exception cref="ArgumentException">There is not one for each factor, or one is out of range.</exception>
    public TuckerTensor<T> Round(IReadOnlyList<int> ranks, ILinearAlgebraBackend? backend = null)
        => Recompress(new Tucker { MaxIterations = 0, Backend = backend, CompressedModes = FactorModes }, ranks, backend);

    /// <summary>
    /// The same tensor with factors turned towards those of another model (orthogonal Procrustes in each mode): what can be compared column by column, for example between the fits of two halves of the data.
    /// Both are orthonormalized first.
    /// </summary>
    /// <param name="reference">A model with the same shape, ranks and modes of factors.</param>
    /// <param name="backend">The engine; null for the current one.</param>
    /// <exception cref="ArgumentException">The models do not go together.</exception>
    public TuckerTensor<T> AlignTo(TuckerTensor<T> reference, ILinearAlgebraBackend? backend = null)
    {
        Same(reference);
        if (!Ranks.SequenceEqual(reference.Ranks) || !FactorModes.SequenceEqual(reference.FactorModes))
        {
            throw new ArgumentException($"Models of ranks [{string.Join(", ", Ranks)}] and [{string.Join(", ", reference.Ranks)}] cannot be aligned.", nameof(reference));
        }

        TuckerTensor<T> mine = Orthonormalize(backend);
        Tensor<T>?[] factors = mine.ByMode, goals = reference.Orthonormalize(backend).ByMode, turns = new Tensor<T>?[Order];
        foreach (int n in FactorModes)
        {
            SvdResult<T> svd = LinearAlgebra.Svd(LinearAlgebra.MatMul(factors[n]!.AsReadOnlyMatrix().Transpose, goals[n]!.AsReadOnlyMatrix(), backend), backend: backend);
            turns[n] = LinearAlgebra.MatMul(svd.U, svd.Vt, backend);
            factors[n] = LinearAlgebra.MatMul(factors[n]!, turns[n]!, backend);
        }

        return Of(TensorAlgebra.MultiModeProduct(mine.Core, turns, transpose: true, backend: backend), factors, Modes);
    }

    private TuckerTensor<T> Recompress(Tucker method, IReadOnlyList<int>? ranks, ILinearAlgebraBackend? backend)
    {
        TuckerTensor<T> start = Orthonormalize(backend);
        TuckerResult<T> core = ranks is null ? method.Fit(start.Core) : method.Fit(start.Core, ranks);
        return Of(core.Core, [.. start.ByMode.Zip(core.ByMode, (u, v) => u is null ? null : LinearAlgebra.MatMul(u, v!, backend))], Modes);
    }

    /// <summary>X + c Y.</summary>
    private TuckerTensor<T> Combine(TuckerTensor<T> other, T factor, ILinearAlgebraBackend? backend)
    {
        Same(other);
        Tensor<T>?[] mine = ByMode, theirs = other.ByMode, joint = new Tensor<T>?[Order], toMine = new Tensor<T>?[Order], toTheirs = new Tensor<T>?[Order];
        for (int n = 0; n < Order; n++)
        {
            if (mine[n] is not { } u || theirs[n] is not { } v)
            {
                // A mode that one of them holds in full is held in full by the sum.
                (toMine[n], toTheirs[n]) = (mine[n], theirs[n]);
            }
            else if (u == v || DenseData.Elements(u).SequenceEqual(DenseData.Elements(v)))
            {
                joint[n] = u;
            }
            else
            {
                int rows = (int)u.Lengths[0], a = (int)u.Lengths[1], b = (int)v.Lengths[1];
                Tensor<T> both = FreshMemory.Zeros<T>([rows, a + b]);
                u.AsReadOnlyMatrix().CopyTo(both.AsMatrix().Slice(0, 0, rows, a));
                v.AsReadOnlyMatrix().CopyTo(both.AsMatrix().Slice(0, a, rows, b));
                (joint[n], Tensor<T> triangle) = LinearAlgebra.Qr(both, backend);
                int height = (int)triangle.Lengths[0];
                toMine[n] = triangle.AsReadOnlyMatrix().Slice(0, 0, height, a).ToTensor();
                toTheirs[n] = triangle.AsReadOnlyMatrix().Slice(0, a, height, b).ToTensor();
            }
        }

        Tensor<T> x = TensorAlgebra.MultiModeProduct(Core, toMine, backend: backend), y = TensorAlgebra.MultiModeProduct(other.Core, toTheirs, backend: backend);
        T[] sum = new T[x.FlattenedLength];
        TensorPrimitives.MultiplyAdd(DenseData.Elements(y), factor, DenseData.Elements(x), sum);
        return Of(Tensor.Create(sum, x.Lengths), joint, Modes);
    }

    /// <summary>Turns each column of the factor whose entry of largest magnitude (the first on ties) is negative, and that of the rotation with it.</summary>
    private void Same(TuckerTensor<T> other)
    {
        ArgumentNullException.ThrowIfNull(other);
        CheckShape(other.Lengths, nameof(other));
    }

    private void CheckShape(ReadOnlySpan<nint> lengths, string name)
    {
        if (!lengths.SequenceEqual(Lengths))
        {
            throw new ArgumentException($"A model of shape {DenseData.Text(Lengths)} does not go together with one of {DenseData.Text(lengths)}.", name);
        }
    }

    private static TuckerTensor<T> Required(TuckerTensor<T> model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model;
    }
}
