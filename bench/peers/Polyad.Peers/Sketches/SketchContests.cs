using System.Numerics.Tensors;
using Polyad.Peers.Tensors;
using Polyad.Sketching;

namespace Polyad.Peers.Sketches;

/// <summary>
/// Randomized linear algebra beside scikit-learn and numpy (sketch_peer.py). The errors: what is left of the matrix, by the singular values; for least squares the gradient over the norms of the matrix and the right side.
/// </summary>
internal static class SketchContests
{
    public const string Script = "sketch_peer.py";

    public static IEnumerable<TensorContest> All(ILinearAlgebraBackend engine, int rounds)
    {
        yield return new TensorContest("rsvd", [4000, 2000], 50, 0, 1, rounds, (x, contest) => LeadingTriplets(x, contest, engine));
        yield return new TensorContest("rsvd", [100_000, 500], 20, 0, 1, Math.Min(rounds, 5), (x, contest) => LeadingTriplets(x, contest, engine));
        yield return new TensorContest("lstsq-qr", [100_000, 500], 0, 0, 2, Math.Min(rounds, 5), (x, _) => LeastSquares(x, engine));
        yield return new TensorContest("lstsq-gelsd", [100_000, 500], 0, 0, 2, Math.Min(rounds, 3), (x, _) => LeastSquares(x, engine));
    }

    private static TensorWork LeadingTriplets(Tensor<double> x, TensorContest contest, ILinearAlgebraBackend engine)
    {
        RandomizedSvd method = new() { Oversampling = 10, PowerIterations = 2, Backend = engine };
        return TensorWork.Of(() => method.Fit(x, contest.Rank).RelativeError);
    }

    /// <summary>The gradient is computed in the run, as in the peer's.</summary>
    private static TensorWork LeastSquares(Tensor<double> x, ILinearAlgebraBackend engine)
    {
        int m = (int)x.Lengths[0];
        Tensor<double> b = Tensor.CreateFromShape<double>([m, 1]);
        new CounterRandom(3).Uniform(b.AsTensorSpan().AsFlat(), -1, 1);
        SketchedLeastSquares method = new() { Backend = engine };
        return TensorWork.Of(() =>
        {
            ReadOnlyMatrixView<double> a = x.AsReadOnlyMatrix();
            Tensor<double> residual = b.AsReadOnlyMatrix().ToTensor(), gradient = Tensor.CreateFromShape<double>([a.Columns, 1]);
            engine.MatMul(-1, a, method.Fit(x, b).Solution.AsReadOnlyMatrix(), 1, residual.AsMatrix());
            engine.MatMul(1, a.Transpose, residual.AsReadOnlyMatrix(), 0, gradient.AsMatrix());
            return LinearAlgebra.Norm(gradient) / (LinearAlgebra.Norm(x) * LinearAlgebra.Norm(b));
        });
    }
}
