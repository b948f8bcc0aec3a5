namespace Polyad.Sketching;

/// <summary>The families that every law of polynomial sketches is tested on.</summary>
internal static class SketchFamilies
{
    public static IEnumerable<SketchFamily> All =>
    [
        SketchFamily.TensorSketch,
        SketchFamily.FastCountSketch,
        SketchFamily.Product(ProjectionWeights.Gaussian, complex: false),
        SketchFamily.Product(ProjectionWeights.Rademacher, complex: false),
        SketchFamily.Product(ProjectionWeights.Gaussian),
        SketchFamily.Product(),
        SketchFamily.ProductSrht(complex: false),
        SketchFamily.ProductSrht(),
        SketchFamily.ProductSrht(complex: false, HadamardSampling.Blocks),
        SketchFamily.ProductSrht(sampling: HadamardSampling.Blocks),
        SketchFamily.ProductSrht(complex: false, HadamardSampling.WithReplacement),
        SketchFamily.ProductSrht(sampling: HadamardSampling.WithReplacement),
    ];
}
