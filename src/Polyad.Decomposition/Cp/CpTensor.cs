using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>A tensor in CP (Kruskal) form: the sum over r of w_r u_r^(0) o u_r^(1) o ..., stored as R weights and one I_n x R matrix for each mode. Immutable by convention: every operation returns a new one.</summary>
/// <param name="Weights">R weights.</param>
/// <param name="Factors">One I_n x R matrix for each mode.</param>
public partial record CpTensor<T>(Tensor<T> Weights, IReadOnlyList<Tensor<T>> Factors)
    where T : unmanaged, INumberBase<T>
{
    private const string Format = "polyad.cp 1";

    /// <summary>What the modes are; null when nobody said.</summary>
    /// <exception cref="ArgumentException">They do not fit the factors.</exception>
    public IReadOnlyList<ModeLabel>? Modes
    {
        get;
        init
        {
            ModeLabel.Check(value, Lengths);
            field = value;
        }
    }

    /// <summary>The number of components.</summary>
    public int Rank => (int)Weights.FlattenedLength;

    /// <summary>The number of modes.</summary>
    public int Order => Factors.Count;

    /// <summary>The shape of the full tensor.</summary>
    public nint[] Lengths => [.. Factors.Select(static f => f.Lengths[0])];

    /// <summary>The full tensor. 2 R prod(I) flops. For some components or a part of the index ranges see <see cref="Select"/> and <see cref="Part"/>.</summary>
    /// <param name="backend">The engine; null for the current one.</param>
    public Tensor<T> Reconstruct(ILinearAlgebraBackend? backend = null)
    {
        nint[] lengths = Lengths;
        Tensor<T> full = FreshMemory.Zeros<T>(lengths);
        int split = Math.Min(KhatriRaoProduct.Split(lengths), lengths.Length);
        Tensor<T>[] factors = [.. Factors.Select(DenseData.Dense)];
        Tensor<T> left = KhatriRaoProduct.Of<T>(factors, 0, split, Weights.ToArray()), right = lengths.Length > split ? KhatriRaoProduct.Of<T>(factors, split, lengths.Length, default) : Ones(Rank);
        FieldProducts.MatMulTransposed(backend ?? Backend.Current, left, right, DenseData.Elements(full));
        return full;
    }

    /// <summary>
    /// Writes an .npz file that NumPy reads: <c>weights</c> (R), <c>factor_0</c>, <c>factor_1</c>, .. (I_n x R), and where there are labels the UTF-8 texts <c>mode_names</c> and <c>labels_0</c>, .., one line each;
    /// of a fit also <c>relative_error</c>, <c>error_history</c>, <c>iterations</c>, <c>converged</c>. <c>format</c> is the text "polyad.cp 1". Complex arrays have a last mode of length 2.
    /// </summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path)
    {
        ModelArchive archive = new(Format);
        Write(archive);
        archive.Save(path);
    }

    /// <summary>Reads what <see cref="Save"/> wrote, of a model or of a fit.</summary>
    /// <exception cref="InvalidDataException">The file is not a CP model of this element type.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static CpTensor<T> Load(string path) => Read(ModelArchive.Load(path, Format));

    private static Tensor<T> Ones(int count) => Tensor.Create([.. Enumerable.Repeat(T.One, count)], [1, count]);

    private protected virtual void Write(ModelArchive archive)
    {
        archive.Add("weights", Weights);
        for (int n = 0; n < Order; n++)
        {
            archive.Add($"factor_{n}", Factors[n]);
        }

        ModeLabel.AddTo(archive, Modes);
    }

    private protected static ModelArchive Open(string path) => ModelArchive.Load(path, Format);

    private protected static CpTensor<T> Read(ModelArchive archive)
    {
        List<Tensor<T>> factors = [];
        while (archive.Contains($"factor_{factors.Count}"))
        {
            factors.Add(archive.Read<T>($"factor_{factors.Count}", 2));
        }

        Tensor<T> weights = archive.Read<T>("weights", 1);
        if (factors.Count == 0 || factors.Any(f => f.Lengths[1] != weights.FlattenedLength))
        {
            throw new InvalidDataException($"A CP model has as many columns in every factor as it has weights; the file holds {weights.FlattenedLength} weights and factors {string.Join(", ", factors.Select(static f => DenseData.Text(f.Lengths)))}.");
        }

        return new CpTensor<T>(weights, factors) { Modes = ModeLabel.Of(archive) };
    }
}
