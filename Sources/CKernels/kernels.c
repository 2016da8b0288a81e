#include "kernels.h"

__attribute__((target_clones("avx512f", "arch=haswell", "default")))
float dk_dot(const float *restrict a, const float *restrict b, size_t n) {
#pragma clang fp reassociate(on) contract(fast)
    float s = 0;
    for (size_t i = 0; i < n; i++) s += a[i] * b[i];
    return s;
}
