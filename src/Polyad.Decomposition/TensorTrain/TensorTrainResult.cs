using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>A tensor train: X[i_0, .., i_(d-1)] is about G_0[:, i_0, :] G_1[:, i_1, :] ... G_(d-1)[:, i_(d-1), :]. All cores but the first have orthonormal rows when unfolded to r_k x (n_k r_(k+1)).</summary>
/// <param name="Cores">r_k x n_k x r_(k+1), r_0 = r_d = 1.</param>
/// <param name="RelativeError">||X - model|| / ||X|| of this model, from the differences themselves; 0 for a zero tensor.</param>
/// <param name="Iterations">Factorizations done: one singular value decomposition for each inner rank.</param>
public sealed record TensorTrainResult<T>(IReadOnlyList<Tensor<T>> Cores, double RelativeError, int Iterations)
    where T : unmanaged, INumberBase<T>
{
    /// <summary><see cref="RelativeError"/> alone: the method is direct.</summary>
    public IReadOnlyList<double> ErrorHistory => [RelativeError];

    /// <summary>Always true: the method is direct.</summary>
    public bool Converged => true;

    /// <summary>The d - 1 inner ranks r_1 .. r_(d-1).</summary>
    public IReadOnlyList<int> Ranks => [.. Cores.Skip(1).Select(static c => (int)c.Lengths[0])];

    /// <summary>Elements of the tensor for each number that the model stores.</summary>
    public double CompressionRatio => Cores.Aggregate(1.0, static (p, c) => p * c.Lengths[1]) / Cores.Sum(static c => (double)c.FlattenedLength);

    /// <summary>The full tensor of the model.</summary>
    /// <param name="backend">The engine; null for the current one.</param>
    public Tensor<T> Reconstruct(ILinearAlgebraBackend? backend = null)
    {
        Tensor<T> all = Contract(0, Cores.Count, backend ?? Backend.Current);
        return DenseData.Copy<T>(DenseData.Elements(all), [.. Cores.Select(static c => c.Lengths[1])]);
    }

    /// <summary>The product of cores from .. to - 1 as an (r_from n_from ... n_(to-1)) x r_to matrix.</summary>
    internal Tensor<T> Contract(int from, int to, ILinearAlgebraBackend backend)
    {
        Tensor<T> product = DenseData.Copy<T>(DenseData.Elements(Cores[from]), [Cores[from].Lengths[0] * Cores[from].Lengths[1], Cores[from].Lengths[2]]);
        for (int k = from + 1; k < to; k++)
        {
            Tensor<T> core = Cores[k];
            int inner = (int)core.Lengths[0], rows = (int)product.Lengths[0], columns = (int)(core.Lengths[1] * core.Lengths[2]);
            Tensor<T> next = Tensor.CreateFromShape<T>([rows * core.Lengths[1], core.Lengths[2]]);
            backend.MatMul(
                T.One, product.AsReadOnlyMatrix(), new ReadOnlyMatrixView<T>(DenseData.Elements(core), inner, columns),
                T.Zero, new MatrixView<T>(DenseData.Elements(next), rows, columns));
            product = next;
        }

        return product;
    }
}
