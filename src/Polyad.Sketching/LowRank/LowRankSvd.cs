using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>A is about U diag(S) Vt, with few terms: singular values descending, the entry of largest magnitude of each column of U positive.</summary>
/// <param name="U">m x k, orthonormal columns.</param>
/// <param name="S">k values.</param>
/// <param name="Vt">k x n, orthonormal rows.</param>
/// <param name="RelativeError">||A - U diag(S) Vt||_F / ||A||_F; NaN where the norm of A is not known, 0 for a zero matrix. From the difference of squares, hence to about sqrt(eps), or estimated: see what made it.</param>
public sealed record LowRankSvd<T>(Tensor<T> U, Tensor<T> S, Tensor<T> Vt, double RelativeError)
    where T : unmanaged, INumberBase<T>
{
    /// <summary>The rank.</summary>
    public int Rank => (int)S.FlattenedLength;

    /// <summary>The matrix, m x n.</summary>
    /// <param name="backend">The engine; null for the current one.</param>
    public Tensor<T> Reconstruct(ILinearAlgebraBackend? backend = null)
    {
        Tensor<T> scaled = U.AsReadOnlyMatrix().ToTensor();
        Span<T> elements = LinearAlgebra.Elements(scaled);
        for (int i = 0; i < elements.Length; i += Rank)
        {
            TensorPrimitives.Multiply(elements.Slice(i, Rank), LinearAlgebra.Elements(S), elements.Slice(i, Rank));
        }

        return LinearAlgebra.MatMul(scaled, Vt, backend);
    }

    /// <summary>Q Z^T of rank k, for orthonormal Q and Z = A^T Q: with Z = V S W^T it is (Q W) S V^T, and ||A - it||^2 = ||A||^2 - s_1^2 - .. - s_k^2.</summary>
    internal static LowRankSvd<T> FromBasis(in ReadOnlyMatrixView<T> q, in ReadOnlyMatrixView<T> z, int rank, double? norm, ILinearAlgebraBackend engine)
    {
        SvdResult<T> small = LinearAlgebra.Svd(z, backend: engine);
        int most = (int)small.S.FlattenedLength, kept = Math.Min(rank, most);
        Tensor<T> u = LinearAlgebra.MatMul(q, small.Vt.AsReadOnlyMatrix().Slice(0, 0, kept, q.Columns).Transpose, engine);
        Tensor<T> vt = small.U.AsReadOnlyMatrix().Slice(0, 0, z.Rows, kept).Transpose.ToTensor();
        SignConvention.ColumnsPositive(u.AsMatrix(), vt.AsMatrix(), kept);
        return new(u, small.S.FirstElements(kept), vt, Error(small.S.FirstElements(kept), norm));
    }

    /// <summary>sqrt(1 - (s_1^2 + .. + s_k^2) / ||A||^2).</summary>
    internal static double Error(Tensor<T> s, double? norm)
    {
        if (norm is not { } whole)
        {
            return double.NaN;
        }

        double left = 1;
        foreach (T value in LinearAlgebra.Elements(s))
        {
            double share = OperatorProducts.Double(value) / whole;
            left -= share * share;
        }

        return whole == 0 ? 0 : Math.Sqrt(Math.Max(0, left));
    }
}
