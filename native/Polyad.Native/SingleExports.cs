using System.Runtime.InteropServices;

namespace Polyad.Native;

/// <summary>The Fortran names for single precision.</summary>
internal static unsafe class SingleExports
{
    [UnmanagedCallersOnly(EntryPoint = "sgemm_")]
    public static void Gemm(
        byte* transA, byte* transB, int* m, int* n, int* k, float* alpha, float* a, int* lda, float* b, int* ldb, float* beta, float* c, int* ldc)
        => Products.Gemm("SGEMM"u8, transA, transB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);

    [UnmanagedCallersOnly(EntryPoint = "ssyrk_")]
    public static void Syrk(byte* uplo, byte* trans, int* n, int* k, float* alpha, float* a, int* lda, float* beta, float* c, int* ldc)
        => Products.Syrk("SSYRK"u8, uplo, trans, n, k, alpha, a, lda, beta, c, ldc);

    [UnmanagedCallersOnly(EntryPoint = "strsm_")]
    public static void Trsm(byte* side, byte* uplo, byte* transA, byte* diag, int* m, int* n, float* alpha, float* a, int* lda, float* b, int* ldb)
        => Products.Trsm("STRSM"u8, side, uplo, transA, diag, m, n, alpha, a, lda, b, ldb);

    [UnmanagedCallersOnly(EntryPoint = "sgetrf_")]
    public static void Getrf(int* m, int* n, float* a, int* lda, int* pivots, int* info)
        => *info = Factorizations.Getrf("SGETRF"u8, m, n, a, lda, pivots);

    [UnmanagedCallersOnly(EntryPoint = "spotrf_")]
    public static void Potrf(byte* uplo, int* n, float* a, int* lda, int* info)
        => *info = Factorizations.Potrf("SPOTRF"u8, uplo, n, a, lda);

    [UnmanagedCallersOnly(EntryPoint = "sgeqrf_")]
    public static void Geqrf(int* m, int* n, float* a, int* lda, float* tau, float* work, int* lwork, int* info)
        => *info = Factorizations.Geqrf("SGEQRF"u8, m, n, a, lda, tau, work, lwork);

    [UnmanagedCallersOnly(EntryPoint = "sorgqr_")]
    public static void Orgqr(int* m, int* n, int* k, float* a, int* lda, float* tau, float* work, int* lwork, int* info)
        => *info = Factorizations.Orgqr("SORGQR"u8, m, n, k, a, lda, tau, work, lwork);

    [UnmanagedCallersOnly(EntryPoint = "sgesdd_")]
    public static void Gesdd(
        byte* jobz, int* m, int* n, float* a, int* lda, float* s, float* u, int* ldu, float* vt, int* ldvt, float* work, int* lwork, int* iwork, int* info)
        => *info = Spectra.Gesdd("SGESDD"u8, jobz, m, n, a, lda, s, u, ldu, vt, ldvt, work, lwork);

    [UnmanagedCallersOnly(EntryPoint = "ssyevd_")]
    public static void Syevd(
        byte* jobz, byte* uplo, int* n, float* a, int* lda, float* w, float* work, int* lwork, int* iwork, int* liwork, int* info)
        => *info = Spectra.Syevd("SSYEVD"u8, jobz, uplo, n, a, lda, w, work, lwork, iwork, liwork);
}
