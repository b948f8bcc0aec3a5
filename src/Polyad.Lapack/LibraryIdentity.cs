using System.Runtime.InteropServices;
using System.Text;

namespace Polyad.Lapack;

/// <summary>Who made a library, its version, and the kernels that it runs on this processor, as the library itself tells.</summary>
internal sealed record LibraryIdentity(string Vendor, string Version, string Core)
{
    public static unsafe LibraryIdentity Of(Func<string, nint> export)
    {
        if (export("MKL_Get_Version_String") is not 0 and nint mkl)
        {
            return new LibraryIdentity("Intel oneMKL", MklVersion(mkl), MklBranch(export));
        }

        if (export("openblas_get_config") is not 0 and nint config)
        {
            string text = Text(((delegate* unmanaged[Cdecl]<byte*>)config)());
            string version = text.Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(static word => word.Length > 0 && char.IsAsciiDigit(word[0]), "");
            string core = export("openblas_get_corename") is not 0 and nint name ? Text(((delegate* unmanaged[Cdecl]<byte*>)name)()) : "";
            return new LibraryIdentity("OpenBLAS", $"{version} ({text.Trim()})", core);
        }

        if (export("bli_info_get_version_str") is not 0 and nint blis)
        {
            string core = export("bli_arch_query_id") is not 0 and nint query && export("bli_arch_string") is not 0 and nint name
                ? Text(((delegate* unmanaged[Cdecl]<int, byte*>)name)(((delegate* unmanaged[Cdecl]<int>)query)()))
                : "";
            return new LibraryIdentity("BLIS", Text(((delegate* unmanaged[Cdecl]<byte*>)blis)()), core);
        }

        if (export("ilaver_") is not 0 and nint ilaver)
        {
            long major = 0, minor = 0, patch = 0;
            ((delegate* unmanaged[Cdecl]<long*, long*, long*, void>)ilaver)(&major, &minor, &patch);
            return new LibraryIdentity("LAPACK", $"{major}.{minor}.{patch}", "");
        }

        return new LibraryIdentity("BLAS/LAPACK", "", "");
    }

    private static unsafe string MklVersion(nint address)
    {
        byte* buffer = stackalloc byte[256];
        new Span<byte>(buffer, 256).Clear();
        ((delegate* unmanaged[Cdecl]<byte*, int, void>)address)(buffer, 255);
        string text = Text(buffer);
        int version = text.IndexOf("Version ", StringComparison.Ordinal);
        return (version >= 0 ? text[(version + 8)..] : text).Trim();
    }

    /// <summary>The code branch that MKL takes for reproducible results (mkl_cbwr.h): the widest one that its dispatcher grants this processor.</summary>
    private static unsafe string MklBranch(Func<string, nint> export)
    {
        foreach (string name in (ReadOnlySpan<string>)["MKL_CBWR_Get_Auto_Branch", "mkl_cbwr_get_auto_branch", "mkl_serv_cbwr_get_auto_branch"])
        {
            if (export(name) is not 0 and nint address)
            {
                int branch = ((delegate* unmanaged[Cdecl]<int>)address)();
                string? isa = branch switch
                {
                    3 => "compatible",
                    4 => "SSE2",
                    5 => "SSE3",
                    6 => "SSSE3",
                    7 => "SSE4.1",
                    8 => "SSE4.2",
                    9 => "AVX",
                    10 => "AVX2",
                    11 or 13 => "AVX-512 (Xeon Phi)",
                    12 or 14 => "AVX-512",
                    _ => null,
                };
                if (isa is not null)
                {
                    return $"{isa} (vendor dispatch)";
                }
            }
        }

        // Since 2020 MKL runs kernels of their own, AVX2, on AMD's Zen family.
        bool isZen = export("mkl_serv_cpuiszen") is not 0 and nint test && ((delegate* unmanaged[Cdecl]<int>)test)() != 0;
        return isZen ? "Zen AVX2 kernels (vendor dispatch)" : "vendor dispatch";
    }

    private static unsafe string Text(byte* text) => text == null ? "" : Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text));
}
