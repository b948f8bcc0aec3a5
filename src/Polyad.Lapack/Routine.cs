namespace Polyad.Lapack;

/// <summary>The routines that the engines call, by their LAPACK stem.</summary>
internal enum Routine
{
    Gemm,
    Gemv,
    Syrk,
    Trsm,
    Potrf,
    Getrf,
    Geqrf,
    Orgqr,
    Syevd,
    Gesdd,
}

/// <summary>LAPACK names: precision letter and stem.</summary>
internal static class RoutineNames
{
    private static readonly string[] Stems = ["gemm", "gemv", "syrk", "trsm", "potrf", "getrf", "geqrf", "orgqr", "syevd", "gesdd"];

    public static IEnumerable<Routine> All => Enum.GetValues<Routine>();

    /// <summary>For example "dgemm".</summary>
    public static string Of<T>(Routine routine) => (typeof(T) == typeof(double) ? "d" : "s") + Stems[(int)routine];
}
