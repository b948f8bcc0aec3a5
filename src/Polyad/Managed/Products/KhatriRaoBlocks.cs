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
    /// <summary>Rows of the tail: enough for long vectors, few enough that it stays in the second-level cache.</summary>
    private const nint LeastTail = 128, MostTail = 1024;

    private readonly KhatriRaoRows<T> _outer;
    private readonly Scratch<T> _tail;
    private readonly nint _pitch;
    private readonly int _rank;

    /// <summary>Blocks of the product of <paramref name="leading"/> and then <paramref name="factors"/>, whose last ones make the tail, in pieces of at most <paramref name="most"/> rows.</summary>
    public KhatriRaoBlocks(ReadOnlySpan<nint> leading, ReadOnlySpan<nint> leadingLengths, ReadOnlySpan<nint> factors, ReadOnlySpan<nint> lengths, int rank, int most)
    {
        int first = lengths.Length - 1, lanes = GemmBlocking.Lanes<T>();
        nint tail = lengths[first];
        while (first > 0 && (tail < LeastTail || tail * lengths[first - 1] <= MostTail))
        {
            tail *= lengths[--first];
        }

        _outer = new KhatriRaoRows<T>([.. leading, .. factors[..first]], [.. leadingLengths, .. lengths[..first]], rank);
        _rank = rank;
        Tail = tail;
        Outer = TensorLayout.Count(leadingLengths) * TensorLayout.Count(lengths[..first]);
        OuterRight = TensorLayout.Count(lengths[..first]);
        nint pieces = (tail + most - 1) / most;
        Piece = (int)(((tail + pieces - 1) / pieces) + lanes - 1) / lanes * lanes;
        Pieces = (tail + Piece - 1) / Piece;
        _pitch = ((tail + lanes - 1) / lanes * lanes) + lanes;
        _tail = Workspace.Rent<T>(_pitch * rank);
        Transpose(new KhatriRaoRows<T>(factors[first..].ToArray(), lengths[first..].ToArray(), rank));
    }

    /// <summary>Rows of the tail.</summary>
    public nint Tail { get; }

    /// <summary>Rows of the product of the matrices before the tail.</summary>
    public nint Outer { get; }

    /// <summary>Rows of the product of those of them that are not leading.</summary>
    public nint OuterRight { get; }

    /// <summary>Rows of a block, the last one of the tail apart.</summary>
    public int Piece { get; }

    /// <summary>Blocks of the tail.</summary>
    public nint Pieces { get; }

    /// <summary>From one column of a block to the next.</summary>
    public nint Stride => Piece + GemmBlocking.Lanes<T>();

    public void Dispose() => _tail.Dispose();

    /// <summary>Rows of the product of the matrices before the tail, dense.</summary>
    public void Prefixes(nint start, nint count, T* rows) => _outer.Fill(start, count, rows);

    /// <summary>Rows start .. start + count - 1 of the tail, scaled, column after column. What is left over from whole vectors ends with the last lane when <paramref name="right"/>, after zeros.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Scale<TSimd, TVector>(T* prefix, nint start, int count, bool right, T* block)
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
                TSimd.Store(block + whole, TSimd.Multiply(scale, right ? TSimd.LoadLast(from + count, rest) : TSimd.Load(from + whole)));
            }
        }
    }

    private void Transpose(in KhatriRaoRows<T> rows)
    {
        const int Lines = 512;
        using Scratch<T> scratch = Workspace.Rent<T>((nint)Lines * _rank);
        _tail.Clear();
        for (nint i = 0; i < Tail; i += Lines)
        {
            int count = (int)Math.Min(Lines, Tail - i);
            rows.Fill(i, count, scratch.Pointer);
            BlockCopy.Run(MatrixBlock<T>.RowMajor(scratch.Pointer, count, _rank), new MatrixBlock<T>(_tail.Pointer + i, count, _rank, 1, _pitch));
        }
    }
}
