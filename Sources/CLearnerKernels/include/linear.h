#ifndef DESCENT_LINEAR_H
#define DESCENT_LINEAR_H
#include <stddef.h>
#include <stdint.h>

enum {
    DK_SQUARED,
    DK_LOGISTIC,
    DK_ABSOLUTE,
    DK_QUANTILE,
    DK_HUBER,
    DK_EPSILON_SQUARED,
    DK_EPSILON_ABSOLUTE,
    DK_HINGE,
    DK_SOFTMAX
};

/// What is minimised, and its quantile, delta, epsilon or margin.
typedef struct {
    int32_t kind;
    float parameter;
} dk_loss;

/// One mini-batch of a linear model with one score. `x` has rows of `stride` floats (4, 8 or a multiple of 16), of which
/// `rows[0..<count]` are used, or 0..<count when `rows` is NULL. Losses and gradients are multiplied by `row_weights` [rows of x],
/// if given. Overwrites `gradient` [stride] and `bias_gradient` with sums over rows; returns the summed loss.
double dk_linear_batch(const float *x, size_t stride, const int32_t *rows, size_t count, const float *targets,
                       const float *row_weights, const float *w, float bias, const dk_loss *loss, float *gradient,
                       float *bias_gradient);

/// The same for `classes` scores and softmax loss; w and gradient [classes, stride], targets are class indices. `scratch` holds
/// `classes` floats.
double dk_softmax_batch(const float *x, size_t stride, const int32_t *rows, size_t count, const float *targets,
                        const float *row_weights, const float *w, const float *bias, size_t classes, float *gradient,
                        float *bias_gradient, float *scratch);

/// The same for `models` models at once, each of `classes` scores (1 but for softmax); w [models, classes, stride], bias
/// [models, classes]. `losses` [models] are sums over rows. `gradient` NULL = losses only. `scratch` holds
/// `dk_many_scratch(stride, models, classes)` floats.
void dk_many_batch(const float *x, size_t stride, const int32_t *rows, size_t count, const float *targets,
                   const float *row_weights, const float *w, const float *bias, size_t models, size_t classes,
                   const dk_loss *loss, float *gradient, float *bias_gradient, double *losses, float *scratch);
size_t dk_many_scratch(size_t stride, size_t models, size_t classes);

/// Categories of rows: row i of x also has the features `codes[i * count ..< (i + 1) * count]`, each of them 1. A code is the
/// place of its weight among a score's `width` weights, of which the first `stride` are those of x.
typedef struct {
    const int32_t *codes;
    size_t count, width;
} dk_categories;

/// The same as `dk_many_batch` for rows with categories, whose other indicators, all 0, are nowhere written out; w and gradient
/// [models, classes, width]. `scratch` holds `classes` floats.
void dk_coded_batch(const float *x, size_t stride, const dk_categories *categories, const int32_t *rows, size_t count,
                    const float *targets, const float *row_weights, const float *w, const float *bias, size_t models,
                    size_t classes, const dk_loss *loss, float *gradient, float *bias_gradient, double *losses, float *scratch);

/// Scores [count, classes] of rows `rows[i]`, or of rows 0..<count when `rows` is NULL; `categories` NULL = none.
void dk_linear_scores(const float *x, size_t stride, const dk_categories *categories, const int32_t *rows, size_t count,
                      const float *w, const float *bias, size_t classes, float *scores);

/// Optimiser settings of one step.
typedef struct {
    /// The gradient is multiplied by `scale`; then `decay` times the parameter is added.
    float scale, decay, learning_rate;
    /// Soft threshold of the proximal step, before it is multiplied by the parameter's own rate.
    float l1;
    /// sgd: momentum. adam: decay rates, and 1 - beta^t. rmsprop: beta2.
    float momentum, beta1, beta2, correction1, correction2;
} dk_step;

/// Plain or momentum gradient descent; returns the squared norm of the scaled gradient with decay.
double dk_sgd(float *w, const float *gradient, float *velocity, size_t count, const dk_step *step);
/// Adam; returns the same.
double dk_adam(float *w, const float *gradient, float *m, float *v, size_t count, const dk_step *step);

/// RMSprop; returns the same.
double dk_rmsprop(float *w, const float *gradient, float *v, size_t count, const dk_step *step);
/// AdaGrad; returns the same.
double dk_adagrad(float *w, const float *gradient, float *v, size_t count, const dk_step *step);

/// Means and sums of squared deviations of `width` columns in one pass. `scratch` holds 2 * width numbers.
void dk_moments(const float *x, size_t count, size_t width, double *mean, double *squares, double *scratch);

/// Means and sums of squared deviations of rows that count `weights` [count]; returns the sum of the weights, 0 with no moments.
double dk_weighted_moments(const float *x, size_t count, size_t width, const float *weights, double *mean, double *squares);

/// Adds to `out` [padded, padded] the products of columns over rows, and of columns with a last column of ones, each row
/// multiplied by `roots` [count] if given; only i <= j is complete. padded = width + 1 rounded up to 16; `scratch` holds
/// 256 * padded floats.
void dk_gram(const float *x, size_t stride, size_t width, const int32_t *rows, size_t count, const float *roots, double *out,
             size_t padded, float *scratch);

/// The first `width` floats of rows `from_stride` apart become rows of `stride`, shifted and scaled; padding is zero. `means` NULL =
/// copied as they are.
void dk_standardize(const float *x, size_t from_stride, size_t count, size_t width, const float *means, const float *inverses,
                    float *out, size_t stride);
#endif
