using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>What a Tucker model is fitted to by block descent: a tensor of which all or only some entries count. It poses the problem of one factor after the other, then that of the core.</summary>
internal abstract class TuckerTarget<T>(DenseInput<T> input, double norm, ILinearAlgebraBackend backend)
    where T : unmanaged, INumberBase<T>
{
    /// <summary>What it is, for the subject of checkpoints.</summary>
    public abstract string Description { get; }

    /// <summary>The tensor, 0 where nothing was seen.</summary>
    public DenseInput<T> Input { get; } = input;

    /// <summary>The norm of what counts, ||W^(1/2) X||.</summary>
    public double Norm { get; } = norm;

    /// <summary>A tensor for starting values to be taken from.</summary>
    public virtual DenseInput<T> StartInput => Input;

    protected ILinearAlgebraBackend Backend { get; } = backend;

    /// <summary>Gives factors the core that fits them best, in place of the state's own. A descent does so itself when it begins, unless the problem of the core depends on the core.</summary>
    public virtual void FitCore(TuckerState<T> state, CancellationToken cancellationToken)
    {
    }

    /// <summary>Tells that a sweep begins at this model, and that problems are asked for in order from here.</summary>
    public virtual void Begin(TuckerState<T> state)
    {
    }

    /// <summary>Tells that the model was put back to where the sweep began.</summary>
    public virtual void Undone()
    {
    }

    /// <summary>The problem of a factor. Modes are asked for in ascending order within a sweep.</summary>
    public abstract ModeSystem<T> Factor(TuckerState<T> state, int mode);

    /// <summary>The problem of the core, after those of the factors.</summary>
    public abstract CoreSystem<T> Core(TuckerState<T> state);

    /// <summary>||W^(1/2) (X - M)|| / ||W^(1/2) X|| after the update of the core: by err^2 = 1 + 2 f / ||W^(1/2) X||^2, or from the differences where that is too coarse.</summary>
    public virtual double RelativeError(TuckerState<T> state, CoreSystem<T> core)
    {
        double square = 1 + (2 * (core.Value(state.Core) / Norm / Norm));
        return square > CpError.Coarse<T>() ? Math.Sqrt(square) : ExactError(state);
    }

    /// <summary>The same from the differences themselves.</summary>
    public abstract double ExactError(TuckerState<T> state);
}
