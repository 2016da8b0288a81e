// Linear models. x = features, w = weights, s = score, y = target, r = residual d loss / d s, g = gradient, k = class.
#include "linear.h"
#include <math.h>
#include <string.h>

#define DK_CLONES __attribute__((target_clones("avx512f", "arch=haswell", "default")))
#define DK_INLINE static inline __attribute__((always_inline))

// Sixteen floats at any address: one register with AVX-512, two with AVX2, four with SSE.
typedef float dk16 __attribute__((vector_size(64), aligned(4), may_alias));

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

/// e^x for x <= 0, to about 1 ulp; NaN stays NaN. No branches, so that loops over it become vector code.
DK_INLINE float exp_negative(float x) {
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

DK_INLINE void prefetch(const float *row, size_t stride) {
    for (size_t i = 0; i < stride && i < 128; i += 16) __builtin_prefetch(row + i);
}

/// Residuals of up to 32 rows from their scores; returns their summed loss.
DK_INLINE double logistic(const float *s, const float *y, float *r, size_t n) {
    double product = 1, linear = 0;
    float e[32];
    for (size_t i = 0; i < n; i++) {
        float z = s[i];
        e[i] = exp_negative(z < 0 ? z : -z);
        float p = 1 / (1 + e[i]);
        r[i] = (z < 0 ? e[i] * p : p) - y[i];
    }
    for (size_t i = 0; i < n; i++) {
        // log(1 + e) summed as the log of a product of at most 2^32.
        product *= 1 + (double)e[i];
        linear += (double)((s[i] > 0 ? s[i] : 0) - y[i] * s[i]);
    }
    return linear + log(product);
}

DK_INLINE double squared(const float *s, const float *y, float *r, size_t n) {
    double loss = 0;
    for (size_t i = 0; i < n; i++) {
        float e = s[i] - y[i];
        r[i] = 2 * e;
        loss += (double)e * (double)e;
    }
    return loss;
}

DK_CLONES double dk_linear_batch(const float *restrict x, size_t stride, const int32_t *restrict rows, size_t count,
                                 const float *restrict targets, const float *restrict w, float bias, int loss,
                                 float *restrict gradient, float *bias_gradient) {
    enum { block = 32, ahead = 24 };
    float s[block], y[block], r[block];
    double total = 0;
    float bias_sum = 0;
    memset(gradient, 0, stride * sizeof *gradient);
    for (size_t i = 0; i < count && i < ahead; i++) prefetch(x + (size_t)rows[i] * stride, stride);
    for (size_t start = 0; start < count; start += block) {
        size_t n = count - start < block ? count - start : block;
        for (size_t i = 0; i < n; i++) {
            size_t row = (size_t)rows[start + i];
            if (start + i + ahead < count) {
                size_t next = (size_t)rows[start + i + ahead];
                prefetch(x + next * stride, stride);
                __builtin_prefetch(targets + next);
            }
            s[i] = dot(x + row * stride, w, stride) + bias;
            y[i] = targets[row];
        }
        total += loss == DK_LOGISTIC ? logistic(s, y, r, n) : squared(s, y, r, n);
        for (size_t i = 0; i < n; i++) {
            axpy(r[i], x + (size_t)rows[start + i] * stride, gradient, stride);
            bias_sum += r[i];
        }
    }
    *bias_gradient = bias_sum;
    return total;
}

DK_CLONES double dk_softmax_batch(const float *restrict x, size_t stride, const int32_t *restrict rows, size_t count,
                                  const float *restrict targets, const float *restrict w, const float *restrict bias,
                                  size_t classes, float *restrict gradient, float *restrict bias_gradient,
                                  float *restrict scratch) {
    double total = 0;
    memset(gradient, 0, classes * stride * sizeof *gradient);
    memset(bias_gradient, 0, classes * sizeof *bias_gradient);
    for (size_t i = 0; i < count; i++) {
        const float *row = x + (size_t)rows[i] * stride;
        if (i + 8 < count) prefetch(x + (size_t)rows[i + 8] * stride, stride);
        float most = -INFINITY, sum = 0;
        for (size_t k = 0; k < classes; k++) {
            scratch[k] = dot(row, w + k * stride, stride) + bias[k];
            most = scratch[k] > most ? scratch[k] : most;
        }
        size_t target = (size_t)targets[rows[i]];
        float own = scratch[target] - most;
        for (size_t k = 0; k < classes; k++) scratch[k] = exp_negative(scratch[k] - most);
        for (size_t k = 0; k < classes; k++) sum += scratch[k];
        total += log((double)sum) - (double)own;
        float inverse = 1 / sum;
        for (size_t k = 0; k < classes; k++) {
            float r = scratch[k] * inverse - (k == target ? 1.0f : 0.0f);
            axpy(r, row, gradient + k * stride, stride);
            bias_gradient[k] += r;
        }
    }
    return total;
}

DK_CLONES void dk_linear_scores(const float *restrict x, size_t stride, const int32_t *restrict rows, size_t count,
                                const float *restrict w, const float *restrict bias, size_t classes, float *restrict scores) {
    for (size_t i = 0; i < count; i++) {
        const float *row = x + (rows ? (size_t)rows[i] : i) * stride;
        for (size_t k = 0; k < classes; k++) scores[i * classes + k] = dot(row, w + k * stride, stride) + bias[k];
    }
}

DK_INLINE float soft_threshold(float w, float t) {
    float shrunk = fabsf(w) - t;
    return shrunk > 0 ? copysignf(shrunk, w) : (w != w ? w : 0.0f);
}

DK_CLONES double dk_sgd(float *restrict w, const float *restrict gradient, float *restrict velocity, size_t count,
                        const dk_step *step) {
#pragma clang fp reassociate(on) contract(fast)
    const dk_step o = *step;
    double norm = 0;
    for (size_t i = 0; i < count; i++) {
        float g = gradient[i] * o.scale + o.decay * w[i];
        norm += (double)g * (double)g;
        velocity[i] = o.momentum * velocity[i] + g;
        w[i] -= o.learning_rate * velocity[i];
    }
    if (o.l1 > 0)
        for (size_t i = 0; i < count; i++) w[i] = soft_threshold(w[i], o.learning_rate * o.l1);
    return norm;
}

DK_CLONES double dk_adam(float *restrict w, const float *restrict gradient, float *restrict m, float *restrict v, size_t count,
                         const dk_step *step) {
#pragma clang fp reassociate(on) contract(fast)
    const dk_step o = *step;
    double norm = 0;
    for (size_t i = 0; i < count; i++) {
        float g = gradient[i] * o.scale + o.decay * w[i];
        norm += (double)g * (double)g;
        m[i] = o.beta1 * m[i] + (1 - o.beta1) * g;
        v[i] = o.beta2 * v[i] + (1 - o.beta2) * g * g;
        float rate = o.learning_rate / (sqrtf(v[i] / o.correction2) + 1e-8f);
        float next = w[i] - rate * (m[i] / o.correction1);
        w[i] = o.l1 > 0 ? soft_threshold(next, rate * o.l1) : next;
    }
    return norm;
}

DK_CLONES void dk_standardize(const float *restrict x, size_t count, size_t width, const float *restrict means,
                              const float *restrict inverses, float *restrict out, size_t stride) {
    for (size_t row = 0; row < count; row++) {
        const float *from = x + row * width;
        float *to = out + row * stride;
        if (means)
            for (size_t i = 0; i < width; i++) to[i] = (from[i] - means[i]) * inverses[i];
        else
            memcpy(to, from, width * sizeof *to);
        for (size_t i = width; i < stride; i++) to[i] = 0;
    }
}
