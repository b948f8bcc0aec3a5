using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>
/// A fitted Tucker model of which core and factors are not negative. Columns of factors have unit length (a column of zeros stays, and the core is 0 where it meets it) and stand by descending
/// norm of the core's slices; where modes were fixed, or the core was penalised, everything is as fitted.
/// </summary>
public sealed record NonNegativeTuckerResult<T> : TuckerTensor<T>
    where T : unmanaged, INumberBase<T>
{
    /// <summary>A model with the figures of its fit.</summary>
    /// <param name="core">r_0 x r_1 x ...</param>
    /// <param name="factors">One I_n x r_n matrix for each mode.</param>
    /// <param name="relativeError">||X - model|| / ||X||.</param>
    /// <param name="errorHistory">At the start and after each sweep.</param>
    /// <param name="converged">Whether the tolerance was met.</param>
    /// <param name="kktResidual">See <see cref="KktResidual"/>.</param>
    /// <param name="objectiveHistory">At the start and after each sweep.</param>
    /// <exception cref="ArgumentException">The factors do not fit the core.</exception>
    public NonNegativeTuckerResult(
        Tensor<T> core, IReadOnlyList<Tensor<T>> factors, double relativeError, IReadOnlyList<double> errorHistory, bool converged, double kktResidual, IReadOnlyList<double> objectiveHistory)
        : base(core, factors)
        => (RelativeError, ErrorHistory, Converged, KktResidual, ObjectiveHistory) = (relativeError, errorHistory, converged, kktResidual, objectiveHistory);

    /// <summary>||X - model|| / ||X|| of this model, from the differences themselves; with missing entries or weights W, ||W^(1/2) (X - model)|| / ||W^(1/2) X||: seen entries only.</summary>
    public double RelativeError { get; init; }

    /// <summary>The share of the squares that the model explains, 1 - RelativeError^2.</summary>
    public double Fit => 1 - (RelativeError * RelativeError);

    /// <summary>The relative error at the start and after each sweep, as the stopping rule saw it.</summary>
    public IReadOnlyList<double> ErrorHistory { get; init; }

    /// <summary>Sweeps done.</summary>
    public int Iterations => ErrorHistory.Count - 1;

    /// <summary>Whether the tolerance was met before the sweeps ran out.</summary>
    public bool Converged { get; init; }

    /// <summary>
    /// How far the model is from a stationary point: the largest over factors and core of ||U - U'|| / ||U||, U' being U after one step of scaled gradient descent and projection, all others
    /// fixed. 0 exactly where the conditions of optimality (Karush, Kuhn, Tucker) hold.
    /// </summary>
    public double KktResidual { get; init; }

    /// <summary>sqrt(2 F) / ||X||, F being half the squared error plus the penalty of the core: never rises, and is the relative error where nothing is penalised.</summary>
    public IReadOnlyList<double> ObjectiveHistory { get; init; }

    /// <summary>Reads what <see cref="TuckerTensor{T}.Save"/> wrote of such a fit; the file has <c>kkt_residual</c> and <c>objective_history</c> besides the arrays of every Tucker model.</summary>
    /// <exception cref="InvalidDataException">The file is not a model of this kind and element type.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static new NonNegativeTuckerResult<T> Load(string path)
    {
        ModelArchive archive = Open(path);
        TuckerTensor<T> model = Read(archive);
        FitRecord fit = FitRecord.Of(archive);
        return new NonNegativeTuckerResult<T>(model.Core, model.Factors, fit.RelativeError, fit.ErrorHistory, fit.Converged, archive.Number("kkt_residual"), archive.Numbers("objective_history"))
        {
            Modes = model.Modes,
        };
    }

    private protected override void Write(ModelArchive archive)
    {
        base.Write(archive);
        new FitRecord(RelativeError, ErrorHistory, Iterations, Converged).AddTo(archive);
        archive.Add("kkt_residual", KktResidual);
        archive.Add("objective_history", [.. ObjectiveHistory]);
    }
}
