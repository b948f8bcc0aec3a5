using System.Numerics;
using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Tests.RandomNumbers;

public class CounterRandomTests
{
    private static readonly CounterRandom Draws = new(20240229, 7);

    [Theory]
    [InlineData(0UL, 317)]
    [InlineData(0UL, 1)]
    [InlineData(5UL, 64)]
    [InlineData(13UL, 999)]
    [InlineData(ulong.MaxValue - 330, 331)]
    public void A_fill_may_be_cut_anywhere(ulong start, int cut)
    {
        Check<double>((r, s, at) => r.Uniform(s, at));
        Check<float>((r, s, at) => r.Uniform(s, at));
        Check<double>((r, s, at) => r.Normal(s, at));
        Check<float>((r, s, at) => r.Normal(s, at));
        Check<double>((r, s, at) => r.Signs(s, at));
        Check<float>((r, s, at) => r.Signs(s, at));
        Check<ulong>((r, s, at) => r.Words(s, at));
        Check<int>((r, s, at) => r.Integers(s, 1000, at));
        Check<long>((r, s, at) => r.Integers(s, 1L << 40, at));

        void Check<T>(Fill<T> fill)
        {
            T[] whole = new T[1000], parts = new T[1000];
            fill(Draws, whole, start);
            fill(Draws, parts.AsSpan(0, cut), start);
            fill(Draws, parts.AsSpan(cut), start + (ulong)cut);
            Assert.Equal(whole, parts);
        }
    }

    [Fact]
    public void The_number_of_threads_does_not_show()
    {
        double[] one = new double[300_001], many = new double[300_001];
        using (Parallelism.Use(1))
        {
            Draws.Normal<double>(one, 3);
        }

        using (Parallelism.Use(4))
        {
            Draws.Normal<double>(many, 3);
        }

        Assert.Equal(one, many);
    }

    [Fact]
    public void Uniform_numbers_pass_Kolmogorov_and_Smirnov_and_have_the_moments()
    {
        const int N = 200_000;
        double[] x = new double[N];
        Draws.Uniform<double>(x);
        Assert.All(x, v => Assert.InRange(v, 0, Math.BitDecrement(1)));
        Assert.InRange(TensorPrimitives.Sum<double>(x) / N, 0.5 - (5 / Math.Sqrt(12.0 * N)), 0.5 + (5 / Math.Sqrt(12.0 * N)));
        Assert.True(Distance(x, v => v) < 2.69 / Math.Sqrt(N));

        float[] y = new float[N];
        Draws.Uniform<float>(y);
        Assert.All(y, v => Assert.InRange(v, 0f, MathF.BitDecrement(1)));
        Assert.True(Distance([.. y.Select(v => (double)v)], v => v) < 2.69 / Math.Sqrt(N));
    }

    [Fact]
    public void Normal_numbers_pass_Kolmogorov_and_Smirnov_and_have_the_moments()
    {
        const int N = 200_000;
        double[] x = new double[N];
        float[] y = new float[N];
        Draws.Normal<double>(x);
        Draws.Normal<float>(y);
        foreach (double[] z in new[] { x, [.. y.Select(v => (double)v)] })
        {
            // Five standard deviations of the sample's moments: 1, 2 and 96 are the variances of z, z^2 and z^4.
            Assert.InRange(z.Average(), -5 / Math.Sqrt(N), 5 / Math.Sqrt(N));
            Assert.InRange(z.Average(v => v * v), 1 - (5 * Math.Sqrt(2.0 / N)), 1 + (5 * Math.Sqrt(2.0 / N)));
            Assert.InRange(z.Average(v => v * v * v * v), 3 - (5 * Math.Sqrt(96.0 / N)), 3 + (5 * Math.Sqrt(96.0 / N)));
            Assert.True(Distance(z, Phi) < 2.69 / Math.Sqrt(N));
        }
    }

    [Fact]
    public void Normal_numbers_are_the_exact_transform_within_4_ulp()
    {
        double[] z = new double[20_000];
        ulong[] words = new ulong[z.Length];
        Draws.Normal<double>(z);
        Draws.Words(words);
        for (int i = 0; i < z.Length; i += 2)
        {
            double u = ((words[i] >> 11) + 1) * Math.ScaleB(1, -53), v = (words[i + 1] >> 11) * Math.ScaleB(1, -52);
            double radius = Math.Sqrt(-2 * Math.Log(u));
            (double sine, double cosine) = double.SinCosPi(v);
            Assert.InRange(z[i], Below(radius * cosine), Above(radius * cosine));
            Assert.InRange(z[i + 1], Below(radius * sine), Above(radius * sine));
        }

        static double Below(double x) => x - (4 * Math.Abs(x) * Math.ScaleB(1, -52));
        static double Above(double x) => x + (4 * Math.Abs(x) * Math.ScaleB(1, -52));
    }

    [Fact]
    public void Signs_are_ones_of_either_sign_in_equal_number()
    {
        float[] s = new float[100_000];
        Draws.Signs<float>(s);
        Assert.All(s, v => Assert.Equal(1, Math.Abs(v)));
        Assert.InRange(s.Sum(), -5 * Math.Sqrt(s.Length), 5 * Math.Sqrt(s.Length));
    }

    [Fact]
    public void Integers_cover_the_range_evenly()
    {
        int[] x = new int[70_000], counts = new int[7];
        Draws.Integers(x, 7);
        foreach (int v in x)
        {
            counts[v]++;
        }

        Assert.All(counts, c => Assert.InRange(c, 10_000 - 500, 10_000 + 500));
    }

    [Fact]
    public void A_permutation_holds_every_number_once_and_a_sample_is_its_beginning()
    {
        int[] order = Draws.Permutation(1000);
        Assert.Equal(Enumerable.Range(0, 1000), order.Order());
        Assert.Equal(order.Take(600), Draws.Sample(1000, 600));
        Assert.Equal(order, Draws.Sample(1000, 1000));
        Assert.Equal(5, Draws.Sample(int.MaxValue, 5).Distinct().Count());
        Assert.Empty(Draws.Permutation(0));
    }

    [Fact]
    public void Streams_and_seeds_differ()
    {
        double[] a = new double[8], b = new double[8], c = new double[8];
        new CounterRandom(1, 0).Uniform<double>(a);
        new CounterRandom(1, 1).Uniform<double>(b);
        new CounterRandom(2, 0).Uniform<double>(c);
        Assert.NotEqual(a, b);
        Assert.NotEqual(a, c);
        Assert.Equal(new CounterRandom(1, 1), new CounterRandom(1).WithStream(1));
    }

    [Fact]
    public void Tensors_are_filled_in_row_major_order()
    {
        double[] flat = new double[60];
        Draws.Normal<double>(flat);
        Tensor<double> x = Draws.Normal<double>(3, 4, 5);
        Assert.Equal(flat[(((2 * 4) + 1) * 5) + 3], x[2, 1, 3]);
        Assert.Equal(0, Draws.Uniform<float>(0, 4).FlattenedLength);
    }

    [Fact]
    public void Bad_parameters_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Draws.Integers(new int[1], 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Draws.Sample(3, 4));
        Assert.Throws<ArgumentException>(() => Draws.Uniform(new double[1], 2, 1));
        Assert.Throws<ArgumentException>(() => Draws.Uniform(new double[1], -double.MaxValue, double.MaxValue));
        Assert.Throws<ArgumentException>(() => Draws.Normal(new double[1], 0, -1));
        Assert.Throws<NotSupportedException>(() => Draws.Normal<int>(new int[1]));
    }

    private delegate void Fill<T>(CounterRandom random, Span<T> destination, ulong start);

    /// <summary>The Kolmogorov-Smirnov distance; its 1e-6 critical value is 2.69 / sqrt(n).</summary>
    private static double Distance(double[] sample, Func<double, double> distribution)
    {
        Array.Sort(sample);
        double max = 0;
        for (int i = 0; i < sample.Length; i++)
        {
            double f = distribution(sample[i]);
            max = Math.Max(max, Math.Max(f - ((double)i / sample.Length), ((i + 1.0) / sample.Length) - f));
        }

        return max;
    }

    /// <summary>The normal distribution function to 1e-7, enough for a distance of 6e-3 (Abramowitz and Stegun 26.2.17).</summary>
    private static double Phi(double x)
    {
        double t = 1 / (1 + (0.2316419 * Math.Abs(x)));
        double tail = Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI) * t
            * (0.319381530 + (t * (-0.356563782 + (t * (1.781477937 + (t * (-1.821255978 + (t * 1.330274429))))))));
        return x < 0 ? tail : 1 - tail;
    }
}
