// Decoders for Parquet's encodings. p = read position, w = eight bytes as one word.
// Source: the Parquet format's Encodings.md, version 2.11.
#include "parquet.h"
#include <math.h>
#include <string.h>

static int varint(const uint8_t **p, const uint8_t *end, uint64_t *value) {
    *value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        if (*p == end) return 0;
        uint8_t byte = *(*p)++;
        *value |= (uint64_t)(byte & 0x7f) << shift;
        if (!(byte & 0x80)) return 1;
    }
    return 0;
}

/// The eight bytes from p, those behind the end as zeros.
static inline uint64_t word_at(const uint8_t *p, const uint8_t *end) {
    uint64_t w = 0;
    if (p < end) memcpy(&w, p, end - p < 8 ? (size_t)(end - p) : 8);
    return w;
}

/// Value i of `width` bits (1 to 64) in a packed range that ends at `end`.
static inline uint64_t packed(const uint8_t *in, const uint8_t *end, size_t i, unsigned width) {
    size_t bit = i * width;
    const uint8_t *p = in + (bit >> 3);
    unsigned shift = bit & 7;
    uint64_t w;
    if (end - p >= 8) memcpy(&w, p, 8);
    else w = word_at(p, end);
    w >>= shift;
    if (shift + width > 64) w |= (uint64_t)(p + 8 < end ? p[8] : 0) << (64 - shift);
    return width == 64 ? w : w & ((1ull << width) - 1);
}

int dk_rle(const uint8_t *in, size_t count, unsigned width, uint32_t *out, size_t values) {
    const uint8_t *p = in, *end = in + count;
    if (width > 32) return 0;
    if (width == 0) {
        memset(out, 0, values * sizeof *out);
        return 1;
    }
    size_t done = 0, bytes = (width + 7) / 8;
    while (done < values) {
        uint64_t header;
        if (!varint(&p, end, &header)) return 0;
        uint64_t length = header >> 1;
        if (header & 1) {
            if (length > (uint64_t)count) return 0;  // a group has at least one byte
            size_t take = length * 8 < values - done ? (size_t)length * 8 : values - done;
            size_t size = (size_t)length * width;
            if ((take * width + 7) / 8 > (size_t)(end - p)) return 0;
            for (size_t i = 0; i < take; i++) out[done + i] = (uint32_t)packed(p, end, i, width);
            p += size < (size_t)(end - p) ? size : (size_t)(end - p);
            done += take;
        } else {
            if (bytes > (size_t)(end - p)) return 0;
            uint32_t value = 0;
            memcpy(&value, p, bytes);
            p += bytes;
            size_t take = length < values - done ? (size_t)length : values - done;
            for (size_t i = 0; i < take; i++) out[done + i] = value;
            done += take;
        }
    }
    return 1;
}

static int zigzag(const uint8_t **p, const uint8_t *end, uint64_t *value) {
    uint64_t raw;
    if (!varint(p, end, &raw)) return 0;
    *value = (raw >> 1) ^ (0 - (raw & 1));
    return 1;
}

size_t dk_delta(const uint8_t *in, size_t count, unsigned bits, int64_t *out, size_t values) {
    const uint8_t *p = in, *end = in + count;
    uint64_t block, minis, total, value;
    if (!varint(&p, end, &block) || !varint(&p, end, &minis) || !varint(&p, end, &total) || !zigzag(&p, end, &value)) return 0;
    if (total != values || minis == 0 || minis > 1 << 16 || block > 1 << 24 || block % minis || (block / minis) % 8) return 0;
    size_t size = (size_t)(block / minis), done = 0;
    if (size == 0) return 0;
    if (values > 0) out[done++] = bits == 32 ? (int32_t)value : (int64_t)value;
    while (done < values) {
        uint64_t least;
        if (!zigzag(&p, end, &least) || minis > (uint64_t)(end - p)) return 0;
        const uint8_t *widths = p;
        p += minis;
        for (size_t m = 0; m < minis && done < values; m++) {
            unsigned width = widths[m];
            size_t bytes = size / 8 * width, take = size < values - done ? size : values - done;
            if (width > 64 || (take * width + 7) / 8 > (size_t)(end - p)) return 0;
            for (size_t i = 0; i < take; i++) {
                value += least + (width ? packed(p, end, i, width) : 0);
                out[done + i] = bits == 32 ? (int32_t)value : (int64_t)value;
            }
            p += bytes < (size_t)(end - p) ? bytes : (size_t)(end - p);
            done += take;
        }
    }
    return (size_t)(p - in);
}

int dk_stream_split(const uint8_t *in, size_t count, size_t width, uint8_t *out, size_t values) {
    if (width == 0 || values > count / width) return 0;
    for (size_t b = 0; b < width; b++)
        for (size_t i = 0; i < values; i++) out[i * width + b] = in[b * values + i];
    return 1;
}

int dk_bits(const uint8_t *in, size_t count, uint32_t *out, size_t values) {
    if (values > count * 8) return 0;
    for (size_t i = 0; i < values; i++) out[i] = in[i >> 3] >> (i & 7) & 1;
    return 1;
}

static double half(uint16_t h) {
    int exponent = h >> 10 & 31;
    double fraction = h & 0x3ff;
    double value = exponent == 31 ? (fraction != 0 ? __builtin_nan("") : __builtin_inf())
                   : exponent     ? ldexp(1024 + fraction, exponent - 25)
                                  : ldexp(fraction, -24);
    return h >> 15 ? -value : value;
}

double dk_big_endian(const uint8_t *in, size_t width) {
    if (width == 0) return 0;
    int negative = in[0] >> 7;
    if (width <= 8) {
        uint64_t bits = negative ? UINT64_MAX : 0;
        for (size_t i = 0; i < width; i++) bits = bits << 8 | in[i];
        return (double)(int64_t)bits;
    }
    // The value is -(~x) - 1 for a negative x, so that only a magnitude is summed up.
    long double magnitude = 0;
    for (size_t i = 0; i < width; i++) magnitude = magnitude * 256 + (negative ? (uint8_t)~in[i] : in[i]);
    return (double)(negative ? -magnitude - 1 : magnitude);
}

static double little_endian(const uint8_t *in, size_t width) {
    uint8_t reversed[32];
    for (size_t i = 0; i < width; i++) reversed[i] = in[width - 1 - i];
    return dk_big_endian(reversed, width);
}

static double julian(const uint8_t *in) {
    int64_t nanoseconds;
    int32_t day;
    memcpy(&nanoseconds, in, 8);
    memcpy(&day, in + 8, 4);
    return ((double)day - 2440588) * 86400 + (double)nanoseconds / 1e9;
}

#define CONVERT(type)                              \
    for (size_t i = 0; i < values; i++) {          \
        type value;                                \
        memcpy(&value, in + i * sizeof value, sizeof value); \
        out[i] = (double)value;                    \
    }                                              \
    break

int dk_numbers(int type, size_t width, const uint8_t *in, size_t values, double factor, double *out) {
    switch (type) {
    case DK_INT32: CONVERT(int32_t);
    case DK_UINT32: CONVERT(uint32_t);
    case DK_INT64: CONVERT(int64_t);
    case DK_UINT64: CONVERT(uint64_t);
    case DK_FLOAT: CONVERT(float);
    case DK_DOUBLE: memcpy(out, in, values * sizeof *out); break;
    case DK_FLOAT16:
        for (size_t i = 0; i < values; i++) out[i] = half((uint16_t)(in[2 * i] | in[2 * i + 1] << 8));
        break;
    case DK_INT96:
        for (size_t i = 0; i < values; i++) out[i] = julian(in + 12 * i);
        break;
    case DK_INT8: CONVERT(int8_t);
    case DK_UINT8: CONVERT(uint8_t);
    case DK_INT16: CONVERT(int16_t);
    case DK_UINT16: CONVERT(uint16_t);
    case DK_LITTLE_ENDIAN:
        for (size_t i = 0; i < values; i++) out[i] = little_endian(in + i * width, width);
        break;
    default:
        for (size_t i = 0; i < values; i++) out[i] = dk_big_endian(in + i * width, width);
    }
    if (factor < 0)
        for (size_t i = 0; i < values; i++) out[i] /= -factor;
    else if (factor != 1)
        for (size_t i = 0; i < values; i++) out[i] *= factor;
    if (type != DK_FLOAT && type != DK_DOUBLE && type != DK_FLOAT16) return 0;
    int infinite = 0;
    for (size_t i = 0; i < values; i++) infinite |= __builtin_fabs(out[i]) == __builtin_inf();
    return infinite;
}

static uint32_t highest(const uint32_t *places, size_t values) {
    uint32_t most = 0;
    for (size_t i = 0; i < values; i++) most = places[i] > most ? places[i] : most;
    return most;
}

int dk_pick_numbers(const double *dictionary, size_t size, const uint32_t *places, size_t values, double *out) {
    if (values && highest(places, values) >= size) return 0;
    for (size_t i = 0; i < values; i++) out[i] = dictionary[places[i]];
    return 1;
}

int dk_pick_codes(const int32_t *dictionary, size_t size, const uint32_t *places, size_t values, int32_t *out) {
    if (values && highest(places, values) >= size) return 0;
    for (size_t i = 0; i < values; i++) out[i] = dictionary[places[i]];
    return 1;
}

size_t dk_present(const uint32_t *levels, size_t count, uint32_t full) {
    size_t present = 0;
    for (size_t i = 0; i < count; i++) present += levels[i] == full;
    return present;
}

void dk_spread_numbers(double *values, size_t present, const uint32_t *levels, size_t count, uint32_t full) {
    for (size_t i = count; i-- > 0;) values[i] = levels[i] == full ? values[--present] : __builtin_nan("");
}

void dk_spread_codes(int32_t *codes, size_t present, const uint32_t *levels, size_t count, uint32_t full) {
    for (size_t i = count; i-- > 0;) codes[i] = levels[i] == full ? codes[--present] : -1;
}

int dk_plain_texts(const uint8_t *in, size_t count, dk_span *out, size_t values) {
    size_t p = 0;
    for (size_t i = 0; i < values; i++) {
        uint32_t length;
        if (count - p < 4) return 0;
        memcpy(&length, in + p, 4);
        p += 4;
        if (length > count - p || length > 0xffffff) return 0;
        out[i] = dk_span_of(p, length, 0);
        p += length;
    }
    return 1;
}

size_t dk_joined_size(const int64_t *prefixes, const int64_t *suffixes, size_t values, size_t suffix_bytes, size_t most) {
    size_t total = 0, used = 0;
    int64_t last = 0;
    for (size_t i = 0; i < values; i++) {
        int64_t prefix = prefixes ? prefixes[i] : 0;
        if (prefix < 0 || prefix > last || suffixes[i] < 0 || (uint64_t)suffixes[i] > suffix_bytes - used) return 0;
        last = prefix + suffixes[i];
        used += (size_t)suffixes[i];
        total += (size_t)last;
        if (last > 0xffffff || total > most) return 0;
    }
    return total ? total : 1;
}

void dk_join(const int64_t *prefixes, const int64_t *suffixes, size_t values, const uint8_t *in, uint8_t *out, dk_span *spans) {
    size_t o = 0, last = 0;
    for (size_t i = 0; i < values; i++) {
        size_t prefix = prefixes ? (size_t)prefixes[i] : 0, suffix = (size_t)suffixes[i];
        memcpy(out + o, out + last, prefix);
        memcpy(out + o + prefix, in, suffix);
        in += suffix;
        spans[i] = dk_span_of(o, prefix + suffix, 0);
        last = o;
        o += prefix + suffix;
    }
}
