using System.Numerics;

namespace Polyad.Sketching;

/// <summary>The kinds that a file may name.</summary>
internal static class FeatureMapKinds
{
    public const string Linear = "linear";
    public const string RandomFourier = "random-fourier";
    public const string ArcCosine = "arc-cosine";
    public const string HomogeneousKernel = "homogeneous-kernel";
    public const string Intersection = "intersection";
    public const string Anova = "anova";
    public const string AllSubsets = "all-subsets";
    public const string Spherical = "spherical";
    public const string Polynomial = "polynomial";
    public const string TensorPower = "tensor-power";
    public const string GaussianMaclaurin = "gaussian-maclaurin";
    public const string PolynomialCountSketch = "polynomial-count-sketch";
    public const string Nystroem = "nystroem";
    public const string RbfSampler = "rbf-sampler";
    public const string AdditiveChi2 = "additive-chi2-sampler";
    public const string SkewedChi2 = "skewed-chi2-sampler";
    public const string Union = "union";
    public const string Pipeline = "pipeline";
    public const string StandardScaler = "standard-scaler";
    public const string Pca = "pca";
    public const string IncrementalPca = "incremental-pca";
    public const string TruncatedSvd = "truncated-svd";
    public const string GaussianProjection = "gaussian-random-projection";
    public const string SparseProjection = "sparse-random-projection";

    public static FeatureMap<T> Read<T>(FeatureMapReader reader, IReadOnlyDictionary<string, Func<FeatureMapReader, FeatureMap<T>>>? others)
        where T : unmanaged, INumberBase<T>
        => reader.Kind switch
        {
            Linear => LinearFeatures<T>.Read(reader),
            RandomFourier => RandomFourierFeatures<T>.Read(reader),
            ArcCosine => ArcCosineFeatures<T>.Read(reader),
            HomogeneousKernel => HomogeneousKernelMap<T>.Read(reader),
            Intersection => IntersectionFeatures<T>.Read(reader),
            Anova => AnovaFeatures<T>.Read(reader),
            AllSubsets => AllSubsetsFeatures<T>.Read(reader),
            Spherical => SphericalRandomFeatures<T>.Read(reader),
            Polynomial => PolynomialFeatures<T>.Read(reader),
            TensorPower => TensorPowerFeatures<T>.Read(reader),
            GaussianMaclaurin => GaussianMaclaurinFeatures<T>.Read(reader),
            PolynomialCountSketch => PolynomialCountSketch<T>.Read(reader),
            Nystroem => Nystroem<T>.Read(reader),
            RbfSampler => RbfSampler<T>.Read(reader),
            AdditiveChi2 => AdditiveChi2Sampler<T>.Read(reader),
            SkewedChi2 => SkewedChi2Sampler<T>.Read(reader),
            Union => FeatureUnion<T>.Read(reader, others),
            Pipeline => FeaturePipeline<T>.Read(reader, others),
            StandardScaler => StandardScaler<T>.Read(reader),
            Pca => Pca<T>.Read(reader),
            IncrementalPca => IncrementalPca<T>.Read(reader),
            TruncatedSvd => TruncatedSvd<T>.Read(reader),
            GaussianProjection => GaussianRandomProjection<T>.Read(reader),
            SparseProjection => SparseRandomProjection<T>.Read(reader),
            _ => throw reader.Wrong($"this library has no map of kind '{reader.Kind}'"),
        };
}
