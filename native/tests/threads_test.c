/* The thread limit changes no bit of a result, and callers on threads of their own do not disturb each other. */
#include "check.h"

#include <pthread.h>

#include "real_double.h"

enum { order = 300, callers = 4 };

struct answer
{
    double product[order * order], u[order * order], s[order], vt[order * order];
};

static double *left, *right;

static void *solve(void *target)
{
    struct answer *answer = target;
    const int n = order, one = 1;
    const double alpha = 1, beta = 0;
    double work;
    int info = 99;
    dgemm_("N", "T", &n, &n, &n, &alpha, left, &n, right, &n, &beta, answer->product, &n);
    double *copy = copy_double(left, order, order);
    dgesdd_("S", &n, &n, copy, &n, answer->s, answer->u, &n, answer->vt, &n, &work, &one, NULL, &info);
    free(copy);
    return info == 0 ? target : NULL;
}

int main(void)
{
    left = random_matrix_double(order, order, order);
    right = random_matrix_double(order, order, order);
    struct answer *expected = malloc(sizeof *expected), *actual = malloc(callers * sizeof *actual);

    int initial = polyad_get_num_threads();
    CHECK(initial >= 1, "%d threads", initial);
    polyad_set_num_threads(1);
    CHECK(polyad_get_num_threads() == 1, "the limit was not kept");
    CHECK(solve(expected) != NULL, "the decomposition failed");
    for (int threads = 2; threads <= 5; threads++)
    {
        polyad_set_num_threads(threads);
        CHECK(polyad_get_num_threads() == threads, "%d threads", threads);
        CHECK(solve(actual) != NULL && memcmp(expected, actual, sizeof *expected) == 0, "%d threads give other bits", threads);
    }

    pthread_t team[callers];
    for (int i = 0; i < callers; i++)
    {
        pthread_create(&team[i], NULL, solve, &actual[i]);
    }

    for (int i = 0; i < callers; i++)
    {
        void *ended;
        pthread_join(team[i], &ended);
        CHECK(ended != NULL && memcmp(expected, &actual[i], sizeof *expected) == 0, "caller %d has other bits", i);
    }

    polyad_set_num_threads(0);
    CHECK(polyad_get_num_threads() == initial, "the limit of the start was not restored");
    free(left), free(right), free(expected), free(actual);
    return check_summary();
}
