using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>
/// A tensor in tensor-train form (Oseledets 2011): X[i_0, .., i_(d-1)] = G_0[:, i_0, :] G_1[:, i_1, :] ... G_(d-1)[:, i_(d-1), :]. Storage is d n r^2 where the full tensor takes n^d.
/// Immutable by convention: every operation returns a new one. Elements are float, double or Complex.
/// </summary>
/// <remarks>Arithmetic adds or multiplies ranks; <see cref="Round(double, int, ILinearAlgebraBackend?)"/> brings them down again.</remarks>
public partial record TtTensor<T>
    where T : unmanaged, INumberBase<T>
{
    private const string Format = "polyad.tt 1";

    /// <summary>A train of given cores; they are not copied.</summary>
    /// <param name="cores">r_k x n_k x r_(k+1), at least one, r_0 = r_d = 1.</param>
    /// <exception cref="ArgumentException">The cores do not make a chain.</exception>
    /// <exception cref="NotSupportedException">T is not float, double or Complex.</exception>
    public TtTensor(IReadOnlyList<Tensor<T>> cores) => Cores = Chain.Checked(cores, 3, closed: false, nameof(cores));

    /// <summary>r_k x n_k x r_(k+1), r_0 = r_d = 1.</summary>
    public IReadOnlyList<Tensor<T>> Cores { get; }

    /// <summary>What the modes are; null when nobody said.</summary>
    /// <exception cref="ArgumentException">They do not fit the cores.</exception>
    public IReadOnlyList<ModeLabel>? Modes
    {
        get;
        init
        {
            ModeLabel.Check(value, Lengths);
            field = value;
        }
    }

    /// <summary>The number of modes, d.</summary>
    public int Order => Cores.Count;

    /// <summary>The shape of the full tensor.</summary>
    public nint[] Lengths => [.. Cores.Select(static c => c.Lengths[1])];

    /// <summary>The d - 1 inner ranks r_1 .. r_(d-1).</summary>
    public IReadOnlyList<int> Ranks => [.. Cores.Skip(1).Select(static c => (int)c.Lengths[0])];

    /// <summary>Numbers that the cores hold.</summary>
    public long StoredNumbers => Cores.Sum(static c => (long)c.FlattenedLength);

    /// <summary>Elements of the full tensor for each number that the model stores.</summary>
    public double CompressionRatio => Cores.Aggregate(1.0, static (p, c) => p * c.Lengths[1]) / StoredNumbers;

    /// <summary>A train of rank 1: the outer product of vectors.</summary>
    /// <param name="vectors">One for each mode; copied.</param>
    /// <exception cref="ArgumentException">There are none, or one is not a vector.</exception>
    public static TtTensor<T> RankOne(IReadOnlyList<Tensor<T>> vectors)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        return vectors.All(static v => v is { Rank: 1 }) && vectors.Count > 0
            ? new TtTensor<T>([.. vectors.Select(static v => DenseData.Copy<T>(DenseData.Elements(DenseData.Dense(v)), [1, v.Lengths[0], 1]))])
            : throw new ArgumentException($"A train of rank 1 is made of at least one vector; given: {string.Join(", ", vectors.Select(static v => v is null ? "null" : DenseData.Text(v.Lengths)))}.", nameof(vectors));
    }

    /// <summary>The tensor that is <paramref name="value"/> everywhere, of rank 1.</summary>
    /// <param name="lengths">Of its modes, at least one, none zero.</param>
    /// <param name="value">Of each element.</param>
    public static TtTensor<T> Constant(ReadOnlySpan<nint> lengths, T value)
    {
        Tensor<T>[] vectors = new Tensor<T>[lengths.Length];
        for (int k = 0; k < lengths.Length; k++)
        {
            T[] elements = new T[lengths[k]];
            Array.Fill(elements, k == 0 ? value : T.One);
            vectors[k] = Tensor.Create(elements, [lengths[k]]);
        }

        return RankOne(vectors);
    }

    /// <summary>A train of normal cores, scaled so that the elements have mean 0 and about unit variance. A complex one has normal real and imaginary parts.</summary>
    /// <param name="random">The draws: streams random.Stream + k for core k.</param>
    /// <param name="lengths">Of its modes.</param>
    /// <param name="ranks">Inner ranks, one less than modes.</param>
    /// <exception cref="ArgumentException">The numbers of modes and ranks do not go together, or one is below 1.</exception>
    public static TtTensor<T> Random(CounterRandom random, ReadOnlySpan<nint> lengths, ReadOnlySpan<int> ranks)
    {
        Chain.CheckRanks(lengths, ranks, nameof(ranks));
        Tensor<T>[] cores = new Tensor<T>[lengths.Length];
        for (int k = 0; k < cores.Length; k++)
        {
            int left = k == 0 ? 1 : ranks[k - 1], right = k == cores.Length - 1 ? 1 : ranks[k];
            cores[k] = Chain.Normal<T>(random.WithStream(random.Stream + (ulong)k), [left, lengths[k], right], 1 / Math.Sqrt(left));
        }

        return new TtTensor<T>(cores);
    }

    /// <summary>The full tensor. 2 r prod(n) flops.</summary>
    /// <param name="backend">The engine; null for the current one.</param>
    /// <exception cref="OverflowException">The full tensor has 2^31 elements or more.</exception>
    public Tensor<T> Reconstruct(ILinearAlgebraBackend? backend = null)
    {
        nint[] lengths = Lengths;
        T[] full = new T[DenseData.Product(lengths)];
        int split = Chain.Split(lengths), inner = split < Order ? (int)Cores[split].Lengths[0] : 1;
        ILinearAlgebraBackend engine = backend ?? Backend.Current;
        if (split == Order)
        {
            return Tensor.Create(Chain.Join(engine, Cores, 0, Order), lengths);
        }

        T[] left = Chain.Join(engine, Cores, 0, split), right = Chain.Join(engine, Cores, split, Order);
        FieldAlgebra.Multiply<T>(engine, left, left.Length / inner, inner, right, right.Length / inner, full);
        return Tensor.Create(full, lengths);
    }

    /// <summary>
    /// Writes an .npz file that NumPy reads: <c>core_0</c>, <c>core_1</c>, .. (r_k x n_k x r_(k+1)), and where there are labels the UTF-8 texts <c>mode_names</c> and <c>labels_0</c>, .., one line each; of a fit
    /// also <c>relative_error</c>, <c>error_history</c>, <c>iterations</c>, <c>converged</c>, <c>method</c>. <c>format</c> is the text "polyad.tt 1". Complex arrays have a last mode of length 2.
    /// </summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path)
    {
        ModelArchive archive = new(Format);
        Write(archive);
        archive.Save(path);
    }

    /// <summary>Reads what <see cref="Save"/> wrote, of a model or of a fit.</summary>
    /// <exception cref="InvalidDataException">The file is not a tensor train of this element type.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static TtTensor<T> Load(string path) => Read(ModelArchive.Load(path, Format));

    private protected virtual void Write(ModelArchive archive)
    {
        Chain.AddTo(archive, Cores);
        ModeLabel.AddTo(archive, Modes);
    }

    private protected static ModelArchive Open(string path) => ModelArchive.Load(path, Format);

    private protected static TtTensor<T> Read(ModelArchive archive)
        => new(Chain.Of<T>(archive, 3, closed: false)) { Modes = ModeLabel.Of(archive) };
}
