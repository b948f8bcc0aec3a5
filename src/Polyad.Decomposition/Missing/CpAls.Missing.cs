using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

public sealed partial class CpAls
{
    /// <summary>How tensors with missing entries or weights are fitted (default <see cref="MissingDataMethod.Automatic"/>).</summary>
    public MissingDataMethod MissingData { get; init; }

    /// <summary>
    /// Fits a model of <paramref name="rank"/> components to the entries that were seen. It is the fit of <see cref="ConstrainedCp"/> without a constraint: sweeps extrapolate unless
    /// <see cref="Acceleration"/> is none. Elements are <see cref="float"/> or <see cref="double"/>.
    /// </summary>
    /// <param name="tensor">X and what is known of it. What stands in missing entries has no influence on one bit of the result.</param>
    /// <param name="rank">The number of components, at least 1; it may exceed the lengths.</param>
    /// <param name="progress">Told after each sweep.</param>
    /// <param name="cancellationToken">Looked at before each sweep.</param>
    /// <returns>A model whose errors are those of the entries that were seen.</returns>
    /// <exception cref="ArgumentException">An option does not fit the tensor.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public CpResult<T> Fit<T>(IncompleteTensor<T> tensor, int rank, IProgress<DecompositionProgress>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
        => Normalized(Descent().Fit(tensor, rank, progress, cancellationToken));

    /// <summary>Fits a model to the entries that were seen, from given factors, one I_n x R matrix for each mode; they are copied.</summary>
    /// <inheritdoc cref="Fit{T}(IncompleteTensor{T}, int, IProgress{DecompositionProgress}, CancellationToken)"/>
    public CpResult<T> Fit<T>(
        IncompleteTensor<T> tensor, IReadOnlyList<Tensor<T>> initialFactors, IProgress<DecompositionProgress>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
        => Normalized(Descent().Fit(tensor, initialFactors, progress, cancellationToken));

    private ConstrainedCp Descent()
    {
        NonNegative(Ridge, nameof(Ridge));
        return new ConstrainedCp
        {
            Constraints = [Ridge > 0 ? FactorConstraint.L2Squared(Ridge) : FactorConstraint.None],
            Initialization = Initialization,
            Restarts = Restarts,
            FixedModes = FixedModes,
            Extrapolate = Acceleration != CpAcceleration.None,
            MissingData = MissingData,
            MaxIterations = MaxIterations,
            Tolerance = Tolerance,
            Seed = Seed,
            Backend = Backend,
            Checkpoint = Checkpoint,
            Resume = Resume,
        };
    }

    /// <summary>With a ridge the factors have their size in equal parts: the weights take it.</summary>
    private CpResult<T> Normalized<T>(ConstrainedCpResult<T> fit)
        where T : unmanaged, INumberBase<T>
    {
        if (Ridge == 0 || FixedModes.Count > 0)
        {
            return fit;
        }

        CpTensor<T> unit = fit.Normalize();
        return fit with { Weights = unit.Weights, Factors = unit.Factors };
    }
}
