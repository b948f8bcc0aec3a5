/* The cases that follow are in single precision: REAL the type, EPS its unit roundoff, BLAS(x) the routine, CASE(x) a function of the test's own. */
#undef REAL
#undef EPS
#undef BLAS
#undef CASE
#define REAL float
#define EPS (5.9604644775390625e-8L)
#define BLAS(name) s##name##_
#define CASE(name) name##_float
#include "matrix.h"
