namespace Polyad;

/// <summary>The operations of <see cref="ILinearAlgebraBackend"/>, by name.</summary>
public enum LinearAlgebraOperation
{
    /// <summary><see cref="ILinearAlgebraBackend.MatMul"/>.</summary>
    MatMul,

    /// <summary><see cref="ILinearAlgebraBackend.Gram"/>.</summary>
    Gram,

    /// <summary><see cref="ILinearAlgebraBackend.TriangularSolve"/>.</summary>
    TriangularSolve,

    /// <summary><see cref="ILinearAlgebraBackend.Cholesky"/>.</summary>
    Cholesky,

    /// <summary><see cref="ILinearAlgebraBackend.Lu"/>.</summary>
    Lu,

    /// <summary><see cref="ILinearAlgebraBackend.Qr"/>.</summary>
    Qr,

    /// <summary><see cref="ILinearAlgebraBackend.QrR"/>.</summary>
    QrR,

    /// <summary><see cref="ILinearAlgebraBackend.SymmetricEigen"/>.</summary>
    SymmetricEigen,

    /// <summary><see cref="ILinearAlgebraBackend.SymmetricEigenvalues"/>.</summary>
    SymmetricEigenvalues,

    /// <summary><see cref="ILinearAlgebraBackend.Svd"/>.</summary>
    Svd,

    /// <summary><see cref="ILinearAlgebraBackend.SingularValues"/>.</summary>
    SingularValues,

    /// <summary><see cref="ILinearAlgebraBackend.Unfold"/>.</summary>
    Unfold,

    /// <summary><see cref="ILinearAlgebraBackend.Fold"/>.</summary>
    Fold,

    /// <summary><see cref="ILinearAlgebraBackend.ModeProduct"/>.</summary>
    ModeProduct,

    /// <summary><see cref="ILinearAlgebraBackend.ModeGram"/>.</summary>
    ModeGram,

    /// <summary><see cref="ILinearAlgebraBackend.Mttkrp"/>.</summary>
    Mttkrp,
}
