namespace Polyad.Transforms;

/// <summary>
/// The plans of the lengths that calls without a plan used last. A fixed number of places, one per remainder of the length, hold immutable plans; a new length replaces the
/// plan of its place. Reading and replacing are single reference accesses, so that threads at worst prepare a plan twice; results do not depend on what is held.
/// </summary>
internal static class PlanCache<TPlan>
    where TPlan : class
{
    /// <summary>Longer transforms take long enough to prepare a plan each time, and their tables are too large to keep.</summary>
    private const int LongestKept = 1 << 16;

    private const int Places = 17;

    private static readonly Entry?[] Kept = new Entry?[Places];

    public static TPlan Get(int length, Func<int, TPlan> prepare)
    {
        if (length is < 1 or > LongestKept)
        {
            return prepare(length);
        }

        ref Entry? place = ref Kept[length % Places];
        Entry? entry = Volatile.Read(ref place);
        if (entry is null || entry.Length != length)
        {
            entry = new Entry(length, prepare(length));
            Volatile.Write(ref place, entry);
        }

        return entry.Plan;
    }

    private sealed record Entry(int Length, TPlan Plan);
}
