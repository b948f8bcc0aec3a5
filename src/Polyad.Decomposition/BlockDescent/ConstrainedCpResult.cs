using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>
/// A CP model fitted by block coordinate descent: non-negative, constrained, or to a tensor with missing entries. Components are ordered by size, the largest first. In modes whose
/// constraint does not depend on the size of a column, columns have unit length and the weights carry the size; in the other modes (a simplex, a ball, a penalty) columns are as fitted, and
/// where all modes are of that kind the weights are 1. Signs are settled, as in <see cref="CpResult{T}"/>, only among modes whose constraint allows both. A component that vanished has weight 0
/// and a column of zeros. Where modes were fixed, their factors are as given and so is the order of the components.
/// </summary>
/// <param name="Weights">R weights.</param>
/// <param name="Factors">One I_n x R matrix for each mode.</param>
/// <param name="RelativeError">||X - model|| / ||X|| of this model, from the differences themselves; with missing entries or weights W, ||W^(1/2) (X - model)|| / ||W^(1/2) X||: seen entries only.</param>
/// <param name="ErrorHistory">The relative error after each sweep, as the stopping rule saw it.</param>
/// <param name="Iterations">Sweeps done.</param>
/// <param name="Converged">Whether the tolerance was met before the sweeps ran out.</param>
/// <param name="KktResidual">
/// How far the model is from a stationary point: the largest over the modes of ||U - U'|| / ||U||, where U' is U after one step of (proximal) gradient descent and projection, all others fixed.
/// 0 exactly where the conditions of optimality (Karush, Kuhn, Tucker) hold.
/// </param>
/// <param name="ObjectiveHistory">sqrt(2 F) / ||X|| after each sweep, F being half the squared error plus all penalties: never rises, and is the relative error where nothing is penalised.</param>
public sealed record ConstrainedCpResult<T>(
    Tensor<T> Weights, IReadOnlyList<Tensor<T>> Factors, double RelativeError, IReadOnlyList<double> ErrorHistory, int Iterations, bool Converged, double KktResidual,
    IReadOnlyList<double> ObjectiveHistory)
    : CpResult<T>(Weights, Factors, RelativeError, ErrorHistory, Iterations, Converged)
    where T : unmanaged, INumberBase<T>
{
    /// <summary>Reads what <see cref="CpTensor{T}.Save"/> wrote of such a fit; the file has <c>kkt_residual</c> and <c>objective_history</c> besides the arrays of every CP fit.</summary>
    /// <exception cref="InvalidDataException">The file is not a model of this kind and element type.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static new ConstrainedCpResult<T> Load(string path)
    {
        ModelArchive archive = Open(path);
        CpTensor<T> model = Read(archive);
        FitRecord fit = FitRecord.Of(archive);
        return new ConstrainedCpResult<T>(
            model.Weights, model.Factors, fit.RelativeError, fit.ErrorHistory, fit.Iterations, fit.Converged, archive.Number("kkt_residual"), archive.Numbers("objective_history"))
        {
            Modes = model.Modes,
        };
    }

    private protected override void Write(ModelArchive archive)
    {
        base.Write(archive);
        archive.Add("kkt_residual", KktResidual);
        archive.Add("objective_history", [.. ObjectiveHistory]);
    }
}
