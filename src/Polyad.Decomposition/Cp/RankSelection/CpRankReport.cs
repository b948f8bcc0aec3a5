using System.Numerics;

namespace Polyad.Decomposition;

/// <summary>What was found about one number of components.</summary>
/// <param name="Rank">R.</param>
/// <param name="Fit">1 - RelativeError^2 of the best start.</param>
/// <param name="CoreConsistency">Of that model, in percent.</param>
/// <param name="SplitHalf">The mean factor match score of the models of two halves of the samples, the halved mode left out; null when the samples were not halved.</param>
/// <param name="Iterations">Sweeps of the best start.</param>
/// <param name="Converged">Whether it converged.</param>
public sealed record CpRankRow(int Rank, double Fit, double CoreConsistency, double? SplitHalf, int Iterations, bool Converged);

/// <summary>The answer of <see cref="CpRankSelection"/>.</summary>
/// <param name="Rows">One for each rank, ascending.</param>
/// <param name="Models">The best fit of each rank.</param>
/// <param name="Suggested">The greatest rank that is consistent and, where it was tried, reproducible; null when there is none. A suggestion: the table and the components decide.</param>
public sealed record CpRankReport<T>(IReadOnlyList<CpRankRow> Rows, IReadOnlyList<CpResult<T>> Models, int? Suggested)
    where T : unmanaged, INumberBase<T>;
