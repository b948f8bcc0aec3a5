using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>The solution of a non-negative least-squares problem.</summary>
/// <param name="X">n x k, no entry negative.</param>
/// <param name="KktResidual">||X - X'|| / ||X|| with X' = max(X - D^-1 (G X - C), 0), D the diagonal of G: 0 exactly at a solution.</param>
/// <param name="Cycles">Cycles done; 0 for the exact method.</param>
/// <param name="Converged">Whether the KKT residual is within the tolerance.</param>
public sealed record NonNegativeSolution<T>(Tensor<T> X, double KktResidual, int Cycles, bool Converged)
    where T : unmanaged, INumberBase<T>;
