using System.Numerics.Tensors;
using Polyad.Lapack;
using Polyad.MathNet;
using Polyad.Torch;
using Xunit;

namespace Polyad.Decomposition;

/// <summary>Draws are the same on every engine, so models differ by rounding alone.</summary>
public class EngineAgreementTests
{
    static EngineAgreementTests()
    {
        LapackBackends.Register();
        TorchBackend.Register();
        MathNetBackend.Register();
    }

    public static TheoryData<string> Engines => ["mathnet", "mkl", "openblas", "torch"];

    [Theory]
    [MemberData(nameof(Engines))]
    public void Decompositions_are_those_of_the_managed_engine(string id)
    {
        BackendInfo info = Backend.Probe().First(info => info.Id == id);
        Assert.SkipUnless(info.Available, info.Reason ?? id);
        ILinearAlgebraBackend engine = Backend.Get(id);
        Tensor<double> x = Planted.Noisy(Planted.Cp(Planted.Factors<double>(3, 3, 9, 8, 7)), 0.01, 3);

        CpAls Sweeps(ILinearAlgebraBackend on) => new() { MaxIterations = 20, Tolerance = 0, Acceleration = CpAcceleration.None, Backend = on };
        Same(Sweeps(ManagedBackend.Shared).Fit(x, 3), Sweeps(engine).Fit(x, 3), 1e-12);
        CpRand Samples(ILinearAlgebraBackend on) => new() { MaxIterations = 5, Tolerance = 0, Backend = on };
        Same(Samples(ManagedBackend.Shared).Fit(x, 3), Samples(engine).Fit(x, 3), 1e-11);

        // Steps formed from differences of nearly equal points magnify rounding, but a minimum is flat: errors that agree to 1e-14 leave the models 1e-7 apart.
        CpAls Ended(ILinearAlgebraBackend on) => new() { Tolerance = 1e-15, Backend = on };
        Same(Ended(ManagedBackend.Shared).Fit(x, 3), Ended(engine).Fit(x, 3), 1e-6);
        CpOpt AllAtOnce(ILinearAlgebraBackend on) => new() { Tolerance = 1e-15, Backend = on };
        Same(AllAtOnce(ManagedBackend.Shared).Fit(x, 3), AllAtOnce(engine).Fit(x, 3), 1e-6);
        TuckerResult<double> tucker = new Tucker { Backend = ManagedBackend.Shared }.Fit(x, [3, 2, 3]), otherTucker = new Tucker { Backend = engine }.Fit(x, [3, 2, 3]);
        Assert.Equal(0, Planted.Distance(tucker.Reconstruct(), otherTucker.Reconstruct()), 1e-9);
        TensorTrainResult<double> train = new TensorTrain { Backend = ManagedBackend.Shared }.Fit(x, [3, 2]), otherTrain = new TensorTrain { Backend = engine }.Fit(x, [3, 2]);
        Assert.Equal(0, Planted.Distance(train.Reconstruct(), otherTrain.Reconstruct()), 1e-11);
    }

    private static void Same(CpResult<double> expected, CpResult<double> result, double tolerance)
    {
        Assert.Equal(expected.RelativeError, result.RelativeError, tolerance);
        Assert.Equal(0, Planted.Distance(expected.Reconstruct(), result.Reconstruct()), tolerance);
    }
}
