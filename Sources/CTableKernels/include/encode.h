#ifndef DESCENT_ENCODE_H
#define DESCENT_ENCODE_H
#include <stddef.h>

/// out[i * stride] = (values[row of i] - origin) * scale in single precision, or `fill` where that is NaN; row of i = rows[i], or i when
/// `rows` is NULL. Returns the first i whose number is too large, or `count`.
size_t dk_write_numbers(const double *values, const ptrdiff_t *rows, size_t count, double origin, double scale, float fill,
                        float *out, size_t stride);
#endif
