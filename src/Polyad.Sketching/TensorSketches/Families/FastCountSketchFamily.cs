namespace Polyad.Sketching;

internal sealed record FastCountSketchFamily : SketchFamily
{
    public override string Name => "fast count sketch";

    public override PolynomialSketch<T> Create<T>(int inputDimension, PolynomialKernel kernel, int outputDimension, ulong seed = 0)
        => new FastCountSketch<T>(inputDimension, kernel, outputDimension, seed);

    internal override MomentMap Moments(int degree, int dimension, int outputDimension)
    {
        LinearHashMoments moments = new(FastCountSketch<double>.Ranges(degree, outputDimension));
        return moments.Of;
    }
}
