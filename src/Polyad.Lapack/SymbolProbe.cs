using System.Runtime.InteropServices;

namespace Polyad.Lapack;

/// <summary>
/// Finds routines in a library whatever its name mangling: the suffix is the one under which a routine that every BLAS or LAPACK has is exported.
/// A library may export two sets (oneMKL: <c>dgemm_</c> and <c>dgemm_64_</c>); the plain Fortran one comes first.
/// </summary>
internal sealed class SymbolProbe
{
    /// <summary>Fortran (gfortran, Intel on Unix), none (Windows, AIX), g77; then the 64-bit-integer sets of OpenBLAS, MKL, Julia and Arm.</summary>
    private static readonly string[] Suffixes = ["_", "", "__", "_64_", "64_", "_64", "64", "_64__", "__64___"];

    private static readonly string[] Witnesses = ["dgemm", "dpotrf", "dgetrf", "ddot", "sgemm", "spotrf"];

    private readonly nint _handle;

    private SymbolProbe(nint handle, string suffix)
    {
        _handle = handle;
        Suffix = suffix;
    }

    /// <summary>What follows the routine's name, for example "_".</summary>
    public string Suffix { get; }

    /// <summary>The probe for a loaded library, or null when it exports no BLAS or LAPACK routine under any known suffix.</summary>
    public static SymbolProbe? For(nint handle)
    {
        foreach (string suffix in Suffixes)
        {
            foreach (string witness in Witnesses)
            {
                if (NativeLibrary.TryGetExport(handle, witness + suffix, out _))
                {
                    return new SymbolProbe(handle, suffix);
                }
            }
        }

        return null;
    }

    /// <summary>The address of a routine by its LAPACK name ("dgemm"), or 0.</summary>
    public nint Find(string routine) => NativeLibrary.TryGetExport(_handle, routine + Suffix, out nint address) ? address : 0;
}
