// Neural networks, but for matrix products. n = rows, d = width, y = output, dy = d loss / d y, k = classes, c = channels.
#include "neural.h"
#include "exponential.h"
#include <math.h>

#define DN_CLONES __attribute__((target_clones("avx512f", "arch=haswell", "default")))
#define DN_INLINE static inline __attribute__((always_inline))

// MARK: activations

static const float gelu_a = 1.5957691216f, gelu_b = 0.044715f;  // 2 √(2/π); tanh form of Hendrycks and Gimpel (2016)

DN_INLINE float activate(float z, int activation) {
    switch (activation) {
        case DN_RELU: return z > 0 ? z : (z != z ? z : 0);
        case DN_TANH: return 2 * dn_sigmoid(2 * z) - 1;
        case DN_SIGMOID: return dn_sigmoid(z);
        case DN_GELU: return z * dn_sigmoid(gelu_a * (z + gelu_b * z * z * z));
        default: return z;
    }
}

DN_INLINE float slope(float y, float z, int activation) {
    switch (activation) {
        case DN_RELU: return y > 0 ? 1 : (y != y ? y : 0);
        case DN_TANH: return 1 - y * y;
        case DN_SIGMOID: return y * (1 - y);
        case DN_GELU: {
            float s = dn_sigmoid(gelu_a * (z + gelu_b * z * z * z));
            return s + z * s * (1 - s) * gelu_a * (1 + 3 * gelu_b * z * z);
        }
        default: return 1;
    }
}

DN_INLINE void forward_rows(float *y, const float *bias, float *kept, size_t n, size_t d, int activation) {
#pragma clang fp contract(fast)
    for (size_t i = 0; i < n; i++, y += d) {
        if (bias)
            for (size_t j = 0; j < d; j++) y[j] += bias[j];
        if (activation == DN_GELU) memcpy(kept + i * d, y, d * sizeof *y);
        for (size_t j = 0; j < d; j++) y[j] = activate(y[j], activation);
    }
}

DN_CLONES void dn_bias_activation(float *restrict y, const float *restrict bias, float *restrict kept, size_t n, size_t d,
                                  int activation) {
    switch (activation) {  // one loop each, so that the compiler sees which function it is
        case DN_RELU: forward_rows(y, bias, kept, n, d, DN_RELU); break;
        case DN_TANH: forward_rows(y, bias, kept, n, d, DN_TANH); break;
        case DN_SIGMOID: forward_rows(y, bias, kept, n, d, DN_SIGMOID); break;
        case DN_GELU: forward_rows(y, bias, kept, n, d, DN_GELU); break;
        default: forward_rows(y, bias, kept, n, d, DN_IDENTITY);
    }
}

DN_INLINE void backward_rows(float *restrict dy, const float *restrict y, const float *restrict kept, size_t n, size_t d,
                             int activation, float *restrict bias_gradient) {
#pragma clang fp contract(fast)
    if (bias_gradient) memset(bias_gradient, 0, d * sizeof *bias_gradient);
    for (size_t i = 0; i < n; i++, dy += d, y += d) {
        const float *z = activation == DN_GELU ? kept + i * d : y;
        if (activation != DN_IDENTITY)
            for (size_t j = 0; j < d; j++) dy[j] *= slope(y[j], z[j], activation);
        if (bias_gradient)
            for (size_t j = 0; j < d; j++) bias_gradient[j] += dy[j];
    }
}

DN_CLONES void dn_activation_gradient(float *restrict dy, const float *restrict y, const float *restrict kept, size_t n,
                                      size_t d, int activation, float *restrict bias_gradient) {
    switch (activation) {
        case DN_RELU: backward_rows(dy, y, kept, n, d, DN_RELU, bias_gradient); break;
        case DN_TANH: backward_rows(dy, y, kept, n, d, DN_TANH, bias_gradient); break;
        case DN_SIGMOID: backward_rows(dy, y, kept, n, d, DN_SIGMOID, bias_gradient); break;
        case DN_GELU: backward_rows(dy, y, kept, n, d, DN_GELU, bias_gradient); break;
        default: backward_rows(dy, y, kept, n, d, DN_IDENTITY, bias_gradient);
    }
}

// MARK: losses

double dn_squared_loss(const float *restrict scores, const float *restrict targets, const float *restrict r, size_t n,
                       float scale, float *restrict gradient) {
    double loss = 0;
    for (size_t i = 0; i < n; i++) {
        float e = scores[i] - targets[i], w = r ? r[i] : 1;
        gradient[i] = 2 * e * (w * scale);
        loss += (double)w * ((double)e * (double)e);
    }
    return loss;
}

double dn_logistic_loss(const float *restrict scores, const float *restrict targets, const float *restrict r, size_t n,
                        float scale, float smoothing, const float *restrict weights, float *restrict gradient) {
    double linear = 0, logs = 0, product = 1;
    for (size_t i = 0; i < n; i++) {
        float s = scores[i], y = targets[i];
        float e = dn_exp_negative(s < 0 ? s : -s);
        float w = r ? r[i] : 1;
        linear += (double)w * (double)((s > 0 ? s : 0) - y * s);
        if (r) {
            logs += (double)w * log1p((double)e);
        } else {
            product *= 1 + (double)e;  // log(1 + e) summed as the log of a product of at most 2^64
            if (i % 64 == 63) {
                logs += log(product);
                product = 1;
            }
        }
        float p = 1 / (1 + e);
        float weight = weights[y > 0.5f ? 1 : 0] * (w * scale);
        gradient[i] = weight * ((s < 0 ? e * p : p) - (y + smoothing * (0.5f - y)));
    }
    return linear + logs + log(product);
}

DN_CLONES double dn_softmax_loss(const float *restrict scores, const float *restrict targets, const float *restrict r, size_t n,
                                 size_t k, float scale, float smoothing, const float *restrict weights,
                                 float *restrict gradient) {
#pragma clang fp reassociate(on) contract(fast)
    double loss = 0;
    float even = smoothing / (float)k;
    for (size_t i = 0; i < n; i++, scores += k, gradient += k) {
        float most = -INFINITY, sum = 0;
        for (size_t j = 0; j < k; j++) most = scores[j] > most ? scores[j] : most;
        for (size_t j = 0; j < k; j++) gradient[j] = dn_exp_negative(scores[j] - most);
        for (size_t j = 0; j < k; j++) sum += gradient[j];
        size_t target = (size_t)targets[i];
        float w = r ? r[i] : 1;
        loss += (double)w * (log((double)sum) - (double)(scores[target] - most));
        float weight = weights[target] * (w * scale), inverse = weight / sum;
        for (size_t j = 0; j < k; j++) gradient[j] = gradient[j] * inverse - weight * even;
        gradient[target] -= weight * (1 - smoothing);
    }
    return loss;
}

// MARK: batch normalisation

DN_CLONES void dn_moments(const float *restrict x, size_t n, size_t d, float *restrict mean, float *restrict variance) {
#pragma clang fp contract(fast)
    memset(mean, 0, d * sizeof *mean);
    memset(variance, 0, d * sizeof *variance);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < d; j++) mean[j] += x[i * d + j];
    for (size_t j = 0; j < d; j++) mean[j] /= (float)n;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < d; j++) {
            float e = x[i * d + j] - mean[j];
            variance[j] += e * e;
        }
    for (size_t j = 0; j < d; j++) variance[j] /= (float)n;
}

DN_CLONES void dn_normalize(const float *restrict x, size_t n, size_t d, const float *restrict mean,
                            const float *restrict inverse, const float *restrict gamma, const float *restrict beta,
                            float *restrict normalized, float *restrict y) {
#pragma clang fp contract(fast)
    for (size_t i = 0; i < n; i++, x += d, y += d) {
        for (size_t j = 0; j < d; j++) y[j] = (x[j] - mean[j]) * inverse[j];
        if (normalized) memcpy(normalized + i * d, y, d * sizeof *y);
        for (size_t j = 0; j < d; j++) y[j] = gamma[j] * y[j] + beta[j];
    }
}

DN_CLONES void dn_normalize_gradient(const float *restrict dy, const float *restrict normalized, size_t n, size_t d,
                                     const float *restrict gamma, const float *restrict inverse, float *restrict dx,
                                     float *restrict dgamma, float *restrict dbeta) {
#pragma clang fp contract(fast)
    memset(dgamma, 0, d * sizeof *dgamma);
    memset(dbeta, 0, d * sizeof *dbeta);
    for (size_t i = 0; i < n * d; i += d)
        for (size_t j = 0; j < d; j++) {
            dbeta[j] += dy[i + j];
            dgamma[j] += dy[i + j] * normalized[i + j];
        }
    if (!dx) return;
    float share = 1 / (float)n;
    for (size_t i = 0; i < n * d; i += d)
        for (size_t j = 0; j < d; j++)
            dx[i + j] = gamma[j] * inverse[j] * (dy[i + j] - share * (dbeta[j] + normalized[i + j] * dgamma[j]));
}

// MARK: chance

/// Wellons' low-bias mixing of 32 bits; the key is mixed in twice so that runs of i under near keys do not overlap.
DN_INLINE uint32_t mixed(uint32_t i, uint32_t key) {
    uint32_t h = i ^ key;
    h = (h ^ (h >> 16)) * 0x7feb352du;
    h = (h ^ (h >> 15)) * 0x846ca68bu;
    h = (h ^ (h >> 16)) + key * 0x9e3779b9u;
    h = (h ^ (h >> 16)) * 0x7feb352du;
    return h ^ (h >> 15);
}

DN_CLONES void dn_dropout(const float *x, float *y, size_t count, float rate, uint32_t key) {
    uint32_t bound = (uint32_t)((double)rate * 16777216.0);
    float scale = 1 / (1 - rate);
    for (size_t i = 0; i < count; i++) y[i] = (mixed((uint32_t)i, key) >> 8) >= bound ? x[i] * scale : 0;
}

DN_CLONES void dn_noise(float *x, size_t count, float deviation, uint32_t key) {
    // Eight even bytes: mean 1020, variance 8 · (256² - 1) / 12.
    const float unit = deviation / 209.0210516f;
    for (size_t i = 0; i < count; i++) {
        uint32_t a = mixed((uint32_t)i, key), b = mixed((uint32_t)i, ~key);
        uint32_t sum = (a & 255) + (a >> 8 & 255) + (a >> 16 & 255) + (a >> 24) + (b & 255) + (b >> 8 & 255) +
                       (b >> 16 & 255) + (b >> 24);
        x[i] += ((float)(int32_t)sum - 1020) * unit;
    }
}

// MARK: rows

void dn_gather(const float *restrict x, size_t stride, const int32_t *restrict rows, size_t count, size_t d,
               float *restrict out) {
    enum { ahead = 8 };
    for (size_t i = 0; i < count; i++) {
        if (i + ahead < count) {
            const float *next = x + (size_t)rows[i + ahead] * stride;
            for (size_t j = 0; j < d && j < 256; j += 16) __builtin_prefetch(next + j);
        }
        memcpy(out + i * d, x + (size_t)rows[i] * stride, d * sizeof *out);
    }
}

DN_CLONES void dn_embed(const float *restrict x, size_t x_stride, size_t n, size_t d, const float *restrict table,
                        size_t width, float *restrict out, size_t out_stride) {
#pragma clang fp contract(fast)
    for (size_t i = 0; i < n; i++, x += x_stride, out += out_stride)
        for (size_t f = 0; f < d; f++) {
            float share = x[f];
            if (share == 0) continue;
            for (size_t j = 0; j < width; j++) out[j] += share * table[f * width + j];
        }
}

DN_CLONES void dn_embed_gradient(const float *restrict x, size_t x_stride, size_t n, size_t d, const float *restrict dy,
                                 size_t dy_stride, size_t width, float *restrict table_gradient) {
#pragma clang fp contract(fast)
    for (size_t i = 0; i < n; i++, x += x_stride, dy += dy_stride)
        for (size_t f = 0; f < d; f++) {
            float share = x[f];
            if (share == 0) continue;
            for (size_t j = 0; j < width; j++) table_gradient[f * width + j] += share * dy[j];
        }
}

/// Whatever noise was added to a code, it stays within the table.
DN_INLINE size_t code_of(float x, size_t d) {
    if (!(x > 0)) return 0;
    return x < (float)(d - 1) ? (size_t)(x + 0.5f) : d - 1;
}

DN_CLONES void dn_embed_code(const float *restrict x, size_t x_stride, size_t n, size_t d, const float *restrict table,
                             size_t width, float *restrict out, size_t out_stride) {
    for (size_t i = 0; i < n; i++, x += x_stride, out += out_stride) {
        const float *row = table + code_of(*x, d) * width;
        for (size_t j = 0; j < width; j++) out[j] += row[j];
    }
}

DN_CLONES void dn_embed_code_gradient(const float *restrict x, size_t x_stride, size_t n, size_t d, const float *restrict dy,
                                      size_t dy_stride, size_t width, float *restrict table_gradient) {
    for (size_t i = 0; i < n; i++, x += x_stride, dy += dy_stride) {
        float *row = table_gradient + code_of(*x, d) * width;
        for (size_t j = 0; j < width; j++) row[j] += dy[j];
    }
}

// MARK: updates

DN_CLONES double dn_squared_norm(const float *restrict w, const float *restrict gradient, size_t count, float l2) {
#pragma clang fp reassociate(on) contract(fast)
    double norm = 0;
    for (size_t start = 0; start < count; start += 4096) {
        size_t end = start + 4096 < count ? start + 4096 : count;
        float sum = 0;
        if (l2 == 0)
            for (size_t i = start; i < end; i++) sum += gradient[i] * gradient[i];
        else
            for (size_t i = start; i < end; i++) {
                float g = gradient[i] + l2 * w[i];
                sum += g * g;
            }
        norm += (double)sum;
    }
    return norm;
}

DN_INLINE float soft_threshold(float w, float t) {
    float shrunk = fabsf(w) - t;
    return shrunk > 0 ? copysignf(shrunk, w) : (w != w ? w : 0.0f);
}

DN_CLONES void dn_sgd(float *restrict w, const float *restrict gradient, float *restrict velocity, size_t count,
                      const dn_step *step) {
#pragma clang fp contract(fast)
    const dn_step o = *step;
    float keep = 1 - o.learning_rate * o.decay;
    for (size_t i = 0; i < count; i++) {
        float g = o.scale * (gradient[i] + o.l2 * w[i]);
        velocity[i] = o.momentum * velocity[i] + g;
        w[i] = keep * w[i] - o.learning_rate * (o.nesterov ? g + o.momentum * velocity[i] : velocity[i]);
    }
    if (o.l1 > 0)
        for (size_t i = 0; i < count; i++) w[i] = soft_threshold(w[i], o.learning_rate * o.l1);
}

DN_CLONES void dn_adam(float *restrict w, const float *restrict gradient, float *restrict m, float *restrict v, size_t count,
                       const dn_step *step) {
#pragma clang fp contract(fast)
    const dn_step o = *step;
    float keep = 1 - o.learning_rate * o.decay;
    // m / c1 over √(v / c2) + ε, with both corrections taken out of the loop.
    float root = sqrtf(o.correction2), rate = o.learning_rate * root / o.correction1, epsilon = o.epsilon * root;
    float shrink = o.learning_rate * root * o.l1;
    for (size_t i = 0; i < count; i++) {
        float g = o.scale * (gradient[i] + o.l2 * w[i]);
        m[i] = o.beta1 * m[i] + (1 - o.beta1) * g;
        v[i] = o.beta2 * v[i] + (1 - o.beta2) * g * g;
        float inverse = 1 / (sqrtf(v[i]) + epsilon);
        float next = keep * w[i] - rate * inverse * m[i];
        w[i] = o.l1 > 0 ? soft_threshold(next, shrink * inverse) : next;
    }
}

DN_CLONES void dn_rmsprop(float *restrict w, const float *restrict gradient, float *restrict velocity, float *restrict v,
                          size_t count, const dn_step *step) {
#pragma clang fp contract(fast)
    const dn_step o = *step;
    float keep = 1 - o.learning_rate * o.decay;
    for (size_t i = 0; i < count; i++) {
        float g = o.scale * (gradient[i] + o.l2 * w[i]);
        v[i] = o.beta2 * v[i] + (1 - o.beta2) * g * g;
        float inverse = 1 / (sqrtf(v[i]) + o.epsilon);
        velocity[i] = o.momentum * velocity[i] + g * inverse;
        float next = keep * w[i] - o.learning_rate * velocity[i];
        w[i] = o.l1 > 0 ? soft_threshold(next, o.learning_rate * o.l1 * inverse) : next;
    }
}
