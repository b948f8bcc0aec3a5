#include "check.h"

#include "real_double.h"
#include "factorizations_cases.h"

#include "real_float.h"
#include "factorizations_cases.h"

int main(void)
{
    all_double();
    all_float();
    return check_summary();
}
