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
    public void TransformsBeyondTheCacheAreBoundByTheCopyBandwidth()
    {
        double n = Math.ScaleB(1, 32);
        Assert.Equal(5 * n * 32, NominalCost.Fft(n).Flops);
        Assert.Equal(4 * n * sizeof(double) / 10e9, NominalCost.Fft(n).RooflineSeconds(Limits with { FmaGflopsF64 = 1e6 }, sizeof(double)), 1e-9);
        Assert.Equal(n * 32, NominalCost.WalshHadamard(n).Flops);
    }

    [Fact]
    public void SketchesAreCountedByTheirTransforms()
    {
        Assert.Equal(100 * 70, NominalCost.CountSketch(100, 70, 32).Flops);

        // 70 numbers are padded to 128 = 2^7; 300 features take three transforms.
        Assert.Equal(100 * 128 * 7, NominalCost.Srht(100, 70, 32).Flops);
        Assert.Equal(3 * 100 * 128 * 7, NominalCost.Srht(100, 70, 300).Flops);
        Assert.Equal(100 * 32 * sizeof(double), NominalCost.Srht(100, 70, 32).Bytes(sizeof(double)) - (100 * 70 * sizeof(double)));
        Assert.Equal((3 * 70) + (4 * 2.5 * 32 * 5) + (2 * 3 * 32), NominalCost.TensorSketch(1, 70, 3, 32).Flops);
        Assert.Equal((3 * 2 * 128 * 7) + (2 * 3 * 32), NominalCost.ProductSrht(1, 70, 3, 32).Flops);

        // Beside those of the row, two transforms of the 16 complex numbers of the degree below.
        Assert.Equal(NominalCost.ProductSrht(1, 70, 3, 32).Flops + (2 * 2 * 16 * 4), NominalCost.PolySketch(1, 70, 3, 32).Flops);
        Assert.Equal((70 * 32) + 32, NominalCost.RandomFourier(1, 70, 32).Flops);
        Assert.Equal(NominalCost.QrR(1000, 50).Flops, NominalCost.LeastSquares(1000, 50).Flops);
        Assert.InRange(NominalCost.RandomizedSvd(1e5, 1e4, 20, 2).Flops / (6 * 2 * 1e9 * 20), 1, 1.1);
    }

    [Theory]
    [InlineData(0, 7)]
    [InlineData(2, 12)]
    [InlineData(5, 7)]
    [InlineData(6, 7)]
    [InlineData(11, 16)]
    public void UnitRootsAreExactToTwiceThePrecision(int m, int n)
    {
        (DoubleDouble cosine, DoubleDouble sine) = FourierAccuracy.UnitRoot(m, n);

        Assert.Equal(Math.Cos(2 * Math.PI * m / n), cosine.High, 1e-15);
        Assert.Equal(Math.Sin(2 * Math.PI * m / n), sine.High, 1e-15);
        DoubleDouble unit = (cosine * cosine) + (sine * sine) + -1.0;
        Assert.True(Math.Abs(unit.High) < Math.ScaleB(1, -98), $"|w|^2 - 1 = {unit.High}");

        // The n-th power is 1 only if the angle itself is right to that precision.
        (DoubleDouble real, DoubleDouble imaginary) = (new(1, 0), new(0, 0));
        for (int i = 0; i < n; i++)
        {
            (real, imaginary) = ((real * cosine) + (imaginary * sine * -1), (real * sine) + (imaginary * cosine));
        }

        Assert.True(Math.Abs((real + -1.0).High) < Math.ScaleB(1, -95) && Math.Abs(imaginary.High) < Math.ScaleB(1, -95));
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
