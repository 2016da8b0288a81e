// Raw Snappy and LZ4 blocks, and LZ4 frames. p = read position, o = write position.
#include "arrow.h"
#include "parquet.h"
#include <string.h>

/// Copies within the output, where the source may overlap the destination; 0 when it lies outside.
static inline int copy_back(uint8_t *out, size_t o, size_t size, size_t offset, size_t length) {
    if (offset == 0 || offset > o || length > size - o) return 0;
    if (offset >= length) {
        memcpy(out + o, out + o - offset, length);
    } else {
        for (size_t i = 0; i < length; i++) out[o + i] = out[o + i - offset];
    }
    return 1;
}

static inline int copy_literal(const uint8_t *in, size_t *p, size_t count, uint8_t *out, size_t *o, size_t size, size_t length) {
    if (length > count - *p || length > size - *o) return 0;
    if (length <= 16 && count - *p >= 16 && size - *o >= 16) {
        memcpy(out + *o, in + *p, 16);  // one move of fixed size; what is too much is overwritten
    } else {
        memcpy(out + *o, in + *p, length);
    }
    *p += length;
    *o += length;
    return 1;
}

int dk_snappy(const uint8_t *in, size_t count, uint8_t *out, size_t size) {
    size_t p = 0, o = 0;
    uint64_t stated = 0;
    for (unsigned shift = 0;; shift += 7) {
        if (p == count || shift > 28) return 0;
        stated |= (uint64_t)(in[p] & 0x7f) << shift;
        if (!(in[p++] & 0x80)) break;
    }
    if (stated != size) return 0;
    while (p < count) {
        uint8_t tag = in[p++];
        size_t length, offset, extra;
        switch (tag & 3) {
        case 0:
            length = tag >> 2;
            if (length >= 60) {
                extra = length - 59;
                if (extra > count - p) return 0;
                length = 0;
                for (size_t i = 0; i < extra; i++) length |= (size_t)in[p + i] << (8 * i);
                p += extra;
            }
            if (!copy_literal(in, &p, count, out, &o, size, length + 1)) return 0;
            continue;
        case 1:
            if (p == count) return 0;
            length = 4 + (tag >> 2 & 7);
            offset = (size_t)(tag >> 5) << 8 | in[p++];
            break;
        case 2:
            if (count - p < 2) return 0;
            length = 1 + (tag >> 2);
            offset = (size_t)in[p] | (size_t)in[p + 1] << 8;
            p += 2;
            break;
        default:
            if (count - p < 4) return 0;
            length = 1 + (tag >> 2);
            offset = (size_t)in[p] | (size_t)in[p + 1] << 8 | (size_t)in[p + 2] << 16 | (size_t)in[p + 3] << 24;
            p += 4;
        }
        if (!copy_back(out, o, size, offset, length)) return 0;
        o += length;
    }
    return o == size;
}

/// A length of four bits that goes on in bytes of 255.
static inline int long_length(const uint8_t *in, size_t *p, size_t count, size_t *length) {
    if (*length < 15) return 1;
    uint8_t more;
    do {
        if (*p == count) return 0;
        more = in[(*p)++];
        *length += more;
    } while (more == 255);
    return 1;
}

/// One block, put behind the `o` bytes that are there already, which it may refer to.
static int lz4_block(const uint8_t *in, size_t count, uint8_t *out, size_t *o, size_t size) {
    size_t p = 0;
    while (p < count) {
        uint8_t token = in[p++];
        size_t length = token >> 4;
        if (!long_length(in, &p, count, &length)) return 0;
        if (!copy_literal(in, &p, count, out, o, size, length)) return 0;
        if (p == count) break;  // the last sequence is literals only
        if (count - p < 2) return 0;
        size_t offset = (size_t)in[p] | (size_t)in[p + 1] << 8;
        p += 2;
        length = token & 15;
        if (!long_length(in, &p, count, &length)) return 0;
        length += 4;
        if (!copy_back(out, *o, size, offset, length)) return 0;
        *o += length;
    }
    return 1;
}

int dk_lz4(const uint8_t *in, size_t count, uint8_t *out, size_t size) {
    size_t o = 0;
    return lz4_block(in, count, out, &o, size) && o == size;
}

static inline uint32_t word32(const uint8_t *in) {
    return (uint32_t)in[0] | (uint32_t)in[1] << 8 | (uint32_t)in[2] << 16 | (uint32_t)in[3] << 24;
}

int dk_lz4_frame(const uint8_t *in, size_t count, uint8_t *out, size_t size) {
    size_t p = 7, o = 0;
    if (count < 7 || word32(in) != 0x184d2204) return 0;
    uint8_t flags = in[4];
    if (flags >> 6 != 1 || flags & 1) return 0;  // another version, or a dictionary that we do not have
    if (flags & 8) p += 8;                       // the size, which our caller knows
    size_t sum = flags & 16 ? 4 : 0;             // behind every block
    for (;;) {
        if (p > count || count - p < 4) return 0;
        uint32_t length = word32(in + p);
        p += 4;
        if (length == 0) return o == size;
        int is_stored = length >> 31;
        length &= 0x7fffffff;
        if (length > count - p) return 0;
        if (is_stored) {
            if (length > size - o) return 0;
            memcpy(out + o, in + p, length);
            o += length;
        } else if (!lz4_block(in + p, length, out, &o, size)) {
            return 0;
        }
        p += length + sum;
    }
}
