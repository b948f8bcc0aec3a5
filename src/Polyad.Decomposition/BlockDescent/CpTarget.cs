using System.Numerics;

namespace Polyad.Decomposition;

/// <summary>What a CP model is fitted to: a tensor of which all or only some entries count. It poses the problem of one mode after the other.</summary>
internal abstract class CpTarget<T>(DenseInput<T> input, double norm, ILinearAlgebraBackend backend) : IDisposable
    where T : unmanaged, INumberBase<T>
{
    /// <summary>What it is, for the subject of checkpoints.</summary>
    public abstract string Description { get; }

    /// <summary>The tensor, 0 where nothing was seen.</summary>
    public DenseInput<T> Input { get; } = input;

    /// <summary>The norm of what counts, ||W^(1/2) X||.</summary>
    public double Norm { get; } = norm;

    /// <summary>Whether the model of a sweep's end may be moved before the next one begins.</summary>
    public virtual bool AllowsLastStep => true;

    /// <summary>A tensor for starting values to be taken from.</summary>
    public virtual DenseInput<T> StartInput => Input;

    protected ILinearAlgebraBackend Backend { get; } = backend;

    /// <summary>The problem of one mode at the present other factors. Modes are asked for in ascending order within a sweep; an answer lives until the same mode is asked for again.</summary>
    public abstract ModeSystem<T> System(CpState<T> state, int mode);

    /// <summary>Tells that the next sweep begins at this model.</summary>
    public virtual void Begin(CpState<T> state)
    {
    }

    /// <summary>Tells that the model was put back to where the sweep began.</summary>
    public virtual void Undone()
    {
    }

    /// <summary>||W^(1/2) (X - M)|| / ||W^(1/2) X|| from the problem of the mode that was updated last, or from the differences where that is too coarse.</summary>
    public double RelativeError(CpState<T> state, int mode, ModeSystem<T> system)
    {
        double square = SquaredError(state, system.Value(state.Factors[mode]));
        return square > CpError.Coarse<T>() ? Math.Sqrt(square) : ExactError(state);
    }

    /// <summary>Gives the buffers back. Errors can be had still.</summary>
    public abstract void Dispose();

    /// <summary>The same from the differences themselves.</summary>
    public abstract double ExactError(CpState<T> state);

    /// <summary>err^2 = 1 + 2 f / ||W^(1/2) X||^2 with f the value of the last problem.</summary>
    protected virtual double SquaredError(CpState<T> state, double value) => 1 + (2 * (value / Norm / Norm));
}
