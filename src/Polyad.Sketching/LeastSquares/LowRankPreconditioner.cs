using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>
/// The inverse of U diag(w) U^T + mu I on the span of U, and of (w_tail + mu) I beside it, times w_tail + mu (Frangella, Tropp, Udell 2023): for A near U diag(w) U^T it makes A + mu I nearly the identity.
/// </summary>
internal sealed class LowRankPreconditioner<T>
    where T : unmanaged, INumberBase<T>
{
    private readonly Tensor<T> _vectors;
    private readonly T[] _factors;

    public LowRankPreconditioner(Tensor<T> vectors, ReadOnlySpan<T> values, double shift, double tail)
    {
        _vectors = vectors;
        _factors = new T[values.Length];
        for (int j = 0; j < _factors.Length; j++)
        {
            _factors[j] = T.CreateTruncating(((tail + shift) / (OperatorProducts.Double(values[j]) + shift)) - 1);
        }
    }

    /// <summary>Z = R + U (factors) U^T R.</summary>
    public void Apply(Tensor<T> r, Tensor<T> z, ILinearAlgebraBackend engine)
    {
        LinearAlgebra.Elements(r).CopyTo(LinearAlgebra.Elements(z));
        Tensor<T> inside = LinearAlgebra.MatMul(_vectors.AsReadOnlyMatrix().Transpose, r.AsReadOnlyMatrix(), engine);
        int k = (int)inside.Lengths[1];
        Span<T> elements = LinearAlgebra.Elements(inside);
        for (int i = 0; i < _factors.Length; i++)
        {
            TensorPrimitives.Multiply(elements.Slice(i * k, k), _factors[i], elements.Slice(i * k, k));
        }

        engine.MatMul(T.One, _vectors.AsReadOnlyMatrix(), inside.AsReadOnlyMatrix(), T.One, z.AsMatrix());
    }
}
