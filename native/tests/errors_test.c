#include "check.h"

static int reported;
static char reported_routine[16];

static void record(const char *routine, int code)
{
    reported = code;
    strncpy(reported_routine, routine, sizeof reported_routine - 1);
}

#include "real_double.h"
#include "errors_cases.h"

#include "real_float.h"
#include "errors_cases.h"

int main(void)
{
    polyad_set_error_handler(record);
    all_double();
    all_float();

    /* Without a handler a line goes to standard error and the program goes on. */
    int minus = -1, one = 1, info = 0;
    double a = 1;
    polyad_set_error_handler(NULL);
    dpotrf_("L", &minus, &a, &one, &info);
    CHECK(info == -2, "info %d", info);
    return check_summary();
}
