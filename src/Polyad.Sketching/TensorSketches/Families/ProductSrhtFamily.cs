namespace Polyad.Sketching;

internal sealed record ProductSrhtFamily(bool Complex, HadamardSampling Sampling) : SketchFamily
{
    public override string Name => (Complex ? "complex-to-real ProductSRHT" : "ProductSRHT") + Sampling switch
    {
        HadamardSampling.Blocks => ", blocks",
        HadamardSampling.WithReplacement => ", with replacement",
        _ => "",
    };

    public override bool IsComplex => Complex;

    public override PolynomialSketch<T> Create<T>(int inputDimension, PolynomialKernel kernel, int outputDimension, ulong seed = 0)
        => new ProductSrht<T>(inputDimension, kernel, outputDimension, seed, Complex, Sampling);

    internal override MomentMap Moments(int degree, int dimension, int outputDimension)
    {
        int m = Outputs(outputDimension);
        double[] rows = new double[degree];
        Array.Fill(rows, HadamardMoments.Rows(dimension, m, Sampling));
        double same = HadamardMoments.SamePairs(dimension, m, Sampling);
        return factors => ProjectionMoments.Product(factors, m, ProjectionWeights.Rademacher, Complex, same, rows);
    }
}
