using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>
/// Expectation maximisation (Kiers 1997 for weights): sweeps see Y = W X + (1 - W) M, with M the model at which the sweep began. ||Y - M'||^2 exceeds the weighted squared error of a
/// model M' by sums over the entries with w below 1 alone, so a sweep lowers both. Only these entries are evaluated: one by one where they are few in a block of rows, from the product of
/// Khatri-Rao rows where they are many.
/// </summary>
internal sealed class ImputedTarget<T> : CpTarget<T>
    where T : unmanaged, INumberBase<T>
{
    /// <summary>Entries of a block among which one is evaluated by itself: more are cheaper as a matrix product.</summary>
    private const int Sparse = 12;

    private readonly Tensor<T> _weights;
    private readonly Tensor<T> _filled;
    private readonly int[] _cells;
    private readonly T[] _begun;
    private readonly T[] _ended;
    private readonly double _seenSquare;
    private readonly DimensionTree<T> _tree;
    private readonly SharedModeSystem<T>[] _systems;
    private readonly Lazy<DenseInput<T>> _start;
    private double _filledSquare;
    private bool _evaluated;

    public ImputedTarget(IncompleteTensor<T> tensor, DenseInput<T> input, int rank, ILinearAlgebraBackend backend)
        : base(input, WeightedResidual.Norm(input.Tensor, tensor.Weights), backend)
    {
        _weights = tensor.Weights;
        _filled = DenseData.Copy(input.Tensor);
        ReadOnlySpan<T> weights = DenseData.Elements(_weights), x = DenseData.Elements(input.Tensor);
        List<int> cells = [];
        for (int i = 0; i < weights.Length; i++)
        {
            if (weights[i] == T.One)
            {
                _seenSquare += Scalar.Square(x[i]);
            }
            else
            {
                cells.Add(i);
            }
        }

        _cells = [.. cells];
        _begun = new T[_cells.Length];
        _ended = new T[_cells.Length];
        _tree = new DimensionTree<T>(_filled, rank, backend);
        _systems = [.. input.Lengths.Select(n => new SharedModeSystem<T>((int)n, rank, backend))];
        _start = new Lazy<DenseInput<T>>(() => FirstImputation.Of(tensor, input, backend));
    }

    public override string Description => $"entries with {_cells.Length} imputed";

    public override bool AllowsLastStep => false;

    public override DenseInput<T> StartInput => _start.Value;

    public override void Begin(CpState<T> state)
    {
        if (!_evaluated)
        {
            Evaluate(state);
        }

        _evaluated = false;
        _ended.CopyTo(_begun, 0);
        Span<T> filled = DenseData.Elements(_filled);
        ReadOnlySpan<T> weights = DenseData.Elements(_weights), x = DenseData.Elements(Input.Tensor);
        _filledSquare = _seenSquare;
        for (int c = 0; c < _cells.Length; c++)
        {
            int i = _cells[c];
            filled[i] = (weights[i] * x[i]) + ((T.One - weights[i]) * _begun[c]);
            _filledSquare += Scalar.Square(filled[i]);
        }
    }

    public override ModeSystem<T> System(CpState<T> state, int mode)
    {
        SharedModeSystem<T> system = _systems[mode];
        system.Take(_tree.Next(state.Factors, mode));
        state.NormalMatrix(mode, 0, system.Normal);
        return system;
    }

    public override void Undone() => _evaluated = false;

    public override double ExactError(CpState<T> state) => WeightedResidual.Relative(Input.Tensor, _weights, Norm, state.Factors, Backend);

    /// <summary>With m' the model of the sweep's end: sum w (x - m')^2 = ||Y - M'||^2 + sum over w &lt; 1 of w (1 - w) (x - m)^2 - (1 - w) (m - m')^2.</summary>
    protected override double SquaredError(CpState<T> state, double value)
    {
        Evaluate(state);
        _evaluated = true;
        ReadOnlySpan<T> weights = DenseData.Elements(_weights), x = DenseData.Elements(Input.Tensor);
        double excess = 0;
        for (int c = 0; c < _cells.Length; c++)
        {
            double w = double.CreateTruncating(weights[_cells[c]]), begun = double.CreateTruncating(_begun[c]);
            double moved = begun - double.CreateTruncating(_ended[c]), off = double.CreateTruncating(x[_cells[c]]) - begun;
            excess += (1 - w) * ((moved * moved) - (w * off * off));
        }

        return (_filledSquare + (2 * value) - excess) / Norm / Norm;
    }

    /// <summary>The model in every entry with a weight below 1.</summary>
    private void Evaluate(CpState<T> state)
    {
        ModelRows<T> model = new(state.Factors, Backend);
        int size = model.BlockRows * model.Columns;
        int threads = Backend.Parallelism.Min(Parallelism.Current).ThreadsForFlops(2.0 * state.Rank * _cells.Length);
        SlabLoop.Run(model.Blocks, threads, block =>
        {
            int from = First(block * size), to = block + 1 == model.Blocks ? _cells.Length : First((block + 1) * size);
            if (to - from >= size / Sparse)
            {
                model.Form(block, (row, _, values) =>
                {
                    int start = row * model.Columns;
                    for (int c = from; c < to; c++)
                    {
                        _ended[c] = values[_cells[c] - start];
                    }
                });
                return;
            }

            for (int c = from; c < to; c++)
            {
                (int row, int column) = Math.DivRem(_cells[c], model.Columns);
                _ended[c] = model.At(row, column);
            }
        });

        int First(int element)
        {
            int at = Array.BinarySearch(_cells, element);
            return at < 0 ? ~at : at;
        }
    }
}
