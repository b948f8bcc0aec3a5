using System.Numerics;
using System.Runtime.CompilerServices;

namespace Polyad;

/// <summary>
/// Runs fixed parts of a tensor kernel side by side, each on one thread, and adds up what each part accumulated in the order of the parts:
/// the partition comes from the shape alone, so the sum does not depend on the number of threads.
/// </summary>
internal static unsafe class SlabLoop
{
    /// <summary>The number of partial sums that a shared accumulation is cut into, at most.</summary>
    public const int MaxParts = 16;

    /// <summary>Runs every part with the ambient parallelism set to one thread.</summary>
    public static void Run(int parts, int threads, Action<int> part)
    {
        if (threads <= 1 || parts <= 1)
        {
            for (int p = 0; p < parts; p++)
            {
                part(p);
            }

            return;
        }

        WorkTeam.Run(parts, threads, p =>
        {
            using IDisposable one = Parallelism.Use(1);
            part(p);
        });
    }

    /// <summary>The first of <paramref name="parts"/> blocks of <paramref name="length"/> elements becomes the sum of all.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Sum<T>(T* blocks, int parts, nint length)
        where T : unmanaged, INumberBase<T>
    {
        for (int p = 1; p < parts; p++)
        {
            T* from = blocks + (p * length);
            nint i = 0;
            if (Vector.IsHardwareAccelerated)
            {
                for (; i <= length - Vector<T>.Count; i += Vector<T>.Count)
                {
                    (Vector.Load(blocks + i) + Vector.Load(from + i)).Store(blocks + i);
                }
            }

            for (; i < length; i++)
            {
                blocks[i] += from[i];
            }
        }
    }
}
