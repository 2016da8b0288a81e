#ifndef DESCENT_EXPONENTIAL_H
#define DESCENT_EXPONENTIAL_H
#include <stdint.h>
#include <string.h>

/// e^x for x <= 0, to about 1 ulp; NaN stays NaN. No branches, so that loops over it become vector code.
static inline __attribute__((always_inline)) float dn_exp_negative(float x) {
    x = x < -87.0f ? -87.0f : x;
    float shifted = x * 1.44269504f + 12582912.0f;  // rounds to an integer in the low mantissa bits
    int32_t n;
    memcpy(&n, &shifted, 4);
    n -= 0x4b400000;
    float whole = shifted - 12582912.0f;
    float r = x - whole * 0.693359375f;
    r = r - whole * -2.12194440e-4f;
    float p = 1.9875691500e-4f;
    p = p * r + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    p = p * r * r + r + 1.0f;
    uint32_t bits = (uint32_t)(n + 127) << 23;
    float scale;
    memcpy(&scale, &bits, 4);
    return p * scale;
}

/// 1 / (1 + e^-x).
static inline __attribute__((always_inline)) float dn_sigmoid(float x) {
    float e = dn_exp_negative(x < 0 ? x : -x);
    float p = 1 / (1 + e);
    return x < 0 ? e * p : p;
}
#endif
