using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>
/// Sweeps of HOOI: each factor in turn becomes the leading left singular vectors of X contracted with all others, which raises the norm of the core or keeps it. The contractions share work in a tree: one half of the
/// modes is contracted once for all modes of the other half, so that X itself is read twice.
/// </summary>
/// <param name="plan">What is asked for.</param>
/// <param name="x">X.</param>
/// <param name="factors">By mode; changed by sweeps.</param>
/// <param name="core">X contracted with all of them; from here on the iteration's.</param>
/// <param name="backend">The engine.</param>
/// <param name="method">Gram or QR-SVD.</param>
/// <param name="cancellationToken">Looked at before each mode.</param>
internal sealed class OrthogonalIteration<T>(
    TuckerPlan plan, TensorBlock<T> x, Tensor<T>?[] factors, TensorBlock<T> core, ILinearAlgebraBackend backend, SubspaceMethod method, CancellationToken cancellationToken) : IDisposable
    where T : unmanaged, INumberBase<T>
{
    /// <summary>X contracted with the present factors.</summary>
    public TensorBlock<T> Core { get; private set; } = core;

    /// <summary>Whether a factor may change and there is something for it to depend on.</summary>
    public bool CanImprove => plan.Modes.Length > 1 && plan.Modes.Any(n => !plan.Fixed[n]);

    /// <summary>One sweep.</summary>
    public void Sweep() => Visit(x, plan.Modes, last: true);

    /// <summary>The relative error of the present factors: sqrt(||X||^2 - ||G||^2) / ||X||, which holds for orthonormal ones.</summary>
    /// <param name="norm">||X||.</param>
    public double Error(double norm)
    {
        double share = norm == 0 ? 1 : Core.Norm / norm;
        return Math.Sqrt(Math.Max(0, (1 - share) * (1 + share)));
    }

    public void Dispose() => Core.Dispose();

    /// <summary><paramref name="y"/> is X contracted with all factors but those of <paramref name="modes"/>.</summary>
    private void Visit(TensorBlock<T> y, ReadOnlySpan<int> modes, bool last)
    {
        if (modes.Length == 1)
        {
            Update(y, modes[0], last);
            return;
        }

        ReadOnlySpan<int> first = modes[..(modes.Length / 2)], second = modes[first.Length..];
        Half(y, first, second, last: false);
        Half(y, second, first, last);
    }

    private void Half(TensorBlock<T> y, ReadOnlySpan<int> own, ReadOnlySpan<int> others, bool last)
    {
        bool changes = last;
        foreach (int mode in own)
        {
            changes |= !plan.Fixed[mode];
        }

        if (!changes)
        {
            return;
        }

        Tensor<T>?[] contracted = new Tensor<T>?[plan.Order];
        foreach (int mode in others)
        {
            contracted[mode] = factors[mode];
        }

        TensorBlock<T> half = y.Products(backend, contracted, transpose: true);
        Visit(half, own, last);
        y.Release(half);
    }

    private void Update(TensorBlock<T> y, int mode, bool last)
    {
        cancellationToken.ThrowIfCancellationRequested();
        int rank = (int)factors[mode]!.Lengths[1];
        if (!plan.Fixed[mode])
        {
            factors[mode] = LeadingSubspace.Of(backend, y, mode, method == SubspaceMethod.QrSvd ? SubspaceMethod.QrSvd : SubspaceMethod.Gram, _ => rank).Vectors;
        }

        if (last)
        {
            TensorBlock<T> core = y.Product(backend, factors[mode]!, mode, transpose: true);
            Core.Dispose();
            Core = core;
        }
    }
}
