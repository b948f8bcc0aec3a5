using System.Globalization;
using System.Numerics;

namespace Polyad.Sketching;

/// <summary>
/// The file form of sketches. A sketch is a pure function of its family, dimensions and seed, so that is what is kept; families are words with their options: "product-srht complex Shared",
/// "tree Balanced complex 4 0 0", "craft 4 tree ...".
/// </summary>
internal static class SketchFile
{
    private const string Exact = "exact";

    /// <summary>No family has more words; a file with more would only make the reader work.</summary>
    private const int MaxWords = 16;

    /// <summary>Draws that a file may ask for: they are not in it, so its length does not bound them.</summary>
    private const long MaxDraws = 1L << 28;

    public static string Text(SketchFamily? family)
        => family switch
        {
            null => Exact,
            TensorSketchFamily => "tensor-sketch",
            FastCountSketchFamily => "fast-count-sketch",
            HigherOrderCountSketchFamily => "higher-order-count-sketch",
            TensorSrhtFamily => "tensor-srht",
            ProductFamily product => $"product {Field(product.Complex)} {product.Weights}",
            ProductSrhtFamily srht => $"product-srht {Field(srht.Complex)} {srht.Sampling}",
            TreeFamily { Options: var o } => string.Create(CultureInfo.InvariantCulture, $"tree {o.Shape} {Field(o.Complex)} {o.Expansion} {o.LeafNonZeros} {o.LeafDimension ?? 0}"),
            CraftFamily craft => string.Create(CultureInfo.InvariantCulture, $"craft {craft.Expansion} {Text(craft.Up)}"),
            _ => throw new NotSupportedException($"{family.Name} has no file form."),
        };

    /// <summary>The family of a text; null for exact features.</summary>
    public static SketchFamily? Parse(FeatureMapReader reader, string text)
    {
        string[] words = text.Split(' ');
        if (text == Exact)
        {
            return null;
        }

        SketchFamily? family = words.Length > MaxWords ? null : words switch
        {
            ["tensor-sketch"] => SketchFamily.TensorSketch,
            ["fast-count-sketch"] => SketchFamily.FastCountSketch,
            ["higher-order-count-sketch"] => SketchFamily.HigherOrderCountSketch,
            ["tensor-srht"] => SketchFamily.TensorSrht,
            ["product", var field, var weights] when IsField(field, out bool complex) && Enum.TryParse(weights, out ProjectionWeights w) && Enum.IsDefined(w) => SketchFamily.Product(w, complex),
            ["product-srht", var field, var sampling] when IsField(field, out bool complex) && Enum.TryParse(sampling, out HadamardSampling s) && Enum.IsDefined(s) => SketchFamily.ProductSrht(complex, s),
            ["tree", var shape, var field, var expansion, var nonZeros, var leaf] when Enum.TryParse(shape, out TreeShape t) && Enum.IsDefined(t) && IsField(field, out bool complex)
                && Count(expansion, out int e) && Count(nonZeros, out int z) && Count(leaf, out int l) => SketchFamily.Tree(new TreeOptions(t, complex, e, z, l == 0 ? null : l)),
            ["craft", var expansion, .. var up] when Count(expansion, out int e) && up.Length < words.Length && Parse(reader, string.Join(' ', up)) is { } inner => SketchFamily.Craft(inner, e),
            _ => null,
        };
        return family ?? throw reader.Wrong($"there is no sketch '{(text.Length <= 64 ? text : text[..64])}'");
    }

    /// <summary>Refuses a sketch whose draws would take more memory than any file should.</summary>
    public static void CheckSize(FeatureMapReader reader, long columns, long dimension, long degree)
    {
        if (Math.Max(columns, dimension) * Math.Max(1, degree) > MaxDraws)
        {
            throw reader.Wrong($"a sketch of degree {degree} from {columns} to {dimension} numbers would draw more than {MaxDraws} of them");
        }
    }

    public static void Write(FeatureMapWriter writer, MaclaurinPlan plan)
    {
        writer.Set("planKernel", plan.Kernel);
        writer.Set("planDimension", plan.OutputDimension);
        writer.Set("alphaDegree", plan.AlphaDegree);
        writer.Set("truncationBound", plan.TruncationBound);
        writer.Set("planGamma", plan.Gamma);
        writer.Set("scale", plan.Adaptation.Scale);
        writer.Set("adaptationConstant", plan.Adaptation.Constant);
        writer.Set("gaussian", plan.Adaptation.Gaussian);
        writer.Set("families", string.Join(';', plan.Terms.Select(static t => Text(t.Family))));
        writer.Add<int>("degrees", [.. plan.Terms.Select(static t => t.Degree)]);
        writer.Add<double>("coefficients", [.. plan.Terms.Select(static t => t.Coefficient)]);
        writer.Add<int>("features", [.. plan.Terms.Select(static t => t.Features)]);
        writer.Add<double>("errorShares", [.. plan.Terms.Select(static t => t.ErrorShare)]);
        writer.Set("centred", plan.Adaptation.Center is not null);
        writer.Set("split", plan.Adaptation.Axis is not null);
        writer.Set("principal", plan.PrincipalAxes is not null);
        if (plan.Adaptation.Center is { } center)
        {
            writer.Add<double>("center", center);
        }

        if (plan.Adaptation.Axis is { } axis)
        {
            writer.Add<double>("axis", axis);
        }

        if (plan.PrincipalAxes is { } axes)
        {
            writer.Add("principalAxes", axes);
        }
    }

    public static MaclaurinPlan Plan(FeatureMapReader reader, int columns, ErrorPrediction error)
    {
        string[] families = reader.Text("families").Split(';');
        int[] degrees = reader.Indices("degrees", families.Length, PolynomialKernel.MaxDegree + 1), features = reader.Indices("features", families.Length, int.MaxValue);
        double[] coefficients = reader.Vector<double>("coefficients", families.Length), shares = reader.Vector<double>("errorShares", families.Length);
        double[]? center = reader.Flag("centred") ? reader.Vector<double>("center", columns) : null, axis = reader.Flag("split") ? reader.Vector<double>("axis", -1) : null;
        int dimension = reader.WholeNumber("planDimension", 1), alpha = reader.WholeNumber("alphaDegree", 0);
        RowAdaptation adaptation = new(reader.Number("scale"), center, axis, reader.Number("adaptationConstant", 0), reader.Flag("gaussian"));
        if ((axis is not null && axis.Length != columns && axis.Length != columns + 1) || features.Sum(static f => (long)f) > dimension || coefficients.Any(static c => c < 0) || degrees.Any(d => d > alpha && axis is not null))
        {
            throw reader.Wrong("the terms of the series do not fit each other");
        }

        CheckSize(reader, columns + 1L, dimension, degrees.Sum(static d => (long)d));
        int width = adaptation.Dimension(columns);
        return new MaclaurinPlan(reader.Text("planKernel"), columns, dimension, adaptation, alpha)
        {
            Terms = [.. families.Select((f, i) => Term(reader, new(degrees[i], coefficients[i], features[i], degrees[i] == 0 ? null : Parse(reader, f), shares[i]), width))],
            Error = error,
            TruncationBound = reader.Number("truncationBound", 0),
            Gamma = reader.Number("planGamma", 0),
        };
    }

    /// <summary>A term that says how its features are made: exact ones have as many as there are monomials, or axes to project to.</summary>
    private static MaclaurinTerm Term(FeatureMapReader reader, MaclaurinTerm term, int width)
        => term.Family is null && term.Degree == 1 && reader.Flag("principal") ? term with { Axes = reader.Array<double>("principalAxes", width, term.Features) }
            : term.Family is not null || term.Features == (term.Degree == 0 ? 1 : ExactPowers<double>.Count(width, term.Degree)) ? term
            : throw reader.Wrong($"{term.Features} features are not the monomials of degree {term.Degree} of {width} numbers");

    public static void Write(FeatureMapWriter writer, ErrorPrediction error)
    {
        writer.Set("relativeError", error.RelativeError);
        writer.Set("meanVariance", error.MeanVariance);
        writer.Set("predictionRows", error.SampledRows);
        writer.Set("predictionKind", error.Kind.ToString());
    }

    public static ErrorPrediction Error(FeatureMapReader reader)
        => new(reader.Number("relativeError", 0), reader.Number("meanVariance", 0), reader.WholeNumber("predictionRows", 0), reader.Choice<PredictionKind>("predictionKind"));

    private static string Field(bool complex) => complex ? "complex" : "real";

    private static bool IsField(string word, out bool complex) => (complex = word == "complex") || word == "real";

    private static bool Count(string word, out int value) => int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
