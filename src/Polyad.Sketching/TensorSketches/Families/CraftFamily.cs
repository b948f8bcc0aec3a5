namespace Polyad.Sketching;

internal sealed record CraftFamily : SketchFamily
{
    public CraftFamily(SketchFamily up, int expansion)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(expansion, 1);
        if (up == FastCountSketch || up == TensorSrht)
        {
            throw new ArgumentException($"The moments of the entries of a {up.Name} are not known: project another sketch down.", nameof(up));
        }

        (Up, Expansion) = (up, expansion);
    }

    public SketchFamily Up { get; }

    public int Expansion { get; }

    public override string Name => $"CRAFT, {Expansion} x {Up.Name}";

    public override PolynomialSketch<T> Create<T>(int inputDimension, PolynomialKernel kernel, int outputDimension, ulong seed = 0)
        => new CraftSketch<T>(inputDimension, kernel, outputDimension, seed, Up, Expansion);

    public int UpFeatures(int outputDimension)
    {
        int features = checked(outputDimension * Expansion);
        return Up.IsComplex ? features + (features % 2) : features;
    }

    internal override MomentMap Moments(int degree, int dimension, int outputDimension)
    {
        int wide = UpFeatures(outputDimension);
        MomentMap up = Up.Moments(degree, dimension, wide);
        double rows = HadamardMoments.Rows(wide, outputDimension, HadamardSampling.Shared), same = HadamardMoments.SamePairs(wide, outputDimension, HadamardSampling.Shared);
        return factors =>
        {
            PairMoments moments = up(factors);
            PairMoments real = Up.IsComplex ? moments.Real() : moments;
            return ProjectionMoments.Product([real], outputDimension, ProjectionWeights.Rademacher, complex: false, same, [rows]);
        };
    }
}
