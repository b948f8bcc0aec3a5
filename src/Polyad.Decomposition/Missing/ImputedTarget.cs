using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>
/// Expectation maximisation (Kiers 1997 for weights): sweeps see Y = W X + (1 - W) M, with M the model at which the sweep began. ||Y - M'||^2 exceeds the weighted squared error of a
/// model M' by sums over the entries with w below 1 alone, so a sweep lowers both.
/// </summary>
internal sealed class ImputedTarget<T> : CpTarget<T>
    where T : unmanaged, INumberBase<T>
{
    private readonly IncompleteTensor<T> _tensor;
    private readonly Imputation<T> _imputation;
    private readonly DimensionTree<T> _tree;
    private readonly SharedModeSystem<T>[] _systems;
    private readonly Lazy<DenseInput<T>> _start;
    private bool _filled;

    public ImputedTarget(IncompleteTensor<T> tensor, DenseInput<T> input, int rank, ILinearAlgebraBackend backend)
        : base(input, WeightedResidual.Norm(input.Tensor, tensor.Weights), backend)
    {
        _tensor = tensor;
        _imputation = new Imputation<T>(tensor, input.Tensor, rank, backend);
        _tree = new DimensionTree<T>(_imputation.Filled, rank, backend);
        _systems = [.. input.Lengths.Select(n => new SharedModeSystem<T>((int)n, rank, backend))];
        _start = new Lazy<DenseInput<T>>(() => FirstImputation.Of(tensor, input, backend));
    }

    public override string Description => "entries that are seen, others imputed";

    /// <summary>The end of one sweep is where the next begins, so that one evaluation of the model serves the error and the imputation.</summary>
    public override bool AllowsLastStep => false;

    public override DenseInput<T> StartInput => _start.Value;

    public override void Begin(CpState<T> state)
    {
        if (!_filled)
        {
            _imputation.Fill(state.Factors);
        }

        _filled = false;
    }

    public override void Undone() => _filled = false;

    public override ModeSystem<T> System(CpState<T> state, int mode)
    {
        SharedModeSystem<T> system = _systems[mode];
        system.Take(_tree.Next(state.Factors, mode));
        state.NormalMatrix(mode, 0, system.Normal);
        return system;
    }

    public override double ExactError(CpState<T> state) => WeightedResidual.Relative(Input.Tensor, _tensor.Weights, Norm, state.Factors, Backend);

    public override void Dispose() => _tree.Dispose();

    protected override double SquaredError(CpState<T> state, double value)
    {
        double distance = _imputation.Square + (2 * value), excess = _imputation.Fill(state.Factors);
        _filled = true;
        return (distance - excess) / Norm / Norm;
    }
}
