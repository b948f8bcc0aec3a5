/* Counting checks, seeded input and sentinels for the tests of libpolyad_blas. */
#ifndef CHECK_H
#define CHECK_H

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "polyad_blas.h"

static int checks_made, checks_failed;

/* The first failures are printed, all are counted. */
#define CHECK(condition, ...)                                      \
    do                                                             \
    {                                                              \
        checks_made++;                                             \
        if (!(condition) && checks_failed++ < 20)                  \
        {                                                          \
            printf("%s:%d: %s: ", __FILE__, __LINE__, #condition); \
            printf(__VA_ARGS__);                                   \
            printf("\n");                                          \
        }                                                          \
    } while (0)

static inline int check_summary(void)
{
    printf("polyad %s, %s, %d threads: %d checks, %d failed\n", polyad_version(), polyad_isa(), polyad_get_num_threads(), checks_made, checks_failed);
    return checks_failed != 0;
}

/* xorshift64* (Vigna 2016), in [-1, 1). */
static uint64_t random_state = 0x9E3779B97F4A7C15u;

static inline double uniform(void)
{
    random_state ^= random_state >> 12;
    random_state ^= random_state << 25;
    random_state ^= random_state >> 27;
    return (double)(int64_t)(random_state * 0x2545F4914F6CDD1Du) / 9223372036854775808.0;
}

static inline int larger(int a, int b) { return a > b ? a : b; }

static inline int smaller(int a, int b) { return a < b ? a : b; }

#endif
