using System.Numerics;

namespace Polyad.Decomposition;

/// <summary>A tensor of which every entry counts.</summary>
internal sealed class CompleteTarget<T> : CpTarget<T>
    where T : unmanaged, INumberBase<T>
{
    private readonly DimensionTree<T> _tree;
    private readonly SharedModeSystem<T>[] _systems;

    public CompleteTarget(DenseInput<T> input, int rank, ILinearAlgebraBackend backend)
        : base(input, input.Norm, backend)
    {
        _tree = new DimensionTree<T>(input.Tensor, rank, backend);
        _systems = [.. input.Lengths.Select(n => new SharedModeSystem<T>((int)n, rank, backend))];
    }

    public override string Description => "all entries";

    public override ModeSystem<T> System(CpState<T> state, int mode)
    {
        SharedModeSystem<T> system = _systems[mode];
        system.Take(_tree.Next(state.Factors, mode));
        state.NormalMatrix(mode, 0, system.Normal);
        return system;
    }

    public override double ExactError(CpState<T> state) => CpError.Exact(Input, state, Backend);

    public override void Dispose() => _tree.Dispose();
}
