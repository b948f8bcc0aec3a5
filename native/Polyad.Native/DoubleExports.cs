using System.Runtime.InteropServices;

namespace Polyad.Native;

/// <summary>The Fortran names for double precision.</summary>
internal static unsafe class DoubleExports
{
    [UnmanagedCallersOnly(EntryPoint = "dgemm_")]
    public static void Gemm(
        byte* transA, byte* transB, int* m, int* n, int* k, double* alpha, double* a, int* lda, double* b, int* ldb, double* beta, double* c, int* ldc)
        => Products.Gemm("DGEMM"u8, transA, transB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);

    [UnmanagedCallersOnly(EntryPoint = "dsyrk_")]
    public static void Syrk(byte* uplo, byte* trans, int* n, int* k, double* alpha, double* a, int* lda, double* beta, double* c, int* ldc)
        => Products.Syrk("DSYRK"u8, uplo, trans, n, k, alpha, a, lda, beta, c, ldc);

    [UnmanagedCallersOnly(EntryPoint = "dtrsm_")]
    public static void Trsm(byte* side, byte* uplo, byte* transA, byte* diag, int* m, int* n, double* alpha, double* a, int* lda, double* b, int* ldb)
        => Products.Trsm("DTRSM"u8, side, uplo, transA, diag, m, n, alpha, a, lda, b, ldb);

    [UnmanagedCallersOnly(EntryPoint = "dgetrf_")]
    public static void Getrf(int* m, int* n, double* a, int* lda, int* pivots, int* info)
        => *info = Factorizations.Getrf("DGETRF"u8, m, n, a, lda, pivots);

    [UnmanagedCallersOnly(EntryPoint = "dpotrf_")]
    public static void Potrf(byte* uplo, int* n, double* a, int* lda, int* info)
        => *info = Factorizations.Potrf("DPOTRF"u8, uplo, n, a, lda);

    [UnmanagedCallersOnly(EntryPoint = "dgeqrf_")]
    public static void Geqrf(int* m, int* n, double* a, int* lda, double* tau, double* work, int* lwork, int* info)
        => *info = Factorizations.Geqrf("DGEQRF"u8, m, n, a, lda, tau, work, lwork);

    [UnmanagedCallersOnly(EntryPoint = "dorgqr_")]
    public static void Orgqr(int* m, int* n, int* k, double* a, int* lda, double* tau, double* work, int* lwork, int* info)
        => *info = Factorizations.Orgqr("DORGQR"u8, m, n, k, a, lda, tau, work, lwork);

    [UnmanagedCallersOnly(EntryPoint = "dgesdd_")]
    public static void Gesdd(
        byte* jobz, int* m, int* n, double* a, int* lda, double* s, double* u, int* ldu, double* vt, int* ldvt, double* work, int* lwork, int* iwork, int* info)
        => *info = Spectra.Gesdd("DGESDD"u8, jobz, m, n, a, lda, s, u, ldu, vt, ldvt, work, lwork);

    [UnmanagedCallersOnly(EntryPoint = "dsyevd_")]
    public static void Syevd(
        byte* jobz, byte* uplo, int* n, double* a, int* lda, double* w, double* work, int* lwork, int* iwork, int* liwork, int* info)
        => *info = Spectra.Syevd("DSYEVD"u8, jobz, uplo, n, a, lda, w, work, lwork, iwork, liwork);
}
