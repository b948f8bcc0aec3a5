using System.Numerics;

namespace Polyad.Decomposition;

/// <summary>The starts of one fit: the best so far, and where a resumed fit goes on.</summary>
internal sealed class CpRestarts<T>
    where T : unmanaged, INumberBase<T>
{
    private readonly DenseInput<T> _input;
    private readonly ILinearAlgebraBackend _backend;
    private ModelArchive? _resumed;

    /// <param name="input">X.</param>
    /// <param name="backend">The engine.</param>
    /// <param name="resumed">The state of a checkpoint, or null.</param>
    /// <param name="unscaled">Whether states keep the size of their columns.</param>
    public CpRestarts(DenseInput<T> input, ILinearAlgebraBackend backend, ModelArchive? resumed, bool unscaled)
    {
        (_input, _backend, _resumed) = (input, backend, resumed);
        if (resumed is not null)
        {
            First = resumed.Whole("start");
            Least = resumed.Number("best_error");
            Best = First > 0 ? CpFitState<T>.Of(resumed, "best_", input.Order, backend, default, unscaled) : null;
        }
    }

    /// <summary>The start to begin or go on with.</summary>
    public int First { get; }

    public CpFitState<T>? Best { get; private set; }

    /// <summary>The exact relative error of <see cref="Best"/>.</summary>
    public double Least { get; private set; } = double.PositiveInfinity;

    /// <summary>The archive to go on from, for the first start that asks; null for others.</summary>
    public ModelArchive? TakeResumed()
    {
        ModelArchive? archive = _resumed;
        _resumed = null;
        return archive;
    }

    /// <summary>Keeps the fit when it is better than those before.</summary>
    public void Consider(CpFitState<T> fit)
    {
        double error = _input.Norm == 0 ? 0 : CpError.Exact(_input, fit.State, _backend);
        if (Best is null || error < Least)
        {
            (Best, Least) = (fit, error);
        }
    }

    /// <summary>A checkpoint that knows the best start; the method adds the current one.</summary>
    public FitCheckpoint Snapshot(string subject, int start, int iteration)
    {
        FitCheckpoint checkpoint = FitCheckpoint.Of(subject, iteration);
        checkpoint.State.Add("start", start);
        checkpoint.State.Add("best_error", Least);
        Best?.AddTo(checkpoint.State, "best_");
        return checkpoint;
    }
}
