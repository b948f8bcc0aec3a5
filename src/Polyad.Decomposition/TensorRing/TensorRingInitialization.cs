namespace Polyad.Decomposition;

/// <summary>Where the first start of a tensor-ring iteration begins.</summary>
public enum TensorRingInitialization
{
    /// <summary>Normal draws.</summary>
    Random,

    /// <summary>The result of <see cref="TensorRing"/> at the same ranks, missing directions filled with small draws.</summary>
    Svd,
}
