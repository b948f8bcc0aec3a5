using System.Numerics;
using System.Runtime.CompilerServices;

namespace Polyad.Managed;

/// <summary>How many sums <see cref="PairedSums{T}"/> makes, and the room for them.</summary>
internal static class PairedSums
{
    /// <summary>A power of two: threads take all, halves or quarters.</summary>
    public const int Leaves = 4;

    /// <summary>Two totals take turns, as others may still read the one before.</summary>
    public const int Totals = 2;

    /// <summary>Vectors of each role.</summary>
    public const int Vectors = Totals + Leaves - 1;

    /// <summary>How many of so many threads get a role.</summary>
    public static int Roles(int threads) => threads >= Leaves ? Leaves : threads >= 2 ? 2 : 1;

    /// <summary>Elements for so many roles and vectors of <paramref name="stride"/> elements.</summary>
    public static nint Length(int roles, nint stride) => roles * Vectors * stride;
}

/// <summary>
/// A vector that is a sum over the columns of a matrix, made by the roles of a <see cref="Lockstep"/>: the columns are cut into leaves with a sum each, whatever the threads, and these are added in pairs,
/// so that roundings do not depend on the threads though each role adds up its own leaves before others read their total.
/// </summary>
internal readonly unsafe struct PairedSums<T>(T* data, nint stride)
    where T : unmanaged, INumberBase<T>
{
    /// <summary>A leaf of a role; the first one becomes its total.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T* Leaf(int role, int leaf, int turn) => data + (((role * PairedSums.Vectors) + (leaf == 0 ? turn & 1 : PairedSums.Totals + leaf - 1)) * stride);

    /// <summary>Adds up the <paramref name="count"/> leaves of a role. Each is zero before its entry of <paramref name="starts"/>, which has all roles' leaves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(int role, int count, int turn, ReadOnlySpan<int> starts, int end)
    {
        for (int distance = 1; distance < count; distance *= 2)
        {
            for (int leaf = 0; leaf < count; leaf += 2 * distance)
            {
                Add(starts[(role * count) + leaf + distance], end, Leaf(role, leaf + distance, turn), Leaf(role, leaf, turn));
            }
        }
    }

    /// <summary>The sum of all roles' totals, from the first start to <paramref name="end"/>, for one role.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Gather(int role, int roles, int turn, ReadOnlySpan<int> starts, int end, T* target)
    {
        Copy(starts[0], end, Leaf(0, 0, turn), target);
        if (roles > 1)
        {
            Add(starts[PairedSums.Leaves / roles], end, Leaf(1, 0, turn), target);
        }

        if (roles == 4)
        {
            T* half = Leaf(role, 1, turn);
            Copy(starts[2], end, Leaf(2, 0, turn), half);
            Add(starts[3], end, Leaf(3, 0, turn), half);
            Add(starts[2], end, half, target);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy(int from, int end, T* source, T* target) => new ReadOnlySpan<T>(source + from, end - from).CopyTo(new Span<T>(target + from, end - from));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(int from, int end, T* source, T* target) => VectorKernels.Axpy(end - from, T.One, source + from, target + from);
}
