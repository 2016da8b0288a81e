// Convolution's patches, pooling and augmentation. An image is [h, w, c], row after row, channels together.
#include "neural.h"
#include <math.h>
#include <string.h>

#define DN_CLONES __attribute__((target_clones("avx512f", "arch=haswell", "default")))

void dn_patches(const float *restrict image, size_t h, size_t w, size_t c, float *restrict columns) {
    for (size_t y = 0; y < h; y++)
        for (size_t x = 0; x < w; x++)
            for (size_t ky = 0; ky < 3; ky++) {
                size_t row = y + ky;  // one more than the row it means
                for (size_t kx = 0; kx < 3; kx++, columns += c) {
                    size_t column = x + kx;
                    if (row == 0 || row > h || column == 0 || column > w)
                        for (size_t k = 0; k < c; k++) columns[k] = 0;
                    else {
                        const float *pixel = image + ((row - 1) * w + column - 1) * c;
                        for (size_t k = 0; k < c; k++) columns[k] = pixel[k];
                    }
                }
            }
}

DN_CLONES void dn_patches_gradient(const float *restrict columns, size_t h, size_t w, size_t c, float *restrict image) {
    memset(image, 0, h * w * c * sizeof *image);
    for (size_t y = 0; y < h; y++)
        for (size_t x = 0; x < w; x++)
            for (size_t ky = 0; ky < 3; ky++) {
                size_t row = y + ky;
                for (size_t kx = 0; kx < 3; kx++, columns += c) {
                    size_t column = x + kx;
                    if (row == 0 || row > h || column == 0 || column > w) continue;
                    float *pixel = image + ((row - 1) * w + column - 1) * c;
                    for (size_t k = 0; k < c; k++) pixel[k] += columns[k];
                }
            }
}

DN_CLONES void dn_max_pool(const float *restrict images, size_t n, size_t h, size_t w, size_t c, float *restrict out) {
    for (size_t i = 0; i < n; i++, images += h * w * c)
        for (size_t y = 0; y < h / 2; y++)
            for (size_t x = 0; x < w / 2; x++, out += c) {
                const float *p = images + (2 * y * w + 2 * x) * c, *q = p + w * c;
                for (size_t k = 0; k < c; k++) {
                    float a = p[k] >= p[k + c] || p[k] != p[k] ? p[k] : p[k + c];
                    float b = q[k] >= q[k + c] || q[k] != q[k] ? q[k] : q[k + c];
                    out[k] = a >= b || a != a ? a : b;
                }
            }
}

void dn_max_pool_gradient(const float *restrict images, const float *restrict out, const float *restrict dout, size_t n,
                          size_t h, size_t w, size_t c, float *restrict dx) {
    memset(dx, 0, n * h * w * c * sizeof *dx);
    for (size_t i = 0; i < n; i++, images += h * w * c, dx += h * w * c)
        for (size_t y = 0; y < h / 2; y++)
            for (size_t x = 0; x < w / 2; x++, out += c, dout += c) {
                size_t p = (2 * y * w + 2 * x) * c, q = p + w * c;
                for (size_t k = 0; k < c; k++) {
                    float most = out[k];
                    size_t first = images[p + k] == most       ? p
                                   : images[p + c + k] == most ? p + c
                                   : images[q + k] == most     ? q
                                                               : q + c;
                    dx[first + k] += dout[k];
                }
            }
}

void dn_warp(const float *restrict image, size_t h, size_t w, size_t c, float cosine, float sine, float dy, float dx,
             float mirror, const float *restrict fill, float *restrict out) {
    float middle_y = (float)(h - 1) / 2, middle_x = (float)(w - 1) / 2;
    for (size_t y = 0; y < h; y++)
        for (size_t x = 0; x < w; x++, out += c) {
            float v = (float)y - middle_y - dy, u = (float)x - middle_x - dx;
            float from_y = cosine * v - sine * u + middle_y, from_x = (sine * v + cosine * u) * mirror + middle_x;
            float top = floorf(from_y), left = floorf(from_x), below = from_y - top, right = from_x - left;
            for (size_t k = 0; k < c; k++) out[k] = 0;
            for (int corner = 0; corner < 4; corner++) {
                float share = (corner & 2 ? below : 1 - below) * (corner & 1 ? right : 1 - right);
                if (share == 0) continue;
                float row = top + (float)(corner >> 1), column = left + (float)(corner & 1);
                int inside = row >= 0 && row < (float)h && column >= 0 && column < (float)w;
                const float *pixel = inside ? image + ((size_t)row * w + (size_t)column) * c : fill;
                for (size_t k = 0; k < c; k++) out[k] += share * pixel[k];
            }
        }
}
