using System.Diagnostics;
using System.Globalization;
using System.Numerics.Tensors;
using Polyad.Sketching;

namespace Polyad.SketchExperiments;

/// <summary>
/// Sampling of tensor powers by leverage scores (Woodruff and Zandieh 2020, 2022): the time against the number of entries and against the power, and the distortion of the Gram matrix. Rows are bags of words from a
/// few topics, of unit length.
/// </summary>
internal static class SamplingTimes
{
    private const int Topics = 12;

    public static void Run(Options options)
    {
        int n = options.Number("rows", 1000), d = options.Number("dimension", 10000), repeats = options.Number("repeats", 3);
        Console.WriteLine($"{n} rows of {d}, {Topics} topics, ridge 0.02 of the trace, 1500 draws; median of {repeats} seeds");
        Console.WriteLine($"{"entries per row",15} {"q",2} {"stages",6} {"eff. dim.",9} {"draws",6} {"features",8} {"seconds",8} {"distortion",10} {"largest",8}");
        foreach (int perRow in (int[])[200, 800])
        {
            Row(n, d, perRow, 3, repeats);
        }

        foreach (int q in (int[])[4, 8])
        {
            Row(n, d, 200, q, repeats);
        }
    }

    private static void Row(int n, int d, int perRow, int q, int repeats)
    {
        CsrMatrix<double> data = Documents(n, d, perRow);
        Tensor<double> exact = data.Multiply(data.ToDense().AsReadOnlyMatrix().Transpose.ToTensor().AsReadOnlyMatrix());
        double[] values = [.. exact];
        exact = Tensor.Create([.. values.Select(v => Math.Pow(v, q))], [n, n]);
        double ridge = 0.02 * n;
        List<double> seconds = [], distortions = [];
        TensorPowerSample<double>? sample = null;
        int stages = 0;
        for (int seed = 0; seed <= repeats; seed++)
        {
            Counter counter = new();
            long start = Stopwatch.GetTimestamp();
            sample = new TensorPowerSampler { Samples = 1500 }.Fit<double>(data, q, ridge, (ulong)seed, counter);
            double taken = Stopwatch.GetElapsedTime(start).TotalSeconds;
            stages = counter.Count;
            if (seed > 0)
            {
                seconds.Add(taken);
                distortions.Add(Distortion(sample.Apply(data), exact, ridge));
            }
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{perRow,15} {q,2} {stages,6} {sample!.EffectiveDimension,9:F1} {sample.Draws,6} {sample.OutputDimension,8} {TensorSketchRace.Median(seconds),8:F2} {TensorSketchRace.Median(distortions),10:F3} {distortions.Max(),8:F3}"));
    }

    private static CsrMatrix<double> Documents(int n, int d, int perRow)
    {
        // Word w of topic t has weight 1 / (1 + rank), ranks being a permutation of the topic's own.
        int[][] words = [.. Enumerable.Range(0, Topics).Select(t => new CounterRandom(5, (ulong)t).Permutation(d))];
        List<int> rows = [], columns = [];
        List<double> values = [];
        double[] uniform = new double[4 * perRow];
        for (int i = 0; i < n; i++)
        {
            new CounterRandom(6, (ulong)i).Uniform(uniform.AsSpan());
            Dictionary<int, double> counts = [];
            for (int k = 0; counts.Count < perRow && k < uniform.Length; k++)
            {
                // Rank with density about 1 / (1 + rank).
                int rank = Math.Min(d - 1, (int)Math.Exp(uniform[k] * Math.Log(d)) - 1), word = words[i % Topics][rank];
                counts[word] = counts.GetValueOrDefault(word) + 1;
            }

            double norm = Math.Sqrt(counts.Values.Sum(v => v * v));
            foreach ((int word, double count) in counts)
            {
                rows.Add(i);
                columns.Add(word);
                values.Add(count / norm);
            }
        }

        return CsrMatrix<double>.FromTriplets(n, d, [.. rows], [.. columns], [.. values]);
    }

    /// <summary>The largest distance from 1 of a generalized eigenvalue of the two matrices with the ridge.</summary>
    private static double Distortion(Tensor<double> features, Tensor<double> exact, double ridge)
    {
        int n = (int)exact.Lengths[0];
        Tensor<double> a = exact.AsReadOnlyMatrix().ToTensor(), b = LinearAlgebra.Gram(features.AsReadOnlyMatrix());
        for (int i = 0; i < n; i++)
        {
            a[i, i] += ridge;
            b[i, i] += ridge;
        }

        Tensor<double> l = LinearAlgebra.Cholesky(a), half = b.AsReadOnlyMatrix().ToTensor();
        Backend.Current.TriangularSolve<double>(Triangle.Lower, false, l.AsReadOnlyMatrix(), half.AsMatrix());
        Tensor<double> turned = half.AsReadOnlyMatrix().Transpose.ToTensor();
        Backend.Current.TriangularSolve<double>(Triangle.Lower, false, l.AsReadOnlyMatrix(), turned.AsMatrix());
        Tensor<double> values = LinearAlgebra.SymmetricEigen(turned).Values;
        return Math.Max(1 - values[0], values[n - 1] - 1);
    }

    private sealed class Counter : IProgress<TensorPowerProgress>
    {
        public int Count { get; private set; }

        public void Report(TensorPowerProgress value) => Count++;
    }
}
