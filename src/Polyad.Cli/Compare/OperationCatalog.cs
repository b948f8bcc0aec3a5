using Polyad.Cli.Compare.Operations;
using Polyad.Sketching;

namespace Polyad.Cli.Compare;

/// <summary>Every operation that the tool compares.</summary>
internal static class OperationCatalog
{
    public static IReadOnlyList<IOperation> All { get; } =
    [
        new GemmOperation(),
        new GramOperation(),
        new TriangularSolveOperation(),
        new CholeskyOperation(),
        new LuOperation(),
        new QrOperation(),
        new QrROperation(),
        new SymmetricEigenOperation(),
        new SymmetricEigenvaluesOperation(),
        new SvdOperation(),
        new SingularValuesOperation(),
        new UnfoldOperation(),
        new ModeProductOperation(),
        new ModeGramOperation(),
        new MttkrpOperation(),
        new CpOperation(),
        new TuckerOperation(),
        new TensorTrainOperation(),
        new FftOperation(),
        new WalshHadamardOperation(),
        new LinearSketchOperation("countsketch", SketchDistribution.CountSketch, NominalCost.CountSketch),
        new LinearSketchOperation("srht", SketchDistribution.Srht, NominalCost.Srht),
        new PolynomialSketchOperation("tensorsketch", SketchFamily.TensorSketch, NominalCost.TensorSketch),
        new PolynomialSketchOperation("ctr", SketchFamily.ProductSrht(), NominalCost.ProductSrht),
        new PolySketchOperation(),
        new RandomFourierOperation(),
        new RandomizedSvdOperation(),
        new SketchedLeastSquaresOperation(),
        new QrLeastSquaresOperation(),
    ];

    /// <summary>The operation of this name.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    public static IOperation Get(string name)
        => All.FirstOrDefault(operation => operation.Name == name)
            ?? throw new UsageException($"there is no operation '{name}'; known are {string.Join(", ", All.Select(static o => o.Name))}.");
}
