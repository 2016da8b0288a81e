// Many linear models on one mini-batch: scores and gradients are matrix products, in registers, with models side by side in a
// vector. P = padded models * classes; a class's models are neighbours, so that softmax too runs over models in vectors.
#include "linear_inline.h"

enum { block = 32, group = 8 };

static size_t padded_models(size_t models) { return (models + 15) / 16 * 16; }

size_t dk_many_scratch(size_t stride, size_t models, size_t classes) {
    size_t p = padded_models(models) * classes;
    return (2 * stride + 1 + 2 * block + 3) * p + 64;
}

/// s [8 rows, P] = x w + bias for eight rows; w [stride, P].
DK_INLINE void scores_of(const float *const *x, size_t stride, const float *restrict w, const float *restrict bias, size_t p,
                         float *restrict s) {
#pragma clang fp contract(fast)
    for (size_t c = 0; c < p; c += 16) {
        dk16 sum[group];
        for (int i = 0; i < group; i++) sum[i] = *(const dk16 *)(bias + c);
        for (size_t j = 0; j < stride; j++) {
            dk16 own = *(const dk16 *)(w + j * p + c);
            for (int i = 0; i < group; i++) sum[i] += x[i][j] * own;
        }
        for (int i = 0; i < group; i++) *(dk16 *)(s + (size_t)i * p + c) = sum[i];
    }
}

/// g [stride, P] += x r over the block's n rows, `width` features at a time.
DK_INLINE void gradients_of(const float *const *x, size_t stride, const float *restrict r, size_t n, size_t p,
                            float *restrict g, int width) {
#pragma clang fp contract(fast)
    for (size_t c = 0; c < p; c += 16)
        for (size_t j = 0; j < stride; j += (size_t)width) {
            dk16 sum[group];
            for (int t = 0; t < width; t++) sum[t] = *(const dk16 *)(g + (j + (size_t)t) * p + c);
            for (size_t i = 0; i < n; i++) {
                dk16 own = *(const dk16 *)(r + i * p + c);
                for (int t = 0; t < width; t++) sum[t] += x[i][j + (size_t)t] * own;
            }
            for (int t = 0; t < width; t++) *(dk16 *)(g + (j + (size_t)t) * p + c) = sum[t];
        }
}

/// Softmax losses and residuals of one row for all models; s [classes, q] becomes r.
DK_INLINE void softmax_of(float *restrict s, size_t classes, size_t q, size_t target, float *restrict l, float *restrict most,
                          float *restrict sum) {
    for (size_t m = 0; m < q; m++) most[m] = s[m];
    for (size_t k = 1; k < classes; k++)
        for (size_t m = 0; m < q; m++) most[m] = s[k * q + m] > most[m] ? s[k * q + m] : most[m];
    for (size_t m = 0; m < q; m++) {
        l[m] = most[m] - s[target * q + m];
        sum[m] = 0;
    }
    for (size_t k = 0; k < classes; k++)
        for (size_t m = 0; m < q; m++) {
            s[k * q + m] = dn_exp_negative(s[k * q + m] - most[m]);
            sum[m] += s[k * q + m];
        }
    for (size_t m = 0; m < q; m++) l[m] += logf(sum[m]);
    for (size_t m = 0; m < q; m++) sum[m] = 1 / sum[m];
    for (size_t k = 0; k < classes; k++)
        for (size_t m = 0; m < q; m++) s[k * q + m] *= sum[m];
    for (size_t m = 0; m < q; m++) s[target * q + m] -= 1;
}

/// [models, classes, stride] to [stride, classes * q], or back.
static void transpose(float *rows, float *columns, size_t stride, size_t models, size_t classes, size_t q, int back) {
    for (size_t m = 0; m < models; m++)
        for (size_t k = 0; k < classes; k++)
            for (size_t j = 0; j < stride; j++) {
                float *row = rows + (m * classes + k) * stride + j, *column = columns + j * q * classes + k * q + m;
                if (back)
                    *row = *column;
                else
                    *column = *row;
            }
}

DK_CLONES void dk_many_batch(const float *restrict x, size_t stride, const int32_t *restrict rows, size_t count,
                             const float *restrict targets, const float *restrict row_weights, const float *restrict w,
                             const float *restrict bias, size_t models, size_t classes, const dk_loss *loss,
                             float *restrict gradient, float *restrict bias_gradient, double *restrict losses,
                             float *restrict scratch) {
    const dk_loss kind = *loss;
    size_t q = padded_models(models), p = q * classes;
    float *wt = scratch, *g = wt + stride * p, *b = g + stride * p, *s = b + p, *r = s + block * p, *l = r + block * p;
    float *sum = l + p, *biases = sum + p;
    const float *own[block];
    memset(scratch, 0, (2 * stride + 1) * p * sizeof *scratch);
    memset(biases, 0, p * sizeof *biases);
    for (size_t m = 0; m < models; m++) {
        losses[m] = 0;
        for (size_t k = 0; k < classes; k++) b[k * q + m] = bias[m * classes + k];
    }
    transpose((float *)w, wt, stride, models, classes, q, 0);
    for (size_t start = 0; start < count; start += block) {
        size_t n = count - start < block ? count - start : block;
        for (size_t i = 0; i < block; i++) {
            size_t at = start + (i < n ? i : n - 1);
            own[i] = x + (rows ? (size_t)rows[at] : at) * stride;
            if (rows && at + block < count) {
                size_t next = (size_t)rows[at + block];
                for (size_t j = 0; j < stride && j < 128; j += 16) __builtin_prefetch(x + next * stride + j);
                __builtin_prefetch(targets + next);
                if (row_weights) __builtin_prefetch(row_weights + next);
            }
        }
        for (size_t i = 0; i < n; i += group) scores_of(own + i, stride, wt, b, p, s + i * p);
        memset(sum, 0, q * sizeof *sum);
        for (size_t i = 0; i < n; i++) {
            size_t at = rows ? (size_t)rows[start + i] : start + i;
            float weight = row_weights ? row_weights[at] : 1, *residuals = kind.kind == DK_SOFTMAX ? s + i * p : r + i * p;
            if (kind.kind == DK_SOFTMAX)
                softmax_of(residuals, classes, q, (size_t)targets[at], l, r, r + q);
            else
                losses_of(&kind, s + i * p, targets + at, 0, l, residuals, q);
            if (row_weights)
                for (size_t m = 0; m < p; m++) residuals[m] *= weight;
            for (size_t m = 0; m < q; m++) sum[m] += weight * l[m];
            for (size_t m = 0; m < p; m++) biases[m] += residuals[m];
        }
        for (size_t m = 0; m < models; m++) losses[m] += (double)sum[m];
        if (!gradient) continue;
        const float *residuals = kind.kind == DK_SOFTMAX ? s : r;
        if (stride >= group)
            gradients_of(own, stride, residuals, n, p, g, group);
        else
            gradients_of(own, stride, residuals, n, p, g, 4);
    }
    if (!gradient) return;
    transpose(gradient, g, stride, models, classes, q, 1);
    for (size_t m = 0; m < models; m++)
        for (size_t k = 0; k < classes; k++) bias_gradient[m * classes + k] = biases[k * q + m];
}
