#include "check.h"

#include "real_double.h"
#include "spectra_cases.h"

#include "real_float.h"
#include "spectra_cases.h"

int main(void)
{
    all_double();
    all_float();
    return check_summary();
}
