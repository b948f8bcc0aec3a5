using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

public partial record TtMatrix<T>
{
    /// <inheritdoc cref="Add"/>
    public static TtMatrix<T> operator +(TtMatrix<T> a, TtMatrix<T> b) => Required(a).Add(b);

    /// <inheritdoc cref="Subtract"/>
    public static TtMatrix<T> operator -(TtMatrix<T> a, TtMatrix<T> b) => Required(a).Subtract(b);

    /// <inheritdoc cref="Scale"/>
    public static TtMatrix<T> operator *(T factor, TtMatrix<T> a) => Required(a).Scale(factor);

    /// <inheritdoc cref="Multiply"/>
    public static TtMatrix<T> operator *(TtMatrix<T> a, TtMatrix<T> b) => Required(a).Multiply(b);

    /// <inheritdoc cref="Apply(TtTensor{T}, ILinearAlgebraBackend?)"/>
    public static TtTensor<T> operator *(TtMatrix<T> a, TtTensor<T> x) => Required(a).Apply(x);

    /// <summary>A + B; inner ranks add up.</summary>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public TtMatrix<T> Add(TtMatrix<T> other) => Same(other).Like(AsTensor().Add(other.AsTensor()));

    /// <summary>A - B; inner ranks add up.</summary>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public TtMatrix<T> Subtract(TtMatrix<T> other) => Same(other).Like(AsTensor().Subtract(other.AsTensor()));

    /// <summary>c A.</summary>
    public TtMatrix<T> Scale(T factor) => Like(AsTensor().Scale(factor));

    /// <summary>The element by element product; inner ranks multiply.</summary>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public TtMatrix<T> Hadamard(TtMatrix<T> other) => Same(other).Like(AsTensor().Hadamard(other.AsTensor()));

    /// <summary>The sum of conj(a) b over all elements.</summary>
    /// <param name="other">B, of the same shape.</param>
    /// <param name="backend">The engine; null for the current one.</param>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public T Inner(TtMatrix<T> other, ILinearAlgebraBackend? backend = null) => Same(other).AsTensor().Inner(other.AsTensor(), backend);

    /// <summary>The Frobenius norm, as of <see cref="TtTensor{T}.Norm"/>.</summary>
    /// <param name="backend">The engine; null for the current one.</param>
    public double Norm(ILinearAlgebraBackend? backend = null) => AsTensor().Norm(backend);

    /// <inheritdoc cref="TtTensor{T}.Round(double, int, ILinearAlgebraBackend?)"/>
    public TtMatrix<T> Round(double tolerance, int maxRank = int.MaxValue, ILinearAlgebraBackend? backend = null) => Like(AsTensor().Round(tolerance, maxRank, backend));

    /// <inheritdoc cref="TtTensor{T}.Round(IReadOnlyList{int}, ILinearAlgebraBackend?)"/>
    public TtMatrix<T> Round(IReadOnlyList<int> ranks, ILinearAlgebraBackend? backend = null) => Like(AsTensor().Round(ranks, backend));

    /// <summary>A^T.</summary>
    public TtMatrix<T> Transpose() => new([.. Cores.Select(static c => TensorAlgebra.Permute(c, [0, 2, 1, 3]))]);

    /// <summary>A^H: the transpose, conjugated.</summary>
    public TtMatrix<T> Adjoint()
        => typeof(T) != typeof(Complex) ? Transpose() : new([.. Transpose().Cores.Select(static c => Tensor.Create([.. c.ToArray().Select(static v => Scalar.Conjugate(v))], c.Lengths))]);

    /// <summary>The sum of the diagonal elements.</summary>
    /// <exception cref="InvalidOperationException">Rows and columns have other lengths.</exception>
    public T Trace()
    {
        if (!RowLengths.AsSpan().SequenceEqual(ColumnLengths))
        {
            throw new InvalidOperationException($"A matrix of rows {DenseData.Text(RowLengths)} and columns {DenseData.Text(ColumnLengths)} has no trace.");
        }

        T[] row = [T.One];
        foreach (Tensor<T> core in Cores)
        {
            int length = (int)core.Lengths[1];
            T[] diagonal = new T[length * length];
            for (int i = 0; i < length; i++)
            {
                diagonal[(i * length) + i] = T.One;
            }

            row = Chain.Row<T>(row, Chain.WeightedSum<T>(DenseData.Reshaped(core, [core.Lengths[0], length * length, core.Lengths[3]]), diagonal), (int)core.Lengths[3]);
        }

        return row[0];
    }

    /// <summary>A x for a train x; ranks multiply. d m n r^2 s^2 multiplications.</summary>
    /// <param name="x">Of shape <see cref="ColumnLengths"/>.</param>
    /// <param name="backend">The engine; null for the current one.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public TtTensor<T> Apply(TtTensor<T> x, ILinearAlgebraBackend? backend = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (!ColumnLengths.AsSpan().SequenceEqual(x.Lengths))
        {
            throw new ArgumentException($"A train matrix of columns {DenseData.Text(ColumnLengths)} does not multiply a train of shape {DenseData.Text(x.Lengths)}.", nameof(x));
        }

        // A train is a matrix of one column in each mode.
        TtMatrix<T> column = new([.. x.Cores.Select(static c => DenseData.Reshaped(c, [c.Lengths[0], c.Lengths[1], 1, c.Lengths[2]]))]);
        return Product(column, backend).AsTensor();
    }

    /// <summary>A B; ranks multiply.</summary>
    /// <param name="other">B, with row lengths that are the column lengths of A.</param>
    /// <param name="backend">The engine; null for the current one.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public TtMatrix<T> Multiply(TtMatrix<T> other, ILinearAlgebraBackend? backend = null)
    {
        ArgumentNullException.ThrowIfNull(other);
        return ColumnLengths.AsSpan().SequenceEqual(other.RowLengths) ? Product(other, backend)
            : throw new ArgumentException($"A train matrix of columns {DenseData.Text(ColumnLengths)} does not multiply one of rows {DenseData.Text(other.RowLengths)}.", nameof(other));
    }

    /// <summary>A x for a dense x, core by core: nothing of the size of A is made.</summary>
    /// <param name="x">A tensor of shape <see cref="ColumnLengths"/>, giving one of shape <see cref="RowLengths"/>; or a vector of prod(n) elements, or a matrix of as many rows, giving the same with prod(m).</param>
    /// <param name="backend">The engine; null for the current one.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public Tensor<T> Apply(Tensor<T> x, ILinearAlgebraBackend? backend = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        nint[] columns = ColumnLengths, rows = RowLengths;
        bool shaped = columns.AsSpan().SequenceEqual(x.Lengths);
        int count = DenseData.Product(columns);
        if (!shaped && !(x.Rank is 1 or 2 && x.Lengths[0] == count))
        {
            throw new ArgumentException($"A train matrix of columns {DenseData.Text(columns)} multiplies a tensor of that shape or {count} rows; this one is {DenseData.Text(x.Lengths)}.", nameof(x));
        }

        // At mode k: [m_0 .. m_(k-1), r_k, n_k, rest], of which (r_k n_k) is contracted with the core as a (m_k r_(k+1)) x (r_k n_k) matrix.
        ILinearAlgebraBackend engine = backend ?? Backend.Current;
        T[] state = DenseData.Elements(DenseData.Dense(x)).ToArray();
        int done = 1;
        foreach (Tensor<T> core in Cores)
        {
            int inner = (int)(core.Lengths[0] * core.Lengths[2]), outer = (int)(core.Lengths[1] * core.Lengths[3]), rest = state.Length / (done * inner);
            ReadOnlySpan<T> matrix = DenseData.Elements(TensorAlgebra.Permute(core, [1, 3, 0, 2]));
            T[] next = new T[done * outer * rest];
            for (int i = 0; i < done; i++)
            {
                FieldAlgebra.Multiply<T>(engine, matrix, outer, inner, state.AsSpan(i * inner * rest, inner * rest), rest, next.AsSpan(i * outer * rest, outer * rest));
            }

            state = next;
            done *= (int)core.Lengths[1];
        }

        nint[] lengths = shaped ? rows : [done, .. x.Lengths[1..]];
        return Tensor.Create(state, lengths);
    }

    /// <summary>Core by core: C[(r, s), i, k, (r', s')] = sum over j of A[r, i, j, r'] B[s, j, k, s'].</summary>
    private TtMatrix<T> Product(TtMatrix<T> other, ILinearAlgebraBackend? backend)
    {
        ILinearAlgebraBackend engine = backend ?? Backend.Current;
        Tensor<T>[] cores = new Tensor<T>[Order];
        for (int k = 0; k < Order; k++)
        {
            Tensor<T> a = TensorAlgebra.Permute(Cores[k], [0, 1, 3, 2]), b = TensorAlgebra.Permute(other.Cores[k], [1, 0, 2, 3]);
            int inner = (int)a.Lengths[3];
            T[] product = FieldAlgebra.Multiply<T>(engine, DenseData.Elements(a), (int)a.FlattenedLength / inner, inner, DenseData.Elements(b), (int)b.FlattenedLength / inner);
            Tensor<T> six = Tensor.Create(product, [a.Lengths[0], a.Lengths[1], a.Lengths[2], b.Lengths[1], b.Lengths[2], b.Lengths[3]]);
            cores[k] = DenseData.Reshaped(TensorAlgebra.Permute(six, [0, 3, 1, 4, 2, 5]), [a.Lengths[0] * b.Lengths[1], a.Lengths[1], b.Lengths[2], a.Lengths[2] * b.Lengths[3]]);
        }

        return new TtMatrix<T>(cores);
    }

    private TtMatrix<T> Like(TtTensor<T> tensor) => FromTensor(tensor, RowLengths, ColumnLengths);

    private TtMatrix<T> Same(TtMatrix<T> other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return RowLengths.AsSpan().SequenceEqual(other.RowLengths) && ColumnLengths.AsSpan().SequenceEqual(other.ColumnLengths) ? this
            : throw new ArgumentException(
                $"Train matrices of rows {DenseData.Text(RowLengths)} and {DenseData.Text(other.RowLengths)}, columns {DenseData.Text(ColumnLengths)} and {DenseData.Text(other.ColumnLengths)} do not go together.",
                nameof(other));
    }

    private static TtMatrix<T> Required(TtMatrix<T> matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        return matrix;
    }
}
