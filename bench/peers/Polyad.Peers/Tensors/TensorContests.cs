using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Polyad.Decomposition;

namespace Polyad.Peers.Tensors;

/// <summary>The tensor work of the figures in docs/performance.md.</summary>
internal static class TensorContests
{
    public const string Script = "tensor_peer.py";

    public static IEnumerable<TensorContest> All(ILinearAlgebraBackend engine, int rounds)
    {
        foreach ((int[] shape, int rank) in new[] { (new[] { 300, 300, 300 }, 10), ([300, 300, 300], 50), ([64, 64, 64, 64], 16), ([20, 20, 20, 20, 20, 20], 10) })
        {
            for (int mode = 0; mode < shape.Length; mode++)
            {
                bool middle = mode > 0 && mode < shape.Length - 1;
                yield return new TensorContest("mttkrp", shape, rank, mode, middle ? 4 : 2.5, rounds, (x, contest) => Mttkrp(x, contest, engine));
            }
        }

        foreach ((int[] shape, int mode) in new[] { (new[] { 300, 300, 300 }, 1), ([300, 300, 300], 2), ([20, 20, 20, 20, 20, 20], 5) })
        {
            yield return new TensorContest("unfold", shape, 0, mode, 4, rounds, (x, contest) => Unfold(x, contest, engine));
        }

        yield return new TensorContest("cp-als-10", [300, 300, 300], 10, 0, 6, rounds, (x, contest) => TenSweeps(x, contest, engine));
        yield return new TensorContest("cp-svd-init", [300, 300, 300], 10, 0, 30, 1, (x, contest) => SubspaceStart(x, contest, engine));
        yield return new TensorContest("tucker-5", [200, 200, 200], 20, 0, 12, Math.Min(rounds, 3), (x, contest) => FiveIterations(x, contest, engine));
        yield return new TensorContest("tt-svd", [.. Enumerable.Repeat(2, 22)], 16, 0, 12, Math.Min(rounds, 5), (x, contest) => Train(x, contest, engine));
        yield return new TensorContest("tt-svd", [.. Enumerable.Repeat(4, 12)], 32, 0, 12, Math.Min(rounds, 3), (x, contest) => Train(x, contest, engine));
        yield return new TensorContest("tt-svd", [50, 50, 50, 50], 20, 0, 12, Math.Min(rounds, 5), (x, contest) => Train(x, contest, engine));
    }

    /// <summary>The elements of a dense tensor in their order.</summary>
    public static Span<double> AsFlat(this in TensorSpan<double> dense) => MemoryMarshal.CreateSpan(ref dense.GetPinnableReference(), (int)dense.FlattenedLength);

    private static TensorWork Mttkrp(Tensor<double> x, TensorContest contest, ILinearAlgebraBackend engine)
    {
        Tensor<double> product = Tensor.CreateFromShape<double>([contest.Shape[contest.Mode], contest.Rank]);
        Tensor<double>[] factors = contest.Factors();
        return new TensorWork(
            () => engine.Mttkrp(x.AsReadOnlyTensorSpan(), factors, contest.Mode, product.AsMatrix()),
            () => TensorWork.MttkrpError(x, factors, contest.Mode, product));
    }

    private static TensorWork Unfold(Tensor<double> x, TensorContest contest, ILinearAlgebraBackend engine)
    {
        int rows = contest.Shape[contest.Mode];
        Tensor<double> unfolding = Tensor.CreateFromShape<double>([rows, x.FlattenedLength / rows]);
        return new TensorWork(
            () => engine.Unfold(x.AsReadOnlyTensorSpan(), contest.Mode, unfolding.AsMatrix()),
            () => TensorWork.UnfoldError(x, contest.Mode, unfolding));
    }

    /// <summary>Ten plain sweeps from given factors, with the norm before and the exact error after.</summary>
    private static TensorWork TenSweeps(Tensor<double> x, TensorContest contest, ILinearAlgebraBackend engine)
    {
        Tensor<double>[] factors = contest.Factors();
        CpAls method = new() { Backend = engine, MaxIterations = 10, Tolerance = 0, Acceleration = CpAcceleration.None };
        return TensorWork.Of(() => method.Fit(x, factors).RelativeError);
    }

    /// <summary>The start that a fit makes by itself, and one sweep, which a fit cannot do without.</summary>
    private static TensorWork SubspaceStart(Tensor<double> x, TensorContest contest, ILinearAlgebraBackend engine)
    {
        CpAls method = new() { Backend = engine, MaxIterations = 1 };
        return TensorWork.Of(() => method.Fit(x, contest.Rank).RelativeError);
    }

    /// <summary>The start by ST-HOSVD, five sweeps, and the exact error.</summary>
    private static TensorWork FiveIterations(Tensor<double> x, TensorContest contest, ILinearAlgebraBackend engine)
    {
        Polyad.Decomposition.Tucker method = new() { Backend = engine, MaxIterations = 5, StopTolerance = 0 };
        int[] ranks = [.. contest.Shape.Select(_ => contest.Rank)];
        return TensorWork.Of(() => method.Fit(x, ranks).RelativeError);
    }

    private static TensorWork Train(Tensor<double> x, TensorContest contest, ILinearAlgebraBackend engine)
    {
        TensorTrain method = new() { Backend = engine, Tolerance = 0, MaxRank = contest.Rank };
        return TensorWork.Of(() => method.Fit(x).RelativeError);
    }
}
