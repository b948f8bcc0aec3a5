using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>One start of an iterative CP fit: the model and its history. Written to a checkpoint and read back without the loss of a bit.</summary>
internal sealed class CpFitState<T>(CpState<T> state)
    where T : unmanaged, INumberBase<T>
{
    public CpState<T> State { get; } = state;

    /// <summary>The relative error after each sweep.</summary>
    public List<double> Errors { get; } = [];

    public bool Converged { get; set; }

    public void AddTo(ModelArchive archive, string prefix)
    {
        State.AddTo(archive, prefix);
        archive.Add(prefix + "errors", [.. Errors]);
        archive.Add(prefix + "converged", Converged ? 1 : 0);
    }

    public static CpFitState<T> Of(ModelArchive archive, string prefix, int order, ILinearAlgebraBackend backend, CounterRandom draws, bool unscaled = false)
    {
        CpFitState<T> fit = new(CpState<T>.Of(archive, prefix, order, backend, draws, unscaled)) { Converged = archive.Whole(prefix + "converged") != 0 };
        fit.Errors.AddRange(archive.Numbers(prefix + "errors"));
        return fit;
    }

    /// <summary>The model in normal form, at the scale of the caller's tensor.</summary>
    public CpResult<T> Result(DenseInput<T> input, double relativeError)
    {
        CpTensor<T> model = Model().Normalize();
        return new CpResult<T>(input.Restore(model.Weights), model.Factors, relativeError, Errors, Errors.Count, Converged);
    }

    /// <summary>The model with the factors of some modes as they were given and the components in their order; unit columns in the others, of which the last carries the sign.</summary>
    public CpResult<T> Result(DenseInput<T> input, double relativeError, bool[] fixedModes, IReadOnlyList<Tensor<T>> given)
    {
        double[] norms = Model().ComponentNorms();
        int[] moving = [.. Enumerable.Range(0, input.Order).Where(n => !fixedModes[n])], same = [.. Enumerable.Range(0, norms.Length)];
        Tensor<T>[] factors = [.. given.Select(DenseData.Copy)], settled = ComponentOrder.Arrange(
            [.. moving.Select(n => ColumnNorms.Scaled(State.Factors[n], ColumnNorms.Of(State.Factors[n])))], same, moving.Length - 1);
        for (int m = 0; m < moving.Length; m++)
        {
            factors[moving[m]] = settled[m];
        }

        for (int n = 0; n < factors.Length; n++)
        {
            double[] size = fixedModes[n] ? ColumnNorms.Of(factors[n]) : [.. Enumerable.Repeat(1.0, norms.Length)];
            for (int r = 0; r < norms.Length; r++)
            {
                norms[r] = size[r] == 0 ? 0 : norms[r] / size[r];
            }
        }

        Tensor<T> weights = Tensor.Create([.. norms.Select(static w => T.CreateTruncating(w))], [norms.Length]);
        return new CpResult<T>(input.Restore(weights), factors, relativeError, Errors, Errors.Count, Converged);
    }

    private CpTensor<T> Model() => new(Tensor.Create([.. State.Weights.Select(static w => T.CreateTruncating(w))], [State.Rank]), State.Factors);
}
