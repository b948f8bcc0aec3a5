using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>
/// Weighted least squares, exactly. The normal matrix of row i of mode n is the sum over its slice of w k k^T, k being the element-wise product of the other factors' rows; its entry (r, s) is
/// the MTTKRP of W with columns u_r .* u_s for factors. So a dimension tree over W, with R (R + 1) / 2 columns, gives the normal matrices of all rows, beside one over W .* X for the right-hand sides.
/// </summary>
internal sealed class WeightedTarget<T> : CpTarget<T>
    where T : unmanaged, INumberBase<T>
{
    private readonly Tensor<T> _weights;
    private readonly DimensionTree<T> _products;
    private readonly DimensionTree<T> _matrices;
    private readonly Tensor<T>[] _pairs;
    private readonly RowModeSystem<T>[] _systems;
    private readonly Lazy<DenseInput<T>> _start;

    public WeightedTarget(IncompleteTensor<T> tensor, DenseInput<T> input, int rank, ILinearAlgebraBackend backend)
        : base(input, WeightedResidual.Norm(input.Tensor, tensor.Weights), backend)
    {
        _weights = tensor.Weights;
        _products = new DimensionTree<T>(tensor.IsBinary ? input.Tensor : Product(input.Tensor, tensor.Weights), rank, backend);
        _matrices = new DimensionTree<T>(tensor.Weights, PackedSymmetric.Count(rank), backend);
        _pairs = [.. input.Lengths.Select(n => FreshMemory.Zeros<T>([n, PackedSymmetric.Count(rank)]))];
        _systems = [.. input.Lengths.Select(n => new RowModeSystem<T>((int)n, rank, backend))];
        _start = new Lazy<DenseInput<T>>(() => FirstImputation.Of(tensor, input, backend));
    }

    public override string Description => "weighted entries";

    public override DenseInput<T> StartInput => _start.Value;

    public override void Begin(CpState<T> state)
    {
        for (int n = 0; n < _pairs.Length; n++)
        {
            Pair(state, n);
        }
    }

    public override ModeSystem<T> System(CpState<T> state, int mode)
    {
        // What was updated since the sweep began comes before this mode.
        for (int n = 0; n < mode; n++)
        {
            Pair(state, n);
        }

        _systems[mode].Take(_products.Next(state.Factors, mode), _matrices.Next(_pairs, mode));
        return _systems[mode];
    }

    public override double ExactError(CpState<T> state) => WeightedResidual.Relative(Input.Tensor, _weights, Norm, state.Factors, Backend);

    public override void Dispose()
    {
        _products.Dispose();
        _matrices.Dispose();
    }

    /// <summary>Row i: u_ir u_is for all r &gt;= s.</summary>
    private void Pair(CpState<T> state, int mode) => PackedSymmetric.RowPairs(DenseData.Elements(state.Factors[mode]), state.Rank, DenseData.Elements(_pairs[mode]));

    private static Tensor<T> Product(Tensor<T> a, Tensor<T> b)
    {
        T[] product = new T[a.FlattenedLength];
        TensorPrimitives.Multiply(DenseData.Elements(a), DenseData.Elements(b), product);
        return Tensor.Create(product, a.Lengths);
    }
}
