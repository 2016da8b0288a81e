// Shared by the linear kernels. x = features, w = weights, s = score, y = target, e = s - y, l = loss, r = d loss / d s,
// g = gradient, k = class, m = model.
#ifndef DESCENT_LINEAR_INLINE_H
#define DESCENT_LINEAR_INLINE_H
#include <math.h>
#include <string.h>
#include "exponential.h"
#include "linear.h"

#define DK_CLONES __attribute__((target_clones("avx512f", "arch=haswell", "default")))
#define DK_INLINE static inline __attribute__((always_inline))

// Sixteen floats at any address: one register with AVX-512, two with AVX2, four with SSE.
typedef float dk16 __attribute__((vector_size(64), aligned(4), may_alias));

/// log(1 + x) for 0 <= x <= 1, to about 1 ulp (the polynomial of Moshier's Cephes logf).
DK_INLINE float log_one_plus(float x) {
    int halves = x > 0.41421356f;
    float f = halves ? 0.5f * x - 0.5f : x, z = f * f;
    float p = 7.0376836292e-2f;
    p = p * f - 1.1514610310e-1f;
    p = p * f + 1.1676998740e-1f;
    p = p * f - 1.2420140846e-1f;
    p = p * f + 1.4249322787e-1f;
    p = p * f - 1.6668057665e-1f;
    p = p * f + 2.0000714765e-1f;
    p = p * f - 2.4999993993e-1f;
    p = p * f + 3.3333331174e-1f;
    return f + (f * z * p - 0.5f * z) + (halves ? 0.69314718f : 0.0f);
}

/// Loss and residual of one score. A NaN score gives a NaN loss. `a` is the loss's parameter.
DK_INLINE void loss_of(int kind, float a, float s, float y, float *l, float *r) {
    float e = s - y, size = fabsf(e);
    switch (kind) {
        case DK_LOGISTIC: {
            float small = dn_exp_negative(-fabsf(s)), p = 1 / (1 + small);
            *r = (s < 0 ? small * p : p) - y;
            *l = (s > 0 ? s : 0) - y * s + log_one_plus(small);
            return;
        }
        case DK_ABSOLUTE:
            *l = size;
            *r = e > 0 ? 1 : e < 0 ? -1 : e * 0;
            return;
        case DK_QUANTILE:
            *l = e > 0 ? (1 - a) * e : -a * e;
            *r = e > 0 ? 1 - a : e < 0 ? -a : e * 0;
            return;
        case DK_HUBER:
            *l = size <= a ? 0.5f * e * e : a * size - 0.5f * a * a;
            *r = size <= a ? e : e > 0 ? a : e < 0 ? -a : e;
            return;
        case DK_EPSILON_SQUARED:
            *l = size <= a ? 0 : e * e - a * a;
            *r = size <= a ? 0 : 2 * e;
            return;
        case DK_EPSILON_ABSOLUTE:
            *l = size <= a ? 0 : size - a;
            *r = size <= a ? 0 : e > 0 ? 1 : e < 0 ? -1 : e;
            return;
        case DK_HINGE: {
            // Labels are 0 and 1: a positive wants s >= (a + 1) / 2, a negative s <= (1 - a) / 2.
            float sign = 1 - 2 * y, u = sign * s + 0.5f * (a - sign);
            *l = u <= 0 ? 0 : u;
            *r = u <= 0 ? 0 : sign;
            return;
        }
        default:
            *l = e * e;
            *r = 2 * e;
    }
}

/// Scores of a row become residuals of softmax; returns the cross entropy.
DK_INLINE double softmax_row(float *restrict s, size_t classes, size_t target) {
    float most = -INFINITY, sum = 0;
    for (size_t k = 0; k < classes; k++) most = s[k] > most ? s[k] : most;
    float own = s[target] - most;
    for (size_t k = 0; k < classes; k++) s[k] = dn_exp_negative(s[k] - most);
    for (size_t k = 0; k < classes; k++) sum += s[k];
    float inverse = 1 / sum;
    for (size_t k = 0; k < classes; k++) s[k] = s[k] * inverse - (k == target ? 1.0f : 0.0f);
    return log((double)sum) - (double)own;
}

DK_INLINE float dot(const float *restrict a, const float *restrict b, size_t n) {
#pragma clang fp reassociate(on) contract(fast)
    float s = 0;
    if (n < 16) {
        for (size_t i = 0; i < n; i++) s += a[i] * b[i];
        return s;
    }
    dk16 sum = *(const dk16 *)a * *(const dk16 *)b;
    for (size_t i = 16; i < n; i += 16) sum += *(const dk16 *)(a + i) * *(const dk16 *)(b + i);
    for (int i = 0; i < 16; i++) s += sum[i];
    return s;
}

DK_INLINE void axpy(float r, const float *restrict x, float *restrict g, size_t n) {
#pragma clang fp contract(fast)
    if (n < 16) {
        for (size_t i = 0; i < n; i++) g[i] += r * x[i];
        return;
    }
    for (size_t i = 0; i < n; i += 16) *(dk16 *)(g + i) += r * *(const dk16 *)(x + i);
}

DK_INLINE void prefetch(const float *row, size_t stride) {
    for (size_t i = 0; i < stride && i < 128; i += 16) __builtin_prefetch(row + i);
}

/// Losses and residuals of n scores; each kind has a loop of its own, which becomes vector code. `step` 0 = one target for all.
DK_INLINE void losses_of(const dk_loss *loss, const float *restrict s, const float *restrict y, int step, float *restrict l,
                         float *restrict r, size_t n) {
    float a = loss->parameter;
#define DK_EACH(KIND) \
    case KIND: \
        for (size_t i = 0; i < n; i++) loss_of(KIND, a, s[i], y[step ? i : 0], l + i, r + i); \
        break
    switch (loss->kind) {
        DK_EACH(DK_LOGISTIC);
        DK_EACH(DK_ABSOLUTE);
        DK_EACH(DK_QUANTILE);
        DK_EACH(DK_HUBER);
        DK_EACH(DK_EPSILON_SQUARED);
        DK_EACH(DK_EPSILON_ABSOLUTE);
        DK_EACH(DK_HINGE);
        default:
            for (size_t i = 0; i < n; i++) loss_of(DK_SQUARED, a, s[i], y[step ? i : 0], l + i, r + i);
    }
#undef DK_EACH
}
#endif
