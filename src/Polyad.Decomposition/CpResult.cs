using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>
/// A CP model: X is about the sum over r of w_r u_r^(0) o u_r^(1) o ... with unit columns. Weights descend and are not negative; in every factor but the last the
/// entry of largest magnitude (the first on ties) of each column is positive, and the last factor carries the sign.
/// </summary>
/// <param name="Weights">R weights.</param>
/// <param name="Factors">One I_n x R matrix for each mode.</param>
/// <param name="RelativeError">||X - model|| / ||X|| of this model, from the differences themselves; 0 for a zero tensor.</param>
/// <param name="ErrorHistory">The relative error after each sweep.</param>
/// <param name="Iterations">Sweeps done.</param>
/// <param name="Converged">Whether the tolerance was met before the sweeps ran out.</param>
public sealed record CpResult<T>(
    Tensor<T> Weights, IReadOnlyList<Tensor<T>> Factors, double RelativeError, IReadOnlyList<double> ErrorHistory, int Iterations, bool Converged)
    where T : unmanaged, INumberBase<T>
{
    /// <summary>The number of components.</summary>
    public int Rank => (int)Weights.FlattenedLength;

    /// <summary>1 - RelativeError^2: the share of the sum of squares that the model explains.</summary>
    public double Fit => 1 - (RelativeError * RelativeError);

    /// <summary>The full tensor of the model. 2 R prod(I) flops.</summary>
    /// <param name="backend">The engine; null for the current one.</param>
    public Tensor<T> Reconstruct(ILinearAlgebraBackend? backend = null)
    {
        nint[] lengths = [.. Factors.Select(static f => f.Lengths[0])];
        Tensor<T> full = Tensor.CreateFromShape<T>(lengths);
        int split = KhatriRaoProduct.Split(lengths);
        Tensor<T> left = KhatriRaoProduct.Of<T>(Factors, 0, split, DenseData.Elements(Weights)), right = KhatriRaoProduct.Of<T>(Factors, split, lengths.Length, default);
        MatrixView<T> target = new(DenseData.Elements(full), (int)left.Lengths[0], (int)right.Lengths[0]);
        (backend ?? Backend.Current).MatMul(T.One, left.AsReadOnlyMatrix(), right.AsReadOnlyMatrix().Transpose, T.Zero, target);
        return full;
    }
}
