using System.Numerics.Tensors;
using Polyad.Lapack;
using Polyad.MathNet;
using Polyad.Torch;
using Xunit;

namespace Polyad.Decomposition;

/// <summary>The same seed and options give the same decomposition on every engine that is here, to rounding: models beside those of the managed engine.</summary>
public sealed class SubspaceModelsTests
{
    private const double Eps = 2.220446049250313e-16;

    /// <summary>Three terms and 5 % of noise.</summary>
    private static readonly Tensor<double> X = Planted.Noisy(Planted.Cp(Planted.Factors<double>(21, 3, 14, 12, 10)), 0.05, 22);

    public static TheoryData<string> Engines
    {
        get
        {
            LapackBackends.Register();
            TorchBackend.Register();
            MathNetBackend.Register();
            return [.. Backend.Probe().Where(static info => info.Available && info.Id != "managed").Select(static info => info.Id)];
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Tucker_is_the_same_model(string engine)
    {
        TuckerResult<double> Fit(ILinearAlgebraBackend backend) => new Tucker { Backend = backend, MaxIterations = 5, StopTolerance = 0 }.Fit(X, [3, 3, 3]);
        TuckerResult<double> managed = Fit(ManagedBackend.Shared), other = Fit(Backend.Get(engine));
        Near(managed.Reconstruct(), other.Reconstruct(), 30 * 14 * GapFactor() * Eps);
        Assert.Equal(managed.RelativeError, other.RelativeError, 30 * X.FlattenedLength * Eps);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Tensor_train_is_the_same_model(string engine)
    {
        TensorTrainResult<double> Fit(ILinearAlgebraBackend backend) => new TensorTrain { Backend = backend }.Fit(X, [3, 3]);
        TensorTrainResult<double> managed = Fit(ManagedBackend.Shared), other = Fit(Backend.Get(engine));
        Near(managed.Reconstruct(), other.Reconstruct(), 30 * 14 * GapFactor() * Eps);
        Assert.Equal(managed.RelativeError, other.RelativeError, 30 * X.FlattenedLength * Eps);
    }

    [Fact]
    public void The_engine_in_scope_does_the_work_where_none_is_given()
    {
        foreach (string id in Engines.Select(static row => row.Data))
        {
            TensorTrainResult<double> given = new TensorTrain { Backend = Backend.Get(id) }.Fit(X, [3, 3]);
            using IDisposable scope = Backend.Use(id);
            Assert.Equal(given.Reconstruct().ToArray(), new TensorTrain().Fit(X, [3, 3]).Reconstruct().ToArray());
        }
    }

    /// <summary>
    /// How much a leading subspace of rank 3 enlarges rounding: twice s1 / (s3 - s4) of the worst unfolding (Wedin 1972), squared where the subspace comes from a Gram matrix.
    /// </summary>
    private static double GapFactor()
    {
        double worst = 0;
        for (int mode = 0; mode < 3; mode++)
        {
            double[] s = LinearAlgebra.SingularValues(TensorAlgebra.Unfold(X, mode)).ToArray();
            worst = Math.Max(worst, 2 * s[0] * s[0] / ((s[2] * s[2]) - (s[3] * s[3])));
        }

        return worst;
    }

    private static void Near(Tensor<double> expected, Tensor<double> actual, double tolerance)
    {
        double distance = Planted.Distance(expected, actual);
        Assert.True(distance <= tolerance, $"distance {distance:G3} > {tolerance:G3}");
    }
}
