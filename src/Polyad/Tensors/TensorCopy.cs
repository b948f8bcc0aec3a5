using System.Numerics;
using System.Runtime.CompilerServices;
using Polyad.Managed;

namespace Polyad;

/// <summary>
/// Copies an N-way block from one strided layout to another: unfolding, folding, packing and permuting are all this one kernel.
/// Modes that are adjacent in both layouts are fused first; what remains is copied as runs where both sides share their fastest mode,
/// and as register-transposed tiles where they do not (the plan of HPTT: Springer, Su, Bientinesi, arXiv 1704.04374).
/// </summary>
internal static unsafe class TensorCopy
{
    /// <summary>Bytes that one destination row should receive before the next row is begun.</summary>
    private const int RowBytes = 4096;

    /// <summary>Copies <paramref name="source"/> to <paramref name="target"/>; they share no element.</summary>
    public static void Run<T>(T* source, ReadOnlySpan<nint> sourceStrides, T* target, ReadOnlySpan<nint> targetStrides, ReadOnlySpan<nint> lengths, Parallelism parallelism)
        where T : unmanaged
    {
        nint count = TensorLayout.Count(lengths);
        if (count == 0)
        {
            return;
        }

        Axis[] axes = Fuse(lengths, sourceStrides, targetStrides);
        bool stream = count * sizeof(T) >= StreamingStore.LeastBytes;
        int threads = parallelism.ThreadsForBytes(2.0 * count * sizeof(T));
        if (threads == 1)
        {
            Box(source, target, axes, stream);
            return;
        }

        int widest = 0;
        for (int k = 1; k < axes.Length; k++)
        {
            widest = axes[k].Length > axes[widest].Length ? k : widest;
        }

        // Parts write disjoint elements, so their number cannot show in the result.
        Axis cut = axes[widest];
        nint granules = (cut.Length + 15) / 16;
        int parts = (int)Math.Min(granules, 4L * threads);
        WorkTeam.Run(parts, threads, part =>
        {
            nint from = granules * part / parts * 16, to = Math.Min(granules * (part + 1) / parts * 16, cut.Length);
            Axis[] own = (Axis[])axes.Clone();
            own[widest] = cut with { Length = to - from };
            Box(source + (from * cut.Source), target + (from * cut.Target), own, stream);
        });
    }

    /// <summary>Drops modes of length 1, orders the rest by destination stride (longest first) and merges neighbours that are adjacent on both sides.</summary>
    private static Axis[] Fuse(ReadOnlySpan<nint> lengths, ReadOnlySpan<nint> sourceStrides, ReadOnlySpan<nint> targetStrides)
    {
        List<Axis> axes = new(lengths.Length);
        for (int k = 0; k < lengths.Length; k++)
        {
            if (lengths[k] > 1)
            {
                axes.Add(new Axis(lengths[k], sourceStrides[k], targetStrides[k]));
            }
        }

        axes.Sort(static (a, b) => b.Target.CompareTo(a.Target));
        for (int k = axes.Count - 2; k >= 0; k--)
        {
            Axis outer = axes[k], inner = axes[k + 1];
            if (outer.Target == inner.Target * inner.Length && outer.Source == inner.Source * inner.Length)
            {
                axes[k] = inner with { Length = inner.Length * outer.Length };
                axes.RemoveAt(k + 1);
            }
        }

        if (axes.Count == 0)
        {
            axes.Add(new Axis(1, 1, 1));
        }

        return [.. axes];
    }

    private static void Box<T>(T* source, T* target, Axis[] axes, bool stream)
        where T : unmanaged
    {
        Inner(source, target, axes, stream);
        if (stream)
        {
            StreamingStore.Fence();
        }
    }

    private static void Inner<T>(T* source, T* target, Axis[] axes, bool stream)
        where T : unmanaged
    {
        int run = axes.Length - 1, line = Fastest(axes, -1);
        if (axes.Length == 1)
        {
            Runs(source, target, new Axis(1, 0, 0), new Axis(1, 0, 0), axes[0], stream);
            return;
        }

        if (line != run)
        {
            Walk(source, target, axes, 0, line, run, -1, stream);
            return;
        }

        // Runs are shared; the next axes that each side would like to walk are the inner loops.
        int bySource = Fastest(axes, run), byTarget = run - 1;
        Walk(source, target, axes, 0, run, bySource, byTarget == bySource ? -1 : byTarget, stream);
    }

    private static int Fastest(Axis[] axes, int except)
    {
        int best = -1;
        for (int k = axes.Length - 1; k >= 0; k--)
        {
            if (k != except && (best < 0 || axes[k].Source < axes[best].Source))
            {
                best = k;
            }
        }

        return best;
    }

    /// <summary>Loops over the axes that the inner kernels do not take.</summary>
    private static void Walk<T>(T* source, T* target, Axis[] axes, int depth, int a, int b, int c, bool stream)
        where T : unmanaged
    {
        while (depth < axes.Length && (depth == a || depth == b || depth == c))
        {
            depth++;
        }

        if (depth < axes.Length)
        {
            Axis axis = axes[depth];
            for (nint i = 0; i < axis.Length; i++)
            {
                Walk(source + (i * axis.Source), target + (i * axis.Target), axes, depth + 1, a, b, c, stream);
            }

            return;
        }

        int run = axes.Length - 1;
        if (a != run)
        {
            TileTranspose.Run(source, target, axes[a], axes[run], stream);
        }
        else
        {
            Runs(source, target, axes[b], c < 0 ? new Axis(1, 0, 0) : axes[c], axes[run], stream);
        }
    }

    /// <summary>Runs that both sides share: a few along the destination's next axis for each step along the source's.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Runs<T>(T* source, T* target, Axis bySource, Axis byTarget, Axis run, bool stream)
        where T : unmanaged
    {
        nint bytes = run.Length * sizeof(T), block = Math.Max(1, RowBytes / bytes);
        bool dense = run.Source == 1 && run.Target == 1;
        for (nint j0 = 0; j0 < byTarget.Length; j0 += block)
        {
            nint jEnd = Math.Min(j0 + block, byTarget.Length);
            for (nint i = 0; i < bySource.Length; i++)
            {
                T* from = source + (i * bySource.Source) + (j0 * byTarget.Source);
                T* to = target + (i * bySource.Target) + (j0 * byTarget.Target);
                for (nint j = j0; j < jEnd; j++)
                {
                    if (!dense)
                    {
                        for (nint k = 0; k < run.Length; k++)
                        {
                            to[k * run.Target] = from[k * run.Source];
                        }
                    }
                    else if (bytes >= 512)
                    {
                        StreamingStore.Copy(from, to, run.Length, stream);
                    }
                    else
                    {
                        Short((byte*)from, (byte*)to, bytes);
                    }

                    from += byTarget.Source;
                    to += byTarget.Target;
                }
            }
        }
    }

    /// <summary>A run too short for a call: whole vectors, the last one overlapping its neighbour.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Short(byte* from, byte* to, nint bytes)
    {
        nint w = Vector<byte>.Count, i = 0;
        if (Vector.IsHardwareAccelerated && bytes >= w)
        {
            for (; i <= bytes - w; i += w)
            {
                Vector.Load(from + i).Store(to + i);
            }

            if (i < bytes)
            {
                Vector.Load(from + bytes - w).Store(to + bytes - w);
            }

            return;
        }

        for (; i < bytes; i += 4)
        {
            *(uint*)(to + i) = *(uint*)(from + i);
        }
    }

    /// <summary>One mode: its length, and the distance in elements between neighbours on either side.</summary>
    internal readonly record struct Axis(nint Length, nint Source, nint Target);
}
