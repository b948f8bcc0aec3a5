using System.Numerics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Polyad.Draws;

/// <summary>A distribution: turns blocks of random bits into elements, <see cref="PerBlock"/> of them per block.</summary>
internal unsafe interface IDraw<T>
    where T : unmanaged
{
    static abstract int PerBlock { get; }

    /// <summary>Writes the elements of <paramref name="vectors"/> * lanes blocks.</summary>
    static abstract void Draw<TLanes, TWords, TReals>(uint* keys, ulong stream, ulong block, nint vectors, T* destination)
        where TLanes : struct, IDrawLanes<TWords, TReals>
        where TWords : struct
        where TReals : struct;
}

/// <summary>
/// Fills memory with elements start, start + 1, ... of a distribution. An element depends on its index alone, so cuts into vectors and threads do not show.
/// </summary>
internal static unsafe class FillDriver
{
    /// <summary>Elements per part of a shared fill.</summary>
    private const int Part = 1 << 16;

    public static void Run<TDraw, T>(ulong seed, ulong stream, ulong start, T* destination, int length)
        where TDraw : struct, IDraw<T>
        where T : unmanaged
    {
        int parts = (int)(((long)length + Part - 1) / Part);
        int threads = parts <= 1 ? 1 : Parallelism.Current.ThreadsForBytes((double)length * sizeof(T));
        WorkTeam.Run(parts, threads, part =>
        {
            int from = part * Part, count = Math.Min(Part, length - from);
            if (Avx512F.IsSupported && Vector512.IsHardwareAccelerated)
            {
                Fill<TDraw, DrawLanes512, Vector512<ulong>, Vector512<double>, T>(seed, stream, start + (ulong)from, destination + from, count);
            }
            else
            {
                Fill<TDraw, DrawLanesAny, Vector<ulong>, Vector<double>, T>(seed, stream, start + (ulong)from, destination + from, count);
            }
        });
    }

    private static void Fill<TDraw, TLanes, TWords, TReals, T>(ulong seed, ulong stream, ulong start, T* destination, int length)
        where TDraw : struct, IDraw<T>
        where TLanes : struct, IDrawLanes<TWords, TReals>
        where TWords : struct
        where TReals : struct
        where T : unmanaged
    {
        uint* keys = stackalloc uint[2 * Philox.Rounds];
        Philox.RoundKeys(seed, keys);
        int perVector = TLanes.Count * TDraw.PerBlock;
        T* edge = stackalloc T[perVector];
        while (length > 0)
        {
            ulong block = start / (ulong)TDraw.PerBlock;
            int skip = (int)(start % (ulong)TDraw.PerBlock), done;

            // Element 2^64 - 1 is followed by element 0; blocks have fewer numbers than 64 bits count, so a run of them must end there.
            int run = start == 0 ? length : (int)Math.Min((ulong)length, 0 - start);
            if (skip == 0 && run >= perVector)
            {
                int vectors = run / perVector;
                TDraw.Draw<TLanes, TWords, TReals>(keys, stream, block, vectors, destination);
                done = vectors * perVector;
            }
            else
            {
                TDraw.Draw<TLanes, TWords, TReals>(keys, stream, block, 1, edge);
                done = Math.Min(run, perVector - skip);
                new ReadOnlySpan<T>(edge + skip, done).CopyTo(new Span<T>(destination, done));
            }

            start += (ulong)done;
            destination += done;
            length -= done;
        }
    }
}
