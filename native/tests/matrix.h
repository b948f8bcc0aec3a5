/* Column-major matrices of REAL. Included once per precision, hence no guard. */

static inline REAL *CASE(fresh)(int ld, int columns, REAL value)
{
    size_t count = (size_t)larger(ld, 1) * (size_t)larger(columns, 1);
    REAL *a = malloc(count * sizeof(REAL));
    for (size_t i = 0; i < count; i++)
    {
        a[i] = value;
    }

    return a;
}

/* rows x columns in [-1, 1); what pads the columns is NaN and must stay so. */
static inline REAL *CASE(random_matrix)(int rows, int columns, int ld)
{
    REAL *a = CASE(fresh)(ld, columns, (REAL)NAN);
    for (int j = 0; j < columns; j++)
    {
        for (int i = 0; i < rows; i++)
        {
            a[i + (size_t)j * ld] = (REAL)uniform();
        }
    }

    return a;
}

static inline REAL *CASE(copy)(const REAL *a, int ld, int columns)
{
    size_t count = (size_t)larger(ld, 1) * (size_t)larger(columns, 1);
    REAL *b = malloc(count * sizeof(REAL));
    memcpy(b, a, count * sizeof(REAL));
    return b;
}

/* The padding below row `rows` still holds NaN. */
static inline int CASE(padding_kept)(const REAL *a, int rows, int columns, int ld)
{
    for (int j = 0; j < columns; j++)
    {
        for (int i = rows; i < ld; i++)
        {
            if (!isnan(a[i + (size_t)j * ld]))
            {
                return 0;
            }
        }
    }

    return 1;
}

static inline long double CASE(norm)(const REAL *a, int rows, int columns, int ld)
{
    long double sum = 0;
    for (int j = 0; j < columns; j++)
    {
        for (int i = 0; i < rows; i++)
        {
            sum += (long double)a[i + (size_t)j * ld] * a[i + (size_t)j * ld];
        }
    }

    return sqrtl(sum);
}

/* ||Q^T Q - I||_F / (m eps) for the columns of an m x n matrix, or its rows when `rows` is set (LAPACK's xORT01). */
static inline long double CASE(orthogonality)(const REAL *q, int m, int n, int ld, int rows)
{
    int count = rows ? m : n, length = rows ? n : m;
    size_t step = rows ? (size_t)ld : 1, next = rows ? 1 : (size_t)ld;
    long double sum = 0;
    for (int i = 0; i < count; i++)
    {
        for (int j = 0; j < count; j++)
        {
            long double dot = i == j ? -1 : 0;
            for (int p = 0; p < length; p++)
            {
                dot += (long double)q[i * next + p * step] * q[j * next + p * step];
            }

            sum += dot * dot;
        }
    }

    return sqrtl(sum) / (larger(length, 1) * EPS);
}
