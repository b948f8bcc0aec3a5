using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>
/// A tensor in tensor-ring form (Zhao, Zhou, Xie, Zhang, Cichocki 2016): X[i_0, .., i_(d-1)] = trace(G_0[:, i_0, :] G_1[:, i_1, :] ... G_(d-1)[:, i_(d-1), :]). A train whose ends are joined: no mode is at an end.
/// Immutable by convention: every operation returns a new one. Elements are float, double or Complex.
/// </summary>
public partial record TrTensor<T>
    where T : unmanaged, INumberBase<T>
{
    private const string Format = "polyad.tr 1";

    /// <summary>A ring of given cores; they are not copied.</summary>
    /// <param name="cores">r_k x n_k x r_(k+1), at least one, r_d = r_0.</param>
    /// <exception cref="ArgumentException">The cores do not make a ring.</exception>
    /// <exception cref="NotSupportedException">T is not float, double or Complex.</exception>
    public TrTensor(IReadOnlyList<Tensor<T>> cores) => Cores = Chain.Checked(cores, 3, closed: true, nameof(cores));

    /// <summary>r_k x n_k x r_(k+1), r_d = r_0.</summary>
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

    /// <summary>The d ranks r_0 .. r_(d-1): r_k stands before mode k.</summary>
    public IReadOnlyList<int> Ranks => [.. Cores.Select(static c => (int)c.Lengths[0])];

    /// <summary>Numbers that the cores hold.</summary>
    public long StoredNumbers => Cores.Sum(static c => (long)c.FlattenedLength);

    /// <summary>Elements of the full tensor for each number that the model stores.</summary>
    public double CompressionRatio => Cores.Aggregate(1.0, static (p, c) => p * c.Lengths[1]) / StoredNumbers;

    /// <summary>One element. d r^3 multiplications.</summary>
    /// <param name="index">One for each mode.</param>
    /// <exception cref="ArgumentException">There are not as many indices as modes.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An index is outside its mode.</exception>
    public T this[params ReadOnlySpan<int> index] => index.Length == Order ? Elements(index)[0]
        : throw new ArgumentException($"An element of a ring of shape {DenseData.Text(Lengths)} has {Order} indices; {index.Length} were given.", nameof(index));

    /// <summary>A ring of normal cores, scaled so that the elements have mean 0 and about unit variance. A complex one has normal real and imaginary parts.</summary>
    /// <param name="random">The draws: streams random.Stream + k for core k.</param>
    /// <param name="lengths">Of its modes.</param>
    /// <param name="ranks">r_0 .. r_(d-1), one for each mode.</param>
    /// <exception cref="ArgumentException">There is not one rank for each mode, or one is below 1.</exception>
    public static TrTensor<T> Random(CounterRandom random, ReadOnlySpan<nint> lengths, ReadOnlySpan<int> ranks)
    {
        CheckRanks(lengths, ranks);
        Tensor<T>[] cores = new Tensor<T>[lengths.Length];
        for (int k = 0; k < cores.Length; k++)
        {
            cores[k] = Chain.Normal<T>(random.WithStream(random.Stream + (ulong)k), [ranks[k], lengths[k], ranks[(k + 1) % ranks.Length]], 1 / Math.Sqrt(ranks[k]));
        }

        return new TrTensor<T>(cores);
    }

    /// <summary>Many elements.</summary>
    /// <param name="indices">d indices for each element, one element after the other.</param>
    /// <exception cref="ArgumentException">The indices are not a multiple of d.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An index is outside its mode.</exception>
    public T[] Elements(ReadOnlySpan<int> indices)
    {
        Chain.CheckIndices(Lengths, indices);
        T[] elements = new T[indices.Length / Order];
        int start = (int)Cores[0].Lengths[0];
        for (int i = 0; i < elements.Length; i++)
        {
            for (int a = 0; a < start; a++)
            {
                T[] row = new T[start];
                row[a] = T.One;
                for (int k = 0; k < Order; k++)
                {
                    row = Chain.Step<T>(row, Cores[k], indices[(i * Order) + k]);
                }

                elements[i] += row[a];
            }
        }

        return elements;
    }

    /// <summary>The full tensor. 2 r^2 prod(n) flops.</summary>
    /// <param name="backend">The engine; null for the current one.</param>
    /// <exception cref="OverflowException">It has 2^31 elements or more.</exception>
    public Tensor<T> Reconstruct(ILinearAlgebraBackend? backend = null)
    {
        T[] full = new T[DenseData.Product(Lengths)];
        (T[] left, T[] right, int rows, int inner, int columns) = RingHalves.Of(backend ?? Backend.Current, Cores);
        FieldAlgebra.Multiply<T>(backend ?? Backend.Current, left, rows, inner, right, columns, full);
        return Tensor.Create(full, Lengths);
    }

    /// <summary>The same tensor as a train, of ranks r_0 r_k.</summary>
    public TtTensor<T> ToTrain()
    {
        int start = (int)Cores[0].Lengths[0], order = Order;
        Tensor<T>[] cores = new Tensor<T>[order];
        for (int k = 0; k < order; k++)
        {
            // Block-diagonal in the index of the joint; the ends pick its row and its column.
            int left = (int)Cores[k].Lengths[0], length = (int)Cores[k].Lengths[1], right = (int)Cores[k].Lengths[2];
            int rows = k == 0 ? 1 : start * left, columns = k == order - 1 ? 1 : start * right;
            T[] core = new T[rows * length * columns];
            ReadOnlySpan<T> g = DenseData.Elements(Cores[k]);
            for (int joint = 0; joint < start; joint++)
            {
                for (int a = k == 0 ? joint : 0; a < (k == 0 ? joint + 1 : left); a++)
                {
                    for (int i = 0; i < length; i++)
                    {
                        ReadOnlySpan<T> line = g.Slice(((a * length) + i) * right, right);
                        int row = k == 0 ? 0 : (joint * left) + a;
                        if (k == order - 1)
                        {
                            core[(row * length) + i] += line[joint];
                        }
                        else
                        {
                            line.CopyTo(core.AsSpan((((row * length) + i) * columns) + (joint * right)));
                        }
                    }
                }
            }

            cores[k] = Tensor.Create(core, [rows, length, columns]);
        }

        return new TtTensor<T>(cores) { Modes = Modes };
    }

    /// <summary>
    /// Writes an .npz file that NumPy reads: <c>core_0</c>, <c>core_1</c>, .. (r_k x n_k x r_(k+1)), and where there are labels the UTF-8 texts <c>mode_names</c> and <c>labels_0</c>, .., one line each; of a fit also
    /// <c>relative_error</c>, <c>error_history</c>, <c>iterations</c>, <c>converged</c>. <c>format</c> is the text "polyad.tr 1". Complex arrays have a last mode of length 2.
    /// </summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path)
    {
        ModelArchive archive = new(Format);
        Write(archive);
        archive.Save(path);
    }

    /// <summary>Reads what <see cref="Save"/> wrote, of a model or of a fit.</summary>
    /// <exception cref="InvalidDataException">The file is not a tensor ring of this element type.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static TrTensor<T> Load(string path) => Read(ModelArchive.Load(path, Format));

    private protected virtual void Write(ModelArchive archive)
    {
        Chain.AddTo(archive, Cores);
        ModeLabel.AddTo(archive, Modes);
    }

    private protected static ModelArchive Open(string path) => ModelArchive.Load(path, Format);

    private protected static TrTensor<T> Read(ModelArchive archive) => new(Chain.Of<T>(archive, 3, closed: true)) { Modes = ModeLabel.Of(archive) };

    /// <summary>Refuses shapes and ranks that do not go together.</summary>
    internal static void CheckRanks(ReadOnlySpan<nint> lengths, ReadOnlySpan<int> ranks)
    {
        bool fits = lengths.Length > 0 && ranks.Length == lengths.Length;
        for (int k = 0; k < ranks.Length && fits; k++)
        {
            fits = ranks[k] >= 1 && lengths[k] >= 1;
        }

        if (!fits)
        {
            throw new ArgumentException($"Ranks [{string.Join(", ", ranks.ToArray())}] do not fit a ring of shape {DenseData.Text(lengths)}: one before each mode, none below 1, no mode empty.", nameof(ranks));
        }
    }
}
