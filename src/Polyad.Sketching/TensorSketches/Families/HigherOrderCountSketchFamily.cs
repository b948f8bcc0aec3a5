namespace Polyad.Sketching;

internal sealed record HigherOrderCountSketchFamily : SketchFamily
{
    public override string Name => "higher-order count sketch";

    public override PolynomialSketch<T> Create<T>(int inputDimension, PolynomialKernel kernel, int outputDimension, ulong seed = 0)
        => new HigherOrderCountSketch<T>(inputDimension, kernel, outputDimension, seed);

    /// <summary>All moments of an outer product are products.</summary>
    internal override MomentMap Moments(int degree, int dimension, int outputDimension)
    {
        int[] sizes = HigherOrderCountSketch<double>.ModeSizes(degree, outputDimension);
        return factors =>
        {
            PairMoments product = new(1, 1, 1, 1, 1, 1);
            for (int k = 0; k < factors.Length; k++)
            {
                PairMoments mode = HashMoments.Sparse(factors[k], sizes[k], 1);
                product = new(
                    product.Norms * mode.Norms, product.Square * mode.Square, product.Entries * mode.Entries, product.Pseudo * mode.Pseudo, product.EntryInner * mode.EntryInner, product.EntryProduct * mode.EntryProduct);
            }

            return product;
        };
    }
}
