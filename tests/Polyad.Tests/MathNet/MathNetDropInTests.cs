using MathNet.Numerics.LinearAlgebra;
using MathNetDropIn;
using Xunit;

namespace Polyad.Tests.MathNetContract;

/// <summary>The program of docs/samples/MathNetDropIn at a smaller size: the one line changes the time and not the answer.</summary>
[Collection(GlobalProviderCollection.Name)]
public sealed class MathNetDropInTests : GlobalProviderTests
{
    [Fact]
    public void The_sample_gives_the_same_product_and_singular_values_after_its_one_line()
    {
        const int n = 400;
        const double eps = 2.220446049250313e-16;
        Workload workload = new(n);
        (Matrix<double> ownProduct, Matrix<double> product) = OnBoth("managed", workload.Product);
        Assert.True((ownProduct - product).Enumerate().Max(Math.Abs) <= n * n * eps / 4);
        (Vector<double> own, Vector<double> values) = OnBoth("managed", workload.SingularValues);
        Assert.True((own - values).AbsoluteMaximum() <= 30 * n * eps * own[0]);
    }
}
