#ifndef DESCENT_LINEAR_H
#define DESCENT_LINEAR_H
#include <stddef.h>
#include <stdint.h>

enum { DK_SQUARED = 0, DK_LOGISTIC = 1 };

/// One mini-batch of a linear model with one score. `x` has rows of `stride` floats (4, 8 or a multiple of 16), of which
/// `rows[0..<count]` are used. Overwrites `gradient` [stride] and `bias_gradient` with sums over rows; returns the summed loss.
double dk_linear_batch(const float *x, size_t stride, const int32_t *rows, size_t count, const float *targets, const float *w,
                       float bias, int loss, float *gradient, float *bias_gradient);

/// The same for `classes` scores and softmax loss; w and gradient [classes, stride], targets are class indices. `scratch` holds
/// `classes` floats.
double dk_softmax_batch(const float *x, size_t stride, const int32_t *rows, size_t count, const float *targets, const float *w,
                        const float *bias, size_t classes, float *gradient, float *bias_gradient, float *scratch);

/// Scores [count, classes] of rows `rows[i]`, or of rows 0..<count when `rows` is NULL.
void dk_linear_scores(const float *x, size_t stride, const int32_t *rows, size_t count, const float *w, const float *bias,
                      size_t classes, float *scores);

/// Optimiser settings of one step.
typedef struct {
    /// The gradient is multiplied by `scale`; then `decay` times the parameter is added.
    float scale, decay, learning_rate;
    /// Soft threshold of the proximal step, before it is multiplied by the parameter's own rate.
    float l1;
    /// sgd: momentum. adam: decay rates, and 1 - beta^t.
    float momentum, beta1, beta2, correction1, correction2;
} dk_step;

/// Plain or momentum gradient descent; returns the squared norm of the scaled gradient with decay.
double dk_sgd(float *w, const float *gradient, float *velocity, size_t count, const dk_step *step);
/// Adam; returns the same.
double dk_adam(float *w, const float *gradient, float *m, float *v, size_t count, const dk_step *step);

/// Rows of `width` floats become rows of `stride`, shifted and scaled; padding is zero. `means` NULL = copied as they are.
void dk_standardize(const float *x, size_t count, size_t width, const float *means, const float *inverses, float *out, size_t stride);
#endif
