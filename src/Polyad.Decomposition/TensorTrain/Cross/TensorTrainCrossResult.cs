using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>A tensor train of a function that was seen at some of its indices only.</summary>
/// <param name="Cores">r_k x n_k x r_(k+1), r_0 = r_d = 1.</param>
/// <param name="SampledError">||f - model|| / ||f|| over the random samples; absolute when the function is zero at all of them. Not a bound: the other values were not all seen.</param>
/// <param name="ErrorHistory">The same after each sweep.</param>
/// <param name="Iterations">Sweeps done.</param>
/// <param name="Converged">Whether the tolerance was met before the sweeps ran out.</param>
/// <param name="Evaluations">Values that were asked for, repetitions counted.</param>
public sealed record TensorTrainCrossResult<T>(IReadOnlyList<Tensor<T>> Cores, double SampledError, IReadOnlyList<double> ErrorHistory, int Iterations, bool Converged, long Evaluations)
    : TtTensor<T>(Cores)
    where T : unmanaged, INumberBase<T>
{
    /// <summary>Reads what <see cref="TtTensor{T}.Save"/> wrote of such a fit.</summary>
    /// <exception cref="InvalidDataException">The file is not such a fit of this element type.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static new TensorTrainCrossResult<T> Load(string path)
    {
        ModelArchive archive = Open(path);
        TtTensor<T> model = Read(archive);
        FitRecord fit = FitRecord.Of(archive);
        return new TensorTrainCrossResult<T>(model.Cores, fit.RelativeError, fit.ErrorHistory, fit.Iterations, fit.Converged, (long)archive.Number("evaluations")) { Modes = model.Modes };
    }

    private protected override void Write(ModelArchive archive)
    {
        base.Write(archive);
        new FitRecord(SampledError, ErrorHistory, Iterations, Converged).AddTo(archive);
        archive.Add("evaluations", (double)Evaluations);
    }
}
