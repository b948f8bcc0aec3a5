namespace Polyad.Sketching;

/// <summary>The families that every law of polynomial sketches is tested on.</summary>
internal static class SketchFamilies
{
    public static IEnumerable<SketchFamily> All =>
    [
        SketchFamily.TensorSketch,
        SketchFamily.FastCountSketch,
        SketchFamily.HigherOrderCountSketch,
        SketchFamily.TensorSrht,
        SketchFamily.Tree(),
        SketchFamily.Tree(new TreeOptions(Complex: false)),
        SketchFamily.Tree(new TreeOptions(TreeShape.Sequential, Expansion: 2)),
        SketchFamily.Tree(new TreeOptions(TreeShape.Sequential, Complex: false)),
        SketchFamily.Tree(new TreeOptions(Expansion: 2, LeafNonZeros: 1, LeafDimension: 5)),
        SketchFamily.Tree(new TreeOptions(Complex: false, LeafNonZeros: 2, LeafDimension: 6)),
        SketchFamily.Craft(expansion: 3),
        SketchFamily.Craft(SketchFamily.Product(), 2),
        SketchFamily.Craft(SketchFamily.TensorSketch, 3),
        SketchFamily.Craft(SketchFamily.Tree(), 2),
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
