using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>Rows of least norm with given products.</summary>
internal static class PseudoInverse
{
    /// <summary>X = Y (C^+)^T, so that X C^T = Y where C (k x d) has full row rank.</summary>
    public static Tensor<T> Rows<T>(Tensor<T> components, Tensor<T> y, ILinearAlgebraBackend backend)
        where T : unmanaged, INumberBase<T>
    {
        ReadOnlyMatrixView<T> view = y.AsReadOnlyMatrix();
        if (view.Columns != components.Lengths[0])
        {
            throw new ArgumentException($"Rows of {components.Lengths[0]} numbers are transformed back; given {view.Rows} x {view.Columns}.", nameof(y));
        }

        Arguments.Finite(view, default, nameof(y));
        return LinearAlgebra.MatMul(view, LinearAlgebra.Pinv(components.AsReadOnlyMatrix(), backend: backend).AsReadOnlyMatrix().Transpose, backend);
    }
}
