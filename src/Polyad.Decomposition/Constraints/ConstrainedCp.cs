using System.Globalization;
using System.Numerics;

namespace Polyad.Decomposition;

/// <summary>
/// CP decomposition with a constraint or penalty on each factor, by AO-ADMM (Huang, Sidiropoulos, Liavas 2016): each mode is updated by a few steps of the alternating direction method of
/// multipliers, which share one Cholesky factorization. Factors satisfy their constraints exactly. See <see cref="CpBlockDescent"/> for what is minimised and when it stops.
/// </summary>
/// <remarks>
/// Where some mode has a penalty, columns of modes whose constraint is a cone (or that have none) are kept at most 1 long: otherwise the size of a component would flee into them and make the
/// penalty void. A fit under a set that is not convex (hard sparsity, unimodality) begins with at most 100 sweeps under its <see cref="FactorConstraint.Relaxation"/>, which are neither
/// counted nor reported; it may still end in a local optimum: use <see cref="CpBlockDescent.Restarts"/>.
/// </remarks>
public sealed class ConstrainedCp : CpBlockDescent
{
    /// <summary>One constraint for each mode; a single one holds for all modes (default: none).</summary>
    public IReadOnlyList<FactorConstraint> Constraints { get; init; } = [FactorConstraint.None];

    /// <summary>The most inner steps on a mode in one sweep (default 20).</summary>
    public int InnerCycles { get; init; } = 20;

    /// <summary>
    /// Inner steps end when the primal residual ||H - A|| and the dual residual ||H - H before|| are both at most this times ||H|| (default 1e-3), H being the factor and A its free copy,
    /// and the step has not raised the objective.
    /// </summary>
    public double InnerTolerance { get; init; } = 1e-3;

    private protected override bool DependsOnScale => HasPenalty || Constraints.All(static c => c.Scale != ConstraintScale.Free);

    private bool HasPenalty => Constraints.Any(static c => c.Scale == ConstraintScale.Penalized);

    private protected override string Describe()
        => string.Create(CultureInfo.InvariantCulture, $"constraints [{string.Join("; ", Constraints.Select(static c => c.Name))}] inner {InnerCycles} {InnerTolerance:R}");

    private protected override void Check(nint[] lengths, int rank)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(InnerCycles, 1);
        NonNegative(InnerTolerance, nameof(InnerTolerance));
        if (Constraints.Count != 1 && Constraints.Count != lengths.Length)
        {
            throw Misfit($"There are {Constraints.Count} constraints; a tensor of shape {DenseData.Text(lengths)} needs one for each mode, or one for all.", nameof(Constraints));
        }

        for (int n = 0; n < lengths.Length; n++)
        {
            FactorConstraint constraint = Of(n) ?? throw Misfit($"The constraint of mode {n} is null.", nameof(Constraints));
            constraint.CheckShape((int)lengths[n], rank);
        }
    }

    private protected override FactorUpdate<T>[] Updates<T>(nint[] lengths, int rank) => [.. lengths.Select((length, n) => Update<T>(Imposed(n), (int)length, rank))];

    private protected override FactorUpdate<T>[]? RelaxedUpdates<T>(nint[] lengths, int rank)
        => Constraints.All(static c => c.Relaxation == c) ? null : [.. lengths.Select((length, n) => Update<T>(Imposed(n).Relaxation, (int)length, rank))];

    private FactorConstraint Imposed(int mode) => HasPenalty && Of(mode).Scale == ConstraintScale.Free ? new UnitBallOf(Of(mode)) : Of(mode);

    private FactorUpdate<T> Update<T>(FactorConstraint constraint, int length, int rank)
        where T : unmanaged, INumberBase<T>
        => constraint == FactorConstraint.None ? new LeastSquaresUpdate<T>() : new AdmmUpdate<T>(constraint, length, rank, InnerCycles, InnerTolerance);

    private FactorConstraint Of(int mode) => Constraints[Constraints.Count == 1 ? 0 : mode];
}
