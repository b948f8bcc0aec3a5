using MathNetDropIn;
using Xunit;

namespace Polyad.Tests.MathNetContract;

/// <summary>The program of docs/samples/MathNetDropIn at a smaller size: the one line changes the time and not the answer.</summary>
[Collection(GlobalProviderCollection.Name)]
public sealed class MathNetDropInTests(ITestOutputHelper output) : GlobalProviderTests
{
    [Fact]
    public void The_sample_is_many_times_faster_after_its_one_line_and_gives_the_same_answers()
    {
        const int n = 600;
        const double eps = 2.220446049250313e-16;
        IReadOnlyList<Gain> gains = BeforeAndAfter.Measure(n, rounds: 3);
        foreach (Gain gain in gains)
        {
            output.WriteLine($"{gain.Operation}: {gain.Before:F1} ms, {gain.After:F1} ms, {gain.Factor:F1}x");
        }

        Assert.Equal(["product", "product, given result", "SVD"], gains.Select(gain => gain.Operation));
        Assert.All(gains, gain => Assert.True(gain.Difference <= (gain.Operation == "SVD" ? 30 * n * eps : n * n * eps / 4), gain.ToString()));

        // Far below what a quiet machine shows: this one may be busy with other work.
        bool wide = ManagedBackend.Isa is "AVX-512" or "AVX2";
        Assert.All(gains, gain => Assert.True(gain.Factor >= (gain.Operation == "SVD" || !wide ? 3 : 5), gain.ToString()));
    }
}
