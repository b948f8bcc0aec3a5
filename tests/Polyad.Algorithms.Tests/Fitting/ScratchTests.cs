using System.Numerics.Tensors;
using Polyad.Sketching;
using Xunit;

namespace Polyad.Decomposition;

/// <summary>The pool is the process's: what it has lent can be judged only while nothing else runs.</summary>
[CollectionDefinition(nameof(ScratchTests), DisableParallelization = true)]
[Collection(nameof(ScratchTests))]
public class ScratchTests
{
    public static TheoryData<string> Methods => ["cp", "many", "opt", "rand", "tucker", "tt", "positive cp", "positive tucker", "weighted cp", "weighted tucker", "imputed cp", "imputed tucker", "least squares", "low rank"];

    [Theory]
    [MemberData(nameof(Methods))]
    public void Scratch_goes_back_when_a_fit_ends(string method)
    {
        // Buffers of fits that others did not end go back when they are collected.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Tensor<double> x = new CounterRandom(12).Normal<double>(8, 7, 6);
        long rented = Workspace.RentedBytes;
        Fit(method, x);
        Assert.Equal(rented, Workspace.RentedBytes);
    }

    [Fact]
    public void Sweeps_allocate_in_proportion_to_the_factors_alone()
    {
        // 60 x 60 x 60 of rank 4: 216000 elements, 720 numbers in the factors.
        Tensor<double> x = new CounterRandom(1).Normal<double>(60, 60, 60);
        CpAls Method(int sweeps) => new() { MaxIterations = sweeps, Tolerance = 0, Backend = new ManagedBackend(1), Initialization = CpInitialization.Random };
        Method(30).Fit(x, 4);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Method(10).Fit(x, 4);
        long few = GC.GetAllocatedBytesForCurrentThread() - before;
        Method(30).Fit(x, 4);
        long perSweep = (GC.GetAllocatedBytesForCurrentThread() - before - (2 * few)) / 20;

        // Anderson mixing keeps six pairs of points and forms their differences.
        Assert.InRange(perSweep, 1, 40 * 720 * sizeof(double));
    }

    private static void Fit(string method, Tensor<double> x)
    {
        switch (method)
        {
            case "cp":
                new CpAls { Restarts = 2, MaxIterations = 5 }.Fit(x, 3);
                break;
            case "many":
                new CpAls { Restarts = 2, MaxIterations = 5 }.FitMany(x, [1, 2, 3]);
                break;
            case "opt":
                new CpOpt { MaxIterations = 5 }.Fit(x, 3);
                break;
            case "rand":
                new CpRand { MaxIterations = 5, Mixing = true }.Fit(x, 3);
                break;
            case "tucker":
                new Tucker { MaxIterations = 3 }.Fit(x, [2, 2, 2]);
                break;
            case "positive cp":
                new NonNegativeCp { MaxIterations = 3 }.Fit(x, 2);
                break;
            case "positive tucker":
                new NonNegativeTucker { MaxIterations = 3, Restarts = 2 }.Fit(x, [2, 2, 2]);
                break;
            case "weighted cp" or "imputed cp":
                new CpAls { MaxIterations = 3, MissingData = method == "imputed cp" ? MissingDataMethod.Imputation : MissingDataMethod.Weighted }.Fit(Holed(x), 2);
                break;
            case "weighted tucker" or "imputed tucker":
                new Tucker { MaxIterations = 3, MissingData = method == "imputed tucker" ? MissingDataMethod.Imputation : MissingDataMethod.Weighted }.Fit(Holed(x), [2, 2, 2]);
                break;
            case "least squares":
                // Enough numbers for corrections in single precision, on a copy.
                Tensor<double> a = new CounterRandom(1).Normal<double>(40_000, 30);
                new SketchedLeastSquares().Fit(a, new CounterRandom(2).Normal<double>(40_000));
                break;
            case "low rank":
                Tensor<double> matrix = TensorAlgebra.Unfold(x, 0), square = LinearAlgebra.Gram(matrix.AsReadOnlyMatrix());
                new QbDecomposition { BlockSize = 2 }.Fit(matrix, 5);
                new RangeFinder { BlockSize = 2 }.FitToTolerance(matrix, 1);
                new RandomizedEigen().Fit(square, 2);
                new NystromEigen().Fit(square, 2);
                new InterpolativeDecomposition().FitColumns(matrix, 3);
                break;
            default:
                new TensorTrain { Tolerance = 0.5 }.Fit(x);
                break;
        }
    }

    private static IncompleteTensor<double> Holed(Tensor<double> x) => IncompleteTensor.FromMask(x, Tensor.Create([.. Enumerable.Range(0, (int)x.FlattenedLength).Select(static i => i % 7 == 3)], x.Lengths));
}
