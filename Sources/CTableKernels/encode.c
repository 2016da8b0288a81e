#include "encode.h"
#include <float.h>
#include <math.h>

size_t dk_write_numbers(const double *restrict values, const ptrdiff_t *restrict rows, size_t count, double origin, double scale,
                        float fill, float *restrict out, size_t stride) {
    int is_large = 0;
    for (size_t i = 0; i < count; i++) {
        double value = (values[rows ? rows[i] : (ptrdiff_t)i] - origin) * scale;
        is_large |= fabs(value) > (double)FLT_MAX;
        out[i * stride] = value == value ? (float)value : fill;
    }
    for (size_t i = 0; is_large && i < count; i++)
        if (fabs((values[rows ? rows[i] : (ptrdiff_t)i] - origin) * scale) > (double)FLT_MAX) return i;
    return count;
}
