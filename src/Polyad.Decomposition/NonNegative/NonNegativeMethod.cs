namespace Polyad.Decomposition;

/// <summary>How the non-negative least-squares problems of one mode are solved, the other factors being fixed.</summary>
public enum NonNegativeMethod
{
    /// <summary>Hierarchical alternating least squares: exact minimisation of one coordinate after the other, a few cycles (Cichocki, Zdunek, Amari 2007; Gillis, Glineur 2012).</summary>
    Hals,

    /// <summary>The minimum itself, by block principal pivoting (Kim, Park 2011). Dearer per sweep for high ranks; to be preferred where factors are nearly collinear.</summary>
    Exact,

    /// <summary>Multiplicative updates (Lee, Seung 2000; Sha, Saul, Lin, Lee 2007): slow, entries reach 0 only in the limit; here to compare with.</summary>
    MultiplicativeUpdate,
}
