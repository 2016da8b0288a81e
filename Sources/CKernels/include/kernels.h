#ifndef DESCENT_KERNELS_H
#define DESCENT_KERNELS_H
#include <stddef.h>
/// Dot product of two float vectors of length n.
float dk_dot(const float *a, const float *b, size_t n);
#endif
