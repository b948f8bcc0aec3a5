using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>Where Tucker fits by block descent begin.</summary>
internal static unsafe class TuckerStart
{
    private const int CoreCycles = 50;

    /// <summary>The factors of ST-HOSVD, by mode; null where the plan does not compress.</summary>
    public static Tensor<T>?[] Leading<T>(TuckerPlan plan, DenseInput<T> input, ILinearAlgebraBackend backend, CancellationToken cancellationToken)
        where T : unmanaged, INumberBase<T>
    {
        fixed (T* data = input.Elements)
        {
            using TensorBlock<T> x = new(data, input.Lengths);
            return new HigherOrderSvd<T>(plan, input.Norm, backend, new HigherOrderSvdSettings(0, SubspaceMethod.Gram, true, new CounterRandom(0), 0, 0), cancellationToken).Run(x, withCore: false).Fit.Factors;
        }
    }

    /// <summary>Factors with the core that fits them best to a tensor of which every entry counts.</summary>
    public static TuckerState<T> WithCore<T>(Tensor<T>[] factors, DenseInput<T> input, bool nonNegative, ILinearAlgebraBackend backend)
        where T : unmanaged, INumberBase<T>
    {
        TuckerState<T> state = new(factors, FreshMemory.Zeros<T>([.. factors.Select(static f => f.Lengths[1])]), backend);
        CompleteTuckerTarget<T> target = new(input, backend);
        target.Begin(state);
        CoreSystem<T> system = target.Core(state);
        if (nonNegative)
        {
            system.MinimiseNonNegative(state.Core, new NonNegativeSettings(NonNegativeMethod.Hals, CoreCycles, 1e-2, 0));
        }
        else
        {
            system.Minimise(state.Core);
        }

        return state;
    }

    /// <summary>What entries of a tensor with missing ones are fitted by.</summary>
    /// <param name="tensor">X and what is known of it.</param>
    /// <param name="method">Automatic: weighted while the core has at most so many unknowns.</param>
    /// <param name="ranks">By mode.</param>
    /// <param name="backend">The engine.</param>
    /// <exception cref="ArgumentException">Weighted, with too large a core.</exception>
    public static TuckerTarget<T> Target<T>(IncompleteTensor<T> tensor, MissingDataMethod method, int[] ranks, ILinearAlgebraBackend backend)
        where T : unmanaged, INumberBase<T>
    {
        const int MostAutomatic = 128;
        DenseInput<T> input = DenseInput<T>.Of(tensor.Values, 2);
        if (tensor.IsComplete)
        {
            return new CompleteTuckerTarget<T>(input, backend);
        }

        double unknowns = ranks.Aggregate(1.0, static (p, r) => p * r);
        if (method == MissingDataMethod.Weighted && unknowns > WeightedTuckerTarget<T>.MostUnknowns)
        {
            throw new ArgumentException(
                $"A core of shape [{string.Join(", ", ranks)}] has {unknowns} entries; the weighted method solves for at most {WeightedTuckerTarget<T>.MostUnknowns} at once. Use MissingDataMethod.Imputation.", nameof(method));
        }

        return method == MissingDataMethod.Weighted || (method == MissingDataMethod.Automatic && unknowns <= MostAutomatic)
            ? new WeightedTuckerTarget<T>(tensor, input, backend)
            : new ImputedTuckerTarget<T>(tensor, input, backend);
    }
}
