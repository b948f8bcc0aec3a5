using System.Numerics;
using System.Runtime.CompilerServices;

namespace Polyad.Managed;

/// <summary>
/// A Khatri-Rao product (first matrix slowest) in blocks of rows whose columns are cut into panels: the few entries of a row that a register tile takes in a step lie side by side.
/// The tail is made once; a block is a piece of it, scaled in whole vectors, and where all of the product is the tail it is used in place.
/// </summary>
internal readonly unsafe struct KhatriRaoPanels<T> : IDisposable
    where T : unmanaged, INumberBase<T>
{
    /// <summary>Columns of the widest panel and lanes of the widest vector, together.</summary>
    private const int MostRepeated = 32;

    private readonly KhatriRaoRows<T> _outer;
    private readonly Scratch<T> _tail;
    private readonly int _rank;

    /// <summary>Whether no matrix is before the tail; one of a single row still scales it.</summary>
    private readonly bool _inPlace;

    /// <summary>Blocks of the product of <paramref name="leading"/> and then <paramref name="factors"/>, whose last ones make the tail, in pieces of at most <paramref name="most"/> rows.</summary>
    public KhatriRaoPanels(ReadOnlySpan<nint> leading, ReadOnlySpan<nint> leadingLengths, ReadOnlySpan<nint> factors, ReadOnlySpan<nint> lengths, int rank, int width, int most)
    {
        Cut = new KhatriRaoCut(leadingLengths, lengths, most, 1);
        int first = Cut.First;
        _outer = new KhatriRaoRows<T>([.. leading, .. factors[..first]], [.. leadingLengths, .. lengths[..first]], rank);
        _rank = rank;
        _inPlace = leading.IsEmpty && first == 0;
        Panels = (rank + width - 1) / width;
        _tail = Workspace.Rent<T>(Cut.Tail * rank);
        Fill(new KhatriRaoRows<T>(factors[first..].ToArray(), lengths[first..].ToArray(), rank));
    }

    public KhatriRaoCut Cut { get; }

    public int Panels { get; }

    /// <summary>The column with which a panel begins.</summary>
    public int Column(int panel) => _rank * panel / Panels;

    public void Dispose() => _tail.Dispose();

    private void Fill(in KhatriRaoRows<T> rows)
    {
        const int Lines = 512;
        using Scratch<T> scratch = Workspace.Rent<T>((nint)Lines * _rank);
        for (nint i = 0; i < Cut.Tail; i += Lines)
        {
            int count = (int)Math.Min(Lines, Cut.Tail - i);
            rows.Fill(i, count, scratch.Pointer);
            for (int panel = 0; panel < Panels; panel++)
            {
                int column = Column(panel), width = Column(panel + 1) - column;
                BlockCopy.Run(new MatrixBlock<T>(scratch.Pointer + column, count, width, _rank, 1), MatrixBlock<T>.RowMajor(_tail.Pointer + (column * Cut.Tail) + (i * width), count, width));
            }
        }
    }

    /// <summary>The block that was made last.</summary>
    public ref struct Block
    {
        private readonly KhatriRaoPanels<T> _k;
        private readonly Scratch<T> _block;
        private KhatriRaoPrefixes<T> _prefixes;
        private nint _made = -1;
        private readonly T* _first;
        private nint _rows;
        private nint _start;

        public Block(in KhatriRaoPanels<T> k)
        {
            _k = k;
            _block = k._inPlace ? default : Workspace.Rent<T>((nint)k.Cut.Piece * k._rank);
            _prefixes = k._inPlace ? default : new KhatriRaoPrefixes<T>(k._outer, k.Cut.Outer, k._rank);
            _first = k._inPlace ? k._tail.Pointer : _block.Pointer;
            _rows = k._inPlace ? k.Cut.Tail : 0;
        }

        public readonly int Panels => _k.Panels;

        /// <summary>The column with which a panel begins.</summary>
        public readonly int Column(int panel) => _k.Column(panel);

        /// <summary>The entries of a panel's columns, row after row.</summary>
        public readonly T* Panel(int panel, out int width)
        {
            int column = _k.Column(panel);
            width = _k.Column(panel + 1) - column;
            return _first + (column * _rows) + (_start * width);
        }

        /// <summary>Makes a block; returns its rows.</summary>
        public int Make<TSimd, TVector>(nint index)
            where TSimd : struct, ISimd<TVector, T>
            where TVector : struct
        {
            int count = _k.Cut.Count(index);
            if (_k._inPlace)
            {
                _start = _k.Cut.Start(index);
            }
            else if (index != _made)
            {
                Scale<TSimd, TVector>(_prefixes.Row(index / _k.Cut.Pieces), _k.Cut.Start(index), count);
                _rows = count;
                _made = index;
            }

            return count;
        }

        public readonly void Dispose()
        {
            _block.Dispose();
            _prefixes.Dispose();
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Scale<TSimd, TVector>(T* prefix, nint start, int count)
            where TSimd : struct, ISimd<TVector, T>
            where TVector : struct
        {
            // A panel's share of the prefix over and over: a vector of a few rows meets it from where its first column stands.
            T* repeated = stackalloc T[MostRepeated];
            for (int panel = 0; panel < _k.Panels; panel++)
            {
                int column = _k.Column(panel), width = _k.Column(panel + 1) - column, at = 0;
                for (int r = 0; r < width + TSimd.Count; r++)
                {
                    repeated[r] = prefix[column + (r % width)];
                }

                T* from = _k._tail.Pointer + (column * _k.Cut.Tail) + (start * width);
                T* to = _block.Pointer + (column * count);
                int all = count * width, i = 0, step = TSimd.Count % width;
                for (; i <= all - TSimd.Count; i += TSimd.Count)
                {
                    TSimd.Store(to + i, TSimd.Multiply(TSimd.Load(repeated + at), TSimd.Load(from + i)));
                    at += step;
                    at = at >= width ? at - width : at;
                }

                for (; i < all; i++)
                {
                    to[i] = from[i] * prefix[column + (i % width)];
                }
            }
        }
    }
}
