using Polyad.Cli.Compare;
using Polyad.Cli.Compare.Accuracy;
using Polyad.Cli.Machine;
using Xunit;

namespace Polyad.Cli.Tests;

public class NominalCostTests
{
    private static readonly Ceiling Limits = new(1, FmaGflopsF64: 100, FmaGflopsF32: 200, MemcpyGbS: 10, ReadGbS: 20);

    [Fact]
    public void SquareFactorizationsHaveTheirTextbookCounts()
    {
        Assert.Equal(2e9, NominalCost.Gemm(1000, 1000, 1000).Flops, 1.0);
        Assert.Equal(8e9 / 3, NominalCost.Qr(1000, 1000).Flops, 1.0);
        Assert.Equal(26e9, NominalCost.Svd(1000, 1000).Flops, 1.0);
        Assert.Equal(NominalCost.Svd(300, 1000).Flops, NominalCost.Svd(1000, 300).Flops);
    }

    [Fact]
    public void CopiesAreBoundByTheCopyBandwidthReadAndWritten()
        => Assert.Equal(2 * 8e6 / 10e9, NominalCost.Unfold(1e6).RooflineSeconds(Limits, sizeof(double)), 1e-12);

    [Fact]
    public void ProductsInCacheAreBoundByArithmetic()
    {
        Assert.Equal(2e6 / 100e9, NominalCost.Gemm(100, 100, 100).RooflineSeconds(Limits, sizeof(double)), 1e-15);
        Assert.Equal(2e6 / 200e9, NominalCost.Gemm(100, 100, 100).RooflineSeconds(Limits, sizeof(float)), 1e-15);
    }

    [Fact]
    public void DoubleDoubleKeepsWhatDoubleLoses()
    {
        DoubleDouble sum = new DoubleDouble(1e16, 0) + 1.0 + -1e16;
        Assert.Equal(1.0, sum.High + sum.Low);

        double third = 1.0 / 3;
        DoubleDouble product = new DoubleDouble(third, 0) * 3.0;
        Assert.Equal(Math.FusedMultiplyAdd(third, 3, -product.High), product.Low);
    }
}
