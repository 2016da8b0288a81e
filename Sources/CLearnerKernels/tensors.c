// What tensors are like. A float's sign and exponent are its top nine bits, so a shift finds a number's cell.
#include "tensors.h"
#include <float.h>
#include <math.h>
#include <string.h>

#define DT_CLONES __attribute__((target_clones("avx512f", "arch=haswell", "default")))

static inline uint32_t bits_of(float x) {
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static inline int is_finite(float x) { return (bits_of(x) >> 23 & 255) != 255; }

/// Extremes of finite numbers. Sixteen lanes, so that the compiler makes vectors of them.
DT_CLONES void dt_extremes(const float *x, size_t n, float *low, float *high, size_t *others) {
    enum { lanes = 16 };
    float least[lanes], most[lanes];
    uint32_t odd[lanes];
    for (int l = 0; l < lanes; l++) {
        least[l] = INFINITY;
        most[l] = -INFINITY;
        odd[l] = 0;
    }
    size_t i = 0, count = 0;
    while (i + lanes <= n) {
        // Counts in 32 bits for as long as they cannot run over.
        size_t end = n - i > (size_t)1 << 34 ? i + ((size_t)1 << 34) : n - (n - i) % lanes;
        for (; i < end; i += lanes)
            for (int l = 0; l < lanes; l++) {
                float value = x[i + l];
                int finite = value - value == 0;
                odd[l] += !finite;
                float up = finite ? value : INFINITY, down = finite ? value : -INFINITY;
                least[l] = up < least[l] ? up : least[l];
                most[l] = down > most[l] ? down : most[l];
            }
        for (int l = 0; l < lanes; l++) {
            count += odd[l];
            odd[l] = 0;
        }
    }
    for (; i < n; i++) {
        if (!is_finite(x[i])) {
            count++;
            continue;
        }
        if (x[i] < least[0]) least[0] = x[i];
        if (x[i] > most[0]) most[0] = x[i];
    }
    *low = least[0];
    *high = most[0];
    for (int l = 1; l < lanes; l++) {
        if (least[l] < *low) *low = least[l];
        if (most[l] > *high) *high = most[l];
    }
    *others = count;
}

static void count_odd(const float *x, size_t n, struct dt_summary *out) {
    for (size_t i = 0; i < n; i++) {
        if (is_finite(x[i])) continue;
        if (x[i] != x[i]) out->nans++;
        else out->infinities++;
    }
}

void dt_sum_up(const float *x, size_t n, size_t stride, float scale, const float *less, struct dt_summary *out) {
    memset(out, 0, sizeof *out);
    float low = INFINITY, high = -INFINITY;
    for (size_t i = 0, place = 0; i < n; i += stride, place++) {
        float value = (less ? x[i] - less[place] : x[i]) * scale;
        uint32_t bits = bits_of(value), exponent = bits >> 23 & 255;
        out->sampled++;
        if (exponent == 255) {
            if (value != value) out->nans++;
            else out->infinities++;
            continue;
        }
        if ((bits & 0x7fffffff) == 0) out->zeros++;
        else out->cells[bits >> 31][exponent]++;
        double number = value;
        out->sum += number;
        out->squares += number * number;
        out->magnitudes += fabs(number);
        if (value < low) low = value;
        if (value > high) high = value;
    }
    if (!less && stride > 1) {
        size_t others;
        dt_extremes(x, n, &low, &high, &others);
        out->nans = out->infinities = 0;
        if (others) count_odd(x, n, out);
        low *= scale;
        high *= scale;
        if (scale < 0) {
            float swap = low;
            low = high;
            high = swap;
        }
    }
    out->low = low;
    out->high = high;
}

void dt_sample(const float *x, size_t n, size_t stride, float *out) {
    for (size_t i = 0; i < n; i += stride) *out++ = x[i];
}

DT_CLONES void dt_activity(const float *restrict x, size_t n, size_t d, float least, float low, float high,
                           uint32_t *restrict active, uint32_t *restrict flat) {
    memset(active, 0, d * sizeof *active);
    memset(flat, 0, d * sizeof *flat);
    for (size_t i = 0; i < n; i++, x += d)
        for (size_t j = 0; j < d; j++) {
            active[j] += fabsf(x[j]) > least;
            flat[j] += x[j] < low || x[j] > high;
        }
}
