using System.Diagnostics;
using System.Globalization;
using System.Numerics.Tensors;
using Polyad.Sketching;

namespace Polyad.SketchExperiments;

/// <summary>What a row costs in every family of sketches.</summary>
internal static class FamilySpeed
{
    public static void Run(Options options)
    {
        int rows = options.Number("rows", 1024), d = options.Number("dimension", 784), degree = options.Number("degree", 3), features = options.Number("features", 1024);
        Tensor<double> x = new CounterRandom(1).Normal<double>(rows, d);
        Tensor<float> single = Tensor.ConvertTruncating<double, float>(x);
        Tensor<double> output = Tensor.CreateFromShape<double>([rows, features]);
        Tensor<float> singleOutput = Tensor.CreateFromShape<float>([rows, features]);
        SketchFamily[] families =
        [
            SketchFamily.TensorSketch, SketchFamily.FastCountSketch, SketchFamily.HigherOrderCountSketch, SketchFamily.TensorSrht,
            SketchFamily.Product(complex: false), SketchFamily.Product(), SketchFamily.ProductSrht(complex: false), SketchFamily.ProductSrht(),
            SketchFamily.Tree(new TreeOptions(Complex: false)), SketchFamily.Tree(), SketchFamily.Tree(new TreeOptions(Expansion: 4)), SketchFamily.Craft(),
        ];
        Console.WriteLine($"{rows} x {d}, degree {degree}, D = {features}; microseconds per row, best of 5");
        Console.WriteLine($"{"family",-44} {"float64, 1 thread",18} {"float32, 1 thread",18} {"float64, all",13}");
        foreach (SketchFamily family in families)
        {
            PolynomialSketch<double> sketch = family.Create<double>(d, degree, features, 1);
            PolynomialSketch<float> half = family.Create<float>(d, degree, features, 1);
            double one, two;
            using (Parallelism.Use(1))
            {
                one = Best(() => sketch.Apply(x, output.AsMatrix()));
                two = Best(() => half.Apply(single, singleOutput.AsMatrix()));
            }

            double all = Best(() => sketch.Apply(x, output.AsMatrix()));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{family.Name,-44} {one * 1e6 / rows,18:F2} {two * 1e6 / rows,18:F2} {all * 1e6 / rows,13:F2}"));
        }
    }

    private static double Best(Action action)
    {
        double best = double.PositiveInfinity;
        for (int i = 0; i < 6; i++)
        {
            long start = Stopwatch.GetTimestamp();
            action();
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            best = i == 0 ? best : Math.Min(best, seconds);
        }

        return best;
    }
}
