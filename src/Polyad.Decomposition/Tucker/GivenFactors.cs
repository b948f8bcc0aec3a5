using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>Factors that a caller gave: their orthonormal bases, and for those that must stay the way back to them.</summary>
internal sealed class GivenFactors<T>
    where T : unmanaged, INumberBase<T>
{
    private readonly Tensor<T>?[] _own;
    private readonly Tensor<T>?[] _triangles;
    private readonly double _sum;

    /// <exception cref="ArgumentException">The columns of a factor depend on each other.</exception>
    /// <exception cref="NonFiniteInputException">A factor holds NaN or infinity.</exception>
    public GivenFactors(TuckerPlan plan, IReadOnlyList<Tensor<T>> given, ILinearAlgebraBackend backend)
    {
        Bases = new Tensor<T>?[plan.Order];
        _own = new Tensor<T>?[plan.Order];
        _triangles = new Tensor<T>?[plan.Order];
        for (int k = 0; k < plan.Modes.Length; k++)
        {
            int mode = plan.Modes[k];
            Tensor<T> own = DenseData.Copy(given[k]);
            (Tensor<T> q, Tensor<T> r) = LinearAlgebra.Qr(own, backend);
            if (LinearAlgebra.MatrixRank(r, backend: backend) < own.Lengths[1])
            {
                throw new ArgumentException($"The columns of the {own.Lengths[0]} x {own.Lengths[1]} factor for mode {mode} depend on each other.", nameof(given));
            }

            Bases[mode] = q;
            _sum += double.CreateChecked(TensorAlgebra.FrobeniusNorm(own)) * (k + 1);
            (_own[mode], _triangles[mode]) = plan.Fixed[mode] ? (own, r) : (null, null);
        }
    }

    /// <summary>By mode: orthonormal columns with the span of the factor.</summary>
    public Tensor<T>?[] Bases { get; }

    /// <summary>A trace of the factors in the subject of a checkpoint.</summary>
    public string Print => _sum.ToString("R", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Exchanges the bases of fixed modes for the factors themselves: U = Q R, and G x_n R^-1 belongs to U.</summary>
    public (Tensor<T> Core, Tensor<T>?[] Factors) Restore(Tensor<T> core, Tensor<T>?[] factors, ILinearAlgebraBackend backend)
    {
        Tensor<T>?[] restored = [.. factors];
        for (int n = 0; n < factors.Length; n++)
        {
            if (_own[n] is { } own)
            {
                restored[n] = own;
                core = TensorAlgebra.ModeProduct(core, LinearAlgebra.Inverse(_triangles[n]!, backend), n, backend);
            }
        }

        return (core, restored);
    }
}
