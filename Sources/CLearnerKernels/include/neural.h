#ifndef DESCENT_NEURAL_H
#define DESCENT_NEURAL_H
#include <stddef.h>
#include <stdint.h>

// What neural networks do besides matrix products. Matrices are row after row; n = rows, d = width.

enum { DN_IDENTITY = 0, DN_RELU = 1, DN_TANH = 2, DN_SIGMOID = 3, DN_GELU = 4 };

/// y [n, d] becomes f(y + bias); `bias` may be NULL. For DN_GELU `kept` [n, d] receives y + bias, else it is unused.
void dn_bias_activation(float *y, const float *bias, float *kept, size_t n, size_t d, int activation);
/// dy [n, d] becomes dy · f'(…) from the outputs y (for DN_GELU from `kept`); its column sums are written to `bias_gradient`
/// [d] unless that is NULL.
void dn_activation_gradient(float *dy, const float *y, const float *kept, size_t n, size_t d, int activation,
                            float *bias_gradient);

/// Summed r (s - y)², r [n] = what each row counts, or NULL for 1; gradient [n] = 2 r (s - y) scale.
double dn_squared_loss(const float *scores, const float *targets, const float *r, size_t n, float scale, float *gradient);
/// Summed r times cross entropy, unsmoothed and without class weights, of s = log-odds; the gradient is that of the loss with
/// targets pulled `smoothing` of the way to 1/2 and rows weighted by `weights` [2] of their class besides.
double dn_logistic_loss(const float *scores, const float *targets, const float *r, size_t n, float scale, float smoothing,
                        const float *weights, float *gradient);
/// The same for k classes, scores [n, k].
double dn_softmax_loss(const float *scores, const float *targets, const float *r, size_t n, size_t k, float scale,
                       float smoothing, const float *weights, float *gradient);

/// Column means and population variances of x [n, d].
void dn_moments(const float *x, size_t n, size_t d, float *mean, float *variance);
/// normalized = (x - mean) inverse, y = gamma normalized + beta; `normalized` may be NULL.
void dn_normalize(const float *x, size_t n, size_t d, const float *mean, const float *inverse, const float *gamma,
                  const float *beta, float *normalized, float *y);
/// Batch normalisation backwards: writes dx (may be NULL), dgamma, dbeta.
void dn_normalize_gradient(const float *dy, const float *normalized, size_t n, size_t d, const float *gamma,
                           const float *inverse, float *dx, float *dgamma, float *dbeta);

/// y[i] = x[i] / (1 - rate), or 0 with probability `rate`; which ones follows from `key` and i alone. x = y is allowed.
void dn_dropout(const float *x, float *y, size_t count, float rate, uint32_t key);
/// Adds nearly normal noise (a sum of eight even ones) of the given deviation.
void dn_noise(float *x, size_t count, float deviation, uint32_t key);

/// out [count, d] = the rows `rows` of x, whose rows are `stride` floats apart.
void dn_gather(const float *x, size_t stride, const int32_t *rows, size_t count, size_t d, float *out);
/// Adds x [n, d] of a group of features times its table [d, width] to out [n, …]; zeros cost nothing.
void dn_embed(const float *x, size_t x_stride, size_t n, size_t d, const float *table, size_t width, float *out,
              size_t out_stride);
/// The table's gradient: adds x' · dy.
void dn_embed_gradient(const float *x, size_t x_stride, size_t n, size_t d, const float *dy, size_t dy_stride, size_t width,
                       float *table_gradient);

/// Adds row x[i] of a table [d, width] to out [n, …]; x holds whole numbers from 0 to below d.
void dn_embed_code(const float *x, size_t x_stride, size_t n, size_t d, const float *table, size_t width, float *out,
                   size_t out_stride);
/// The table's gradient: adds each dy to its row.
void dn_embed_code_gradient(const float *x, size_t x_stride, size_t n, size_t d, const float *dy, size_t dy_stride,
                            size_t width, float *table_gradient);

/// Patches of 3 × 3 around every pixel of an image [h, w, c], zeros beyond its edges: columns [h w, 9 c].
void dn_patches(const float *image, size_t h, size_t w, size_t c, float *columns);
/// The inverse: adds columns back to where they were taken from; overwrites `image`.
void dn_patches_gradient(const float *columns, size_t h, size_t w, size_t c, float *image);
/// Largest of each 2 × 2 window; an odd last row or column is left out. images [n, h, w, c], out [n, h/2, w/2, c].
void dn_max_pool(const float *images, size_t n, size_t h, size_t w, size_t c, float *out);
/// Each window's gradient goes to the first of its largest; overwrites `dx`.
void dn_max_pool_gradient(const float *images, const float *out, const float *dout, size_t n, size_t h, size_t w, size_t c,
                          float *dx);
/// A turned, moved, mirrored copy of an image [h, w, c], by bilinear interpolation; beyond the edges it is `fill` [c].
/// cosine and sine are the turn's; dy and dx the shift in pixels; mirror is 1 or -1.
void dn_warp(const float *image, size_t h, size_t w, size_t c, float cosine, float sine, float dy, float dx, float mirror,
             const float *fill, float *out);

/// Settings of one update.
typedef struct {
    /// The gradient is `scale` times the given one (clipping) plus `l2` times the parameter.
    float scale, l2;
    float learning_rate;
    /// Decoupled: the parameter shrinks by learning_rate · decay of itself.
    float decay;
    /// Soft threshold of the proximal step, before it is multiplied by the parameter's own rate.
    float l1;
    /// sgd: momentum. adam, rmsprop: memories, and 1 - beta^t.
    float momentum, beta1, beta2, correction1, correction2, epsilon;
    int nesterov;
} dn_step;

/// Σ (g + l2 w)².
double dn_squared_norm(const float *w, const float *gradient, size_t count, float l2);
void dn_sgd(float *w, const float *gradient, float *velocity, size_t count, const dn_step *step);
void dn_adam(float *w, const float *gradient, float *m, float *v, size_t count, const dn_step *step);
void dn_rmsprop(float *w, const float *gradient, float *velocity, float *v, size_t count, const dn_step *step);
#endif
