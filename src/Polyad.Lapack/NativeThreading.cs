namespace Polyad.Lapack;

/// <summary>
/// How much more work a native library must have than the managed engine before a second thread pays. Its threads wait for each other at the end of every parallel
/// region, mostly by spinning: on a machine with other work that costs time slices, where the managed engine's parts only queue.
/// </summary>
internal static class NativeThreading
{
    /// <summary>A product is one parallel region.</summary>
    public const double ProductCost = 4;

    /// <summary>A factorization is many regions for each panel; with less than about 1e9 flops a thread, two threads were seen to lose more on a busy machine than they win on a quiet one.</summary>
    public const double FactorizationCost = 512;
}
