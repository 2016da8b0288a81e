#ifndef DESCENT_TENSORS_H
#define DESCENT_TENSORS_H
#include <stddef.h>
#include <stdint.h>

/// What some numbers are like. Moments and extremes are of the finite ones.
struct dt_summary {
    size_t sampled, zeros;
    /// Of the sample.
    double sum, squares, magnitudes;
    /// Of all; low > high where none is finite.
    float low, high;
    size_t nans, infinities;
    /// By sign (0: positive) and biased exponent; zeros are not counted.
    uint32_t cells[2][256];
};

/// Sums up every `stride`th of n numbers, each times `scale`, and finds the extremes of all. `less` is subtracted where there is one:
/// as many numbers as are sampled.
void dt_sum_up(const float *x, size_t n, size_t stride, float scale, const float *less, struct dt_summary *out);

/// The smallest and the largest finite number, and how many are not finite.
void dt_extremes(const float *x, size_t n, float *low, float *high, size_t *others);

/// Copies every `stride`th of n numbers.
void dt_sample(const float *x, size_t n, size_t stride, float *out);

/// For each of d columns of n rows how many numbers are beyond `least` in magnitude, and how many lie outside `low`...`high`.
void dt_activity(const float *x, size_t n, size_t d, float least, float low, float high, uint32_t *active, uint32_t *flat);
#endif
