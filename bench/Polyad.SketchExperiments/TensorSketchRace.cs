using System.Diagnostics;
using System.Globalization;
using System.Numerics.Tensors;
using Polyad.IO;
using Polyad.Sketching;

namespace Polyad.SketchExperiments;

/// <summary>TensorSketch and scikit-learn's PolynomialCountSketch on the same rows, one transform after the other.</summary>
internal static class TensorSketchRace
{
    public static void Run(Options options)
    {
        int rounds = options.Number("rounds", 5);
        string python = options.Text("python") ?? "python3", folder = Directory.CreateTempSubdirectory("polyad").FullName;
        try
        {
            Console.WriteLine($"kernel (x.y/2 + 1/2)^p, float64, median of {rounds} interleaved rounds");
            Console.WriteLine($"{"rows",-34} {"p",2} {"D",5} {"scikit-learn ms",16} {"1 thread ms",12} {"ratio",7} {"all threads ms",15} {"ratio",7}");
            Tensor<double> dense = new CounterRandom(1).Uniform<double>(2000, 784);
            string path = Path.Combine(folder, "rows.npy");
            NpyFile.Write<double>(path, dense);
            foreach ((int degree, int features) in ((int, int)[])[(2, 1024), (3, 1024), (3, 4096)])
            {
                Race(python, path, "dense 2000 x 784", degree, features, rounds, (sketch, output) => sketch.Apply(dense, output.AsMatrix()), 784);
            }

            CsrMatrix<double> sparse = SparseRows(2000, 20000, 100);
            path = Path.Combine(folder, "rows.npz");
            using (NpzWriter writer = new(path))
            {
                writer.Add<double>("data", Tensor.Create(sparse.Values.ToArray()));
                writer.Add<int>("indices", Tensor.Create(sparse.ColumnIndices.ToArray()));
                writer.Add<int>("indptr", Tensor.Create(sparse.RowPointers.ToArray()));
                writer.Add<int>("shape", Tensor.Create([sparse.Rows, sparse.Columns]));
            }

            foreach ((int degree, int features) in ((int, int)[])[(2, 1024), (3, 1024)])
            {
                Race(python, path, "sparse 2000 x 20000, 100 per row", degree, features, rounds, (sketch, output) => sketch.Apply(sparse, output.AsMatrix()), sparse.Columns);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Rows with entries at random columns.</summary>
    public static CsrMatrix<double> SparseRows(int rows, int columns, int perRow)
    {
        int[] pointers = new int[rows + 1], indices = new int[rows * perRow];
        double[] values = new double[indices.Length];
        new CounterRandom(3).Normal(values.AsSpan());
        for (int i = 0; i < rows; i++)
        {
            pointers[i + 1] = pointers[i] + perRow;
            int[] picked = new CounterRandom(4, (ulong)i).Sample(columns, perRow);
            Array.Sort(picked);
            picked.CopyTo(indices, pointers[i]);
        }

        return new(rows, columns, pointers, indices, values);
    }

    private static void Race(string python, string path, string name, int degree, int features, int rounds, Action<TensorSketch<double>, Tensor<double>> apply, int dimension)
    {
        // The output is reused, as in a loop over batches; scikit-learn allocates its own.
        Tensor<double> output = Tensor.CreateFromShape<double>([2000, features]);
        TensorSketch<double> sketch = new(dimension, new PolynomialKernel(degree, 0.5, 0.5), features, 1);
        ProcessStartInfo start = new(python, [Path.Combine(AppContext.BaseDirectory, "polynomial_count_sketch.py"), path, degree.ToString(CultureInfo.InvariantCulture), features.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using Process peer = Process.Start(start)!;
        string? version = peer.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"{python} cannot run scikit-learn.");
        List<double> theirs = [], one = [], all = [];
        for (int round = 0; round <= rounds; round++)
        {
            peer.StandardInput.WriteLine();
            double seconds = double.Parse(peer.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture), single;
            using (Parallelism.Use(1))
            {
                single = Time(() => apply(sketch, output));
            }

            double parallel = Time(() => apply(sketch, output));
            if (round > 0)
            {
                theirs.Add(seconds);
                one.Add(single);
                all.Add(parallel);
            }
        }

        peer.StandardInput.Close();
        peer.WaitForExit();
        double p = Median(theirs), a = Median(one), b = Median(all);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-34} {degree,2} {features,5} {p * 1e3,16:F1} {a * 1e3,12:F2} {p / a,6:F1}x {b * 1e3,15:F2} {p / b,6:F1}x   {version}"));
    }

    private static double Time(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    public static double Median(List<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : 0.5 * (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]);
    }
}
