using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Polyad.Managed;

namespace Polyad;

/// <summary>
/// The matricized tensor times Khatri-Rao product on the dense [left, mode, right] view: one step for the first and last mode, two steps for a mode between
/// (Phan, Tichavsky, Cichocki 2013), unless the managed engine's own tiles take it in one. Rows of the Khatri-Rao product are made in cache-sized blocks; X is read once.
/// </summary>
internal readonly unsafe struct MttkrpKernel<T>
    where T : unmanaged, INumberBase<T>
{
    /// <summary>Elements of a block of Khatri-Rao rows: it stays in the second-level cache.</summary>
    private const int KhatriRaoElements = 16384;

    /// <summary>Outputs up to this many elements are accumulated in several partial copies; longer ones are dealt out by rows.</summary>
    private const nint SharedOutput = 1 << 16;

    /// <summary>Elements of X that make a part of the work worth while.</summary>
    private const nint PartElements = 1 << 15;

    private readonly ILinearAlgebraBackend _backend;
    private readonly nint[] _lengths;
    private readonly nint[] _factors;
    private readonly int _mode;
    private readonly T* _x;
    private readonly nint _left;
    private readonly int _length;
    private readonly nint _right;
    private readonly int _rank;
    private readonly KhatriRaoRows<T> _leftRows;
    private readonly KhatriRaoRows<T> _rightRows;
    private readonly int _threads;

    private MttkrpKernel(ILinearAlgebraBackend backend, T* x, nint[] lengths, nint[] factors, int rank, int mode, Parallelism parallelism)
    {
        _backend = backend;
        _lengths = lengths;
        _factors = factors;
        _mode = mode;
        _x = x;
        _left = TensorLayout.Count(lengths.AsSpan(0, mode));
        _length = (int)lengths[mode];
        _right = TensorLayout.Count(lengths.AsSpan(mode + 1));
        _rank = rank;
        _leftRows = new KhatriRaoRows<T>(factors[..mode], lengths[..mode], rank);
        _rightRows = new KhatriRaoRows<T>(factors[(mode + 1)..], lengths[(mode + 1)..], rank);
        _threads = parallelism.ThreadsForFlops(2.0 * _left * _length * _right * rank);
    }

    /// <summary>Writes <paramref name="lines"/> lines of the output, of which the first is <paramref name="first"/>, summed over steps from .. to - 1.</summary>
    private delegate void LineSum(T* g, nint first, nint lines, nint from, nint to);

    /// <summary>Whether the tiles of the managed engine may be used.</summary>
    private bool Streams => _backend is ManagedBackend;

    private int BlockRows => Math.Clamp(KhatriRaoElements / _rank, 32, 2048);

    /// <summary>Nothing is empty; <paramref name="factors"/> hold addresses of dense I_k x rank matrices (the one at <paramref name="mode"/> is not read).</summary>
    public static void Run(
        ILinearAlgebraBackend backend, T* x, nint[] lengths, nint[] factors, int rank, int mode, MatrixBlock<T> destination, Parallelism parallelism)
    {
        MttkrpKernel<T> kernel = new(backend, x, lengths, factors, rank, mode, parallelism);
        nint size = (nint)kernel._length * rank;
        using Scratch<T> output = Workspace.Rent<T>(SlabLoop.MaxParts * (size <= SharedOutput ? size : 0) + size);
        T* g = output.Pointer;
        if (kernel.Streams && mode < lengths.Length - 1 && StreamedMttkrp<T>.KeepsRows(kernel._left, kernel._right, lengths[^1], rank))
        {
            kernel.StreamRows(g);
        }
        else if (kernel.Streams && StreamedMttkrp<T>.Sums(kernel._right, rank))
        {
            kernel.StreamSums(g);
        }
        else if (kernel.Streams && kernel._right > 1 && StreamedMttkrp<T>.KeepsBetween(kernel._left, kernel._length * kernel._right, rank))
        {
            kernel.LeftFirst(g);
        }
        else if (kernel._left == 1)
        {
            kernel.First(g);
            kernel.ScaleRows(g, kernel._leftRows);
        }
        else if (kernel._right == 1)
        {
            kernel.Last(g, kernel._length);
            kernel.ScaleRows(g, kernel._rightRows);
        }
        else if (kernel._right < kernel._left && kernel._length * kernel._right <= int.MaxValue)
        {
            kernel.LeftFirst(g);
        }
        else
        {
            kernel.RightFirst(g);
        }

        BlockCopy.Run(MatrixBlock<T>.RowMajor(g, kernel._length, rank), destination);
    }

    /// <summary>
    /// Deals the work out. Few outputs: parts take steps of the sum, each into a copy of its own, and the copies are added. Many: parts take lines of the output. How it is cut comes from the shape alone.
    /// </summary>
    /// <param name="g">lines x rank, and room for the copies.</param>
    /// <param name="lines">Rows of the output.</param>
    /// <param name="grain">Lines that make a part worth while.</param>
    /// <param name="steps">Of the sum.</param>
    /// <param name="sum">Writes some lines of the sum over some steps, at least one.</param>
    private void Deal(T* g, nint lines, int grain, nint steps, LineSum sum)
        => Deal(g, lines, grain, steps, lines * _rank <= SharedOutput, sum);

    private void Deal(T* g, nint lines, int grain, nint steps, bool shared, LineSum sum)
    {
        nint size = lines * _rank;
        int rank = _rank;
        int parts = (int)(shared ? Math.Min(steps, Math.Clamp(_left * _length * _right / PartElements, 1, SlabLoop.MaxParts)) : Math.Clamp(lines / grain, 1, 64));
        SlabLoop.Run(parts, _threads, part =>
        {
            if (shared)
            {
                sum(g + (part * size), 0, lines, steps * part / parts, steps * (part + 1) / parts);
            }
            else
            {
                nint first = lines * part / parts, end = lines * (part + 1) / parts;
                sum(g + (first * rank), first, end - first, 0, steps);
            }
        });
        if (shared)
        {
            SlabLoop.Sum(g, parts, size);
        }
    }

    /// <summary>G = X K_R with X of I x right.</summary>
    private void First(T* g)
    {
        MttkrpKernel<T> self = this;
        Deal(g, _length, 64, _right, (part, row, rows, from, to) => self.FirstRows(part, (int)row, (int)rows, from, to));
    }

    private void FirstRows(T* g, int row, int rows, nint from, nint to)
    {
        int block = BlockRows;
        using Scratch<T> scratch = Workspace.Rent<T>((nint)block * _rank);
        for (nint j = from; j < to; j += block)
        {
            int count = (int)Math.Min(block, to - j);
            _rightRows.Fill(j, count, scratch.Pointer);
            Multiply(_x + (row * _right) + j, rows, count, _right, scratch.Pointer, j > from, g);
        }
    }

    /// <summary>The whole product without an intermediate, on the managed engine's own tiles.</summary>
    private void StreamSums(T* g)
    {
        MttkrpKernel<T> self = this;
        using KhatriRaoBlocks<T> k = StreamedMttkrp<T>.SumBlocks(_factors, _lengths, _mode, _rank);
        KhatriRaoBlocks<T> blocks = k;
        Deal(g, _length, 64, k.Cut.Blocks, (part, row, rows, from, to) => StreamedMttkrp<T>.Sum(self._x, self._length, self._right, blocks, self._rank, row, (int)rows, from, to, part));
    }

    /// <summary>The last mode is contracted row by row, on the managed engine's own tiles.</summary>
    private void StreamRows(T* g)
    {
        MttkrpKernel<T> self = this;
        nint last = _lengths[^1], pitch = _right > last ? last : _length * _right;
        StreamedMttkrp<T>.KeptRows x = new(_x, (int)last, pitch, _right, _length * _right);
        using KhatriRaoPanels<T> k = StreamedMttkrp<T>.RowBlocks(_factors, _lengths, _mode, _rank, pitch);
        KhatriRaoPanels<T> blocks = k;
        Deal(g, _length, 8, k.Cut.Blocks, _length < 32, (part, row, rows, from, to) => StreamedMttkrp<T>.KeepRows(x, blocks, (T*)self._factors[^1], self._rank, row, rows, from, to, part));
    }

    /// <summary>As <see cref="Last"/>, on the managed engine's own tiles.</summary>
    private void StreamLast(T* g, nint columns)
    {
        MttkrpKernel<T> self = this;
        using KhatriRaoPanels<T> k = StreamedMttkrp<T>.KeepBlocks(_factors.AsSpan(0, _mode), _lengths.AsSpan(0, _mode), _rank);
        KhatriRaoPanels<T> blocks = k;
        Deal(g, columns, 512, k.Cut.Blocks, (part, column, count, from, to) => StreamedMttkrp<T>.Keep(self._x, columns, blocks, self._rank, column, count, from, to, part - (column * self._rank)));
    }

    /// <summary>G = X^T K_L with X of left x columns.</summary>
    private void Last(T* g, nint columns)
    {
        if (Streams && StreamedMttkrp<T>.Keeps(_left, columns, _rank))
        {
            StreamLast(g, columns);
            return;
        }

        MttkrpKernel<T> self = this;
        Deal(g, columns, 512, _left, (part, column, count, from, to) => self.LastColumns(part, columns, column, count, from, to));
    }

    private void LastColumns(T* g, nint pitch, nint column, nint columns, nint from, nint to)
    {
        int block = BlockRows;
        using Scratch<T> scratch = Workspace.Rent<T>((nint)block * _rank);
        for (nint l = from; l < to; l += block)
        {
            int count = (int)Math.Min(block, to - l);
            _leftRows.Fill(l, count, scratch.Pointer);
            MultiplyTransposed(_x + (l * pitch) + column, count, (int)columns, pitch, scratch.Pointer, l > from, g);
        }
    }

    /// <summary>Y = X K_R on rows (l, i), then G[i, r] = sum over l of Y[l, i, r] K_L[l, r]; Y lives for one block.</summary>
    private void RightFirst(T* g)
    {
        MttkrpKernel<T> self = this;
        Deal(g, _length, 64, _left, (part, row, rows, from, to) => self.RightFirstBlock(part, (int)row, (int)rows, from, to));
    }

    private void RightFirstBlock(T* g, int row, int rows, nint from, nint to)
    {
        int block = BlockRows, slabs = rows == _length ? Math.Max(1, 256 / rows) : 1;
        using Scratch<T> rightScratch = Workspace.Rent<T>((nint)block * _rank);
        using Scratch<T> leftScratch = Workspace.Rent<T>((nint)slabs * _rank);
        using Scratch<T> product = Workspace.Rent<T>((nint)slabs * rows * _rank);
        NativeMemory.Clear(g, (nuint)rows * (nuint)_rank * (nuint)sizeof(T));
        for (nint j = 0; j < _right; j += block)
        {
            int count = (int)Math.Min(block, _right - j);
            _rightRows.Fill(j, count, rightScratch.Pointer);
            for (nint l = from; l < to; l += slabs)
            {
                int here = (int)Math.Min(slabs, to - l);
                _leftRows.Fill(l, here, leftScratch.Pointer);
                Multiply(_x + (((l * _length) + row) * _right) + j, here * rows, count, _right, rightScratch.Pointer, false, product.Pointer);
                for (int s = 0; s < here; s++)
                {
                    for (int i = 0; i < rows; i++)
                    {
                        AddProduct(product.Pointer + (((nint)s * rows) + i) * _rank, leftScratch.Pointer + ((nint)s * _rank), g + ((nint)i * _rank), _rank);
                    }
                }
            }
        }
    }

    /// <summary>Z = X^T K_L on columns (i, j), then G[i, r] = sum over j of Z[i, j, r] K_R[j, r].</summary>
    private void LeftFirst(T* g)
    {
        nint columns = _length * _right, size = columns * _rank;
        using Scratch<T> partial = Workspace.Rent<T>((SlabLoop.MaxParts * (size <= SharedOutput ? size : 0)) + size);
        Last(partial.Pointer, columns);
        int block = BlockRows;
        using Scratch<T> rows = Workspace.Rent<T>((nint)block * _rank);
        NativeMemory.Clear(g, (nuint)_length * (nuint)_rank * (nuint)sizeof(T));
        for (nint j0 = 0; j0 < _right; j0 += block)
        {
            int count = (int)Math.Min(block, _right - j0);
            _rightRows.Fill(j0, count, rows.Pointer);
            for (nint i = 0; i < _length; i++)
            {
                T* z = partial.Pointer + (((i * _right) + j0) * _rank);
                for (nint j = 0; j < count; j++)
                {
                    AddProduct(z + (j * _rank), rows.Pointer + (j * _rank), g + (i * _rank), _rank);
                }
            }
        }
    }

    /// <summary>A mode of length 1 beside the kept one still scales: its single row multiplies every row of G.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ScaleRows(T* g, in KhatriRaoRows<T> single)
    {
        using Scratch<T> row = Workspace.Rent<T>(_rank);
        single.Fill(0, 1, row.Pointer);
        for (nint i = 0; i < _length; i++)
        {
            for (int r = 0; r < _rank; r++)
            {
                g[(i * _rank) + r] *= row.Pointer[r];
            }
        }
    }

    /// <summary>C (+)= A K: A of rows x depth with the given pitch, K and C dense.</summary>
    private void Multiply(T* a, int rows, int depth, nint pitch, T* k, bool add, T* c)
        => _backend.MatMul(
            T.One, ReadOnlyMatrixView<T>.FromPointer(a, rows, depth, pitch, 1), ReadOnlyMatrixView<T>.FromPointer(k, depth, _rank, _rank, 1),
            add ? T.One : T.Zero, MatrixView<T>.FromPointer(c, rows, _rank, _rank, 1));

    /// <summary>C (+)= A^T K: A of depth x rows with the given pitch, K and C dense.</summary>
    private void MultiplyTransposed(T* a, int depth, int rows, nint pitch, T* k, bool add, T* c)
        => _backend.MatMul(
            T.One, ReadOnlyMatrixView<T>.FromPointer(a, rows, depth, 1, pitch), ReadOnlyMatrixView<T>.FromPointer(k, depth, _rank, _rank, 1),
            add ? T.One : T.Zero, MatrixView<T>.FromPointer(c, rows, _rank, _rank, 1));

    /// <summary>c += a .* b</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddProduct(T* a, T* b, T* c, int count)
    {
        int r = 0;
        if (Vector.IsHardwareAccelerated)
        {
            for (; r <= count - Vector<T>.Count; r += Vector<T>.Count)
            {
                ((Vector.Load(a + r) * Vector.Load(b + r)) + Vector.Load(c + r)).Store(c + r);
            }
        }

        for (; r < count; r++)
        {
            c[r] += a[r] * b[r];
        }
    }
}
