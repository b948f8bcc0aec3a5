/* The cases that follow are in double precision: REAL the type, EPS its unit roundoff, BLAS(x) the routine, CASE(x) a function of the test's own. */
#undef REAL
#undef EPS
#undef BLAS
#undef CASE
#define REAL double
#define EPS (1.1102230246251565e-16L)
#define BLAS(name) d##name##_
#define CASE(name) name##_double
#include "matrix.h"
