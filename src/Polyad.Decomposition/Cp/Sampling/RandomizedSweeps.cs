using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>Sweeps of least squares on sampled rows. The draws of a sweep are a function of its number.</summary>
internal sealed class RandomizedSweeps<T>(Tensor<T> tensor, int rank, int samples, CpSampling sampling, CounterRandom draws, ILinearAlgebraBackend backend) : IDisposable
    where T : unmanaged, INumberBase<T>
{
    private readonly nint[] _lengths = tensor.Lengths.ToArray();
    private readonly SampledLeastSquares<T> _problem = new(tensor, rank, samples, backend);
    private readonly IndexDistribution[] _distributions = [.. tensor.Lengths.ToArray().Select(static n => IndexDistribution.Uniform((int)n))];

    public void Run(CpState<T> state, int sweep)
    {
        int order = _lengths.Length;
        for (int n = 0; n < order; n++)
        {
            Renew(state, n);
        }

        for (int n = 0; n < order; n++)
        {
            bool all = DenseData.Product(_lengths) / _lengths[n] <= samples;
            SampledRows rows = all ? SampledRows.All(_lengths, n)
                : SampledRows.Draw(_distributions, _lengths, n, samples, draws.WithStream(draws.Stream + 10_000 + (ulong)((sweep * order) + n)));
            _problem.Solve(state, n, rows);
            state.Normalise(n);
            Renew(state, n);
        }
    }

    /// <summary>Gives the buffers back.</summary>
    public void Dispose() => _problem.Dispose();

    private void Renew(CpState<T> state, int mode)
    {
        if (sampling == CpSampling.Leverage)
        {
            _distributions[mode] = IndexDistribution.Leverage(state.Factors[mode], state.Grams[mode], backend);
        }
    }
}
