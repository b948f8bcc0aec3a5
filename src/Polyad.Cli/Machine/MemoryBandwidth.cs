using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Polyad.Cli.Machine;

/// <summary>
/// The measured limit of data movement between registers and main memory, on buffers far larger than any cache. A copy counts every byte twice, read and written, and so does
/// the tool wherever it gives GB/s: the ratio of two such figures is a ratio of times.
/// </summary>
internal sealed unsafe class MemoryBandwidth : IDisposable
{
    private const nuint Alignment = 64;

    private readonly nuint _bytes;
    private byte* _source;
    private byte* _target;

    /// <summary>Takes two buffers of four times the last-level cache, at least 64 and at most 192 MiB each.</summary>
    public MemoryBandwidth(long lastLevelCacheBytes)
    {
        _bytes = (nuint)Math.Clamp(4 * lastLevelCacheBytes, 64L << 20, 192L << 20);
        _source = (byte*)NativeMemory.AlignedAlloc(_bytes, Alignment);
        _target = (byte*)NativeMemory.AlignedAlloc(_bytes, Alignment);

        // On pages as the library's own tensors have them. Touch every page, or the first pass would time the system's page faults.
        FreshMemory.Populate(new Span<byte>(_source, (int)_bytes));
        FreshMemory.Populate(new Span<byte>(_target, (int)_bytes));
        NativeMemory.Fill(_source, _bytes, 1);
        NativeMemory.Fill(_target, _bytes, 2);
    }

    /// <summary>GB/s of a copy, bytes read plus bytes written, the best of several passes.</summary>
    public double Copy(int threads, int passes = 8) => Best(threads, passes, 2, (offset, length) => Buffer.MemoryCopy(_source + offset, _target + offset, length, length));

    /// <summary>GB/s of reading alone, the best of several passes.</summary>
    public double Read(int threads, int passes = 8) => Best(threads, passes, 1, (offset, length) => Sum((long*)(_source + offset), length / sizeof(long)));

    public void Dispose()
    {
        NativeMemory.AlignedFree(_source);
        NativeMemory.AlignedFree(_target);
        _source = _target = null;
    }

    private double Best(int threads, int passes, int bytesCounted, Action<long, long> part)
    {
        double best = double.PositiveInfinity;
        long share = (long)_bytes / threads / (long)Alignment * (long)Alignment;
        long[] from = new long[threads], to = new long[threads];
        for (int pass = 0; pass < passes; pass++)
        {
            ParallelBurst.Run(threads, index =>
            {
                from[index] = Stopwatch.GetTimestamp();
                part(index * share, share);
                to[index] = Stopwatch.GetTimestamp();
            });
            best = Math.Min(best, Stopwatch.GetElapsedTime(from.Min(), to.Max()).TotalSeconds);
        }

        return bytesCounted * (double)share * threads / best / 1e9;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Sum(long* data, long count)
    {
        long sum = Vector512.IsHardwareAccelerated ? Sum512(data, count) : Sum256(data, count);
        GC.KeepAlive(sum == long.MinValue ? "" : null);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static long Sum512(long* data, long count)
    {
        Vector512<long> a = default, b = default, c = default, d = default;
        for (long i = 0; i + 32 <= count; i += 32)
        {
            a += Vector512.Load(data + i);
            b += Vector512.Load(data + i + 8);
            c += Vector512.Load(data + i + 16);
            d += Vector512.Load(data + i + 24);
        }

        return Vector512.Sum(a + b + c + d);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static long Sum256(long* data, long count)
    {
        Vector256<long> a = default, b = default, c = default, d = default;
        for (long i = 0; i + 16 <= count; i += 16)
        {
            a += Vector256.Load(data + i);
            b += Vector256.Load(data + i + 4);
            c += Vector256.Load(data + i + 8);
            d += Vector256.Load(data + i + 12);
        }

        return Vector256.Sum(a + b + c + d);
    }
}
