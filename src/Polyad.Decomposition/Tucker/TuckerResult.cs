using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>A Tucker model: X is about Core x_0 U_0 x_1 U_1 ... with orthonormal columns in every factor.</summary>
/// <param name="Core">r_0 x r_1 x ...</param>
/// <param name="Factors">One I_n x r_n matrix for each mode.</param>
/// <param name="RelativeError">||X - model|| / ||X|| of this model, from the differences themselves; 0 for a zero tensor.</param>
/// <param name="ErrorHistory">The relative error after ST-HOSVD and after each HOOI sweep, from ||X||^2 - ||Core||^2: below the square root of the machine epsilon it is noise.</param>
/// <param name="Converged">Whether HOOI met its tolerance before the sweeps ran out; true when no sweep was asked for.</param>
/// <param name="Method">How the singular vectors were found.</param>
public sealed record TuckerResult<T>(
    Tensor<T> Core, IReadOnlyList<Tensor<T>> Factors, double RelativeError, IReadOnlyList<double> ErrorHistory, bool Converged, SubspaceMethod Method)
    where T : unmanaged, INumberBase<T>
{
    /// <summary>r_n for each mode.</summary>
    public IReadOnlyList<int> Ranks => [.. Factors.Select(static f => (int)f.Lengths[1])];

    /// <summary>HOOI sweeps done.</summary>
    public int Iterations => ErrorHistory.Count - 1;

    /// <summary>Elements of the tensor for each number that the model stores.</summary>
    public double CompressionRatio
        => Factors.Aggregate(1.0, static (p, f) => p * f.Lengths[0]) / (Core.FlattenedLength + Factors.Sum(static f => (double)f.FlattenedLength));

    /// <summary>The full tensor of the model.</summary>
    /// <param name="backend">The engine; null for the current one.</param>
    public Tensor<T> Reconstruct(ILinearAlgebraBackend? backend = null) => TensorAlgebra.MultiModeProduct<T>(Core, [.. Factors], backend: backend);
}
