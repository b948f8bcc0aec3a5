using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Polyad.Lapack;

/// <summary>
/// The upper halves of the vector registers. Compiled methods copy structures with 256-bit moves and leave those halves in use until they return; code for SSE that is called
/// meanwhile (reference LAPACK, BLIS without a kernel for the processor) then merges into them with every instruction and runs a fifth slower.
/// </summary>
internal static class VectorState
{
    /// <summary>Leaves the upper halves clear. To be called last before foreign code.</summary>
    public static void Clear()
    {
        if (Avx.IsSupported)
        {
            UseUpperHalf(1);
        }
    }

    /// <summary>Ends with VZEROUPPER, because it works with an upper half; its parameter and result keep the compiler from leaving the work out.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static float UseUpperHalf(float x)
    {
        Vector256<float> v = Vector256.Create(x);
        return Avx.ExtractVector128(Avx.Add(v, v), 1).ToScalar();
    }
}
