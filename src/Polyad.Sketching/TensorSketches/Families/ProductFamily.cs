namespace Polyad.Sketching;

internal sealed record ProductFamily(ProjectionWeights Weights, bool Complex) : SketchFamily
{
    public override string Name => (Complex ? "complex-to-real " : "") + Weights + " product sketch";

    public override bool IsComplex => Complex;

    public override PolynomialSketch<T> Create<T>(int inputDimension, PolynomialKernel kernel, int outputDimension, ulong seed = 0)
        => new ProductSketch<T>(inputDimension, kernel, outputDimension, seed, Weights, Complex);

    internal override MomentMap Moments(int degree, int dimension, int outputDimension)
    {
        int m = Outputs(outputDimension);
        return factors => ProjectionMoments.Product(factors, m, Weights, Complex);
    }
}
