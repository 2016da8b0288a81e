// Linear models: one mini-batch, scores, optimiser steps.
#include "linear_inline.h"

DK_CLONES double dk_linear_batch(const float *restrict x, size_t stride, const int32_t *restrict rows, size_t count,
                                 const float *restrict targets, const float *restrict row_weights, const float *restrict w,
                                 float bias, const dk_loss *loss, float *restrict gradient, float *bias_gradient) {
    enum { block = 32, ahead = 24 };
    float s[block], y[block], l[block], r[block];
    const dk_loss kind = *loss;
    double total = 0;
    float bias_sum = 0;
    memset(gradient, 0, stride * sizeof *gradient);
    for (size_t i = 0; rows && i < count && i < ahead; i++) prefetch(x + (size_t)rows[i] * stride, stride);
    for (size_t start = 0; start < count; start += block) {
        size_t n = count - start < block ? count - start : block;
        for (size_t i = 0; i < n; i++) {
            size_t row = rows ? (size_t)rows[start + i] : start + i;
            if (rows && start + i + ahead < count) {
                size_t next = (size_t)rows[start + i + ahead];
                prefetch(x + next * stride, stride);
                __builtin_prefetch(targets + next);
            }
            s[i] = dot(x + row * stride, w, stride) + bias;
            y[i] = targets[row];
        }
        losses_of(&kind, s, y, 1, l, r, n);
        for (size_t i = 0; row_weights && i < n; i++) {
            float weight = row_weights[rows ? (size_t)rows[start + i] : start + i];
            l[i] *= weight;
            r[i] *= weight;
        }
        for (size_t i = 0; i < n; i++) {
            size_t row = rows ? (size_t)rows[start + i] : start + i;
            total += (double)l[i];
            bias_sum += r[i];
            axpy(r[i], x + row * stride, gradient, stride);
        }
    }
    *bias_gradient = bias_sum;
    return total;
}

DK_CLONES double dk_softmax_batch(const float *restrict x, size_t stride, const int32_t *restrict rows, size_t count,
                                  const float *restrict targets, const float *restrict row_weights,
                                  const float *restrict w, const float *restrict bias, size_t classes,
                                  float *restrict gradient, float *restrict bias_gradient, float *restrict scratch) {
    double total = 0;
    memset(gradient, 0, classes * stride * sizeof *gradient);
    memset(bias_gradient, 0, classes * sizeof *bias_gradient);
    for (size_t i = 0; i < count; i++) {
        size_t index = rows ? (size_t)rows[i] : i;
        const float *row = x + index * stride;
        const float weight = row_weights ? row_weights[index] : 1;
        if (rows && i + 8 < count) prefetch(x + (size_t)rows[i + 8] * stride, stride);
        for (size_t k = 0; k < classes; k++) scratch[k] = dot(row, w + k * stride, stride) + bias[k];
        total += softmax_row(scratch, classes, (size_t)targets[index]) * (double)weight;
        for (size_t k = 0; k < classes; k++) {
            float r = weight * scratch[k];
            axpy(r, row, gradient + k * stride, stride);
            bias_gradient[k] += r;
        }
    }
    return total;
}

DK_CLONES void dk_linear_scores(const float *restrict x, size_t stride, const dk_categories *categories,
                                const int32_t *restrict rows, size_t count, const float *restrict w,
                                const float *restrict bias, size_t classes, float *restrict scores) {
    size_t width = categories ? categories->width : stride, coded = categories ? categories->count : 0;
    for (size_t i = 0; i < count; i++) {
        size_t index = rows ? (size_t)rows[i] : i;
        const int32_t *codes = coded ? categories->codes + index * coded : NULL;
        for (size_t k = 0; k < classes; k++) {
            float s = dot(x + index * stride, w + k * width, stride) + bias[k];
            for (size_t c = 0; c < coded; c++) s += w[k * width + (size_t)codes[c]];
            scores[i * classes + k] = s;
        }
    }
}

DK_CLONES void dk_coded_batch(const float *restrict x, size_t stride, const dk_categories *categories,
                              const int32_t *restrict rows, size_t count, const float *restrict targets,
                              const float *restrict row_weights, const float *restrict w, const float *restrict bias,
                              size_t models, size_t classes, const dk_loss *loss, float *restrict gradient,
                              float *restrict bias_gradient, double *restrict losses, float *restrict scratch) {
    const size_t width = categories->width, coded = categories->count;
    const dk_loss kind = *loss;
    for (size_t m = 0; m < models; m++) losses[m] = 0;
    if (gradient) {
        memset(gradient, 0, models * classes * width * sizeof *gradient);
        memset(bias_gradient, 0, models * classes * sizeof *bias_gradient);
    }
    for (size_t i = 0; i < count; i++) {
        size_t index = rows ? (size_t)rows[i] : i;
        if (rows && i + 8 < count) {
            prefetch(x + (size_t)rows[i + 8] * stride, stride);
            __builtin_prefetch(categories->codes + (size_t)rows[i + 8] * coded);
        }
        const float *row = x + index * stride;
        const float y = targets[index], weight = row_weights ? row_weights[index] : 1;
        const int32_t *codes = categories->codes + index * coded;
        for (size_t m = 0; m < models; m++) {
            const float *own = w + m * classes * width;
            for (size_t k = 0; k < classes; k++) {
                float s = dot(row, own + k * width, stride) + bias[m * classes + k];
                for (size_t c = 0; c < coded; c++) s += own[k * width + (size_t)codes[c]];
                scratch[k] = s;
            }
            if (kind.kind == DK_SOFTMAX) {
                losses[m] += softmax_row(scratch, classes, (size_t)y) * (double)weight;
            } else {
                float l;
                loss_of(kind.kind, kind.parameter, scratch[0], y, &l, scratch);
                losses[m] += (double)(l * weight);
            }
            for (size_t k = 0; gradient && k < classes; k++) {
                float r = weight * scratch[k], *g = gradient + (m * classes + k) * width;
                axpy(r, row, g, stride);
                for (size_t c = 0; c < coded; c++) g[(size_t)codes[c]] += r;
                bias_gradient[m * classes + k] += r;
            }
        }
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

DK_CLONES double dk_rmsprop(float *restrict w, const float *restrict gradient, float *restrict v, size_t count,
                            const dk_step *step) {
#pragma clang fp reassociate(on) contract(fast)
    const dk_step o = *step;
    double norm = 0;
    for (size_t i = 0; i < count; i++) {
        float g = gradient[i] * o.scale + o.decay * w[i];
        norm += (double)g * (double)g;
        v[i] = o.beta2 * v[i] + (1 - o.beta2) * g * g;
        float rate = o.learning_rate / (sqrtf(v[i]) + 1e-8f), next = w[i] - rate * g;
        w[i] = o.l1 > 0 ? soft_threshold(next, rate * o.l1) : next;
    }
    return norm;
}

DK_CLONES double dk_adagrad(float *restrict w, const float *restrict gradient, float *restrict v, size_t count,
                            const dk_step *step) {
#pragma clang fp reassociate(on) contract(fast)
    const dk_step o = *step;
    double norm = 0;
    for (size_t i = 0; i < count; i++) {
        float g = gradient[i] * o.scale + o.decay * w[i];
        norm += (double)g * (double)g;
        v[i] += g * g;
        float rate = o.learning_rate / (sqrtf(v[i]) + 1e-8f), next = w[i] - rate * g;
        w[i] = o.l1 > 0 ? soft_threshold(next, rate * o.l1) : next;
    }
    return norm;
}

DK_CLONES void dk_standardize(const float *restrict x, size_t from_stride, size_t count, size_t width,
                              const float *restrict means, const float *restrict inverses, float *restrict out, size_t stride) {
    for (size_t row = 0; row < count; row++) {
        const float *from = x + row * from_stride;
        float *to = out + row * stride;
        if (means)
            for (size_t i = 0; i < width; i++) to[i] = (from[i] - means[i]) * inverses[i];
        else
            memcpy(to, from, width * sizeof *to);
        for (size_t i = width; i < stride; i++) to[i] = 0;
    }
}

DK_CLONES void dk_moments(const float *restrict x, size_t count, size_t width, double *restrict mean, double *restrict squares,
                          double *restrict scratch) {
#pragma clang fp reassociate(on) contract(fast)
    enum { block = 64 };
    double *sum = scratch, *spread = scratch + width;
    for (size_t i = 0; i < width; i++) mean[i] = squares[i] = 0;
    for (size_t start = 0; start < count; start += block) {
        size_t n = count - start < block ? count - start : block;
        const float *rows = x + start * width;
        for (size_t i = 0; i < width; i++) sum[i] = spread[i] = 0;
        for (size_t row = 0; row < n; row++)
            for (size_t i = 0; i < width; i++) sum[i] += (double)rows[row * width + i];
        for (size_t i = 0; i < width; i++) sum[i] /= (double)n;
        for (size_t row = 0; row < n; row++)
            for (size_t i = 0; i < width; i++) {
                double delta = (double)rows[row * width + i] - sum[i];
                spread[i] += delta * delta;
            }
        double before = (double)start, all = (double)(start + n);
        for (size_t i = 0; i < width; i++) {
            double delta = sum[i] - mean[i];
            mean[i] += delta * (double)n / all;
            squares[i] += spread[i] + delta * delta * before * (double)n / all;
        }
    }
}

DK_CLONES double dk_weighted_moments(const float *restrict x, size_t count, size_t width, const float *restrict weights,
                                     double *restrict mean, double *restrict squares) {
#pragma clang fp reassociate(on) contract(fast)
    double total = 0;
    for (size_t i = 0; i < width; i++) mean[i] = squares[i] = 0;
    for (size_t row = 0; row < count; row++) {
        double weight = weights[row];
        total += weight;
        for (size_t i = 0; i < width; i++) mean[i] += weight * (double)x[row * width + i];
    }
    if (!(total > 0)) return 0;
    for (size_t i = 0; i < width; i++) mean[i] /= total;
    for (size_t row = 0; row < count; row++)
        for (size_t i = 0; i < width; i++) {
            double delta = (double)x[row * width + i] - mean[i];
            squares[i] += weights[row] * delta * delta;
        }
    return total;
}

DK_CLONES void dk_gram(const float *restrict x, size_t stride, size_t width, const int32_t *restrict rows, size_t count,
                       const float *restrict roots, double *restrict out, size_t padded, float *restrict scratch) {
#pragma clang fp contract(fast)
    enum { block = 256, tile = 8 };
    memset(scratch, 0, block * padded * sizeof *scratch);
    for (size_t start = 0; start < count; start += block) {
        size_t n = count - start < block ? count - start : block;
        for (size_t row = 0; row < n; row++) {
            const float *from = x + (rows ? (size_t)rows[start + row] : start + row) * stride;
            float *to = scratch + row * padded, root = roots ? roots[start + row] : 1;
            for (size_t i = 0; i < width; i++) to[i] = from[i] * root;
            to[width] = root;
        }
        for (size_t i = 0; i < padded; i += tile)
            for (size_t j = i / 16 * 16; j < padded; j += 16) {
                dk16 sum[tile] = {{0}};
                for (size_t row = 0; row < n; row++) {
                    const float *own = scratch + row * padded;
                    dk16 other = *(const dk16 *)(own + j);
                    for (int t = 0; t < tile; t++) sum[t] += own[i + (size_t)t] * other;
                }
                for (int t = 0; t < tile; t++)
                    for (size_t u = 0; u < 16; u++) out[(i + (size_t)t) * padded + j + u] += (double)sum[t][u];
            }
    }
}
