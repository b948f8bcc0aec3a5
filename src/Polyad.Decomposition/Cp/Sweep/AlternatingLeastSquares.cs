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
    private readonly bool[] _fixed;
    private readonly DimensionTree<T> _tree;
    private readonly Tensor<T> _normal;
    private readonly ModeUpdate<T> _update;
    private Tensor<T>? _lastProduct;
    private int _lastMode;

    /// <param name="input">X.</param>
    /// <param name="state">The model, which the sweeps change.</param>
    /// <param name="backend">The engine.</param>
    /// <param name="ridge">The l2 penalty.</param>
    /// <param name="fixedModes">Modes that stay as they are; empty for none.</param>
    public AlternatingLeastSquares(DenseInput<T> input, CpState<T> state, ILinearAlgebraBackend backend, double ridge, bool[] fixedModes)
    {
        _input = input;
        _backend = backend;
        _ridge = ridge;
        _fixed = fixedModes;
        State = state;
        _tree = new DimensionTree<T>(input.Tensor, state.Rank, backend);
        _normal = Tensor.CreateFromShape<T>([state.Rank, state.Rank]);
        _update = Update;
    }

    public CpState<T> State { get; }

    /// <summary>Updates every factor that is not fixed, in order, each with the newest of the others.</summary>
    /// <param name="accept">Given the squared relative error at the point where the sweep begins, whether to begin there; when not, it has put another point in place.</param>
    public void Sweep(Func<double, bool>? accept = null)
        => _tree.Sweep(State.Factors, _update, _fixed, accept is null ? null : (mode, product) => accept(CpError.Square(_input, State, mode, product)));

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
