/* xGESDD and xSYEVD by LAPACK's test ratios (TESTING/EIG/ddrvbd.f, dsyt21.f): below 30. */

/* ||A - U diag(s) V^T||_F / (||A||_F max(m, n) eps). */
static long double CASE(svd_ratio)(const REAL *a, int m, int n, int lda, const REAL *u, int ldu, const REAL *s, const REAL *vt, int ldvt)
{
    long double residual = 0;
    for (int j = 0; j < n; j++)
    {
        for (int i = 0; i < m; i++)
        {
            long double sum = -(long double)a[i + (size_t)j * lda];
            for (int p = 0; p < smaller(m, n); p++)
            {
                sum += (long double)u[i + (size_t)p * ldu] * s[p] * vt[p + (size_t)j * ldvt];
            }

            residual += sum * sum;
        }
    }

    return sqrtl(residual) / (CASE(norm)(a, m, n, lda) * larger(m, n) * EPS);
}

static void CASE(svd)(char job, int m, int n)
{
    int k = smaller(m, n), columns = job == 'A' ? m : k, rows = job == 'A' ? n : k, lda = m + 1, ldu = m + 2, ldvt = n + 3, query = -1, info = 99;
    int *iwork = calloc(8 * (size_t)k, sizeof(int));
    REAL *a = CASE(random_matrix)(m, n, lda), *f = CASE(copy)(a, lda, n), *s = CASE(fresh)(k, 1, 0), best;
    REAL *u = CASE(fresh)(ldu, m, (REAL)NAN), *vt = CASE(fresh)(ldvt, n, (REAL)NAN);
    BLAS(gesdd)(&job, &m, &n, f, &lda, s, u, &ldu, vt, &ldvt, &best, &query, iwork, &info);
    CHECK(info == 0 && best >= 1 && s[0] == 0, "%c %d x %d: query", job, m, n);
    int lwork = (int)best;
    REAL *work = CASE(fresh)(lwork, 1, 0);
    BLAS(gesdd)(&job, &m, &n, f, &lda, s, u, &ldu, vt, &ldvt, work, &lwork, iwork, &info);
    CHECK(info == 0, "%c %d x %d: info %d", job, m, n, info);
    for (int i = 0; i < k; i++)
    {
        CHECK(s[i] >= 0 && (i == 0 || s[i] <= s[i - 1]), "%c %d x %d: s[%d]", job, m, n, i);
    }

    const REAL *left = job == 'O' && m >= n ? f : u, *right = job == 'O' && m < n ? f : vt;
    int ld_left = left == f ? lda : ldu, ld_right = right == f ? lda : ldvt;
    if (job == 'N')
    {
        /* The values alone agree with those of the full problem. */
        REAL *same = CASE(fresh)(k, 1, 0);
        BLAS(gesdd)("S", &m, &n, f, &lda, same, u, &ldu, vt, &ldvt, work, &lwork, iwork, &info);
        for (int i = 0; i < k; i++)
        {
            CHECK(fabsl((long double)s[i] - same[i]) <= 30 * k * EPS * same[0], "%d x %d: s[%d] %g %g", m, n, i, (double)s[i], (double)same[i]);
        }

        free(same);
    }
    else
    {
        long double ratio = CASE(svd_ratio)(a, m, n, lda, left, ld_left, s, right, ld_right);
        CHECK(ratio < 30, "%c %d x %d: ratio %Lg", job, m, n, ratio);
        CHECK(CASE(orthogonality)(left, m, columns, ld_left, 0) < 30, "%c %d x %d: U", job, m, n);
        CHECK(CASE(orthogonality)(right, rows, n, ld_right, 1) < 30, "%c %d x %d: V", job, m, n);
    }

    free(a), free(f), free(s), free(u), free(vt), free(work), free(iwork);
}

static void CASE(eigen)(char uplo, int n)
{
    int lda = n + 2, query = -1, ibest = 0, info = 99;
    REAL *a = CASE(fresh)(lda, n, (REAL)NAN), *v, *w = CASE(fresh)(n, 1, 0), *values = CASE(fresh)(n, 1, 0), best;
    for (int j = 0; j < n; j++)
    {
        for (int i = uplo == 'L' ? j : 0; i < (uplo == 'L' ? n : j + 1); i++)
        {
            a[i + (size_t)j * lda] = (REAL)uniform();
        }
    }

    v = CASE(copy)(a, lda, n);
    BLAS(syevd)("V", &uplo, &n, v, &lda, w, &best, &query, &ibest, &query, &info);
    CHECK(info == 0 && best >= 1 && ibest >= 1, "%c %d: query", uplo, n);
    int lwork = (int)best, *iwork = calloc((size_t)ibest, sizeof(int));
    REAL *work = CASE(fresh)(lwork, 1, 0);
    BLAS(syevd)("N", &uplo, &n, v, &lda, values, work, &lwork, iwork, &ibest, &info);
    CHECK(info == 0, "%c %d: values, info %d", uplo, n, info);
    memcpy(v, a, sizeof(REAL) * (size_t)lda * (size_t)n);
    BLAS(syevd)("V", &uplo, &n, v, &lda, w, work, &lwork, iwork, &ibest, &info);
    CHECK(info == 0, "%c %d: info %d", uplo, n, info);

    long double residual = 0, size = 0;
    for (int j = 0; j < n; j++)
    {
        for (int i = 0; i < n; i++)
        {
            int stored = uplo == 'L' ? i >= j : i <= j;
            long double entry = stored ? a[i + (size_t)j * lda] : a[j + (size_t)i * lda], sum = -entry;
            for (int p = 0; p < n; p++)
            {
                sum += (long double)v[i + (size_t)p * lda] * w[p] * v[j + (size_t)p * lda];
            }

            residual += sum * sum;
            size += entry * entry;
        }
    }

    CHECK(sqrtl(residual) < 30 * n * EPS * sqrtl(size), "%c %d: residual %Lg", uplo, n, sqrtl(residual));
    CHECK(CASE(orthogonality)(v, n, n, lda, 0) < 30, "%c %d", uplo, n);
    CHECK(CASE(padding_kept)(v, n, n, lda), "%c %d", uplo, n);
    for (int i = 0; i < n; i++)
    {
        CHECK(i == 0 || w[i] >= w[i - 1], "%c %d: w[%d]", uplo, n, i);
        CHECK(fabsl((long double)w[i] - values[i]) <= 30 * n * EPS * sqrtl(size), "%c %d: w[%d]", uplo, n, i);
    }

    free(a), free(v), free(w), free(values), free(work), free(iwork);
}

/* The second-difference matrix: 2 - 2 cos(j pi / (n + 1)). */
static void CASE(known_spectrum)(void)
{
    int n = 60, one = 1, lwork = 1, iwork = 0, info = 99;
    REAL *a = CASE(fresh)(n, n, 0), w[60], s[60], work, nothing;
    for (int i = 0; i < n; i++)
    {
        a[i + i * n] = 2;
        if (i > 0)
        {
            a[i + (i - 1) * n] = a[i - 1 + i * n] = -1;
        }
    }

    BLAS(gesdd)("N", &n, &n, a, &n, s, &nothing, &one, &nothing, &one, &work, &lwork, NULL, &info);
    BLAS(syevd)("N", "U", &n, a, &n, w, &work, &lwork, &iwork, &one, &info);
    for (int j = 1; j <= n; j++)
    {
        long double exact = 2 - 2 * cosl(j * 3.14159265358979323846264338327950288L / (n + 1));
        CHECK(fabsl(w[j - 1] - exact) <= 30 * n * EPS, "eigenvalue %d: %.17g", j, (double)w[j - 1]);
        CHECK(fabsl(s[n - j] - exact) <= 30 * n * EPS, "singular value %d: %.17g", n - j, (double)s[n - j]);
    }

    free(a);
}

static void CASE(all)(void)
{
    static const int sizes[][2] = {{1, 1}, {2, 5}, {5, 2}, {33, 33}, {12, 40}, {90, 140}, {140, 90}, {200, 11}};
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
    {
        for (const char *job = "NSAO"; *job; job++)
        {
            CASE(svd)(*job, sizes[s][0], sizes[s][1]);
        }

        CASE(eigen)('L', sizes[s][0]);
        CASE(eigen)('U', sizes[s][0]);
    }

    CASE(known_spectrum)();
}
