using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>How a start is found.</summary>
/// <param name="Tolerance">Relative, where ranks are not given.</param>
/// <param name="Method">Gram, QR-SVD or randomized.</param>
/// <param name="Sequential">Whether each mode is truncated before the next.</param>
/// <param name="Random">Of sketches.</param>
/// <param name="Oversampling">Columns of a sketch beyond the rank.</param>
/// <param name="PowerIterations">Of a sketch.</param>
internal sealed record HigherOrderSvdSettings(double Tolerance, SubspaceMethod Method, bool Sequential, CounterRandom Random, int Oversampling, int PowerIterations);

/// <summary>The factors of the (sequentially truncated) higher-order SVD.</summary>
internal sealed class HigherOrderSvd<T>(TuckerPlan plan, double norm, ILinearAlgebraBackend backend, HigherOrderSvdSettings settings, CancellationToken cancellationToken)
    where T : unmanaged, INumberBase<T>
{
    private readonly Tensor<T>?[] _factors = new Tensor<T>?[plan.Order];
    private readonly double[]?[] _values = new double[]?[plan.Order];
    private double _left = settings.Tolerance * settings.Tolerance * norm * norm;
    private int _done;

    /// <summary>The factors and, of the sequential form when <paramref name="withCore"/>, the core, which comes with them at the cost of the last and least product; it is the caller's to dispose of.</summary>
    public (TuckerFit<T> Fit, TensorBlock<T>? Core) Run(TensorBlock<T> x, bool withCore)
    {
        TensorBlock<T> core = x;
        TensorBlock<T>? found = null;
        try
        {
            while (_done < plan.Modes.Length)
            {
                cancellationToken.ThrowIfCancellationRequested();
                int mode = plan.Modes.Where(n => _factors[n] is null).MinBy(n => Cost(core, n));
                Find(settings.Sequential ? core : x, mode);
                _done++;
                if (settings.Sequential && (withCore || _done < plan.Modes.Length))
                {
                    TensorBlock<T> next = core.Product(backend, _factors[mode]!, mode, transpose: true);
                    x.Release(core);
                    core = next;
                }
            }

            if (settings.Sequential && withCore)
            {
                (found, core) = (core, x);
            }
        }
        finally
        {
            x.Release(core);
        }

        return (new TuckerFit<T>(_factors) { Values = _values }, found);
    }

    /// <summary>Work for each element of the tensor until it has shrunk, I for the Gram matrix and 2 r for the product, over the part that goes: the mode with the largest saving comes first.</summary>
    private double Cost(TensorBlock<T> core, int mode)
    {
        double length = core.Lengths[mode], rank = plan.Ranks?[mode] ?? length / 2;
        return rank >= length ? double.MaxValue : (length + (2 * rank)) / (1 - (rank / length));
    }

    private void Find(TensorBlock<T> x, int mode)
    {
        double share = _left / (plan.Modes.Length - _done);
        if (settings.Method == SubspaceMethod.Randomized && x.Order > 1 && Sketched(x, mode, share))
        {
            return;
        }

        double dropped = 0;
        (double[] values, Tensor<T> vectors) = LeadingSubspace.Of(backend, x, mode, settings.Method == SubspaceMethod.Randomized ? SubspaceMethod.Gram : settings.Method, v =>
        {
            int rank = plan.Ranks?[mode] ?? TruncationRank.Of(v, Math.Sqrt(share));
            dropped = v.Skip(rank).Sum(static s => s * s);
            return rank;
        });
        (_factors[mode], _values[mode]) = (vectors, values);
        _left -= Math.Min(dropped, share);
    }

    /// <summary>By a sketch, which doubles until what it leaves is at most half of the share; false where it would be longer than a quarter of the mode.</summary>
    private bool Sketched(TensorBlock<T> x, int mode, double share)
    {
        int rank = plan.Ranks?[mode] ?? 8, length = (int)x.Lengths[mode];
        double all = plan.Ranks is null ? x.Norm : 0;
        for (int count = rank + settings.Oversampling; 4 * count <= length; count *= 2)
        {
            Tensor<T> basis = ModeSketch.Of(backend, x, mode, count, settings.Random.WithStream(settings.Random.Stream + ((ulong)mode << 16) + (ulong)count), settings.PowerIterations);
            using TensorBlock<T> seen = x.Product(backend, basis, mode, transpose: true);
            double unseen = 0;
            if (plan.Ranks is null)
            {
                double part = seen.Norm;
                unseen = Math.Max(0, (all - part) * (all + part));
                if (unseen > share / 2)
                {
                    continue;
                }
            }

            // Within the sketch the truncation is exact.
            double dropped = unseen;
            (_, Tensor<T> turn) = LeadingSubspace.Of(backend, seen, mode, SubspaceMethod.QrSvd, v =>
            {
                int kept = plan.Ranks?[mode] ?? TruncationRank.Of(v, Math.Sqrt(share - unseen));
                dropped += v.Skip(kept).Sum(static s => s * s);
                return kept;
            });
            _factors[mode] = LinearAlgebra.MatMul(basis, turn, backend);
            _left -= Math.Min(dropped, share);
            return true;
        }

        return false;
    }
}
