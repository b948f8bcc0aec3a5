using System.Collections.Concurrent;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Polyad;

/// <summary>
/// The one pool that kernels take their scratch memory from: blocks of native memory aligned to 64 bytes, kept for reuse, so that the steady state
/// of an iterative algorithm allocates nothing. Sizes round up to a power of two below 1 MiB and to a multiple of 1/4 of one above; blocks from 2 MiB on lie on large pages where the system has them.
/// </summary>
public static unsafe class Workspace
{
    private const nuint Alignment = 64;

    private static readonly ConcurrentDictionary<nuint, Stack<nint>> Free = new();
    private static long _rented;
    private static long _retained;
    private static long _peak;

    /// <summary>Bytes of scratch that running kernels hold now.</summary>
    public static long RentedBytes => Interlocked.Read(ref _rented);

    /// <summary>Bytes that wait in the pool for reuse.</summary>
    public static long RetainedBytes => Interlocked.Read(ref _retained);

    /// <summary>The largest <see cref="RentedBytes"/> since the process began or <see cref="ResetPeak"/> was called.</summary>
    public static long PeakBytes => Interlocked.Read(ref _peak);

    /// <summary>Sets <see cref="PeakBytes"/> to what is rented now.</summary>
    public static void ResetPeak() => Interlocked.Exchange(ref _peak, RentedBytes);

    /// <summary>Gives the pool's waiting memory back to the system.</summary>
    public static void Trim()
    {
        foreach ((nuint size, Stack<nint> stack) in Free)
        {
            while (TryPop(stack, out nint block))
            {
                Interlocked.Add(ref _retained, -(long)size);
                NativeMemory.AlignedFree((void*)block);
            }
        }
    }

    /// <summary>Rents room for <paramref name="count"/> elements, not cleared. Dispose it once.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative.</exception>
    /// <exception cref="OutOfMemoryException">The system has no such block.</exception>
    internal static Scratch<T> Rent<T>(nint count)
        where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        nuint size = Bucket(checked((nuint)Math.Max(count, 1) * (nuint)sizeof(T)));
        nint block;
        if (Free.TryGetValue(size, out Stack<nint>? stack) && TryPop(stack, out block))
        {
            Interlocked.Add(ref _retained, -(long)size);
        }
        else
        {
            block = (nint)NativeMemory.AlignedAlloc(size, size < FreshMemory.LargePage ? Alignment : FreshMemory.LargePage);
            FreshMemory.AdviseLargePages((void*)block, size);
        }

        long rented = Interlocked.Add(ref _rented, (long)size);
        long peak = Interlocked.Read(ref _peak);
        while (rented > peak)
        {
            long seen = Interlocked.CompareExchange(ref _peak, rented, peak);
            if (seen == peak)
            {
                break;
            }

            peak = seen;
        }

        return new Scratch<T>((T*)block, count, size);
    }

    internal static void Return(void* block, nuint size)
    {
        Interlocked.Add(ref _rented, -(long)size);
        Interlocked.Add(ref _retained, (long)size);
        Stack<nint> stack = Free.GetOrAdd(size, static _ => new Stack<nint>());
        lock (stack)
        {
            stack.Push((nint)block);
        }
    }

    internal static nuint Bucket(nuint bytes)
    {
        if (bytes <= 4096)
        {
            return 4096;
        }

        nuint power = BitOperations.RoundUpToPowerOf2(bytes);
        if (power <= 1 << 20)
        {
            return power;
        }

        nuint quarter = power / 8;
        return (bytes + quarter - 1) / quarter * quarter;
    }

    private static bool TryPop(Stack<nint> stack, out nint block)
    {
        lock (stack)
        {
            return stack.TryPop(out block);
        }
    }
}
