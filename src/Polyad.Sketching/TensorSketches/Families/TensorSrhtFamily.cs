namespace Polyad.Sketching;

internal sealed record TensorSrhtFamily : SketchFamily
{
    public override string Name => "TensorSRHT";

    public override bool IsComplex => true;

    public override PolynomialSketch<T> Create<T>(int inputDimension, PolynomialKernel kernel, int outputDimension, ulong seed = 0)
        => new TensorSrht<T>(inputDimension, kernel, outputDimension, seed);

    /// <summary>
    /// The row of a uniform frequency times random signs has the fourth moments of complex signs but for E (w.u)^2 (w.v)^2. Frequencies are independent and the mean over all of them is the inner product
    /// itself: two features are uncorrelated given the signs.
    /// </summary>
    internal override MomentMap Moments(int degree, int dimension, int outputDimension)
        => factors => ProjectionMoments.Product(factors, outputDimension / 2, ProjectionWeights.Rademacher, complex: true) with { EntryProduct = double.NaN };
}
