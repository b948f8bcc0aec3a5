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
    private const int CoreSteps = 200;

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

    /// <summary>
    /// From a core of zeros by conjugate gradients on the normal equations over seen entries, H = (U_0 x U_1 x ..)^T W (U_0 x U_1 x ..): sweeps would take from what was imputed last, and lose
    /// what the factors of another fit already tell. For orthonormal factors the eigenvalues of H lie between 0 and 1.
    /// </summary>
    public override void FitCore(TuckerState<T> state, CancellationToken cancellationToken)
    {
        Tensor<T> core = state.Core, residual = Seen(Weighted(Input.Tensor)), direction = DenseData.Copy(residual);
        DenseData.Elements(core).Clear();
        double square = Square(residual), enough = square * CoreTolerance * CoreTolerance;
        for (int step = 0; step < CoreSteps && square > enough; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Tensor<T> image = Seen(Weighted(TensorAlgebra.MultiModeProduct(direction, state.Factors, backend: Backend)));
            double curvature = double.CreateTruncating(TensorPrimitives.Dot<T>(DenseData.Elements(direction), DenseData.Elements(image)));
            if (!(curvature > 0))
            {
                break;
            }

            Add(square / curvature, direction, core);
            Add(-square / curvature, image, residual);
            double before = square;
            square = Square(residual);
            TensorPrimitives.MultiplyAdd(DenseData.Elements(direction), T.CreateTruncating(square / before), DenseData.Elements(residual), DenseData.Elements(direction));
        }

        Tensor<T> Weighted(Tensor<T> values) => Tensor.Multiply<T>(values, _tensor.Weights);

        Tensor<T> Seen(Tensor<T> values) => TensorAlgebra.MultiModeProduct(values, state.Factors, transpose: true, backend: Backend);

        static void Add(double scale, Tensor<T> x, Tensor<T> y) => TensorPrimitives.MultiplyAdd(DenseData.Elements(x), T.CreateTruncating(scale), DenseData.Elements(y), DenseData.Elements(y));

        static double Square(Tensor<T> x) => double.CreateTruncating(TensorPrimitives.SumOfSquares<T>(DenseData.Elements(x)));
    }

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

    /// <summary>Of the gradient by the core, to that of a core of zeros.</summary>
    private static double CoreTolerance => 16 * DenseData.Epsilon<T>();

    private double Fill(TuckerState<T> state) => TuckerWeightedError.Relative(_tensor, Input.Tensor, Norm, state, Backend, DenseData.Elements(_filled));
}
