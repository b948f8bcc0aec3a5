using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>Sweeps of alternating least squares: every factor in order is replaced by the least-squares solution given the others, G V^-1 with G the MTTKRP and V the normal matrix.</summary>
internal sealed class AlternatingLeastSquares<T>
    where T : unmanaged, INumberBase<T>
{
    private readonly DenseInput<T> _input;
    private readonly ILinearAlgebraBackend _backend;
    private readonly double _ridge;
    private readonly DimensionTree<T> _tree;
    private readonly Tensor<T> _normal;
    private readonly ModeUpdate<T> _update;
    private Tensor<T>? _lastProduct;
    private int _lastMode;

    public AlternatingLeastSquares(DenseInput<T> input, CpState<T> state, ILinearAlgebraBackend backend, double ridge)
    {
        _input = input;
        _backend = backend;
        _ridge = ridge;
        State = state;
        _tree = new DimensionTree<T>(input.Tensor, state.Rank, backend);
        _normal = Tensor.CreateFromShape<T>([state.Rank, state.Rank]);
        _update = Update;
    }

    public CpState<T> State { get; }

    /// <summary>Updates every factor once, in order, each with the newest of the others.</summary>
    public void Sweep() => _tree.Sweep(State.Factors, _update);

    /// <summary>||X - M|| / ||X|| after the last sweep.</summary>
    public double RelativeError() => CpError.Relative(_input, State, _lastMode, _lastProduct!, _backend);

    private void Update(int mode, Tensor<T> product)
    {
        State.NormalMatrix(mode, _ridge, _normal);
        DenseData.Elements(product).CopyTo(DenseData.Elements(State.Factors[mode]));
        NormalEquations.Solve(_backend, _normal, State.Factors[mode]);
        State.Normalise(mode);
        (_lastMode, _lastProduct) = (mode, product);
    }
}
