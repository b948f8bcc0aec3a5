using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>
/// Weighted least squares, exactly. Row i of mode n has the normal matrix sum of w b b^T over its slice, b a column of G_(n) (U_0 x .. U_m ..)^T; the products b b^T are formed a panel of columns
/// at a time, and one matrix product with the panel of W makes the matrices of all rows. The normal matrix of the core is W x_n Q_n over all modes, Q_n holding the products u_ir u_is.
/// </summary>
internal sealed unsafe class WeightedTuckerTarget<T> : TuckerTarget<T>
    where T : unmanaged, INumberBase<T>
{
    /// <summary>The most unknowns in a core: its normal matrix is dense.</summary>
    public const int MostUnknowns = 2048;

    private const int PanelElements = 1 << 18;

    private readonly IncompleteTensor<T> _tensor;
    private readonly Tensor<T> _weights;
    private readonly Tensor<T> _weighted;
    private readonly RowModeSystem<T>?[] _systems;
    private readonly Lazy<DenseInput<T>> _start;
    private SharedModeSystem<T>? _core;

    public WeightedTuckerTarget(IncompleteTensor<T> tensor, DenseInput<T> input, ILinearAlgebraBackend backend)
        : base(input, WeightedResidual.Norm(input.Tensor, tensor.Weights), backend)
    {
        _tensor = tensor;
        _weights = tensor.Weights;
        _weighted = tensor.IsBinary ? input.Tensor : Tensor.Multiply<T>(input.Tensor, tensor.Weights);
        _systems = new RowModeSystem<T>?[input.Order];
        _start = new Lazy<DenseInput<T>>(() => FirstImputation.Of(tensor, input, backend));
    }

    public override string Description => "weighted entries";

    public override DenseInput<T> StartInput => _start.Value;

    public override ModeSystem<T> Factor(TuckerState<T> state, int mode)
    {
        int length = (int)state.Factors[mode].Lengths[0], rank = (int)state.Factors[mode].Lengths[1], packed = PackedSymmetric.Count(rank);
        RowModeSystem<T> system = _systems[mode] ??= new RowModeSystem<T>(length, rank, Backend);
        Tensor<T> right = FreshMemory.Zeros<T>([length, rank]), matrices = FreshMemory.Zeros<T>([length, packed]);
        fixed (T* core = DenseData.Elements(state.Core), x = DenseData.Elements(_weighted), w = DenseData.Elements(_weights))
        {
            using TensorBlock<T> g = new(core, state.Core.Lengths.ToArray()), products = new(x, Input.Lengths), counts = new(w, Input.Lengths);
            TensorBlock<T> others = g.Products(Backend, [.. state.Factors.Select((f, n) => n == mode ? null : f)], transpose: false);
            int columns = others.Count / rank, width = Math.Clamp(PanelElements / Math.Max(length, packed), 16, columns < 16 ? 16 : columns);
            using Scratch<T> scratch = Workspace.Rent<T>((nint)width * (length + rank + packed));
            for (int from = 0; from < columns; from += width)
            {
                int count = Math.Min(width, columns - from);
                MatrixView<T> slices = new(scratch.Span[..(length * count)], length, count);
                Span<T> rest = scratch.Span[(length * count)..];
                MatrixView<T> b = new(rest[..(rank * count)], rank, count), pairs = new(rest.Slice(rank * count, packed * count), packed, count);
                T keep = from == 0 ? T.Zero : T.One;
                Panel(others, mode, from, b);
                Pair(rest[..(rank * count)], rest.Slice(rank * count, packed * count), rank, count);
                Panel(counts, mode, from, slices);
                Backend.MatMul(T.One, slices, ((ReadOnlyMatrixView<T>)pairs).Transpose, keep, matrices.AsMatrix());
                Panel(products, mode, from, slices);
                Backend.MatMul(T.One, slices, ((ReadOnlyMatrixView<T>)b).Transpose, keep, right.AsMatrix());
            }

            g.Release(others);
        }

        system.Take(right, matrices);
        return system;
    }

    public override CoreSystem<T> Core(TuckerState<T> state)
    {
        nint[] ranks = state.Core.Lengths.ToArray();
        int unknowns = (int)state.Core.FlattenedLength;
        _core ??= new SharedModeSystem<T>(1, unknowns, Backend);
        Tensor<T>[] pairs = [.. state.Factors.Select(RowPairs)];
        fixed (T* x = DenseData.Elements(_weighted), w = DenseData.Elements(_weights))
        {
            using TensorBlock<T> products = new(x, Input.Lengths), counts = new(w, Input.Lengths);
            using TensorBlock<T> right = products.Products(Backend, state.Factors, transpose: true), packed = counts.Products(Backend, pairs, transpose: true);
            Unpack(packed.Elements, ranks, DenseData.Elements(_core.Normal), unknowns);
            _core.Take(DenseData.Copy<T>(right.Elements, [1, unknowns]));
        }

        return new DenseCore<T>(_core, ranks);
    }

    public override double ExactError(TuckerState<T> state) => TuckerWeightedError.Relative(_tensor, Input.Tensor, Norm, state, Backend, []);

    /// <summary>Some columns of the unfolding along a mode, which runs over (left, right) in order.</summary>
    private static void Panel(TensorBlock<T> tensor, int mode, int from, in MatrixView<T> panel)
    {
        (_, int length, int right) = tensor.View(mode);
        if (right == 1)
        {
            new ReadOnlyMatrixView<T>(tensor.Elements.Slice(from * length, panel.Columns * length), panel.Columns, length).Transpose.CopyTo(panel);
            return;
        }

        for (int done = 0; done < panel.Columns;)
        {
            (int l, int r) = Math.DivRem(from + done, right);
            int count = Math.Min(right - r, panel.Columns - done);
            new ReadOnlyMatrixView<T>(tensor.Elements.Slice(l * length * right, length * right), length, right).Slice(0, r, length, count).CopyTo(panel.Slice(0, done, length, count));
            done += count;
        }
    }

    /// <summary>Row (r, s), s &lt;= r: the element-wise product of rows r and s.</summary>
    private static void Pair(ReadOnlySpan<T> rows, Span<T> pairs, int rank, int count)
    {
        for (int r = 0, at = 0; r < rank; r++)
        {
            for (int s = 0; s <= r; s++, at += count)
            {
                TensorPrimitives.Multiply(rows.Slice(r * count, count), rows.Slice(s * count, count), pairs.Slice(at, count));
            }
        }
    }

    /// <summary>Row i: u_ir u_is for all r &gt;= s.</summary>
    private static Tensor<T> RowPairs(Tensor<T> factor)
    {
        int rank = (int)factor.Lengths[1];
        Tensor<T> pairs = FreshMemory.Zeros<T>([factor.Lengths[0], PackedSymmetric.Count(rank)]);
        PackedSymmetric.RowPairs(DenseData.Elements(factor), rank, DenseData.Elements(pairs));
        return pairs;
    }

    /// <summary>H[(a_0, a_1, ..), (b_0, b_1, ..)] is the packed entry ((a_0, b_0), (a_1, b_1), ..).</summary>
    private static void Unpack(ReadOnlySpan<T> packed, nint[] ranks, Span<T> normal, int unknowns)
    {
        int order = ranks.Length;
        int[] a = new int[order], b = new int[order];
        for (int i = 0; i < unknowns; i++)
        {
            Array.Clear(b);
            for (int j = 0; j < unknowns; j++)
            {
                int at = 0;
                for (int n = 0; n < order; n++)
                {
                    at = (at * PackedSymmetric.Count((int)ranks[n])) + PackedSymmetric.Index(a[n], b[n]);
                }

                normal[(i * unknowns) + j] = packed[at];
                Next(b, ranks);
            }

            Next(a, ranks);
        }
    }

    private static void Next(int[] index, nint[] lengths)
    {
        for (int n = index.Length - 1; n >= 0 && ++index[n] == lengths[n]; n--)
        {
            index[n] = 0;
        }
    }
}
