using System.Runtime.CompilerServices;
using Polyad.Draws;

namespace Polyad;

/// <summary>
/// The counter-based generator Philox4x32-10 (Salmon, Moraes, Dror, Shaw 2011): a keyed bijection of 128-bit counters whose images pass as random.
/// The key is the 64-bit seed (low word first); the counter is the 64-bit block index (words 0 and 1) and the 64-bit stream (words 2 and 3).
/// There is no state: block i of a stream is computed from its index alone, so any part of a sequence can be had at any time, on any thread.
/// </summary>
public static unsafe class Philox
{
    internal const int Rounds = 10;
    internal const uint Multiplier0 = 0xD2511F53;
    internal const uint Multiplier1 = 0xCD9E8D57;
    internal const uint Weyl0 = 0x9E3779B9;
    internal const uint Weyl1 = 0xBB67AE85;

    /// <summary>The 128 random bits of one block: the output words 0 and 1 in <c>Low</c> (word 0 in the low half), words 2 and 3 in <c>High</c>.</summary>
    /// <param name="seed">The key.</param>
    /// <param name="stream">Counter words 2 and 3.</param>
    /// <param name="block">Counter words 0 and 1.</param>
    public static (ulong Low, ulong High) Block(ulong seed, ulong stream, ulong block)
    {
        uint k0 = (uint)seed, k1 = (uint)(seed >> 32);
        uint c0 = (uint)block, c1 = (uint)(block >> 32), c2 = (uint)stream, c3 = (uint)(stream >> 32);
        for (int round = 0; round < Rounds; round++)
        {
            ulong p0 = (ulong)Multiplier0 * c0, p1 = (ulong)Multiplier1 * c2;
            (c0, c1, c2, c3) = ((uint)(p1 >> 32) ^ c1 ^ k0, (uint)p1, (uint)(p0 >> 32) ^ c3 ^ k1, (uint)p0);
            k0 += Weyl0;
            k1 += Weyl1;
        }

        return (c0 | ((ulong)c1 << 32), c2 | ((ulong)c3 << 32));
    }

    /// <summary>
    /// Writes elements <paramref name="start"/>, <paramref name="start"/> + 1, ... of a stream of 64-bit words; word i is half i % 2 of block i / 2.
    /// Bit-equal to <see cref="Block"/> on every machine.
    /// </summary>
    /// <param name="seed">The key.</param>
    /// <param name="stream">The stream.</param>
    /// <param name="start">Index of the first word.</param>
    /// <param name="destination">Receives the words.</param>
    public static void Fill(ulong seed, ulong stream, ulong start, Span<ulong> destination)
    {
        fixed (ulong* target = destination)
        {
            FillDriver.Run<WordDraw, ulong>(seed, stream, start, target, destination.Length);
        }
    }

    /// <summary>The ten round keys of a seed, in the order k0, k1, k0, k1, ...</summary>
    internal static void RoundKeys(ulong seed, uint* keys)
    {
        uint k0 = (uint)seed, k1 = (uint)(seed >> 32);
        for (int round = 0; round < Rounds; round++)
        {
            keys[2 * round] = k0;
            keys[(2 * round) + 1] = k1;
            k0 += Weyl0;
            k1 += Weyl1;
        }
    }

    /// <summary>
    /// One block per lane. A lane carries a 32-bit word in 64 bits; its upper half may hold rubbish, because the 32 x 32 product reads lower halves only
    /// and the last line cuts it off.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Blocks<TLanes, TWords, TReals>(uint* keys, ulong stream, ulong block, out TWords low, out TWords high)
        where TLanes : struct, IDrawLanes<TWords, TReals>
        where TWords : struct
        where TReals : struct
    {
        TWords m0 = TLanes.Words(Multiplier0), m1 = TLanes.Words(Multiplier1);
        TWords c0 = TLanes.Add(TLanes.Words(block), TLanes.BlockOffsets), c1 = TLanes.ShiftRight(c0, 32);
        TWords c2 = TLanes.Words(stream), c3 = TLanes.Words(stream >> 32);
        for (int round = 0; round < Rounds; round++)
        {
            TWords p0 = TLanes.MultiplyLow32(m0, c0), p1 = TLanes.MultiplyLow32(m1, c2);
            c0 = TLanes.Xor(TLanes.Xor(TLanes.ShiftRight(p1, 32), c1), TLanes.Words(keys[2 * round]));
            c2 = TLanes.Xor(TLanes.Xor(TLanes.ShiftRight(p0, 32), c3), TLanes.Words(keys[(2 * round) + 1]));
            c1 = p1;
            c3 = p0;
        }

        TWords mask = TLanes.Words(uint.MaxValue);
        low = TLanes.Or(TLanes.And(c0, mask), TLanes.ShiftLeft(c1, 32));
        high = TLanes.Or(TLanes.And(c2, mask), TLanes.ShiftLeft(c3, 32));
    }
}
