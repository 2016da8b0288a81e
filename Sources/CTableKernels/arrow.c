#include "arrow.h"
#include "parquet.h"
#include <string.h>

static inline int is_valid(const uint8_t *valid, size_t i) { return !valid || valid[i >> 3] >> (i & 7) & 1; }

void dk_blank_numbers(const uint8_t *valid, double *values, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (!is_valid(valid, i)) values[i] = __builtin_nan("");
}

void dk_blank_codes(const uint8_t *valid, int32_t *codes, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (!is_valid(valid, i)) codes[i] = -1;
}

#define PLACES(type)                                          \
    for (size_t i = 0; i < count; i++) {                      \
        type place;                                           \
        memcpy(&place, in + i * sizeof place, sizeof place);  \
        if (!is_valid(valid, i)) {                            \
            out[i] = -1;                                      \
            continue;                                         \
        }                                                     \
        /* As unsigned, what is negative is too large. */     \
        if ((uint64_t)place >= (uint64_t)size) return 0;      \
        out[i] = (int32_t)place;                              \
    }                                                         \
    return 1

int dk_places(int type, const uint8_t *in, size_t count, const uint8_t *valid, size_t size, int32_t *out) {
    if (size > INT32_MAX) return 0;
    switch (type) {
    case DK_INT8: PLACES(int8_t);
    case DK_UINT8: PLACES(uint8_t);
    case DK_INT16: PLACES(int16_t);
    case DK_UINT16: PLACES(uint16_t);
    case DK_INT32: PLACES(int32_t);
    case DK_UINT32: PLACES(uint32_t);
    case DK_INT64: PLACES(int64_t);
    case DK_UINT64: PLACES(uint64_t);
    default: return 0;
    }
}
