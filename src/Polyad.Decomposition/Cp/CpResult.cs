using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>
/// A fitted CP model: X is about the sum over r of w_r u_r^(0) o u_r^(1) o ... with unit columns. Weights descend and are not negative; in every factor but the last the
/// entry of largest magnitude (the first on ties) of each column is positive, and the last factor carries the sign.
/// </summary>
/// <param name="Weights">R weights.</param>
/// <param name="Factors">One I_n x R matrix for each mode.</param>
/// <param name="RelativeError">||X - model|| / ||X|| of this model, from the differences themselves; 0 for a zero tensor.</param>
/// <param name="ErrorHistory">The relative error after each sweep, as the stopping rule saw it.</param>
/// <param name="Iterations">Sweeps done.</param>
/// <param name="Converged">Whether the tolerance was met before the sweeps ran out.</param>
public record CpResult<T>(
    Tensor<T> Weights, IReadOnlyList<Tensor<T>> Factors, double RelativeError, IReadOnlyList<double> ErrorHistory, int Iterations, bool Converged)
    : CpTensor<T>(Weights, Factors)
    where T : unmanaged, INumberBase<T>
{
    /// <summary>1 - RelativeError^2: the share of the sum of squares that the model explains.</summary>
    public double Fit => 1 - (RelativeError * RelativeError);

    /// <summary>Reads what <see cref="CpTensor{T}.Save"/> wrote of a fit.</summary>
    /// <exception cref="InvalidDataException">The file is not a fitted CP model of this element type.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static new CpResult<T> Load(string path)
    {
        ModelArchive archive = Open(path);
        CpTensor<T> model = Read(archive);
        FitRecord fit = FitRecord.Of(archive);
        return new CpResult<T>(model.Weights, model.Factors, fit.RelativeError, fit.ErrorHistory, fit.Iterations, fit.Converged) { Modes = model.Modes };
    }

    private protected override void Write(ModelArchive archive)
    {
        base.Write(archive);
        new FitRecord(RelativeError, ErrorHistory, Iterations, Converged).AddTo(archive);
    }
}
