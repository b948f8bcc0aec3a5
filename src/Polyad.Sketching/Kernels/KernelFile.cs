namespace Polyad.Sketching;

/// <summary>The kernels that a file may name.</summary>
internal static class KernelFile
{
    public const string Linear = "linear";
    public const string Polynomial = "polynomial";
    public const string Sigmoid = "sigmoid";
    public const string Cosine = "cosine";
    public const string ArcCosine = "arc-cosine";
    public const string Gaussian = "gaussian";
    public const string Matern = "matern";
    public const string Laplacian = "laplacian";
    public const string Chi2 = "chi2";
    public const string AdditiveChi2 = "additive-chi2";
    public const string Intersection = "intersection";
    public const string JensenShannon = "jensen-shannon";
    public const string SkewedChi2 = "skewed-chi2";
    public const string Anova = "anova";
    public const string AllSubsets = "all-subsets";

    public static void Write(FeatureMapWriter writer, string name) => writer.Set("kernel", name);

    public static Kernel Read(FeatureMapReader reader)
        => reader.Text("kernel") switch
        {
            Linear => new LinearKernel(),
            Polynomial => new PolynomialKernel(reader.WholeNumber("degree"), reader.Number("gamma"), reader.Number("constant")),
            Sigmoid => new SigmoidKernel(reader.OptionalNumber("gamma"), reader.Number("coef0")),
            Cosine => new CosineKernel(),
            ArcCosine => new ArcCosineKernel(reader.WholeNumber("order", 0, 2)),
            Gaussian => new GaussianKernel(reader.OptionalNumber("gamma")),
            Matern => new MaternKernel(reader.Number("nu"), reader.Number("lengthScale")),
            Laplacian => new LaplacianKernel(reader.OptionalNumber("gamma")),
            Chi2 => new Chi2Kernel(reader.Number("gamma")),
            AdditiveChi2 => new AdditiveChi2Kernel(),
            Intersection => new IntersectionKernel(),
            JensenShannon => new JensenShannonKernel(),
            SkewedChi2 => new SkewedChi2Kernel(reader.Number("skewedness")),
            Anova => new AnovaKernel(reader.WholeNumber("degree", 1)),
            AllSubsets => new AllSubsetsKernel(),
            string other => throw reader.Wrong($"this library has no kernel '{other}'"),
        };
}
