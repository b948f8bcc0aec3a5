/* Every argument that is checked, wrong one at a time; empty problems; NaN and infinity. */

#define REFUSED(name, number, call)                                                                                       \
    do                                                                                                                    \
    {                                                                                                                     \
        reported = 0;                                                                                                     \
        info = -(number);                                                                                                 \
        call;                                                                                                             \
        CHECK(reported == (number) && info == -(number), "%s: reported %d, info %d for %d", name, reported, info, number); \
        CHECK(strcmp(reported_routine + 1, name) == 0, "%s: reported as %s", name, reported_routine);                     \
    } while (0)

static void CASE(illegal)(void)
{
    int two = 2, one = 1, zero = 0, minus = -1, three = 3, info, ints[16];
    REAL x = 1, a[16] = {0}, b[16] = {0}, c[16] = {0}, w[16];
    REFUSED("GEMM", 1, BLAS(gemm)("X", "N", &two, &two, &two, &x, a, &two, b, &two, &x, c, &two));
    REFUSED("GEMM", 2, BLAS(gemm)("N", "?", &two, &two, &two, &x, a, &two, b, &two, &x, c, &two));
    REFUSED("GEMM", 3, BLAS(gemm)("N", "N", &minus, &two, &two, &x, a, &two, b, &two, &x, c, &two));
    REFUSED("GEMM", 4, BLAS(gemm)("N", "N", &two, &minus, &two, &x, a, &two, b, &two, &x, c, &two));
    REFUSED("GEMM", 5, BLAS(gemm)("N", "N", &two, &two, &minus, &x, a, &two, b, &two, &x, c, &two));
    REFUSED("GEMM", 8, BLAS(gemm)("N", "N", &two, &two, &one, &x, a, &one, b, &one, &x, c, &two));
    REFUSED("GEMM", 8, BLAS(gemm)("T", "N", &one, &two, &two, &x, a, &one, b, &two, &x, c, &one));
    REFUSED("GEMM", 10, BLAS(gemm)("N", "C", &two, &two, &one, &x, a, &two, b, &one, &x, c, &two));
    REFUSED("GEMM", 13, BLAS(gemm)("N", "N", &two, &two, &two, &x, a, &two, b, &two, &x, c, &one));

    REFUSED("SYRK", 1, BLAS(syrk)("N", "N", &two, &two, &x, a, &two, &x, c, &two));
    REFUSED("SYRK", 2, BLAS(syrk)("L", "L", &two, &two, &x, a, &two, &x, c, &two));
    REFUSED("SYRK", 3, BLAS(syrk)("L", "N", &minus, &two, &x, a, &two, &x, c, &two));
    REFUSED("SYRK", 4, BLAS(syrk)("L", "N", &two, &minus, &x, a, &two, &x, c, &two));
    REFUSED("SYRK", 7, BLAS(syrk)("L", "N", &two, &one, &x, a, &one, &x, c, &two));
    REFUSED("SYRK", 10, BLAS(syrk)("L", "T", &two, &one, &x, a, &one, &x, c, &one));

    REFUSED("TRSM", 1, BLAS(trsm)("U", "L", "N", "N", &two, &two, &x, a, &two, b, &two));
    REFUSED("TRSM", 2, BLAS(trsm)("L", "R", "N", "N", &two, &two, &x, a, &two, b, &two));
    REFUSED("TRSM", 3, BLAS(trsm)("L", "L", "U", "N", &two, &two, &x, a, &two, b, &two));
    REFUSED("TRSM", 4, BLAS(trsm)("L", "L", "N", "L", &two, &two, &x, a, &two, b, &two));
    REFUSED("TRSM", 5, BLAS(trsm)("L", "L", "N", "N", &minus, &two, &x, a, &two, b, &two));
    REFUSED("TRSM", 6, BLAS(trsm)("L", "L", "N", "N", &two, &minus, &x, a, &two, b, &two));
    REFUSED("TRSM", 9, BLAS(trsm)("R", "L", "N", "N", &one, &two, &x, a, &one, b, &one));
    REFUSED("TRSM", 11, BLAS(trsm)("R", "L", "N", "N", &two, &one, &x, a, &one, b, &one));

    REFUSED("GETRF", 1, BLAS(getrf)(&minus, &two, a, &two, ints, &info));
    REFUSED("GETRF", 2, BLAS(getrf)(&two, &minus, a, &two, ints, &info));
    REFUSED("GETRF", 4, BLAS(getrf)(&two, &two, a, &one, ints, &info));

    REFUSED("POTRF", 1, BLAS(potrf)("N", &two, a, &two, &info));
    REFUSED("POTRF", 2, BLAS(potrf)("L", &minus, a, &two, &info));
    REFUSED("POTRF", 4, BLAS(potrf)("L", &two, a, &one, &info));

    REFUSED("GEQRF", 1, BLAS(geqrf)(&minus, &two, a, &two, b, w, &three, &info));
    REFUSED("GEQRF", 2, BLAS(geqrf)(&two, &minus, a, &two, b, w, &three, &info));
    REFUSED("GEQRF", 4, BLAS(geqrf)(&two, &two, a, &one, b, w, &three, &info));
    REFUSED("GEQRF", 7, BLAS(geqrf)(&two, &two, a, &two, b, w, &zero, &info));

    REFUSED("ORGQR", 1, BLAS(orgqr)(&minus, &two, &two, a, &two, b, w, &three, &info));
    REFUSED("ORGQR", 2, BLAS(orgqr)(&two, &three, &two, a, &two, b, w, &three, &info));
    REFUSED("ORGQR", 3, BLAS(orgqr)(&three, &two, &three, a, &three, b, w, &three, &info));
    REFUSED("ORGQR", 5, BLAS(orgqr)(&two, &two, &two, a, &one, b, w, &three, &info));
    REFUSED("ORGQR", 8, BLAS(orgqr)(&two, &two, &two, a, &two, b, w, &zero, &info));

    REFUSED("GESDD", 1, BLAS(gesdd)("V", &two, &two, a, &two, w, b, &two, c, &two, w, &three, ints, &info));
    REFUSED("GESDD", 2, BLAS(gesdd)("S", &minus, &two, a, &two, w, b, &two, c, &two, w, &three, ints, &info));
    REFUSED("GESDD", 3, BLAS(gesdd)("S", &two, &minus, a, &two, w, b, &two, c, &two, w, &three, ints, &info));
    REFUSED("GESDD", 5, BLAS(gesdd)("S", &two, &two, a, &one, w, b, &two, c, &two, w, &three, ints, &info));
    REFUSED("GESDD", 8, BLAS(gesdd)("O", &two, &three, a, &two, w, b, &one, c, &one, w, &three, ints, &info));
    REFUSED("GESDD", 10, BLAS(gesdd)("A", &one, &two, a, &one, w, b, &one, c, &one, w, &three, ints, &info));
    REFUSED("GESDD", 10, BLAS(gesdd)("O", &three, &two, a, &three, w, b, &one, c, &one, w, &three, ints, &info));
    REFUSED("GESDD", 12, BLAS(gesdd)("N", &two, &two, a, &two, w, b, &one, c, &one, w, &zero, ints, &info));

    REFUSED("SYEVD", 1, BLAS(syevd)("A", "L", &two, a, &two, w, b, &three, ints, &three, &info));
    REFUSED("SYEVD", 2, BLAS(syevd)("V", "V", &two, a, &two, w, b, &three, ints, &three, &info));
    REFUSED("SYEVD", 3, BLAS(syevd)("V", "L", &minus, a, &two, w, b, &three, ints, &three, &info));
    REFUSED("SYEVD", 5, BLAS(syevd)("V", "L", &two, a, &one, w, b, &three, ints, &three, &info));
    REFUSED("SYEVD", 8, BLAS(syevd)("V", "L", &two, a, &two, w, b, &zero, ints, &three, &info));
    REFUSED("SYEVD", 10, BLAS(syevd)("V", "L", &two, a, &two, w, b, &three, ints, &zero, &info));

    /* C that overlaps A has no number of its own. */
    reported = 0;
    BLAS(gemm)("N", "N", &two, &two, &two, &x, a, &two, b, &two, &x, a, &two);
    CHECK(reported == POLYAD_FAILED, "an overlap was reported as %d", reported);
}

static void CASE(empty)(void)
{
    int zero = 0, one = 1, info = 99, ints[1];
    REAL x = 1, w[1];
    reported = 0;
    BLAS(gemm)("N", "N", &zero, &zero, &one, &x, NULL, &one, NULL, &one, &x, NULL, &one);
    BLAS(syrk)("L", "N", &zero, &one, &x, NULL, &one, &x, NULL, &one);
    BLAS(trsm)("L", "L", "N", "N", &one, &zero, &x, NULL, &one, NULL, &one);
    BLAS(getrf)(&zero, &one, NULL, &one, NULL, &info);
    CHECK(info == 0, "getrf %d", info);
    info = 99, BLAS(potrf)("U", &zero, NULL, &one, &info);
    CHECK(info == 0, "potrf %d", info);
    info = 99, BLAS(geqrf)(&one, &zero, NULL, &one, NULL, w, &one, &info);
    CHECK(info == 0, "geqrf %d", info);
    info = 99, BLAS(orgqr)(&one, &zero, &zero, NULL, &one, NULL, w, &one, &info);
    CHECK(info == 0, "orgqr %d", info);
    info = 99, BLAS(gesdd)("N", &zero, &one, NULL, &one, NULL, NULL, &one, NULL, &one, w, &one, ints, &info);
    CHECK(info == 0, "gesdd %d", info);
    info = 99, BLAS(syevd)("V", "L", &zero, NULL, &one, NULL, w, &one, ints, &one, &info);
    CHECK(info == 0, "syevd %d", info);
    CHECK(reported == 0, "reported %d", reported);
}

static void CASE(not_finite)(REAL bad)
{
    int n = 70, one = 1, info = 99, iwork[1], *pivots = calloc((size_t)n, sizeof(int));
    REAL *a = CASE(random_matrix)(n, n, n), *b = CASE(fresh)(n, n, 0), *u = CASE(fresh)(n, n, 5), *s = CASE(fresh)(n, 1, 0), x = 1, zero = 0, work;
    a[40 + 20 * n] = bad;
    BLAS(gesdd)("A", &n, &n, a, &n, s, u, &n, b, &n, &work, &one, iwork, &info);
    CHECK(info == -4 && u[0] == 5, "gesdd %d", info);
    info = 99, BLAS(gesdd)("N", &n, &n, a, &n, s, u, &n, b, &n, &work, &one, iwork, &info);
    CHECK(info == -4, "gesdd N %d", info);
    info = 99, BLAS(syevd)("V", "L", &n, a, &n, s, &work, &one, iwork, &one, &info);
    CHECK(info == -4, "syevd %d", info);
    BLAS(gemm)("N", "N", &n, &n, &n, &x, a, &n, u, &n, &zero, b, &n);
    CHECK(!isfinite(b[40]) && isfinite(b[39]), "gemm: NaN stays in its row");
    BLAS(trsm)("L", "U", "N", "N", &n, &n, &x, a, &n, b, &n);
    info = 99, memcpy(b, a, sizeof(REAL) * (size_t)n * (size_t)n), BLAS(getrf)(&n, &n, b, &n, pivots, &info);
    CHECK(info >= 0, "getrf %d", info);
    for (int i = 0; i < n; i++)
    {
        CHECK(pivots[i] > i && pivots[i] <= n, "pivot %d is %d", i, pivots[i]);
    }

    info = 99, memcpy(b, a, sizeof(REAL) * (size_t)n * (size_t)n), BLAS(geqrf)(&n, &n, b, &n, s, &work, &one, &info);
    CHECK(info == 0, "geqrf %d", info);
    BLAS(orgqr)(&n, &n, &n, b, &n, s, &work, &one, &info);
    CHECK(info == 0, "orgqr %d", info);
    free(a), free(b), free(u), free(s), free(pivots);
}

static void CASE(all)(void)
{
    CASE(illegal)();
    CASE(empty)();
    CASE(not_finite)((REAL)NAN);
    CASE(not_finite)((REAL)INFINITY);
}

#undef REFUSED
