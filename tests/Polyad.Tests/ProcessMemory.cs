namespace Polyad.Tests;

/// <summary>The memory of the whole process, for tests beside which nothing else runs.</summary>
internal static class ProcessMemory
{
    private const int Rounds = 3;

    /// <summary>
    /// By how many bytes the resident memory grows in the round that grows least. What the work leaves behind it leaves in every round; what the runtime
    /// takes for itself, in one of them.
    /// </summary>
    public static long LeastGrowth(Action work)
    {
        long least = long.MaxValue, before = ResidentBytes();
        for (int round = 0; round < Rounds; round++)
        {
            work();
            long after = ResidentBytes();
            least = Math.Min(least, after - before);
            before = after;
        }

        return least;
    }

    private static long ResidentBytes()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return Environment.WorkingSet;
    }
}
