using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>
/// Expectation maximisation (Kiers 1997 for weights): sweeps see Y = W X + (1 - W) M, with M the model at which the sweep began. ||Y - M'||^2 exceeds the weighted squared error of a model M'
/// by a sum that is least at M' = M, so a sweep that lowers it lowers both.
/// </summary>
internal sealed unsafe class ImputedTuckerTarget<T> : CompleteTuckerTarget<T>
    where T : unmanaged, INumberBase<T>
{
    private readonly IncompleteTensor<T> _tensor;
    private readonly Tensor<T> _filled;
    private readonly Lazy<DenseInput<T>> _start;
    private bool _isCurrent;

    public ImputedTuckerTarget(IncompleteTensor<T> tensor, DenseInput<T> input, ILinearAlgebraBackend backend)
        : this(tensor, input, DenseData.Copy(input.Tensor), backend)
    {
    }

    private ImputedTuckerTarget(IncompleteTensor<T> tensor, DenseInput<T> input, Tensor<T> filled, ILinearAlgebraBackend backend)
        : base(input, filled, WeightedResidual.Norm(input.Tensor, tensor.Weights), backend)
    {
        (_tensor, _filled) = (tensor, filled);
        _start = new Lazy<DenseInput<T>>(() => FirstImputation.Of(tensor, input, backend));
    }

    public override string Description => "entries that are seen, others imputed";

    public override DenseInput<T> StartInput => _start.Value;

    public override void Begin(TuckerState<T> state)
    {
        if (!_isCurrent)
        {
            Fill(state);
        }

        _isCurrent = false;
    }

    /// <summary>The end of one sweep is where the next begins: one evaluation of the model serves the error and the imputation.</summary>
    public override double RelativeError(TuckerState<T> state, CoreSystem<T> core)
    {
        double error = Fill(state);
        _isCurrent = true;
        return error;
    }

    public override void Undone() => _isCurrent = false;

    public override double ExactError(TuckerState<T> state) => TuckerWeightedError.Relative(_tensor, Input.Tensor, Norm, state, Backend, []);

    private double Fill(TuckerState<T> state) => TuckerWeightedError.Relative(_tensor, Input.Tensor, Norm, state, Backend, DenseData.Elements(_filled));
}
