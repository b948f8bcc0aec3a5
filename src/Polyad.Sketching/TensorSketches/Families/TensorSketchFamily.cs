namespace Polyad.Sketching;

internal sealed record TensorSketchFamily : SketchFamily
{
    public override string Name => "TensorSketch";

    public override PolynomialSketch<T> Create<T>(int inputDimension, PolynomialKernel kernel, int outputDimension, ulong seed = 0)
        => new TensorSketch<T>(inputDimension, kernel, outputDimension, seed);

    internal override MomentMap Moments(int degree, int dimension, int outputDimension) => factors => HashMoments.Circular(factors, outputDimension);
}
