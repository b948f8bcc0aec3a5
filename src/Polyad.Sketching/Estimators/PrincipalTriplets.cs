using System.Numerics;

namespace Polyad.Sketching;

/// <summary>The leading singular triplets of rows by the solver that an estimator was given.</summary>
internal static class PrincipalTriplets
{
    /// <param name="rows">n x d.</param>
    /// <param name="rank">How many are wanted; <see cref="PrincipalSolver.Full"/> gives all.</param>
    /// <param name="solver">Which; the randomized one unless another is named.</param>
    /// <param name="oversampling">Of the randomized solver.</param>
    /// <param name="powerIterations">Of the randomized solver.</param>
    /// <param name="context">Seed, engine, token.</param>
    /// <exception cref="NonConvergenceException">Block Lanczos did not reach its tolerance.</exception>
    public static SvdResult<T> Of<T>(LinearOperator<T> rows, int rank, PrincipalSolver solver, int oversampling, int powerIterations, in FitContext context)
        where T : unmanaged, INumberBase<T>
    {
        context.CancellationToken.ThrowIfCancellationRequested();
        switch (solver)
        {
            case PrincipalSolver.Full:
                return LinearAlgebra.Svd(rows is DenseOperator<T> dense ? dense.View : KrylovIteration.WriteOut(rows, context.Backend).AsReadOnlyMatrix(), backend: context.Backend);
            case PrincipalSolver.BlockLanczos:
                LanczosResult<T> found = new BlockLanczos { Seed = context.Seed, Backend = context.Backend }.FitSvd(rows, rank, null, context.CancellationToken);
                return found.Converged ? new(found.Vectors, found.Values, found.Vt!) : throw new NonConvergenceException($"Block Lanczos has not converged: its residual is {found.Residual:E2}.", found.Restarts);
            default:
                LowRankSvd<T> random = new RandomizedSvd { Oversampling = oversampling, PowerIterations = powerIterations, Seed = context.Seed, Backend = context.Backend }.Fit(rows, rank, context.CancellationToken);
                return new(random.U, random.S, random.Vt);
        }
    }
}
