using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>A fitted Tucker model. Factors have orthonormal columns, unless they were given and fixed.</summary>
public sealed record TuckerResult<T> : TuckerTensor<T>
    where T : unmanaged, INumberBase<T>
{
    /// <summary>A model with the figures of its fit.</summary>
    /// <param name="core">r_0 x r_1 x ...; in a mode that was not compressed as long as the tensor.</param>
    /// <param name="factors">One I_n x r_n matrix for each compressed mode.</param>
    /// <param name="relativeError">||X - model|| / ||X||.</param>
    /// <param name="errorHistory">At the start and after each sweep.</param>
    /// <param name="converged">Whether the sweeps met their tolerance.</param>
    /// <param name="method">How the singular vectors were found.</param>
    /// <param name="factorModes">The compressed modes, ascending; null for all.</param>
    /// <exception cref="ArgumentException">The factors do not fit the core.</exception>
    public TuckerResult(
        Tensor<T> core, IReadOnlyList<Tensor<T>> factors, double relativeError, IReadOnlyList<double> errorHistory, bool converged, SubspaceMethod method, IReadOnlyList<int>? factorModes = null)
        : base(core, factors, factorModes)
        => (RelativeError, ErrorHistory, Converged, Method) = (relativeError, errorHistory, converged, method);

    /// <summary>||X - model|| / ||X|| of this model, from the differences themselves; 0 for a zero tensor.</summary>
    public double RelativeError { get; init; }

    /// <summary>The relative error at the start (ST-HOSVD, HOSVD or given factors) and after each HOOI sweep, from ||X||^2 - ||Core||^2: below the square root of the machine epsilon it is noise.</summary>
    public IReadOnlyList<double> ErrorHistory { get; init; }

    /// <summary>Whether HOOI met its tolerance before the sweeps ran out; true when no sweep was asked for.</summary>
    public bool Converged { get; init; }

    /// <summary>How the singular vectors were found.</summary>
    public SubspaceMethod Method { get; init; }

    /// <summary>HOOI sweeps done.</summary>
    public int Iterations => ErrorHistory.Count - 1;

    /// <summary>
    /// For each compressed mode the singular values by which the start was cut, descending: of the unfolding of X, or in the sequential method of what was left of X then. Null when the start was given or sketched.
    /// From Gram matrices those below the square root of the machine epsilon times the largest are noise.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<double>>? SingularValues { get; init; }

    /// <summary>
    /// sqrt(sum over modes of what the start dropped) / ||X||: RelativeError is at most this (De Lathauwer, De Moor, Vandewalle 2000; equal to it for ST-HOSVD without sweeps: Vannieuwenhoven, Vandebril, Meerbergen 2012).
    /// Null without <see cref="SingularValues"/>.
    /// </summary>
    public double? ErrorBound { get; init; }

    /// <summary>
    /// No model of these ranks has a smaller relative error than this: the largest part that one mode alone must drop, and the error of the start over the square root of the number of compressed modes
    /// (quasi-optimality), whichever is more. Null without <see cref="SingularValues"/>.
    /// </summary>
    public double? BestErrorBound { get; init; }

    /// <summary>Reads what <see cref="TuckerTensor{T}.Save"/> wrote of a fit.</summary>
    /// <exception cref="InvalidDataException">The file is not a fitted Tucker model of this element type.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static new TuckerResult<T> Load(string path)
    {
        ModelArchive archive = Open(path);
        TuckerTensor<T> model = Read(archive);
        FitRecord fit = FitRecord.Of(archive);
        bool bounds = archive.Contains("error_bound");
        return new TuckerResult<T>(model.Core, model.Factors, fit.RelativeError, fit.ErrorHistory, fit.Converged, SubspaceMethods.Of(archive), model.FactorModes)
        {
            Modes = model.Modes,
            SingularValues = bounds ? [.. model.FactorModes.Select(n => archive.Numbers($"singular_values_{n}"))] : null,
            ErrorBound = bounds ? archive.Number("error_bound") : null,
            BestErrorBound = bounds ? archive.Number("best_error_bound") : null,
        };
    }

    private protected override void Write(ModelArchive archive)
    {
        base.Write(archive);
        new FitRecord(RelativeError, ErrorHistory, Iterations, Converged).AddTo(archive);
        SubspaceMethods.AddTo(archive, Method);
        if (SingularValues is { } values && ErrorBound is { } bound && BestErrorBound is { } best)
        {
            archive.Add("error_bound", bound);
            archive.Add("best_error_bound", best);
            for (int k = 0; k < values.Count; k++)
            {
                archive.Add($"singular_values_{FactorModes[k]}", [.. values[k]]);
            }
        }
    }
}
