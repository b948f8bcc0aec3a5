namespace Polyad.Lapack;

/// <summary>
/// How much more work a native library must have than the managed engine before a second thread pays. Its threads (GNU OpenMP above all) spin between the parallel
/// regions of one call: on a machine with other work a small factorization on two threads was seen to take 700 times as long as on one.
/// </summary>
internal static class NativeThreading
{
    /// <summary>A product is one parallel region.</summary>
    public const double ProductCost = 4;

    /// <summary>A factorization is one region for each panel, and again as many synchronisations.</summary>
    public const double FactorizationCost = 64;
}
