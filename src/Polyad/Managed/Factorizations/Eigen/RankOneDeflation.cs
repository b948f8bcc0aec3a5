using System.Numerics;
using System.Runtime.CompilerServices;

namespace Polyad.Managed;

/// <summary>
/// Takes out of a rank-one problem the eigenpairs that it already has: where z_j is negligible, and where two poles are so close that a rotation makes one of their z negligible
/// (Dongarra, Sorensen 1987; LAPACK laed2). The rest is packed by the zero pattern of the columns, so that the products that follow skip the zeros.
/// </summary>
internal static unsafe class RankOneDeflation
{
    private const int UpperOnly = 0;
    private const int Dense = 1;
    private const int LowerOnly = 2;

    /// <summary>Fills Sorted, Kept, Slot, Poles, Weights, the counts and Packed; deflated eigenvalues and columns are moved behind the first Count ones.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<T>(ref RankOneProblem<T> p, Parallelism parallelism)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Merge(p);
        p.Count = p.UpperOnly = p.Dense = p.LowerOnly = 0;
        T largestZ = T.Zero, largest = T.Zero;
        for (int j = 0; j < p.Order; j++)
        {
            p.Kind[j] = j < p.UpperOrder ? UpperOnly : LowerOnly;
            largestZ = T.Max(largestZ, T.Abs(p.Z[j]));
            largest = T.Max(largest, T.Abs(p.D[j]));
        }

        T tolerance = T.CreateChecked(8) * FloatingPointLimits<T>.UnitRoundoff * T.Max(largest, largestZ);
        if (p.Rho * largestZ <= tolerance)
        {
            return;
        }

        int deflated = Select(ref p, tolerance);
        Pack(p, deflated, parallelism);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Select<T>(ref RankOneProblem<T> p, T tolerance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int deflated = 0, candidate = -1;
        for (int i = 0; i < p.Order; i++)
        {
            int next = p.Sorted[i];
            if (p.Rho * T.Abs(p.Z[next]) <= tolerance)
            {
                p.Deflated[deflated++] = next;
                continue;
            }

            if (candidate >= 0)
            {
                // The rotation that turns (z_candidate, z_next) into (0, length) leaves |gap c s| off the diagonal.
                T s = p.Z[candidate], c = p.Z[next], length = FloatingPointLimits<T>.Length(c, s), gap = p.D[next] - p.D[candidate];
                c /= length;
                s = -s / length;
                if (T.Abs(gap * c * s) <= tolerance)
                {
                    Rotate(p, candidate, next, c, s);
                    p.Z[next] = length;
                    p.Deflated[deflated++] = candidate;
                }
                else
                {
                    Keep(ref p, candidate);
                }
            }

            candidate = next;
        }

        Keep(ref p, candidate);
        return deflated;
    }

    private static void Rotate<T>(in RankOneProblem<T> p, int first, int second, T c, T s)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (p.Kind[first] != p.Kind[second])
        {
            p.Kind[second] = Dense;
        }

        GivensRotation.Apply(p.Order, p.Q + (first * p.Stride), p.Q + (second * p.Stride), c, s);
        T d1 = p.D[first], d2 = p.D[second];
        p.D[first] = (d1 * c * c) + (d2 * s * s);
        p.D[second] = (d1 * s * s) + (d2 * c * c);
    }

    private static void Keep<T>(ref RankOneProblem<T> p, int column)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        p.Poles[p.Count] = p.D[column];
        p.Weights[p.Count] = p.Z[column];
        p.Kept[p.Count++] = column;
        switch (p.Kind[column])
        {
            case UpperOnly:
                p.UpperOnly++;
                break;
            case Dense:
                p.Dense++;
                break;
            default:
                p.LowerOnly++;
                break;
        }
    }

    /// <summary>Packs the columns as [upper only | dense] over the upper rows and [dense | lower only] over the lower rows, and moves the deflated ones, by ascending eigenvalue, to the end of Q.</summary>
    private static void Pack<T>(in RankOneProblem<T> p, int deflated, Parallelism parallelism)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int* slots = stackalloc int[3] { 0, p.UpperOnly, p.UpperOnly + p.Dense };
        for (int i = 0; i < p.Count; i++)
        {
            p.Slot[i] = slots[p.Kind[p.Kept[i]]]++;
        }

        int threads = parallelism.ThreadsForBytes(2.0 * p.Order * p.Count * sizeof(T));
        if (threads > 1)
        {
            SharePack(p, threads);
        }
        else
        {
            PackColumns(p, 0, p.Count);
        }

        // Z is free from here on: it carries the deflated eigenvalues through the sort.
        T* whole = p.Packed + ((nint)p.UpperOrder * p.UpperColumns) + ((nint)(p.Order - p.UpperOrder) * p.LowerColumns);
        for (int i = 0; i < deflated; i++)
        {
            p.Z[i] = p.D[p.Deflated[i]];
        }

        new Span<T>(p.Z, deflated).Sort(new Span<int>(p.Deflated, deflated));
        for (int i = 0; i < deflated; i++)
        {
            new ReadOnlySpan<T>(p.Q + (p.Deflated[i] * p.Stride), p.Order).CopyTo(new Span<T>(whole + ((nint)i * p.Order), p.Order));
        }

        for (int i = 0; i < deflated; i++)
        {
            p.D[p.Count + i] = p.Z[i];
            new ReadOnlySpan<T>(whole + ((nint)i * p.Order), p.Order).CopyTo(new Span<T>(p.Q + ((p.Count + i) * p.Stride), p.Order));
        }
    }

    private static void SharePack<T>(RankOneProblem<T> p, int threads)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => WorkTeam.Run(4 * threads, threads, part =>
        {
            (int from, int to) = WorkTeam.Range(p.Count, 4 * threads, part, 1);
            PackColumns(p, from, to);
        });

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackColumns<T>(in RankOneProblem<T> p, int from, int to)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int upper = p.UpperOrder, lower = p.Order - upper;
        T* top = p.Packed;
        T* bottom = top + ((nint)upper * p.UpperColumns);
        for (int i = from; i < to; i++)
        {
            int column = p.Kept[i], kind = p.Kind[column], slot = p.Slot[i];
            T* source = p.Q + (column * p.Stride);
            if (kind != LowerOnly)
            {
                new ReadOnlySpan<T>(source, upper).CopyTo(new Span<T>(top + ((nint)slot * upper), upper));
            }

            if (kind != UpperOnly)
            {
                new ReadOnlySpan<T>(source + upper, lower).CopyTo(new Span<T>(bottom + ((nint)(slot - p.UpperOnly) * lower), lower));
            }
        }
    }

    /// <summary>Merges the ascending orders of the two halves into Sorted.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Merge<T>(in RankOneProblem<T> p)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int i = 0, j = p.UpperOrder;
        for (int k = 0; k < p.Order; k++)
        {
            bool fromUpper = j == p.Order || (i < p.UpperOrder && p.D[p.Ascending[i]] <= p.D[p.UpperOrder + p.Ascending[j]]);
            p.Sorted[k] = fromUpper ? p.Ascending[i++] : p.UpperOrder + p.Ascending[j++];
        }
    }
}
