using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>
/// A matrix in tensor-train form (Oseledets 2010): rows and columns are numbered by multi-indices, A[(i_0, ..), (j_0, ..)] = G_0[:, i_0, j_0, :] G_1[:, i_1, j_1, :] ... So a matrix of 2^d rows takes d small cores,
/// and products with trains stay trains. Multi-indices are row-major, the last mode fastest. Immutable by convention. Elements are float, double or Complex.
/// </summary>
public partial record TtMatrix<T>
    where T : unmanaged, INumberBase<T>
{
    private const string Format = "polyad.tt-matrix 1";

    /// <summary>A train matrix of given cores; they are not copied.</summary>
    /// <param name="cores">r_k x m_k x n_k x r_(k+1), at least one, r_0 = r_d = 1.</param>
    /// <exception cref="ArgumentException">The cores do not make a chain.</exception>
    /// <exception cref="NotSupportedException">T is not float, double or Complex.</exception>
    public TtMatrix(IReadOnlyList<Tensor<T>> cores) => Cores = Chain.Checked(cores, 4, closed: false, nameof(cores));

    /// <summary>r_k x m_k x n_k x r_(k+1), r_0 = r_d = 1.</summary>
    public IReadOnlyList<Tensor<T>> Cores { get; }

    /// <summary>The number of modes of a row or column index, d.</summary>
    public int Order => Cores.Count;

    /// <summary>m_0 .. m_(d-1).</summary>
    public nint[] RowLengths => [.. Cores.Select(static c => c.Lengths[1])];

    /// <summary>n_0 .. n_(d-1).</summary>
    public nint[] ColumnLengths => [.. Cores.Select(static c => c.Lengths[2])];

    /// <summary>The d - 1 inner ranks.</summary>
    public IReadOnlyList<int> Ranks => [.. Cores.Skip(1).Select(static c => (int)c.Lengths[0])];

    /// <summary>Numbers that the cores hold.</summary>
    public long StoredNumbers => Cores.Sum(static c => (long)c.FlattenedLength);

    /// <summary>Elements of the full matrix for each number that is stored.</summary>
    public double CompressionRatio => Cores.Aggregate(1.0, static (p, c) => p * c.Lengths[1] * c.Lengths[2]) / StoredNumbers;

    /// <summary>One element.</summary>
    /// <param name="row">A multi-index, one for each mode.</param>
    /// <param name="column">The same.</param>
    /// <exception cref="ArgumentException">There are not as many indices as modes.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An index is outside its mode.</exception>
    public T this[ReadOnlySpan<int> row, ReadOnlySpan<int> column]
    {
        get
        {
            if (row.Length != Order || column.Length != Order)
            {
                throw new ArgumentException($"An element of a train matrix of order {Order} has {Order} row and {Order} column indices; {row.Length} and {column.Length} were given.", nameof(row));
            }

            int[] index = new int[Order];
            for (int k = 0; k < Order; k++)
            {
                if ((uint)row[k] >= (uint)Cores[k].Lengths[1] || (uint)column[k] >= (uint)Cores[k].Lengths[2])
                {
                    throw new ArgumentOutOfRangeException(
                        nameof(row), $"Index ({row[k]}, {column[k]}) is outside mode {k} of a train matrix with rows {DenseData.Text(RowLengths)} and columns {DenseData.Text(ColumnLengths)}.");
                }

                index[k] = (row[k] * (int)Cores[k].Lengths[2]) + column[k];
            }

            return AsTensor()[index];
        }
    }

    /// <summary>The identity of given lengths, of rank 1.</summary>
    /// <param name="lengths">Of rows and columns alike.</param>
    public static TtMatrix<T> Identity(params ReadOnlySpan<nint> lengths)
    {
        Tensor<T>[] matrices = new Tensor<T>[lengths.Length];
        for (int k = 0; k < lengths.Length; k++)
        {
            T[] identity = new T[lengths[k] * lengths[k]];
            for (nint i = 0; i < lengths[k]; i++)
            {
                identity[(i * lengths[k]) + i] = T.One;
            }

            matrices[k] = Tensor.Create(identity, [lengths[k], lengths[k]]);
        }

        return Kronecker(matrices);
    }

    /// <summary>The Kronecker product of matrices, of rank 1.</summary>
    /// <param name="matrices">At least one; copied.</param>
    /// <exception cref="ArgumentException">There are none, or one is not a matrix.</exception>
    public static TtMatrix<T> Kronecker(IReadOnlyList<Tensor<T>> matrices)
    {
        ArgumentNullException.ThrowIfNull(matrices);
        return matrices.Count > 0 && matrices.All(static m => m is { Rank: 2 })
            ? new TtMatrix<T>([.. matrices.Select(static m => DenseData.Copy<T>(DenseData.Elements(DenseData.Dense(m)), [1, m.Lengths[0], m.Lengths[1], 1]))])
            : throw new ArgumentException($"A Kronecker product is made of at least one matrix; given: {string.Join(", ", matrices.Select(static m => m is null ? "null" : DenseData.Text(m.Lengths)))}.", nameof(matrices));
    }

    /// <summary>A train matrix of normal cores, scaled so that the elements have mean 0 and about unit variance.</summary>
    /// <param name="random">The draws: streams random.Stream + k for core k.</param>
    /// <param name="rowLengths">m_k.</param>
    /// <param name="columnLengths">n_k.</param>
    /// <param name="ranks">Inner ranks.</param>
    /// <exception cref="ArgumentException">The numbers of modes and ranks do not go together, or one is below 1.</exception>
    public static TtMatrix<T> Random(CounterRandom random, ReadOnlySpan<nint> rowLengths, ReadOnlySpan<nint> columnLengths, ReadOnlySpan<int> ranks)
        => FromTensor(TtTensor<T>.Random(random, Merged(rowLengths, columnLengths), ranks), rowLengths, columnLengths);

    /// <summary>The train over the merged modes m_k n_k: the same numbers under another shape.</summary>
    public TtTensor<T> AsTensor() => new([.. Cores.Select(static c => DenseData.Reshaped(c, [c.Lengths[0], c.Lengths[1] * c.Lengths[2], c.Lengths[3]]))]);

    /// <summary>A train over merged modes m_k n_k as a matrix.</summary>
    /// <param name="tensor">Of modes m_k n_k.</param>
    /// <param name="rowLengths">m_k.</param>
    /// <param name="columnLengths">n_k.</param>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    public static TtMatrix<T> FromTensor(TtTensor<T> tensor, ReadOnlySpan<nint> rowLengths, ReadOnlySpan<nint> columnLengths)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        nint[] lengths = Merged(rowLengths, columnLengths);
        if (!lengths.AsSpan().SequenceEqual(tensor.Lengths))
        {
            throw new ArgumentException($"A train of shape {DenseData.Text(tensor.Lengths)} is no matrix of rows {DenseData.Text(rowLengths)} and columns {DenseData.Text(columnLengths)}.", nameof(tensor));
        }

        Tensor<T>[] cores = new Tensor<T>[lengths.Length];
        for (int k = 0; k < cores.Length; k++)
        {
            Tensor<T> core = tensor.Cores[k];
            cores[k] = DenseData.Reshaped(core, [core.Lengths[0], rowLengths[k], columnLengths[k], core.Lengths[2]]);
        }

        return new TtMatrix<T>(cores);
    }

    /// <summary>The full matrix, prod(m) x prod(n).</summary>
    /// <param name="backend">The engine; null for the current one.</param>
    /// <exception cref="OverflowException">It has 2^31 elements or more.</exception>
    public Tensor<T> Reconstruct(ILinearAlgebraBackend? backend = null)
    {
        Tensor<T> merged = AsTensor().Reconstruct(backend);
        nint[] pairs = [.. Cores.SelectMany(static c => new[] { c.Lengths[1], c.Lengths[2] })];
        int[] order = [.. Enumerable.Range(0, Order).Select(static k => 2 * k), .. Enumerable.Range(0, Order).Select(static k => (2 * k) + 1)];
        return DenseData.Reshaped(TensorAlgebra.Permute(DenseData.Reshaped(merged, pairs), order), [DenseData.Product(RowLengths), DenseData.Product(ColumnLengths)]);
    }

    /// <summary>
    /// Writes an .npz file that NumPy reads: <c>core_0</c>, <c>core_1</c>, .. (r_k x m_k x n_k x r_(k+1)); of a fit also <c>relative_error</c>, <c>error_history</c>, <c>iterations</c>, <c>converged</c>,
    /// <c>method</c>. <c>format</c> is the text "polyad.tt-matrix 1". Complex arrays have a last mode of length 2.
    /// </summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path)
    {
        ModelArchive archive = new(Format);
        Write(archive);
        archive.Save(path);
    }

    /// <summary>Reads what <see cref="Save"/> wrote, of a matrix or of a fit.</summary>
    /// <exception cref="InvalidDataException">The file is not a train matrix of this element type.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static TtMatrix<T> Load(string path) => new(Chain.Of<T>(Open(path), 4, closed: false));

    private protected virtual void Write(ModelArchive archive) => Chain.AddTo(archive, Cores);

    private protected static ModelArchive Open(string path) => ModelArchive.Load(path, Format);

    private static nint[] Merged(ReadOnlySpan<nint> rowLengths, ReadOnlySpan<nint> columnLengths)
    {
        if (rowLengths.Length != columnLengths.Length || rowLengths.Length == 0)
        {
            throw new ArgumentException($"A train matrix has as many row as column modes, at least one; given rows {DenseData.Text(rowLengths)} and columns {DenseData.Text(columnLengths)}.", nameof(rowLengths));
        }

        nint[] lengths = new nint[rowLengths.Length];
        for (int k = 0; k < lengths.Length; k++)
        {
            lengths[k] = checked(rowLengths[k] * columnLengths[k]);
        }

        return lengths;
    }
}
