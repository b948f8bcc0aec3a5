using System.Diagnostics;
using Xunit;

namespace Polyad.Tests.Lapack;

/// <summary>Native libraries that the tests compile themselves: straightforward loops behind Fortran names. Skips the test where there is no C compiler.</summary>
internal static class FakeLibrary
{
    /// <summary>INT is the INTEGER, NAME(x) the mangling, SCALE a fault in every product; TRSM, SYRK and POTRF are left out unless asked for.</summary>
    private const string Source = """
        #include <stdlib.h>
        #include <math.h>
        #ifdef ABORTS
        __attribute__((constructor)) static void on_load(void) { abort(); }
        #endif
        #ifdef HANGS
        #include <unistd.h>
        __attribute__((constructor)) static void on_load(void) { for (;;) pause(); }
        #endif
        #ifndef SCALE
        #define SCALE 1
        #endif
        #define ROUTINES(P, T) \
        void NAME(P##gemm)(const char *ta, const char *tb, const INT *m, const INT *n, const INT *k, const T *alpha, const T *a, const INT *lda, const T *b, const INT *ldb, const T *beta, T *c, const INT *ldc) \
        { for (INT j = 0; j < *n; j++) for (INT i = 0; i < *m; i++) { T s = 0; \
            for (INT p = 0; p < *k; p++) s += (*ta == 'N' ? a[i + p * *lda] : a[p + i * *lda]) * (*tb == 'N' ? b[p + j * *ldb] : b[j + p * *ldb]); \
            T *e = c + i + j * *ldc; *e = SCALE * *alpha * s + (*beta == 0 ? 0 : *beta * *e); } } \
        INT NAME(i##P##amax)(const INT *n, const T *x, const INT *step) \
        { if (*n < 1) return 0; INT best = 0; for (INT i = 1; i < *n; i++) if (fabs(x[i * *step]) > fabs(x[best * *step])) best = i; return best + 1; } \
        LU(P, T) POTRF(P, T)
        #ifdef WITH_LU
        #define LU(P, T) void NAME(P##getrf)(const INT *m, const INT *n, T *a, const INT *lda, INT *ipiv, INT *info) \
        { INT k = *m < *n ? *m : *n; *info = 0; for (INT c = 0; c < k; c++) { INT r = c; \
            for (INT i = c + 1; i < *m; i++) if (fabs(a[i + c * *lda]) > fabs(a[r + c * *lda])) r = i; \
            ipiv[c] = r + 1; for (INT j = 0; j < *n; j++) { T t = a[c + j * *lda]; a[c + j * *lda] = a[r + j * *lda]; a[r + j * *lda] = t; } \
            if (a[c + c * *lda] == 0) { if (*info == 0) *info = c + 1; continue; } \
            for (INT i = c + 1; i < *m; i++) { a[i + c * *lda] /= a[c + c * *lda]; for (INT j = c + 1; j < *n; j++) a[i + j * *lda] -= a[i + c * *lda] * a[c + j * *lda]; } } }
        #else
        #define LU(P, T)
        #endif
        #ifdef WITH_POTRF
        #define POTRF(P, T) void NAME(P##potrf)(const char *uplo, const INT *n, T *a, const INT *lda, INT *info) \
        { *info = 0; INT rs = *uplo == 'L' ? 1 : *lda, cs = *uplo == 'L' ? *lda : 1; for (INT j = 0; j < *n; j++) for (INT i = j; i < *n; i++) { T s = a[i * rs + j * cs]; \
            for (INT p = 0; p < j; p++) s -= a[i * rs + p * cs] * a[j * rs + p * cs]; \
            if (i == j) { if (s <= 0) { *info = j + 1; return; } a[i * rs + j * cs] = sqrt(s); } else a[i * rs + j * cs] = s / a[j * rs + j * cs]; } }
        #else
        #define POTRF(P, T)
        #endif
        ROUTINES(d, double)
        ROUTINES(s, float)
        """;

    /// <summary>Compiles a library with these definitions and returns its path.</summary>
    public static string Compile(string name, params string[] definitions)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "fake libraries are compiled on Linux only");
        string folder = Directory.CreateTempSubdirectory("polyad fake ").FullName, source = Path.Combine(folder, name + ".c"), library = Path.Combine(folder, $"lib{name}.so");
        File.WriteAllText(source, Source);
        string[] mangling = definitions.Any(static d => d.StartsWith("NAME", StringComparison.Ordinal)) ? [] : ["NAME(x)=x##_"];
        string[] integer = definitions.Any(static d => d.StartsWith("INT=", StringComparison.Ordinal)) ? [] : ["INT=int"];
        ProcessStartInfo start = new("cc", ["-shared", "-fPIC", "-O1", .. definitions.Concat(mangling).Concat(integer).Select(static d => "-D" + d), "-o", library, source, "-lm"])
        {
            RedirectStandardError = true,
        };
        try
        {
            using Process compiler = Process.Start(start)!;
            string errors = compiler.StandardError.ReadToEnd();
            compiler.WaitForExit();
            Assert.True(compiler.ExitCode == 0, errors);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("there is no C compiler (cc)");
        }

        return library;
    }
}
