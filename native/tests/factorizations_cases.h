/* xGETRF, xPOTRF, xGEQRF and xORGQR: residuals against the definitions. Bounds: Higham 2002, theorems 9.3 and 10.3; LAPACK's test ratio of 30 for QR. */

static void CASE(lu)(int m, int n)
{
    int lda = m + 3, k = smaller(m, n), info = 99, *pivots = calloc((size_t)larger(k, 1), sizeof(int));
    REAL *a = CASE(random_matrix)(m, n, lda), *f = CASE(copy)(a, lda, n);
    BLAS(getrf)(&m, &n, f, &lda, pivots, &info);
    CHECK(info == 0, "%d x %d: info %d", m, n, info);
    for (int i = 0; i < k; i++)
    {
        CHECK(pivots[i] >= i + 1 && pivots[i] <= m, "pivot %d is %d", i, pivots[i]);
        for (int j = 0; j < n && pivots[i] != i + 1; j++)
        {
            REAL kept = a[i + (size_t)j * lda];
            a[i + (size_t)j * lda] = a[pivots[i] - 1 + (size_t)j * lda];
            a[pivots[i] - 1 + (size_t)j * lda] = kept;
        }
    }

    for (int j = 0; j < n; j++)
    {
        for (int i = 0; i < m; i++)
        {
            long double sum = -(long double)a[i + (size_t)j * lda], size = fabsl(sum);
            for (int p = 0; p <= smaller(smaller(i, j), k - 1); p++)
            {
                long double term = (p == i ? 1 : (long double)f[i + (size_t)p * lda]) * f[p + (size_t)j * lda];
                sum += term;
                size += fabsl(term);
            }

            CHECK(fabsl(sum) <= 2 * (k + 3) * EPS * size, "%d x %d at (%d, %d): residual %Lg", m, n, i, j, fabsl(sum));
            CHECK(i <= j || fabsl((long double)f[i + (size_t)j * lda]) <= 1 + 4 * EPS, "multiplier above 1 at (%d, %d)", i, j);
        }
    }

    CHECK(CASE(padding_kept)(f, m, n, lda), "%d x %d", m, n);
    free(a), free(f), free(pivots);
}

/* The stored triangle of a symmetric, diagonally dominant matrix; NaN elsewhere. */
static REAL *CASE(definite)(char uplo, int n, int lda)
{
    REAL *a = CASE(fresh)(lda, n, (REAL)NAN);
    for (int j = 0; j < n; j++)
    {
        for (int i = uplo == 'L' ? j : 0; i < (uplo == 'L' ? n : j + 1); i++)
        {
            a[i + (size_t)j * lda] = (REAL)(i == j ? n + 1 + uniform() : uniform());
        }
    }

    return a;
}

static void CASE(cholesky)(char uplo, int n)
{
    int lda = n + 2, info = 99;
    REAL *a = CASE(definite)(uplo, n, lda), *f = CASE(copy)(a, lda, n);
    BLAS(potrf)(&uplo, &n, f, &lda, &info);
    CHECK(info == 0, "%c %d: info %d", uplo, n, info);
    for (int j = 0; j < n; j++)
    {
        for (int i = 0; i < n; i++)
        {
            if (uplo == 'L' ? i < j : i > j)
            {
                CHECK(isnan(f[i + (size_t)j * lda]), "%c: the other triangle was written at (%d, %d)", uplo, i, j);
                continue;
            }

            long double sum = -(long double)a[i + (size_t)j * lda], size = fabsl(sum);
            for (int p = 0; p <= smaller(i, j); p++)
            {
                long double term = uplo == 'L' ? (long double)f[i + (size_t)p * lda] * f[j + (size_t)p * lda] : (long double)f[p + (size_t)i * lda] * f[p + (size_t)j * lda];
                sum += term;
                size += fabsl(term);
            }

            CHECK(fabsl(sum) <= (n + 4) * EPS * size, "%c %d at (%d, %d): residual %Lg", uplo, n, i, j, fabsl(sum));
        }
    }

    /* A minor that is not positive, or NaN, is named by its order. */
    for (int at = 0; at < n; at += larger(1, n / 3))
    {
        for (int bad = 0; bad < 2; bad++)
        {
            REAL *g = CASE(copy)(a, lda, n);
            g[at + (size_t)at * lda] = bad ? (REAL)NAN : -1;
            BLAS(potrf)(&uplo, &n, g, &lda, &info);
            CHECK(info == at + 1, "%c %d: info %d for a bad pivot %d", uplo, n, info, at + 1);
            free(g);
        }
    }

    free(a), free(f);
}

static void CASE(qr)(int m, int n)
{
    int lda = m + 1, k = smaller(m, n), query = -1, info = 99;
    REAL *a = CASE(random_matrix)(m, n, lda), *f = CASE(copy)(a, lda, n), *tau = CASE(fresh)(k, 1, 0), best, *work;
    BLAS(geqrf)(&m, &n, f, &lda, tau, &best, &query, &info);
    CHECK(info == 0 && best >= 1 && memcmp(a, f, sizeof(REAL) * (size_t)lda * (size_t)n) == 0, "%d x %d: the query touched A", m, n);
    int lwork = (int)best;
    work = CASE(fresh)(lwork, 1, 0);
    BLAS(geqrf)(&m, &n, f, &lda, tau, work, &lwork, &info);
    CHECK(info == 0, "%d x %d: info %d", m, n, info);

    /* Q = H_1 .. H_k applied to the identity one reflector at a time: the storage is LAPACK's if this is what xORGQR makes. */
    REAL *q = CASE(fresh)(m, m, 0), *by_library = CASE(fresh)(lda, m, (REAL)NAN);
    for (int i = 0; i < m; i++)
    {
        q[i + (size_t)i * m] = 1;
    }

    for (int r = k - 1; r >= 0; r--)
    {
        for (int j = 0; j < m; j++)
        {
            REAL *column = q + (size_t)j * m;
            long double dot = column[r];
            for (int i = r + 1; i < m; i++)
            {
                dot += (long double)f[i + (size_t)r * lda] * column[i];
            }

            dot *= tau[r];
            column[r] -= (REAL)dot;
            for (int i = r + 1; i < m; i++)
            {
                column[i] -= (REAL)(dot * f[i + (size_t)r * lda]);
            }
        }
    }

    memcpy(by_library, f, sizeof(REAL) * (size_t)lda * (size_t)k);
    for (int columns = k; columns <= m; columns += larger(1, m - k))
    {
        REAL *thin = CASE(copy)(by_library, lda, columns);
        BLAS(orgqr)(&m, &columns, &k, thin, &lda, tau, work, &lwork, &info);
        CHECK(info == 0, "%d x %d: orgqr info %d", m, n, info);
        long double difference = 0;
        for (int j = 0; j < columns; j++)
        {
            for (int i = 0; i < m; i++)
            {
                difference = fmaxl(difference, fabsl((long double)thin[i + (size_t)j * lda] - q[i + (size_t)j * m]));
            }
        }

        CHECK(difference <= 30 * m * EPS, "%d x %d, %d columns: the reflectors give another Q, by %Lg", m, n, columns, difference);
        CHECK(CASE(orthogonality)(thin, m, columns, lda, 0) < 30, "%d x %d, %d columns", m, n, columns);
        CHECK(CASE(padding_kept)(thin, m, columns, lda), "%d x %d, %d columns", m, n, columns);
        long double residual = 0;
        for (int j = 0; j < n; j++)
        {
            for (int i = 0; i < m; i++)
            {
                long double sum = -(long double)a[i + (size_t)j * lda];
                for (int p = 0; p <= smaller(j, k - 1); p++)
                {
                    sum += (long double)thin[i + (size_t)p * lda] * f[p + (size_t)j * lda];
                }

                residual += sum * sum;
            }
        }

        CHECK(sqrtl(residual) < 30 * m * EPS * CASE(norm)(a, m, n, lda), "%d x %d: residual %Lg", m, n, sqrtl(residual));
        free(thin);
    }

    /* Fewer reflectors than columns, down to none. */
    int none = 0;
    BLAS(orgqr)(&m, &k, &none, f, &lda, tau, work, &lwork, &info);
    for (int j = 0; j < k; j++)
    {
        for (int i = 0; i < m; i++)
        {
            CHECK(f[i + (size_t)j * lda] == (i == j), "no reflectors: (%d, %d)", i, j);
        }
    }

    free(a), free(f), free(tau), free(work), free(q), free(by_library);
}

static void CASE(singular)(void)
{
    int n = 3, pivots[3], info = 99;
    REAL a[] = {4, 2, 1, 8, 4, 2, 1, 0, 1}; /* multipliers that are exact */
    BLAS(getrf)(&n, &n, a, &n, pivots, &info);
    CHECK(info == 2, "rank 1 in the first two columns: info %d", info);
    REAL zero[9] = {0};
    BLAS(getrf)(&n, &n, zero, &n, pivots, &info);
    CHECK(info == 1 && pivots[0] == 1 && pivots[2] == 3, "the zero matrix: info %d", info);
}

static void CASE(all)(void)
{
    static const int sizes[][2] = {{1, 1}, {2, 5}, {5, 2}, {33, 33}, {64, 65}, {130, 70}, {70, 130}, {150, 17}};
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
    {
        CASE(lu)(sizes[s][0], sizes[s][1]);
        CASE(qr)(sizes[s][0], sizes[s][1]);
        CASE(cholesky)(s % 2 ? 'L' : 'U', sizes[s][0]);
        CASE(cholesky)(s % 2 ? 'U' : 'L', sizes[s][0]);
    }

    CASE(singular)();
}
