// IDX arrays. Source: the file format section of LeCun's MNIST page.
#include "idx.h"
#include <string.h>

static inline uint64_t big(const uint8_t *p, size_t bytes) {
    uint64_t value = 0;
    for (size_t i = 0; i < bytes; i++) value = value << 8 | p[i];
    return value;
}

static double number(int type, const uint8_t *p) {
    float single;
    double wide;
    uint32_t bits32;
    uint64_t bits64;
    switch (type) {
    case 8: return p[0];
    case 9: return (int8_t)p[0];
    case 11: return (int16_t)big(p, 2);
    case 12: return (int32_t)big(p, 4);
    case 13: return bits32 = (uint32_t)big(p, 4), memcpy(&single, &bits32, 4), single;
    default: return bits64 = big(p, 8), memcpy(&wide, &bits64, 8), wide;
    }
}

void dk_idx_columns(int type, const uint8_t *in, size_t rows, size_t width, double *const *columns, size_t column_count) {
    size_t size = type == 8 || type == 9 ? 1 : type == 11 ? 2 : type == 14 ? 8 : 4;
    for (size_t row = 0; row < rows; row++) {
        const uint8_t *p = in + row * width * size;
        if (type == 8)
            for (size_t c = 0; c < column_count; c++) columns[c][row] = p[c];
        else
            for (size_t c = 0; c < column_count; c++) columns[c][row] = number(type, p + c * size);
    }
}
