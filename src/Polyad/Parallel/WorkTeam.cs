namespace Polyad;

/// <summary>Runs independent parts of one kernel. Which thread runs a part never shows in the result.</summary>
internal static class WorkTeam
{
    /// <summary>
    /// Runs <paramref name="part"/> for 0..count-1 on at most <paramref name="threads"/> threads, the caller's included, which takes part 0 first.
    /// An exception of a part is thrown here once no part runs any more.
    /// </summary>
    public static void Run(int count, int threads, Action<int> part) => WorkerPool.Shared.Run(count, threads, part);

    /// <summary>The half-open range that part <paramref name="index"/> of <paramref name="parts"/> has of <paramref name="length"/> items, cut at multiples of <paramref name="granule"/>.</summary>
    public static (int Start, int End) Range(int length, int parts, int index, int granule)
    {
        long granules = (length + (long)granule - 1) / granule;
        long start = granules * index / parts * granule, end = granules * (index + 1) / parts * granule;
        return ((int)Math.Min(start, length), (int)Math.Min(end, length));
    }

    /// <summary>
    /// As <see cref="Range"/> for items whose work falls from 1 to 0 along the range, or grows from 0 to 1: all parts have about the same work. The columns of a triangle are such items.
    /// </summary>
    public static (int Start, int End) TriangleRange(int length, int parts, int index, int granule, bool growing)
    {
        return (Cut(index), Cut(index + 1));

        int Cut(int part)
        {
            double share = (double)part / parts, position = growing ? Math.Sqrt(share) : 1 - Math.Sqrt(1 - share);
            return part == parts ? length : (int)(length * position) / granule * granule;
        }
    }

    /// <summary>How many parts <see cref="MeetingCut"/> makes for so many threads.</summary>
    public static int MeetingParts(int threads) => 2 * threads;

    /// <summary>
    /// Where part <paramref name="index"/> begins, as a share of the whole work; 1 for the index one past the last. The caller takes parts from the front and helpers from the back: each finds one large
    /// part there, and small ones where they meet, so that all end together though few parts are made.
    /// </summary>
    public static double MeetingCut(int threads, int index)
    {
        const double Small = 1.0 / 6;
        double large = (1 - Small) / threads, passed = Math.Clamp(index - 1, 0, threads);
        return index > MeetingParts(threads) - 1 ? 1 : (Math.Min(index, 1) * large) + (passed * Small / threads) + (Math.Max(0, index - 1 - threads) * large);
    }

    /// <summary>Where part <paramref name="index"/> of <see cref="MeetingParts"/> begins among lines of equal work, at a multiple of <paramref name="granule"/>.</summary>
    /// <param name="threads">Threads.</param>
    /// <param name="index">The part; one past the last for the end.</param>
    /// <param name="lines">How many.</param>
    /// <param name="granule">Lines that stay together.</param>
    /// <param name="lead">What the caller does before its first part, in the work of a line.</param>
    public static int MeetingLine(int threads, int index, int lines, int granule, double lead)
    {
        double end = (MeetingCut(threads, index) * (lines + lead)) - lead;
        return index == MeetingParts(threads) ? lines : Math.Clamp((int)end / granule * granule, 0, lines);
    }

    /// <summary>As <see cref="MeetingLine(int, int, int, int, double)"/>, the first so many lines having the work that <paramref name="work"/> says, and <paramref name="lead"/> in its unit.</summary>
    public static int MeetingLine(int threads, int index, int lines, int granule, double lead, Func<int, double> work)
    {
        double wanted = (MeetingCut(threads, index) * (lead + work(lines))) - lead;
        int line = 0;
        while (line < lines && index > 0 && (index == MeetingParts(threads) || work(line) < wanted))
        {
            line += granule;
        }

        return Math.Min(line, lines);
    }
}
