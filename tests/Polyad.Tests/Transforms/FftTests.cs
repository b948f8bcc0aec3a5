using System.Numerics;
using Xunit;

namespace Polyad.Tests.Transforms;

public class FftTests
{
    public static TheoryData<int> Lengths => [1, 2, 3, 4, 5, 6, 7, 8, 12, 15, 16, 17, 25, 30, 32, 60, 64, 97, 100, 120, 128, 240, 243, 256, 625, 720, 1009, 1024, 512, 960, 1536, 2048];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Forward_is_the_definition_in_double(int n)
    {
        (double[] re, double[] im) = (Data(n, 0), Data(n, 1));
        (double[] er, double[] ei) = Definition(re, im);
        double[] r = [.. re], i = [.. im];
        FftPlan<double> plan = new(n);
        plan.Forward(r, i);
        double bound = Bound(n, re, im, Math.ScaleB(1, -52)) * Math.Sqrt(n);
        Assert.True(Distance(r, er) + Distance(i, ei) < bound, $"{Distance(r, er) + Distance(i, ei)} {bound}");
        plan.Inverse(r, i);
        Assert.True(Distance(r, re) + Distance(i, im) < Bound(n, re, im, Math.ScaleB(1, -52)));
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Forward_is_the_definition_in_single(int n)
    {
        (double[] re, double[] im) = (Data(n, 0), Data(n, 1));
        float[] r = [.. re.Select(v => (float)v)], i = [.. im.Select(v => (float)v)];
        (double[] er, double[] ei) = Definition([.. r.Select(v => (double)v)], [.. i.Select(v => (double)v)]);
        Fft.Forward<float>(r, i);
        double error = Distance([.. r.Select(v => (double)v)], er) + Distance([.. i.Select(v => (double)v)], ei);
        Assert.True(error < Bound(n, re, im, Math.ScaleB(1, -23)) * Math.Sqrt(n));
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Real_transforms_are_the_first_half_and_return(int n)
    {
        double[] x = Data(n, 2), zero = new double[n], re = new double[(n / 2) + 1], im = new double[(n / 2) + 1], back = new double[n];
        (double[] er, double[] ei) = Definition(x, zero);
        Fft.ForwardReal<double>(x, re, im);
        double bound = Bound(n, x, zero, Math.ScaleB(1, -52));
        Assert.True(Distance(re, er[..re.Length]) + Distance(im, ei[..im.Length]) < bound * Math.Sqrt(n));
        Fft.InverseReal<double>(re, im, back);
        Assert.True(Distance(back, x) < bound);
    }

    [Fact]
    public void Interleaved_data_is_transformed_alike()
    {
        double[] re = Data(96, 0), im = Data(96, 1);
        Complex[] z = [.. re.Zip(im, (a, b) => new Complex(a, b))];
        Fft.Forward(z);
        double[] r = [.. re], i = [.. im];
        Fft.Forward<double>(r, i);
        Assert.Equal(r, z.Select(v => v.Real));
        Fft.Inverse(z);
        Assert.True(Distance([.. z.Select(v => v.Imaginary)], im) < 1e-13);
    }

    [Theory]
    [InlineData(1 << 15)]
    [InlineData(1 << 16)]
    [InlineData(3 << 15)]
    [InlineData(64 * 625)]
    [InlineData(256 * 225)]
    [InlineData(40_009)]
    public void Outputs_of_long_transforms_are_the_definition(int n)
    {
        (double[] re, double[] im) = (Data(n, 0), Data(n, 1));
        double[] r = [.. re], i = [.. im];
        float[] sr = [.. re.Select(v => (float)v)], si = [.. im.Select(v => (float)v)];
        new FftPlan<double>(n).Forward(r, i);
        new FftPlan<float>(n).Forward(sr, si);
        double bound = Bound(n, re, im, Math.ScaleB(1, -52)), single = Bound(n, re, im, Math.ScaleB(1, -23));
        foreach (int k in (int[])[0, 1, 7, 8, 255, n / 3, n / 2, n - 9, n - 1])
        {
            // Summed exactly enough by Neumaier's compensation: a plain sum would have errors of its own as large as the bound.
            double er = 0, ei = 0, lostReal = 0, lostImaginary = 0;
            for (int j = 0; j < n; j++)
            {
                (double s, double c) = double.SinCosPi(-2.0 * ((long)j * k % n) / n);
                Add((re[j] * c) - (im[j] * s), ref er, ref lostReal);
                Add((re[j] * s) + (im[j] * c), ref ei, ref lostImaginary);
            }

            er += lostReal;
            ei += lostImaginary;

            Assert.Equal(er, r[k], bound);
            Assert.Equal(ei, i[k], bound);
            Assert.Equal(er, sr[k], single);
            Assert.Equal(ei, si[k], single);
        }
    }

    [Fact]
    public void The_number_of_threads_does_not_show()
    {
        const int N = 1 << 17;
        double[] re = Data(N, 0), im = Data(N, 1), r = [.. re], i = [.. im];
        using (Parallelism.Use(1))
        {
            Fft.Forward<double>(re, im);
        }

        using (Parallelism.Use(4))
        {
            Fft.Forward<double>(r, i);
        }

        Assert.Equal(re, r);
        Assert.Equal(im, i);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(10)]
    [InlineData(15)]
    [InlineData(512)]
    [InlineData(1 << 17)]
    public void Real_transforms_in_single_return(int n)
    {
        float[] x = [.. Data(n, 2).Select(v => (float)v)], re = new float[(n / 2) + 1], im = new float[(n / 2) + 1], back = new float[n];
        Fft.ForwardReal<float>(x, re, im);
        Fft.InverseReal<float>(re, im, back);
        Assert.Equal(x.Sum(v => (double)v), re[0], n * Math.ScaleB(1, -23));
        Assert.True(Distance([.. back.Select(v => (double)v)], [.. x.Select(v => (double)v)]) < Bound(n, [.. x.Select(v => (double)v)], new double[n], Math.ScaleB(1, -23)));
    }

    [Fact]
    public async Task Calls_without_a_plan_may_come_from_many_threads_with_lengths_that_share_a_place()
    {
        await Parallel.ForAsync(0, 64, TestContext.Current.CancellationToken, (t, _) =>
        {
            int n = 12 + (17 * (t % 4));
            double[] re = Data(n, 0), im = Data(n, 1), r = [.. re], i = [.. im];
            Fft.Forward<double>(re, im);
            new FftPlan<double>(n).Forward(r, i);
            Assert.Equal(r, re);
            Assert.Equal(i, im);
            return ValueTask.CompletedTask;
        });
    }

    [Fact]
    public void A_large_transform_keeps_its_energy_and_returns()
    {
        const int N = 1 << 18;
        double[] re = Data(N, 0), im = Data(N, 1), r = [.. re], i = [.. im];
        Fft.Forward<double>(r, i);
        double energy = r.Sum(v => v * v) + i.Sum(v => v * v), expected = N * (re.Sum(v => v * v) + im.Sum(v => v * v));
        Assert.Equal(1, energy / expected, 1e-13);
        Fft.Inverse<double>(r, i);
        Assert.True(Distance(r, re) < Bound(N, re, im, Math.ScaleB(1, -52)));
    }

    [Fact]
    public void Lengths_must_match()
    {
        Assert.Throws<ArgumentException>(() => Fft.Forward<double>(new double[4], new double[5]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FftPlan<double>(0));
        Assert.Throws<NotSupportedException>(() => new FftPlan<int>(4));
    }

    private static void Add(double term, ref double sum, ref double lost)
    {
        double next = sum + term;
        lost += Math.Abs(sum) >= Math.Abs(term) ? sum - next + term : term - next + sum;
        sum = next;
    }

    private static double[] Data(int n, ulong stream)
    {
        double[] x = new double[n];
        new CounterRandom(11, stream).Normal<double>(x);
        return x;
    }

    private static double Bound(int n, double[] re, double[] im, double eps)
        => 10 * eps * (Math.Log2(n) + 1) * Math.Sqrt(re.Sum(v => v * v) + im.Sum(v => v * v));

    private static double Distance(double[] a, double[] b) => Math.Sqrt(a.Zip(b, (x, y) => (x - y) * (x - y)).Sum());

    private static (double[] Re, double[] Im) Definition(double[] re, double[] im)
    {
        int n = re.Length;
        double[] r = new double[n], i = new double[n];
        (double Sin, double Cos)[] roots = [.. Enumerable.Range(0, n).Select(k => double.SinCosPi(-2.0 * k / n))];
        for (int k = 0; k < n; k++)
        {
            for (int j = 0; j < n; j++)
            {
                (double s, double c) = roots[(int)((long)j * k % n)];
                r[k] += (re[j] * c) - (im[j] * s);
                i[k] += (re[j] * s) + (im[j] * c);
            }
        }

        return (r, i);
    }
}
