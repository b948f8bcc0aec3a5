/*
 * libpolyad_blas: Polyad's linear-algebra engine for C and Fortran, under the names and the calling convention of BLAS and LAPACK.
 *
 * Everything is passed by pointer; matrices are column-major with a leading dimension; integers are 32 bits wide (LP64). The hidden lengths that
 * Fortran passes for strings are not looked at, and C need not pass them. Semantics are those of the reference BLAS 3.x / LAPACK 3.x of the same
 * name; what differs is said below. Results do not depend, by a bit, on the number of threads.
 *
 * Errors. An illegal argument i is reported (see polyad_set_error_handler), nothing is computed, and info, where there is one, is -i.
 * POLYAD_OUT_OF_MEMORY and POLYAD_FAILED are two further values of info. Nothing is thrown through C frames.
 *
 * Workspaces. work, iwork and their lengths are kept for the ABI: one element is enough and what a query (-1) answers. No workspace is read.
 */
#ifndef POLYAD_BLAS_H
#define POLYAD_BLAS_H

#ifdef __cplusplus
extern "C" {
#endif

/* Values of info beside LAPACK's own. */
#define POLYAD_OUT_OF_MEMORY (-1010) /* no memory for scratch space */
#define POLYAD_FAILED (-1011)        /* the call was refused for a reason that no argument number tells, e.g. output overlaps input */

/* The library. */

/* Polyad's version, "major.minor.patch". */
const char *polyad_version(void);

/* The vector instructions that this build uses: "AVX-512", "AVX2", "NEON", "SSE" or "scalar". */
const char *polyad_isa(void);

/* At most so many threads per call, for all callers; below 1 restores the start value: POLYAD_NUM_THREADS of the environment, else all processors. */
void polyad_set_num_threads(int threads);
int polyad_get_num_threads(void);

/*
 * What takes the place of XERBLA. The handler is given the routine ("DGEMM") and the number of the illegal argument, or a negative
 * POLYAD_ value; NULL, the default, writes a line to standard error. Either way the routine then returns; it does not stop the program.
 */
typedef void (*polyad_error_handler)(const char *routine, int code);
void polyad_set_error_handler(polyad_error_handler handler);

/* C = alpha op(A) op(B) + beta C; op by transa, transb: N, or T or C for the transpose. C is not read when beta is 0. */
void dgemm_(const char *transa, const char *transb, const int *m, const int *n, const int *k, const double *alpha, const double *a, const int *lda,
            const double *b, const int *ldb, const double *beta, double *c, const int *ldc);
void sgemm_(const char *transa, const char *transb, const int *m, const int *n, const int *k, const float *alpha, const float *a, const int *lda,
            const float *b, const int *ldb, const float *beta, float *c, const int *ldc);

/* The triangle uplo of C = alpha A A^T + beta C (trans N, A n x k) or alpha A^T A + beta C (trans T or C, A k x n); the other one is left alone. */
void dsyrk_(const char *uplo, const char *trans, const int *n, const int *k, const double *alpha, const double *a, const int *lda, const double *beta,
            double *c, const int *ldc);
void ssyrk_(const char *uplo, const char *trans, const int *n, const int *k, const float *alpha, const float *a, const int *lda, const float *beta,
            float *c, const int *ldc);

/* op(A) X = alpha B (side L) or X op(A) = alpha B (side R), A triangular, X in place of B. Singularity is not tested. */
void dtrsm_(const char *side, const char *uplo, const char *transa, const char *diag, const int *m, const int *n, const double *alpha, const double *a,
            const int *lda, double *b, const int *ldb);
void strsm_(const char *side, const char *uplo, const char *transa, const char *diag, const int *m, const int *n, const float *alpha, const float *a,
            const int *lda, float *b, const int *ldb);

/* P A = L U; ipiv from 1. info > 0: that pivot is exactly zero, the factors are complete. */
void dgetrf_(const int *m, const int *n, double *a, const int *lda, int *ipiv, int *info);
void sgetrf_(const int *m, const int *n, float *a, const int *lda, int *ipiv, int *info);

/* A = L L^T or U^T U in the triangle uplo. info > 0: the leading minor of that order is not positive (or NaN); the triangle is undefined then. */
void dpotrf_(const char *uplo, const int *n, double *a, const int *lda, int *info);
void spotrf_(const char *uplo, const int *n, float *a, const int *lda, int *info);

/* A = Q R: R on and above the diagonal, below it the vectors of the reflectors I - tau v v^T whose product is Q. */
void dgeqrf_(const int *m, const int *n, double *a, const int *lda, double *tau, double *work, const int *lwork, int *info);
void sgeqrf_(const int *m, const int *n, float *a, const int *lda, float *tau, float *work, const int *lwork, int *info);

/* The first n columns of the Q of k reflectors, m >= n >= k. */
void dorgqr_(const int *m, const int *n, const int *k, double *a, const int *lda, const double *tau, double *work, const int *lwork, int *info);
void sorgqr_(const int *m, const int *n, const int *k, float *a, const int *lda, const float *tau, float *work, const int *lwork, int *info);

/*
 * A = U diag(s) V^T, s descending. jobz A (all of U and V^T), S (min(m, n) columns of U and rows of V^T), N (s alone; A is kept),
 * O (m >= n: U's first n columns in place of A, V^T in vt; else V^T's first m rows in place of A, U in u).
 * info -4: A holds NaN or infinity, nothing is written; info > 0: no convergence. iwork is not touched and may be NULL.
 */
void dgesdd_(const char *jobz, const int *m, const int *n, double *a, const int *lda, double *s, double *u, const int *ldu, double *vt, const int *ldvt,
             double *work, const int *lwork, int *iwork, int *info);
void sgesdd_(const char *jobz, const int *m, const int *n, float *a, const int *lda, float *s, float *u, const int *ldu, float *vt, const int *ldvt,
             float *work, const int *lwork, int *iwork, int *info);

/*
 * A = V diag(w) V^T for symmetric A given by the triangle uplo, w ascending. jobz V: V in place of A; N: w alone, A is kept.
 * info -4: the triangle holds NaN or infinity, nothing is written; info > 0: no convergence.
 */
void dsyevd_(const char *jobz, const char *uplo, const int *n, double *a, const int *lda, double *w, double *work, const int *lwork, int *iwork,
             const int *liwork, int *info);
void ssyevd_(const char *jobz, const char *uplo, const int *n, float *a, const int *lda, float *w, float *work, const int *lwork, int *iwork,
             const int *liwork, int *info);

#ifdef __cplusplus
}
#endif

#endif
