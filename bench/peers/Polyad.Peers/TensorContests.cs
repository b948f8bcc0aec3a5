using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Polyad.Decomposition;

namespace Polyad.Peers;

/// <summary>The tensor work of the figures in docs/performance.md.</summary>
internal static class TensorContests
{
    public static IEnumerable<TensorContest> All(ILinearAlgebraBackend engine)
    {
        foreach ((int[] shape, int rank) in new[] { (new[] { 300, 300, 300 }, 10), ([300, 300, 300], 50), ([64, 64, 64, 64], 16), ([20, 20, 20, 20, 20, 20], 10) })
        {
            for (int mode = 0; mode < shape.Length; mode++)
            {
                bool middle = mode > 0 && mode < shape.Length - 1;
                yield return new TensorContest("mttkrp", shape, rank, mode, middle ? 0.25 : 0.4, 7, contest => Mttkrp(contest, engine));
            }
        }

        yield return new TensorContest("unfold", [300, 300, 300], 0, 1, 0.25, 7, contest => Unfold(contest, engine));
        yield return new TensorContest("unfold", [300, 300, 300], 0, 2, 0.25, 7, contest => Unfold(contest, engine));
        yield return new TensorContest("unfold", [20, 20, 20, 20, 20, 20], 0, 5, 0.25, 7, contest => Unfold(contest, engine));
        yield return new TensorContest("cp-als-10", [300, 300, 300], 10, 0, 1.0 / 6, 5, contest => TenSweeps(contest, engine));
        yield return new TensorContest("cp-svd-init", [300, 300, 300], 10, 0, 1.0 / 30, 1, contest => SubspaceStart(contest, engine));
    }

    private static Action Mttkrp(TensorContest contest, ILinearAlgebraBackend engine)
    {
        Tensor<double> x = contest.Input(), product = Tensor.CreateFromShape<double>([contest.Shape[contest.Mode], contest.Rank]);
        Tensor<double>[] factors = contest.Factors();
        return () => engine.Mttkrp(x.AsReadOnlyTensorSpan(), factors, contest.Mode, product.AsMatrix());
    }

    private static Action Unfold(TensorContest contest, ILinearAlgebraBackend engine)
    {
        Tensor<double> x = contest.Input();
        int rows = contest.Shape[contest.Mode];
        Tensor<double> unfolding = Tensor.CreateFromShape<double>([rows, x.FlattenedLength / rows]);
        return () => engine.Unfold(x.AsReadOnlyTensorSpan(), contest.Mode, unfolding.AsMatrix());
    }

    /// <summary>Ten plain sweeps from given factors, with the norm before and the exact error after.</summary>
    private static Action TenSweeps(TensorContest contest, ILinearAlgebraBackend engine)
    {
        Tensor<double> x = contest.Input();
        Tensor<double>[] factors = contest.Factors();
        CpAls method = new() { Backend = engine, MaxIterations = 10, Tolerance = 0, Acceleration = CpAcceleration.None };
        return () => method.Fit(x, factors);
    }

    /// <summary>The start that a fit makes by itself, and one sweep, which a fit cannot do without.</summary>
    private static Action SubspaceStart(TensorContest contest, ILinearAlgebraBackend engine)
    {
        Tensor<double> x = contest.Input();
        CpAls method = new() { Backend = engine, MaxIterations = 1 };
        return () => method.Fit(x, contest.Rank);
    }

    /// <summary>The elements of a dense tensor in their order.</summary>
    public static Span<double> AsFlat(this in TensorSpan<double> dense) => MemoryMarshal.CreateSpan(ref dense.GetPinnableReference(), (int)dense.FlattenedLength);
}
