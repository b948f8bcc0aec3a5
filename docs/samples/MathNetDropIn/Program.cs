using System.Globalization;
using MathNet.Numerics;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Providers.LinearAlgebra;
using MathNetDropIn;
using Polyad.MathNet;

// The product and the SVD of a Math.NET program, one thread each, before and after one line. Rounds alternate, so that both sides meet the same machine.
int size = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1000;
int rounds = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 3;
Control.UseSingleThread();
Workload workload = new(size), warmUp = new(64);
double[] before = [double.PositiveInfinity, double.PositiveInfinity], after = [double.PositiveInfinity, double.PositiveInfinity];
Matrix<double>? ownProduct = null, product = null;
Vector<double>? ownValues = null, values = null;
for (int round = 0; round <= rounds; round++)
{
    Workload work = round == 0 ? warmUp : workload;
    LinearAlgebraControl.UseManaged();
    double multiply = Workload.Milliseconds(() => ownProduct = work.Product());
    double decompose = Workload.Milliseconds(() => ownValues = work.SingularValues());

    PolyadLinearAlgebraControl.Use("managed"); // the one line

    double fastMultiply = Workload.Milliseconds(() => product = work.Product());
    double fastDecompose = Workload.Milliseconds(() => values = work.SingularValues());
    if (round > 0)
    {
        before = [Math.Min(before[0], multiply), Math.Min(before[1], decompose)];
        after = [Math.Min(after[0], fastMultiply), Math.Min(after[1], fastDecompose)];
    }
}

Console.WriteLine($"{size} x {size}, double, one thread, best of {rounds}, {Polyad.ManagedBackend.Isa}");
Console.WriteLine($"{"",-10}{"Math.NET",14}{"with Polyad",14}{"faster",10}{"difference",14}");
double productDifference = (ownProduct! - product!).Enumerate().Max(Math.Abs), valueDifference = (ownValues! - values!).AbsoluteMaximum() / ownValues![0];
Console.WriteLine($"{"product",-10}{before[0],11:F1} ms{after[0],11:F1} ms{before[0] / after[0],9:F1}x{productDifference,14:G2}");
Console.WriteLine($"{"SVD",-10}{before[1],11:F1} ms{after[1],11:F1} ms{before[1] / after[1],9:F1}x{valueDifference,14:G2}");
