#ifndef DESCENT_SORTING_H
#define DESCENT_SORTING_H
#include <stddef.h>

/// Ascending radix sort; no NaN. `scratch` holds `count` values.
void dk_sort_doubles(double *values, double *scratch, size_t count);
/// Median of at least one value, no NaN: the mean of the two middle ones. `scratch` holds `count` values.
double dk_median(const double *values, double *scratch, size_t count);
#endif
