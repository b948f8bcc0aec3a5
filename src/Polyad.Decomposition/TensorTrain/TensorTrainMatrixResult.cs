using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>A fitted train matrix.</summary>
/// <param name="Cores">r_k x m_k x n_k x r_(k+1), r_0 = r_d = 1; all but the first have orthonormal rows when unfolded to r_k x (m_k n_k r_(k+1)).</param>
/// <param name="RelativeError">||A - model|| / ||A|| in the Frobenius norm, from the differences themselves; 0 for a zero matrix.</param>
/// <param name="Iterations">Bonds that were settled, d - 1; the method is direct.</param>
/// <param name="Method">How: the least accurate way that any bond was found in.</param>
public sealed record TensorTrainMatrixResult<T>(IReadOnlyList<Tensor<T>> Cores, double RelativeError, int Iterations, SubspaceMethod Method) : TtMatrix<T>(Cores)
    where T : unmanaged, INumberBase<T>
{
    /// <summary><see cref="RelativeError"/> alone: the method is direct.</summary>
    public IReadOnlyList<double> ErrorHistory => [RelativeError];

    /// <summary>Always true: the method is direct.</summary>
    public bool Converged => true;

    /// <summary>Reads what <see cref="TtMatrix{T}.Save"/> wrote of a fit.</summary>
    /// <exception cref="InvalidDataException">The file is not a fitted train matrix of this element type.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static new TensorTrainMatrixResult<T> Load(string path)
    {
        ModelArchive archive = Open(path);
        FitRecord fit = FitRecord.Of(archive);
        return new TensorTrainMatrixResult<T>(Chain.Of<T>(archive, 4, closed: false), fit.RelativeError, fit.Iterations, SubspaceMethods.Of(archive));
    }

    private protected override void Write(ModelArchive archive)
    {
        base.Write(archive);
        new FitRecord(RelativeError, ErrorHistory, Iterations, Converged).AddTo(archive);
        SubspaceMethods.AddTo(archive, Method);
    }
}
