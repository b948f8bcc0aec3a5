using System.Runtime.InteropServices;

namespace Polyad.Lapack;

/// <summary>
/// oneMKL's single runtime library (mkl_rt) loads Intel's OpenMP at the first call and ends the process when there is none. It is looked for beforehand;
/// without it MKL is told to run sequentially.
/// </summary>
internal static unsafe class MklThreadingLayer
{
    /// <summary>MKL_THREADING_SEQUENTIAL of mkl_service.h.</summary>
    private const int Sequential = 1;

    /// <summary>Settles the layer of a library that has a choice of them, unless MKL_THREADING_LAYER does; before any other call into it.</summary>
    public static void Settle(LoadedLibrary library)
    {
        if (library.Export("MKL_Set_Threading_Layer") is not 0 and nint set && Environment.GetEnvironmentVariable("MKL_THREADING_LAYER") is null && !FindIntelOpenMP(library.Path))
        {
            _ = ((delegate* unmanaged[Cdecl]<int, int>)set)(Sequential);
        }
    }

    private static bool FindIntelOpenMP(string library)
    {
        string name = OperatingSystem.IsWindows() ? "libiomp5md.dll" : OperatingSystem.IsMacOS() ? "libiomp5.dylib" : "libiomp5.so";
        string folder = Path.GetDirectoryName(library) ?? "";
        string[] places = [Path.Combine(folder, name), Path.GetFullPath(Path.Combine(folder, "..", "..", "..", "compiler", "latest", "lib", name)), name];
        return places.Any(static place => NativeLibrary.TryLoad(place, out _));
    }
}
