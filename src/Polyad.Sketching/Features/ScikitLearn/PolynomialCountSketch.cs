using System.Numerics;

namespace Polyad.Sketching;

/// <summary>
/// TensorSketch of (gamma x'y + coef0)^degree with names and defaults of scikit-learn's class of this name. Given its fitted hashes (<see cref="FromState"/>) the outputs are its outputs.
/// <see cref="PolynomialFeatures{T}"/> offers sketches with less variance. A negative coef0, of which scikit-learn makes NaN, is refused.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class PolynomialCountSketch<T> : FeatureMap<T, PolynomialCountSketch<T>>
    where T : unmanaged, INumberBase<T>
{
    /// <summary>gamma above 0 (default 1).</summary>
    public double Gamma { get; init; } = 1;

    /// <summary>p, at least 1 (default 2).</summary>
    public int Degree { get; init; } = 2;

    /// <summary>c, at least 0 (default 0).</summary>
    public double Coef0 { get; init; }

    /// <summary>D, at least 1 (default 100).</summary>
    public int NComponents { get; init; } = 100;

    /// <summary>The buckets, degree x (d, or d + 1 where there is a coef0) (<c>indexHash_</c>).</summary>
    /// <exception cref="NotFittedException">The map is not fitted.</exception>
    public int[,] IndexHash => Hashes(static (sketch, k) => sketch.Buckets(k).ToArray());

    /// <summary>The signs, of the same shape (<c>bitHash_</c>).</summary>
    /// <exception cref="NotFittedException">The map is not fitted.</exception>
    public int[,] BitHash => Hashes(static (sketch, k) => [.. sketch.Signs(k).ToArray().Select(int.CreateTruncating)]);

    private TensorSketch<T> Sketch => (TensorSketch<T>)((SketchState<T>)State).Sketch;

    /// <inheritdoc/>
    public override bool IsDataOblivious => true;

    /// <summary>A fitted map from what another system has fitted.</summary>
    /// <param name="indexHash">Buckets in [0, D), a row for each factor; the last column is the constant's where coef0 is not 0.</param>
    /// <param name="bitHash">Signs 1 or -1 of the same shape.</param>
    /// <param name="nComponents">D.</param>
    /// <param name="gamma">gamma.</param>
    /// <param name="coef0">c.</param>
    /// <exception cref="ArgumentException">Shapes do not match, a bucket is out of range, a sign is no sign, or a parameter is out of range.</exception>
    public static PolynomialCountSketch<T> FromState(int[,] indexHash, int[,] bitHash, int nComponents, double gamma = 1, double coef0 = 0)
    {
        ArgumentNullException.ThrowIfNull(indexHash);
        PolynomialCountSketch<T> map = new() { Gamma = gamma, Degree = indexHash.GetLength(0), Coef0 = coef0, NComponents = nComponents };
        return map.Restore(new SketchState<T>(TensorSketch<T>.FromHashes(map.Kernel(), Hyperparameter.AtLeast(nComponents, 1), indexHash, bitHash)));
    }

    /// <inheritdoc/>
    protected override FeatureState<T> FitCore(in FeatureRows<T> x, in FitContext context)
        => new SketchState<T>(new TensorSketch<T>(x.Columns, Kernel(), Hyperparameter.AtLeast(NComponents, 1), context.Seed));

    /// <inheritdoc/>
    protected internal override void Write(FeatureMapWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Kind(FeatureMapKinds.PolynomialCountSketch);
        writer.Set("gamma", Gamma);
        writer.Set("degree", Degree);
        writer.Set("coef0", Coef0);
        writer.Set("nComponents", NComponents);
        writer.Set("width", IndexHash.GetLength(1));
        writer.Add<int>("indexHash", [.. IndexHash.Cast<int>()]);
        writer.Add<int>("bitHash", [.. BitHash.Cast<int>()]);
    }

    internal static FeatureMap<T> Read(FeatureMapReader reader)
    {
        int degree = reader.WholeNumber("degree", 1, PolynomialKernel.MaxDegree), width = reader.WholeNumber("width", 1), components = reader.WholeNumber("nComponents", 1);
        int[] buckets = reader.Indices("indexHash", checked(degree * width), components);
        double[] signs = reader.Vector<double>("bitHash", buckets.Length);
        int[,] index = new int[degree, width], bit = new int[degree, width];
        for (int k = 0; k < buckets.Length; k++)
        {
            index[k / width, k % width] = buckets[k];
            bit[k / width, k % width] = signs[k] is 1 or -1 ? (int)signs[k] : throw reader.Wrong($"array 'bitHash' holds {signs[k]}");
        }

        return FromState(index, bit, components, reader.Number("gamma"), reader.Number("coef0"));
    }

    private PolynomialKernel Kernel()
        => new(
            Hyperparameter.Between(Degree, 1, PolynomialKernel.MaxDegree),
            Hyperparameter.Positive(Gamma),
            Coef0 >= 0 ? Hyperparameter.Finite(Coef0) : throw new ArgumentOutOfRangeException(nameof(Coef0), Coef0, "Coef0 must be a finite number of at least 0: below, the kernel is not positive."));

    private int[,] Hashes(Func<TensorSketch<T>, int, int[]> row)
    {
        TensorSketch<T> sketch = Sketch;
        int[][] rows = [.. Enumerable.Range(0, sketch.Degree).Select(k => row(sketch, k))];
        int[,] hashes = new int[rows.Length, rows[0].Length];
        for (int k = 0; k < rows.Length; k++)
        {
            for (int j = 0; j < rows[k].Length; j++)
            {
                hashes[k, j] = rows[k][j];
            }
        }

        return hashes;
    }
}
