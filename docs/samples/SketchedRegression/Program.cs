using System.Globalization;
using System.Numerics.Tensors;
using Polyad.IO;
using SketchedRegression;

// Kernel regression by sketched features beside the exact one, which needs the whole kernel matrix.
//   dotnet run -c Release --project docs/samples/SketchedRegression -- [rows | table.csv with the target in its last column] [features]
int features = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 1024;
(Tensor<double> x, Tensor<double> y) = args.Length > 0 && args[0].EndsWith(".csv", StringComparison.OrdinalIgnoreCase)
    ? Tables.Split(CsvFile.Read(args[0]).Values)
    : Tables.Friedman(args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 10_000, seed: 1);

SketchedFit sketched = KernelRegression.Sketched(x, y, features);
Console.WriteLine($"{x.Lengths[0]} rows of {x.Lengths[1]} numbers, three of four to learn from; Gaussian kernel, gamma {sketched.Gamma:G4}");
Console.WriteLine($"{features} features   R2 {sketched.Score:F4}   {sketched.Seconds:F2} s   predicted error of the kernel matrix {sketched.PredictedKernelError:P2}");
if (x.Lengths[0] <= 12_000)
{
    ExactFit exact = KernelRegression.Exact(x, y, sketched.Gamma);
    Console.WriteLine($"exact kernel    R2 {exact.Score:F4}   {exact.Seconds:F2} s");
}
