using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>A first guess of missing entries, for starting values to be taken from: the model of one component that fits the seen entries, found by a few sweeps of weighted least squares.</summary>
internal static class FirstImputation
{
    private const int Sweeps = 10;

    /// <summary>A copy of X filled in: w x + (1 - w) guess.</summary>
    public static DenseInput<T> Of<T>(IncompleteTensor<T> tensor, DenseInput<T> input, ILinearAlgebraBackend backend)
        where T : unmanaged, INumberBase<T>
    {
        CpState<T> state = CpState<T>.Unscaled([.. input.Lengths.Select(static n => Ones<T>(n))], backend);
        FactorUpdate<T>[] updates = [.. input.Lengths.Select(static _ => new LeastSquaresUpdate<T>())];
        using WeightedTarget<T> entries = new(tensor, input, 1, backend);
        CpDescent<T> descent = new(entries, state, updates, new bool[input.Order], extrapolate: false);
        descent.Begin();
        for (int sweep = 0; sweep < Sweeps; sweep++)
        {
            descent.Sweep();
        }

        descent.Settle();
        Imputation<T> imputation = new(tensor, input.Tensor, 1, backend);
        imputation.Fill(state.Factors);
        return DenseInput<T>.Of(imputation.Filled, 2);
    }

    private static Tensor<T> Ones<T>(nint length)
        where T : unmanaged, INumberBase<T>
        => Tensor.Create([.. Enumerable.Repeat(T.One, (int)length)], [length, 1]);
}
