namespace Polyad.Decomposition;

/// <summary>What a TT-SVD is asked for.</summary>
/// <param name="Lengths">Of the tensor.</param>
/// <param name="Ranks">The inner ranks, or null to choose them.</param>
/// <param name="MaxRank">A limit on chosen ranks.</param>
/// <param name="Tolerance">Of the whole, relative; 0 for chosen ranks that only <paramref name="MaxRank"/> cuts.</param>
/// <param name="Method">How subspaces are found.</param>
/// <param name="Complex">Whether the elements are complex, their parts in turn.</param>
/// <param name="Seed">Of randomized sketches.</param>
/// <param name="Oversampling">Rows of a sketch beyond the rank.</param>
/// <param name="PowerIterations">Of a randomized sketch.</param>
internal sealed record TrainPlan(
    nint[] Lengths, int[]? Ranks, int MaxRank, double Tolerance, SubspaceMethod Method, bool Complex, ulong Seed, int Oversampling, int PowerIterations)
{
    public int Order => Lengths.Length;
}
