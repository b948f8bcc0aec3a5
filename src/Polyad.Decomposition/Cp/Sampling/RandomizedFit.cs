using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>One start of a randomized fit: where it is, and the best sweep so far.</summary>
internal sealed class RandomizedFit<T>
    where T : unmanaged, INumberBase<T>
{
    private double _least = double.PositiveInfinity;
    private double _progress = double.PositiveInfinity;
    private int _progressAt;

    public RandomizedFit(CpFitState<T> fit)
        : this(fit, fit.State.Copy())
    {
    }

    private RandomizedFit(CpFitState<T> fit, CpState<T> best) => (Fit, Best) = (fit, best);

    public CpFitState<T> Fit { get; }

    /// <summary>The model of least estimated error.</summary>
    public CpState<T> Best { get; }

    /// <summary>Takes in the error after a sweep.</summary>
    /// <param name="error">The estimate.</param>
    /// <param name="tolerance">What counts as progress.</param>
    /// <param name="patience">Sweeps without it that are allowed.</param>
    public void Note(double error, double tolerance, int patience)
    {
        Fit.Errors.Add(error);
        if (error < _least)
        {
            _least = error;
            Best.CopyFrom(Fit.State);
        }

        if (error < _progress - tolerance)
        {
            (_progress, _progressAt) = (error, Fit.Errors.Count);
        }

        Fit.Converged = tolerance > 0 && Fit.Errors.Count - _progressAt >= patience;
    }

    /// <summary>The best model, unmixed.</summary>
    public CpFitState<T> Finish(Tensor<T>[]? mixing, ILinearAlgebraBackend backend, CounterRandom draws)
    {
        CpState<T> model = Best;
        if (mixing is not null)
        {
            double[] weights = [.. Best.Weights];
            model = new CpState<T>([.. Best.Factors.Select((f, n) => OrthogonalMixing.Restore(mixing[n], f, backend))], backend, draws);
            TensorPrimitives.Multiply(model.Weights, weights, model.Weights);
        }

        CpFitState<T> finished = new(model) { Converged = Fit.Converged };
        finished.Errors.AddRange(Fit.Errors);
        return finished;
    }

    public void AddTo(ModelArchive archive)
    {
        Fit.AddTo(archive, "");
        Best.AddTo(archive, "least_");
        archive.Add("progress", [_least, _progress, _progressAt]);
    }

    public static RandomizedFit<T> Of(ModelArchive archive, int order, ILinearAlgebraBackend backend, CounterRandom draws)
    {
        double[] progress = archive.Numbers("progress");
        return new RandomizedFit<T>(CpFitState<T>.Of(archive, "", order, backend, draws), CpState<T>.Of(archive, "least_", order, backend, draws))
        {
            _least = progress[0],
            _progress = progress[1],
            _progressAt = (int)progress[2],
        };
    }
}
