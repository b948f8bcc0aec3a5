using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>A fitted tensor ring.</summary>
/// <param name="Cores">r_k x n_k x r_(k+1), r_d = r_0.</param>
/// <param name="RelativeError">||X - model|| / ||X|| of this model, from the differences themselves, or an estimate when <paramref name="ErrorIsSampled"/>; 0 for a zero tensor.</param>
/// <param name="ErrorHistory">The relative error after each sweep, as the stopping rule saw it; of a direct method the error alone.</param>
/// <param name="Iterations">Sweeps done; of a direct method bonds settled.</param>
/// <param name="Converged">Whether the tolerance was met before the sweeps ran out; true of a direct method.</param>
/// <param name="ErrorIsSampled">Whether the error was estimated on sampled entries and never computed in full.</param>
public sealed record TensorRingResult<T>(
    IReadOnlyList<Tensor<T>> Cores, double RelativeError, IReadOnlyList<double> ErrorHistory, int Iterations, bool Converged, bool ErrorIsSampled = false)
    : TrTensor<T>(Cores)
    where T : unmanaged, INumberBase<T>
{
    /// <summary>Reads what <see cref="TrTensor{T}.Save"/> wrote of a fit.</summary>
    /// <exception cref="InvalidDataException">The file is not a fitted tensor ring of this element type.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static new TensorRingResult<T> Load(string path)
    {
        ModelArchive archive = Open(path);
        TrTensor<T> model = Read(archive);
        FitRecord fit = FitRecord.Of(archive);
        return new TensorRingResult<T>(model.Cores, fit.RelativeError, fit.ErrorHistory, fit.Iterations, fit.Converged, archive.Whole("error_is_sampled") != 0) { Modes = model.Modes };
    }

    private protected override void Write(ModelArchive archive)
    {
        base.Write(archive);
        new FitRecord(RelativeError, ErrorHistory, Iterations, Converged).AddTo(archive);
        archive.Add("error_is_sampled", ErrorIsSampled ? 1 : 0);
    }
}
