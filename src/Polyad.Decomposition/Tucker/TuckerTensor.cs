using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>
/// A tensor in Tucker form: X = G x_0 U_0 x_1 U_1 ..., a small core and one I_n x r_n matrix for each mode, or for some modes only (the others stay as long as they are in the core). Immutable by convention: every
/// operation returns a new one. Elements are float or double.
/// </summary>
public partial record TuckerTensor<T>
    where T : unmanaged, INumberBase<T>
{
    private const string Format = "polyad.tucker 1";

    /// <summary>A model of a given core and factors; they are not copied.</summary>
    /// <param name="core">r_0 x r_1 x ...</param>
    /// <param name="factors">I_n x r_n matrices.</param>
    /// <param name="factorModes">The mode of each factor, ascending; null for one factor for each mode.</param>
    /// <exception cref="ArgumentException">The factors do not fit the core.</exception>
    public TuckerTensor(Tensor<T> core, IReadOnlyList<Tensor<T>> factors, IReadOnlyList<int>? factorModes = null)
    {
        ArgumentNullException.ThrowIfNull(core);
        ArgumentNullException.ThrowIfNull(factors);
        if (typeof(T) != typeof(double) && typeof(T) != typeof(float))
        {
            throw new NotSupportedException($"Element type {typeof(T).Name} is not supported here; use double or float.");
        }

        int[] modes = factorModes is null ? [.. Enumerable.Range(0, core.Rank)] : [.. factorModes];
        bool fits = core.Rank > 0 && core.FlattenedLength > 0 && modes.Length == factors.Count;
        for (int k = 0; k < modes.Length && fits; k++)
        {
            fits = modes[k] >= 0 && modes[k] < core.Rank && (k == 0 || modes[k] > modes[k - 1])
                && factors[k] is { Rank: 2 } factor && factor.Lengths[1] == core.Lengths[modes[k]] && factor.Lengths[0] > 0;
        }

        if (!fits)
        {
            throw new ArgumentException(
                $"A core of shape {DenseData.Text(core.Lengths)} takes I_n x r_n factors for modes in ascending order; given for modes [{string.Join(", ", modes)}]: "
                + $"{string.Join(", ", factors.Select(static f => f is null ? "null" : DenseData.Text(f.Lengths)))}.",
                nameof(factors));
        }

        (Core, Factors, FactorModes) = (DenseData.Dense(core), [.. factors.Select(static f => DenseData.Dense(f))], modes);
    }

    /// <summary>r_0 x r_1 x ...; in a mode without a factor as long as the tensor.</summary>
    public Tensor<T> Core { get; }

    /// <summary>I_n x r_n matrices, one for each of <see cref="FactorModes"/>.</summary>
    public IReadOnlyList<Tensor<T>> Factors { get; }

    /// <summary>The modes that have a factor, ascending: all of them, unless only some were compressed.</summary>
    public IReadOnlyList<int> FactorModes { get; }

    /// <summary>What the modes are; null when nobody said.</summary>
    /// <exception cref="ArgumentException">They do not fit the shape.</exception>
    public IReadOnlyList<ModeLabel>? Modes
    {
        get;
        init
        {
            ModeLabel.Check(value, Lengths);
            field = value;
        }
    }

    /// <summary>The number of modes.</summary>
    public int Order => Core.Rank;

    /// <summary>The shape of the full tensor.</summary>
    public nint[] Lengths => [.. ByMode.Select((factor, n) => factor?.Lengths[0] ?? Core.Lengths[n])];

    /// <summary>r_n for each mode: the shape of the core.</summary>
    public IReadOnlyList<int> Ranks => [.. Core.Lengths.ToArray().Select(static r => (int)r)];

    /// <summary>Numbers that core and factors hold.</summary>
    public long StoredNumbers => Core.FlattenedLength + Factors.Sum(static f => (long)f.FlattenedLength);

    /// <summary>Elements of the tensor for each number that the model stores.</summary>
    public double CompressionRatio => Lengths.Aggregate(1.0, static (p, n) => p * n) / StoredNumbers;

    /// <summary>The factors by mode; null where there is none.</summary>
    internal Tensor<T>?[] ByMode
    {
        get
        {
            Tensor<T>?[] all = new Tensor<T>?[Core.Rank];
            for (int k = 0; k < Factors.Count; k++)
            {
                all[FactorModes[k]] = Factors[k];
            }

            return all;
        }
    }

    /// <summary>The full tensor of the model.</summary>
    /// <param name="backend">The engine; null for the current one.</param>
    /// <exception cref="OverflowException">It has 2^31 elements or more.</exception>
    public Tensor<T> Reconstruct(ILinearAlgebraBackend? backend = null)
    {
        _ = DenseData.Product(Lengths);
        return TensorAlgebra.MultiModeProduct(Core, ByMode, backend: backend);
    }

    /// <summary>
    /// Writes an .npz file that NumPy reads: <c>core</c>, <c>factor_0</c>, <c>factor_1</c>, .. (I_n x r_n, named by their mode), and where there are labels the UTF-8 texts <c>mode_names</c> and <c>labels_0</c>, ..,
    /// one line each; of a fit also <c>relative_error</c>, <c>error_history</c>, <c>iterations</c>, <c>converged</c>, <c>method</c> and <c>singular_values_0</c>, .. <c>format</c> is the text "polyad.tucker 1".
    /// </summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path)
    {
        ModelArchive archive = new(Format);
        Write(archive);
        archive.Save(path);
    }

    /// <summary>Reads what <see cref="Save"/> wrote, of a model or of a fit.</summary>
    /// <exception cref="InvalidDataException">The file is not a Tucker model of this element type.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static TuckerTensor<T> Load(string path) => Read(ModelArchive.Load(path, Format));

    private protected virtual void Write(ModelArchive archive)
    {
        archive.Add("core", Core);
        archive.Add("order", Order);
        for (int k = 0; k < Factors.Count; k++)
        {
            archive.Add($"factor_{FactorModes[k]}", Factors[k]);
        }

        ModeLabel.AddTo(archive, Modes);
    }

    private protected static ModelArchive Open(string path) => ModelArchive.Load(path, Format);

    private protected static TuckerTensor<T> Read(ModelArchive archive)
    {
        int order = archive.Whole("order");
        int[] modes = [.. Enumerable.Range(0, order).Where(n => archive.Contains($"factor_{n}"))];
        try
        {
            return new TuckerTensor<T>(archive.Read<T>("core", order), [.. modes.Select(n => archive.Read<T>($"factor_{n}", 2))], modes) { Modes = ModeLabel.Of(archive) };
        }
        catch (ArgumentException error)
        {
            throw new InvalidDataException(error.Message, error);
        }
    }

    private static TuckerTensor<T> Of(Tensor<T> core, Tensor<T>?[] byMode, IReadOnlyList<ModeLabel>? labels)
    {
        int[] modes = [.. Enumerable.Range(0, byMode.Length).Where(n => byMode[n] is not null)];
        return new TuckerTensor<T>(core, [.. modes.Select(n => byMode[n]!)], modes) { Modes = labels };
    }
}
