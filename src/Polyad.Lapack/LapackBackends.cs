namespace Polyad.Lapack;

/// <summary>Adds the native engines to the registry of <see cref="Backend"/>.</summary>
public static class LapackBackends
{
    /// <summary>
    /// Registers the ids <c>mkl</c>, <c>openblas</c> and the family <c>lapack:</c>. Nothing is searched for or loaded until an engine is asked for or probed.
    /// </summary>
    /// <remarks>
    /// <para><c>mkl</c> is searched in this order: the file that POLYAD_MKL names (<c>none</c> switches the engine off), an installed oneMKL
    /// (<c>libmkl_rt</c> beside the application, under MKLROOT, /opt/intel/oneapi, CONDA_PREFIX or the system's folders), the MKL inside libtorch's <c>libtorch_cpu</c>
    /// (the file or folder that POLYAD_LIBTORCH names, <c>none</c> to skip it; beside the application; in the NuGet folder).</para>
    /// <para><c>openblas</c>: the file that POLYAD_OPENBLAS names (<c>none</c> switches the engine off), else beside the application, else in the system's folders.</para>
    /// <para><c>lapack:/path/to/lib.so</c> is that library; <c>lapack:/path/libblis.so.4+/path/liblapack.so.3</c> layers several, the first that exports a routine gives it.
    /// A layer's calls into other libraries go where its own file is linked to: with Debian's liblapack, name BLIS's drop-in <c>blis-openmp/libblas.so.3</c> as the first layer
    /// and the factorizations run on it as well.</para>
    /// <para>A library that somebody named is loaded into a child process first where that is possible (Linux). Every library answers a self-test before it is used.</para>
    /// </remarks>
    public static void Register() => Register(NativeLibraryFinder.ForProcess);

    internal static void Register(NativeLibraryFinder finder)
    {
        EngineShelf shelf = new();
        Backend.Register(new BackendRegistration("mkl", () => shelf.Get("mkl", finder.Mkl), () => shelf.Probe("mkl", finder.Mkl)));
        Backend.Register(new BackendRegistration("openblas", () => shelf.Get("openblas", finder.OpenBlas), () => shelf.Probe("openblas", finder.OpenBlas)));
        Backend.Register(new BackendRegistration(
            "lapack:",
            id => shelf.Get(id, () => NativeLibraryFinder.ByPath(id)),
            () => new BackendInfo { Id = "lapack:", Available = false, Vendor = "any BLAS/LAPACK", Reason = NativeLibraryFinder.ByPath("lapack:").Advice }));
    }
}
