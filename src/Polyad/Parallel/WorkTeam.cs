namespace Polyad;

/// <summary>Runs independent parts of one kernel. Which thread runs a part never shows in the result.</summary>
internal static class WorkTeam
{
    /// <summary>Runs <paramref name="part"/> for 0..count-1 on at most <paramref name="threads"/> threads, the caller's included.</summary>
    public static void Run(int count, int threads, Action<int> part)
    {
        if (threads <= 1 || count <= 1)
        {
            for (int i = 0; i < count; i++)
            {
                part(i);
            }

            return;
        }

        System.Threading.Tasks.Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = threads }, part);
    }

    /// <summary>The half-open range that part <paramref name="index"/> of <paramref name="parts"/> has of <paramref name="length"/> items, cut at multiples of <paramref name="granule"/>.</summary>
    public static (int Start, int End) Range(int length, int parts, int index, int granule)
    {
        long granules = (length + (long)granule - 1) / granule;
        long start = granules * index / parts * granule, end = granules * (index + 1) / parts * granule;
        return ((int)Math.Min(start, length), (int)Math.Min(end, length));
    }
}
