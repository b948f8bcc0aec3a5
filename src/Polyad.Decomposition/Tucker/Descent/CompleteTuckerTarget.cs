using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>
/// A tensor of which every entry counts. The problem of mode n has H = G_(n) K G_(n)^T, K the Kronecker product of the other Gram matrices, and the right-hand sides Y_(n) G_(n)^T,
/// Y = X x_m U_m^T over m != n. One half of the modes is contracted once for all modes of the other half: X is read twice in a sweep.
/// </summary>
internal unsafe class CompleteTuckerTarget<T>(DenseInput<T> input, Tensor<T> data, double norm, ILinearAlgebraBackend backend) : TuckerTarget<T>(input, norm, backend)
    where T : unmanaged, INumberBase<T>
{
    private const int None = -1;

    private readonly SharedModeSystem<T>?[] _systems = new SharedModeSystem<T>?[input.Order];
    private TensorBlock<T>? _contracted;
    private int _half = None;

    public CompleteTuckerTarget(DenseInput<T> input, ILinearAlgebraBackend backend)
        : this(input, input.Tensor, input.Norm, backend)
    {
    }

    public override string Description => "all entries";

    private int Split => Input.Order / 2;

    public override ModeSystem<T> Factor(TuckerState<T> state, int mode)
    {
        TensorBlock<T> own = Contracted(state, mode < Split ? 0 : 1), seen = own.Products(Backend, Except(state.Factors, mode, mode < Split ? 0 : 1), transpose: true);
        int length = (int)seen.Lengths[mode], rank = (int)state.Core.Lengths[mode];
        SharedModeSystem<T> system = _systems[mode] ??= new SharedModeSystem<T>(length, rank, Backend);
        Tensor<T> right = FreshMemory.Zeros<T>([length, rank]);
        fixed (T* core = DenseData.Elements(state.Core))
        {
            using TensorBlock<T> g = new(core, state.Core.Lengths.ToArray());
            TensorBlock<T> turned = g.Products(Backend, Except(state.Grams, mode), transpose: true);
            ModeInner.Multiply(Backend, seen, g, mode, right.AsMatrix());
            ModeInner.Multiply(Backend, turned, g, mode, system.Normal.AsMatrix());
            g.Release(turned);
        }

        own.Release(seen);
        system.Take(right);
        return system;
    }

    public override CoreSystem<T> Core(TuckerState<T> state)
    {
        TensorBlock<T> own = Contracted(state, 1), seen = own.Products(Backend, Except(state.Factors, None, 1), transpose: true);
        Tensor<T> right = seen.ToTensor();
        own.Release(seen);

        // The next sweep contracts anew: the scratch goes back.
        own.Dispose();
        _half = None;
        return new KroneckerCore<T>(right, state.Grams, Backend);
    }

    public override double ExactError(TuckerState<T> state)
    {
        fixed (T* x = Input.Elements, core = DenseData.Elements(state.Core))
        {
            using TensorBlock<T> tensor = new(x, Input.Lengths), g = new(core, state.Core.Lengths.ToArray());
            return TuckerResidual.Relative(Backend, tensor, Norm, g, state.Factors);
        }
    }

    /// <summary>X contracted with the factors of the other half.</summary>
    private TensorBlock<T> Contracted(TuckerState<T> state, int half)
    {
        if (_half != half)
        {
            Tensor<T>?[] others = [.. state.Factors.Select((f, n) => n < Split == (half == 0) ? null : f)];
            fixed (T* x = DenseData.Elements(data))
            {
                using TensorBlock<T> tensor = new(x, Input.Lengths);
                if (_half != None)
                {
                    _contracted!.Dispose();
                }

                _contracted = tensor.Products(Backend, others, transpose: true);
            }

            _half = half;
        }

        return _contracted!;
    }

    private Tensor<T>?[] Except(Tensor<T>[] matrices, int mode, int half) => [.. matrices.Select((f, n) => n != mode && n < Split == (half == 0) ? f : null)];

    private static Tensor<T>?[] Except(Tensor<T>[] matrices, int mode) => [.. matrices.Select((f, n) => n != mode ? f : null)];
}
