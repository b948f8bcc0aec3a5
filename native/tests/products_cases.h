/* xGEMM, xSYRK and xTRSM against their definitions in extended precision. Bounds: Higham 2002, (3.5) for products, theorem 8.5 for triangles. */

static REAL CASE(at)(const REAL *a, int ld, char trans, int i, int j)
{
    return trans == 'N' ? a[i + (size_t)j * ld] : a[j + (size_t)i * ld];
}

static void CASE(gemm)(char ta, char tb, int m, int n, int k, REAL alpha, REAL beta)
{
    int rows_a = ta == 'N' ? m : k, rows_b = tb == 'N' ? k : n, lda = rows_a + 3, ldb = rows_b + 1, ldc = m + 2;
    REAL *a = CASE(random_matrix)(rows_a, ta == 'N' ? k : m, lda), *b = CASE(random_matrix)(rows_b, tb == 'N' ? n : k, ldb);
    REAL *c = beta == 0 ? CASE(fresh)(ldc, n, (REAL)NAN) : CASE(random_matrix)(m, n, ldc), *before = CASE(copy)(c, ldc, n);
    BLAS(gemm)(&ta, &tb, &m, &n, &k, &alpha, a, &lda, b, &ldb, &beta, c, &ldc);
    for (int j = 0; j < n; j++)
    {
        for (int i = 0; i < m; i++)
        {
            long double sum = 0, size = 0;
            for (int p = 0; p < k && alpha != 0; p++)
            {
                long double term = (long double)alpha * CASE(at)(a, lda, ta, i, p) * CASE(at)(b, ldb, tb, p, j);
                sum += term;
                size += fabsl(term);
            }

            if (beta != 0)
            {
                long double term = (long double)beta * before[i + (size_t)j * ldc];
                sum += term;
                size += fabsl(term);
            }

            long double error = fabsl(c[i + (size_t)j * ldc] - sum);
            CHECK(error <= (k + 3) * EPS * size, "%c%c %d x %d x %d at (%d, %d): error %Lg", ta, tb, m, n, k, i, j, error);
        }
    }

    CHECK(CASE(padding_kept)(c, m, n, ldc), "%c%c %d x %d x %d", ta, tb, m, n, k);
    free(a), free(b), free(c), free(before);
}

static void CASE(syrk)(char uplo, char trans, int n, int k, REAL alpha, REAL beta)
{
    int rows = trans == 'N' ? n : k, lda = rows + 2, ldc = n + 1;
    REAL *a = CASE(random_matrix)(rows, trans == 'N' ? k : n, lda), *c = CASE(fresh)(ldc, n, (REAL)NAN), *before;
    for (int j = 0; j < n && beta != 0; j++)
    {
        for (int i = uplo == 'L' ? j : 0; i < (uplo == 'L' ? n : j + 1); i++)
        {
            c[i + (size_t)j * ldc] = (REAL)uniform();
        }
    }

    before = CASE(copy)(c, ldc, n);
    BLAS(syrk)(&uplo, &trans, &n, &k, &alpha, a, &lda, &beta, c, &ldc);
    for (int j = 0; j < n; j++)
    {
        for (int i = 0; i < n; i++)
        {
            REAL actual = c[i + (size_t)j * ldc];
            if (uplo == 'L' ? i < j : i > j)
            {
                CHECK(isnan(actual), "%c%c: the other triangle was written at (%d, %d)", uplo, trans, i, j);
                continue;
            }

            long double sum = beta == 0 ? 0 : (long double)beta * before[i + (size_t)j * ldc], size = fabsl(sum);
            for (int p = 0; p < k && alpha != 0; p++)
            {
                long double term = (long double)alpha * CASE(at)(a, lda, trans, i, p) * CASE(at)(a, lda, trans, j, p);
                sum += term;
                size += fabsl(term);
            }

            CHECK(fabsl(actual - sum) <= (k + 3) * EPS * size, "%c%c n %d k %d at (%d, %d): error %Lg", uplo, trans, n, k, i, j, fabsl(actual - sum));
        }
    }

    free(a), free(c), free(before);
}

static void CASE(trsm)(char side, char uplo, char trans, char diag, int m, int n, REAL alpha)
{
    int order = side == 'L' ? m : n, lda = order + 1, ldb = m + 2;
    REAL *a = CASE(fresh)(lda, order, (REAL)NAN), *b = CASE(random_matrix)(m, n, ldb), *x;
    for (int j = 0; j < order; j++)
    {
        for (int i = 0; i < order; i++)
        {
            if (i == j ? diag == 'N' : uplo == 'L' ? i > j : i < j)
            {
                a[i + (size_t)j * lda] = (REAL)(i == j ? 2 + uniform() : uniform() / order);
            }
        }
    }

    x = CASE(copy)(b, ldb, n);
    BLAS(trsm)(&side, &uplo, &trans, &diag, &m, &n, &alpha, a, &lda, x, &ldb);
    for (int j = 0; j < n; j++)
    {
        for (int i = 0; i < m; i++)
        {
            /* op(A) X - alpha B, or X op(A) - alpha B. */
            long double sum = -(long double)alpha * b[i + (size_t)j * ldb], size = fabsl(sum);
            for (int p = 0; p < order; p++)
            {
                int row = side == 'L' ? i : p, column = side == 'L' ? p : j;
                int stored_row = trans == 'N' ? row : column, stored_column = trans == 'N' ? column : row;
                if (uplo == 'L' ? stored_row < stored_column : stored_row > stored_column)
                {
                    continue;
                }

                long double entry = row == column && diag == 'U' ? 1 : a[stored_row + (size_t)stored_column * lda];
                long double term = entry * (side == 'L' ? x[p + (size_t)j * ldb] : x[i + (size_t)p * ldb]);
                sum += term;
                size += fabsl(term);
            }

            CHECK(fabsl(sum) <= 2 * (order + 3) * EPS * size, "%c%c%c%c %d x %d at (%d, %d): residual %Lg", side, uplo, trans, diag, m, n, i, j, fabsl(sum));
        }
    }

    CHECK(CASE(padding_kept)(x, m, n, ldb), "%c%c%c%c %d x %d", side, uplo, trans, diag, m, n);
    free(a), free(b), free(x);
}

static void CASE(all)(void)
{
    static const int sizes[][3] = {{1, 1, 1}, {3, 5, 2}, {17, 9, 33}, {64, 70, 65}, {131, 67, 129}, {1, 40, 7}, {40, 1, 7}, {5, 6, 0}};
    static const double scales[][2] = {{1, 0}, {-0.5, 2}, {0, 0.5}, {0, 0}, {1, 1}};
    static const char forms[] = "NTCt";
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
    {
        int m = sizes[s][0], n = sizes[s][1], k = sizes[s][2];
        for (int f = 0; f < 16; f++)
        {
            const double *scale = scales[(s + (size_t)f) % 5];
            char ta = forms[f % 4], tb = forms[f / 4];
            CASE(gemm)(ta, tb, m, n, k, (REAL)scale[0], (REAL)scale[1]);
            CASE(trsm)(f & 1 ? 'L' : 'R', f & 2 ? 'L' : 'U', f & 4 ? 'N' : 'T', f & 8 ? 'U' : 'N', m, n, s % 2 ? (REAL)1 : (REAL)-0.5);
        }

        for (int f = 0; f < 20; f++)
        {
            CASE(syrk)(f & 1 ? 'L' : 'U', f & 2 ? 'N' : 'T', n, k, (REAL)scales[f / 4][0], (REAL)scales[f / 4][1]);
        }
    }

    /* alpha 0 clears B whatever it held. */
    int two = 2;
    REAL zero = 0, triangle[] = {1, 2, 0, 1}, b[] = {(REAL)NAN, 1, 2, (REAL)INFINITY};
    BLAS(trsm)("L", "L", "N", "N", &two, &two, &zero, triangle, &two, b, &two);
    CHECK(b[0] == 0 && b[1] == 0 && b[2] == 0 && b[3] == 0, "alpha 0");
}
