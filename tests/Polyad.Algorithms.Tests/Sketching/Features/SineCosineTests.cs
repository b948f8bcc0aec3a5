using Xunit;

namespace Polyad.Sketching;

public sealed class SineCosineTests
{
    [Theory]
    [InlineData(0.1)]
    [InlineData(1)]
    [InlineData(30)]
    [InlineData(1e3)]
    [InlineData(1e6)]
    [InlineData(1e12)]
    public void Doubles_are_within_an_epsilon(double size)
    {
        double[] x = new double[10_007], cosines = new double[x.Length], sines = new double[x.Length];
        new CounterRandom(1).Normal(x, 0.0, size);
        for (int i = 0; i < 100; i++)
        {
            // Multiples of pi/4: where the reduction cancels most.
            x[i] = (i - 50) * Math.PI / 4;
        }

        SineCosine.Pairs<double>(x, cosines, sines, 1);
        for (int i = 0; i < x.Length; i++)
        {
            Assert.Equal(Math.Cos(x[i]), cosines[i], 1.0 / (1L << 52));
            Assert.Equal(Math.Sin(x[i]), sines[i], 1.0 / (1L << 52));
        }
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(1)]
    [InlineData(30)]
    [InlineData(3e3)]
    [InlineData(1e6)]
    public void Floats_are_within_an_epsilon(float size)
    {
        float[] x = new float[10_007], cosines = new float[x.Length], sines = new float[x.Length];
        new CounterRandom(1).Normal(x, 0f, size);
        for (int i = 0; i < 100; i++)
        {
            x[i] = (float)((i - 50) * Math.PI / 4);
        }

        SineCosine.Pairs<float>(x, cosines, sines, 1);
        for (int i = 0; i < x.Length; i++)
        {
            Assert.Equal(Math.Cos((double)x[i]), cosines[i], 1.0 / (1 << 23));
            Assert.Equal(Math.Sin((double)x[i]), sines[i], 1.0 / (1 << 23));
        }
    }

    [Fact]
    public void An_element_has_the_same_bits_at_any_place()
    {
        double[] x = new double[41], cosines = new double[41], sines = new double[41], one = new double[1], other = new double[1], offsets = new double[41];
        new CounterRandom(2).Normal(x, 0.0, 100.0);
        x[7] = 1e300;
        SineCosine.Pairs<double>(x, cosines, sines, 0.25);
        for (int i = 0; i < 41; i++)
        {
            SineCosine.Pairs<double>(x.AsSpan(i, 1), one, other, 0.25);
            Assert.Equal(cosines[i], one[0]);
            Assert.Equal(sines[i], other[0]);
        }

        SineCosine.Cosines<double>(x, offsets, 0.25);
        Assert.Equal(cosines, x);
    }

    [Fact]
    public void What_is_not_finite_gives_NaN()
    {
        double[] x = [double.PositiveInfinity, 1, double.NaN], cosines = new double[3], sines = new double[3];
        SineCosine.Pairs<double>(x, cosines, sines, 1);
        Assert.True(double.IsNaN(cosines[0]) && double.IsNaN(sines[2]));
        Assert.Equal(Math.Cos(1), cosines[1]);
    }
}
