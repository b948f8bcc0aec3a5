using System.Numerics;
using System.Runtime.CompilerServices;

namespace Polyad.Managed;

/// <summary>
/// A Khatri-Rao product (first matrix slowest) in transposed blocks that fit the first-level cache. The product of the last matrices, the tail, is made and transposed once;
/// a block is a piece of it with its columns scaled by one row of the product of the matrices before, so making a block is one multiplication an entry, in whole vectors.
/// </summary>
internal readonly unsafe struct KhatriRaoBlocks<T> : IDisposable
    where T : unmanaged, INumberBase<T>
{
    private readonly KhatriRaoRows<T> _outer;
    private readonly Scratch<T> _tail;
    private readonly nint _pitch;
    private readonly int _rank;

    /// <summary>Blocks of the product of <paramref name="leading"/> and then <paramref name="factors"/>, whose last ones make the tail, in pieces of at most <paramref name="most"/> rows.</summary>
    public KhatriRaoBlocks(ReadOnlySpan<nint> leading, ReadOnlySpan<nint> leadingLengths, ReadOnlySpan<nint> factors, ReadOnlySpan<nint> lengths, int rank, int most)
    {
        int lanes = GemmBlocking.Lanes<T>();
        Cut = new KhatriRaoCut(leadingLengths, lengths, most, lanes);
        int first = Cut.First;
        _outer = new KhatriRaoRows<T>([.. leading, .. factors[..first]], [.. leadingLengths, .. lengths[..first]], rank);
        _rank = rank;
        _pitch = ((Cut.Tail + lanes - 1) / lanes * lanes) + lanes;
        _tail = Workspace.Rent<T>(_pitch * rank);
        Transpose(new KhatriRaoRows<T>(factors[first..].ToArray(), lengths[first..].ToArray(), rank));
    }

    public KhatriRaoCut Cut { get; }

    /// <summary>From one column of a block to the next.</summary>
    public nint Stride => Cut.Piece + GemmBlocking.Lanes<T>();

    public void Dispose() => _tail.Dispose();

    /// <summary>Rows of the product of the matrices before the tail; to be disposed of.</summary>
    public KhatriRaoPrefixes<T> Prefixes() => new(_outer, Cut.Outer, _rank);

    /// <summary>Rows start .. start + count - 1 of the tail, scaled, column after column. What is left over from whole vectors ends with the last lane, after zeros.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Scale<TSimd, TVector>(T* prefix, nint start, int count, T* block)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : struct
    {
        int lanes = TSimd.Count, whole = count / lanes * lanes, rest = count - whole;
        for (int r = 0; r < _rank; r++, block += Stride)
        {
            TVector scale = TSimd.Broadcast(prefix[r]);
            T* from = _tail.Pointer + (r * _pitch) + start;
            for (int c = 0; c < whole; c += lanes)
            {
                TSimd.Store(block + c, TSimd.Multiply(scale, TSimd.Load(from + c)));
            }

            if (rest > 0)
            {
                TSimd.Store(block + whole, TSimd.Multiply(scale, TSimd.LoadLast(from + count, rest)));
            }
        }
    }

    private void Transpose(in KhatriRaoRows<T> rows)
    {
        const int Lines = 512;
        using Scratch<T> scratch = Workspace.Rent<T>((nint)Lines * _rank);
        _tail.Clear();
        for (nint i = 0; i < Cut.Tail; i += Lines)
        {
            int count = (int)Math.Min(Lines, Cut.Tail - i);
            rows.Fill(i, count, scratch.Pointer);
            BlockCopy.Run(MatrixBlock<T>.RowMajor(scratch.Pointer, count, _rank), new MatrixBlock<T>(_tail.Pointer + i, count, _rank, 1, _pitch));
        }
    }
}
