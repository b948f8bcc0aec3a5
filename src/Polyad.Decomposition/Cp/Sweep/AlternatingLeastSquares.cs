using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>What alternating least squares is asked to do with every model.</summary>
/// <param name="Ridge">The l2 penalty, at the scale of the input.</param>
/// <param name="FixedModes">Modes that stay as they are; empty for none.</param>
/// <param name="Acceleration">Where sweeps begin.</param>
/// <param name="Tolerance">The change of the relative error below which a model has converged.</param>
/// <param name="Backend">The engine.</param>
internal sealed record AlsPlan(double Ridge, bool[] FixedModes, CpAcceleration Acceleration, double Tolerance, ILinearAlgebraBackend Backend);

/// <summary>
/// One model under alternating least squares: each factor in turn is replaced by the least-squares solution given the others, G (V + ridge I)^-1 with G the MTTKRP and V the normal matrix.
/// A sweep is <see cref="Begin"/>, <see cref="Update"/> for every mode that is not fixed, in order, and <see cref="End"/>; who forms the products is not said here.
/// </summary>
internal sealed class AlternatingLeastSquares<T>
    where T : unmanaged, INumberBase<T>
{
    private readonly DenseInput<T> _input;
    private readonly AlsPlan _plan;
    private readonly Extrapolation<T> _extrapolation;
    private readonly CpState<T>? _saved;
    private readonly Tensor<T> _normal;
    private readonly Tensor<T> _lastProduct;
    private readonly int _lastMode;
    private double _objective = double.PositiveInfinity;
    private bool _proposed;

    public AlternatingLeastSquares(DenseInput<T> input, CpFitState<T> fit, AlsPlan plan)
    {
        _input = input;
        _plan = plan;
        Fit = fit;
        int rank = fit.State.Rank;
        _lastMode = plan.FixedModes.Length == 0 ? input.Order - 1 : Array.LastIndexOf(plan.FixedModes, false);
        _lastProduct = FreshMemory.Zeros<T>([input.Lengths[_lastMode], rank]);
        _normal = FreshMemory.Zeros<T>([rank, rank]);
        _extrapolation = new Extrapolation<T>(plan.Acceleration, plan.FixedModes, input.Order);
        _saved = plan.Acceleration == CpAcceleration.None ? null : fit.State.Copy();
    }

    public CpFitState<T> Fit { get; }

    private CpState<T> State => Fit.State;

    /// <summary>Puts the model where the sweep begins.</summary>
    public void Begin()
    {
        _saved?.CopyFrom(State);
        _proposed = _extrapolation.Propose(State);
    }

    /// <summary>Solves for the factor of a mode.</summary>
    /// <param name="mode">n.</param>
    /// <param name="product">I_n x R.</param>
    public void Update(int mode, in ReadOnlyMatrixView<T> product)
    {
        State.NormalMatrix(mode, _plan.Ridge, _normal);
        product.CopyTo(State.Factors[mode].AsMatrix());
        NormalEquations.Solve(_plan.Backend, _normal, State.Factors[mode]);
        State.Normalise(mode);
        if (mode == _lastMode)
        {
            product.CopyTo(_lastProduct.AsMatrix());
        }
    }

    /// <summary>Notes the error and whether the model has converged; a sweep from a proposed point that ended higher is undone.</summary>
    public void End()
    {
        List<double> errors = Fit.Errors;
        double error = CpError.Relative(_input, State, _lastMode, _lastProduct, _plan.Backend), objective = error * error;
        if (_plan.Ridge > 0)
        {
            State.Balance(_plan.FixedModes);
            objective += _plan.Ridge * State.SizeSquared(_plan.FixedModes) / _input.Norm / _input.Norm;
        }

        if (_proposed && !(objective <= _objective))
        {
            State.CopyFrom(_saved!);
            _extrapolation.Undone();
            errors.Add(errors[^1]);
            return;
        }

        _objective = objective;
        errors.Add(error);
        bool still = errors.Count > 1 && Math.Abs(errors[^2] - error) < _plan.Tolerance;
        _extrapolation.Swept(State);
        if (still && _proposed)
        {
            // A proposal that leads nowhere is no sign of convergence; a plain sweep must agree.
            _extrapolation.Pause();
        }

        Fit.Converged = still && !_proposed;
    }

    public void AddTo(ModelArchive archive, string prefix)
    {
        Fit.AddTo(archive, prefix);
        archive.Add(prefix + "objective", _objective);
        _extrapolation.AddTo(archive, prefix);
    }

    /// <summary>Goes on from an archive; the model itself was read by <see cref="CpFitState{T}.Of"/>.</summary>
    public void Restore(ModelArchive archive, string prefix)
    {
        _objective = archive.Number(prefix + "objective");
        _extrapolation.Restore(archive, prefix);
    }
}
