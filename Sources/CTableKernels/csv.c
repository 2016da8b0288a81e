// CSV kernels. p = read position, m = decimal mantissa, e = decimal exponent, w = eight bytes as one word.
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif
#include "csv.h"
#include <float.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define DK_CLONES __attribute__((target_clones("avx512f", "arch=haswell", "default")))

DK_CLONES void dk_csv_count(const uint8_t *restrict bytes, size_t count, dk_csv_counts *out) {
    for (size_t start = 0; start < count; start += 128 * 255) {
        size_t stop = start + 128 * 255 < count ? start + 128 * 255 : count;
        // 16-bit sums: a lane sees at most 32,640 bytes a block, so it cannot overflow.
        uint16_t newlines = 0, quotes = 0, nuls = 0, high = 0, blank = 0;
        for (size_t i = start; i < stop; i++) {
            uint8_t c = bytes[i], d = bytes[i + 1];
            newlines += c == '\n';
            quotes += c == '"';
            nuls += c == 0;
            high += c >> 7;
            blank += (c == '\n') & ((d == '\n') | (d == '\r'));
        }
        out->newlines += newlines;
        out->quotes += quotes;
        out->nuls += nuls;
        out->high_bytes += high;
        out->blank_lines += blank;
    }
}

DK_CLONES size_t dk_newlines(const uint8_t *restrict bytes, size_t count) {
    size_t lines = 0;
    for (size_t i = 0; i < count; i++) lines += bytes[i] == '\n';
    return lines;
}

static inline uint64_t load8(const uint8_t *p) {
    uint64_t w;
    memcpy(&w, p, 8);
    return w;
}

static inline uint64_t mix(uint64_t a, uint64_t b) {
    __uint128_t r = (__uint128_t)a * b;
    return (uint64_t)r ^ (uint64_t)(r >> 64);
}

uint64_t dk_hash(const uint8_t *bytes, size_t count, uint64_t seed) {
    const uint64_t k0 = 0x9e3779b97f4a7c15u, k1 = 0xe7037ed1a0b428dbu, k2 = 0x8ebc6af09c88c6e3u;
    uint64_t a = seed ^ k0, b = seed ^ k1;
    size_t i = 0;
    for (; i + 32 <= count; i += 32) {
        a = mix(load8(bytes + i) ^ k1, load8(bytes + i + 8) ^ a);
        b = mix(load8(bytes + i + 16) ^ k2, load8(bytes + i + 24) ^ b);
    }
    uint64_t tail[4] = {0, 0, 0, 0};
    memcpy(tail, bytes + i, count - i);
    a = mix(tail[0] ^ k1, tail[1] ^ a);
    b = mix(tail[2] ^ k2, tail[3] ^ b);
    return mix(a ^ b ^ count, mix(a, k2) ^ k0);
}

size_t dk_utf8_invalid(const uint8_t *bytes, size_t count) {
    size_t i = 0;
    while (i < count) {
        uint8_t c = bytes[i];
        if (c < 0x80) {
            i++;
            continue;
        }
        size_t more = c >= 0xc2 && c <= 0xdf ? 1 : (c & 0xf0) == 0xe0 ? 2 : c >= 0xf0 && c <= 0xf4 ? 3 : 0;
        if (more == 0) return i;
        for (size_t k = 1; k <= more; k++)
            if (i + k >= count || (bytes[i + k] & 0xc0) != 0x80) return i;
        uint8_t second = bytes[i + 1];
        if ((c == 0xe0 && second < 0xa0) || (c == 0xed && second > 0x9f) || (c == 0xf0 && second < 0x90) ||
            (c == 0xf4 && second > 0x8f))
            return i;
        i += more + 1;
    }
    return count;
}

int dk_is_missing(const uint8_t *p, size_t n) {
    switch (n) {
    case 0: return 1;
    case 1: return p[0] == '?';
    case 2: return !memcmp(p, "NA", 2);
    case 3:
        return !memcmp(p, "NaN", 3) || !memcmp(p, "nan", 3) || !memcmp(p, "N/A", 3) || !memcmp(p, "n/a", 3) ||
               !memcmp(p, "NAN", 3);
    case 4:
        return !memcmp(p, "null", 4) || !memcmp(p, "NULL", 4) || !memcmp(p, "None", 4) || !memcmp(p, "<NA>", 4) ||
               !memcmp(p, "#N/A", 4) || !memcmp(p, "Null", 4);
    default: return 0;
    }
}

static const double powers[23] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                  1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
static const uint64_t wholePowers[9] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000};

static double slow_number(const uint8_t *p, size_t n) {
    static locale_t c_locale = (locale_t)0;  // strtod reads the decimal point of the locale; ours is always '.'
    locale_t locale = __atomic_load_n(&c_locale, __ATOMIC_ACQUIRE);
    if (!locale) {
        locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
        __atomic_store_n(&c_locale, locale, __ATOMIC_RELEASE);
    }
    char small[128];
    char *copy = n < sizeof small ? small : malloc(n + 1);
    if (!copy) return 0;
    memcpy(copy, p, n);
    copy[n] = 0;
    double value = strtod_l(copy, NULL, locale);
    if (copy != small) free(copy);
    return value;
}

/// m * 10^e with m over 2^53: one rounding to 64 bits, then to 53, unless that could round twice.
static inline int wide_number(uint64_t m, long e, double *value) {
#if LDBL_MANT_DIG == 64
    static const long double wide[28] = {1e0L,  1e1L,  1e2L,  1e3L,  1e4L,  1e5L,  1e6L,  1e7L,  1e8L,  1e9L,
                                         1e10L, 1e11L, 1e12L, 1e13L, 1e14L, 1e15L, 1e16L, 1e17L, 1e18L, 1e19L,
                                         1e20L, 1e21L, 1e22L, 1e23L, 1e24L, 1e25L, 1e26L, 1e27L};
    if (e < -27 || e > 27) return 0;
    long double x = e < 0 ? (long double)m / wide[-e] : (long double)m * wide[e];
    uint64_t significand;
    memcpy(&significand, &x, 8);
    uint64_t low = significand & 0x7ff;
    if (low >= 0x3ff && low <= 0x401) return 0;
    *value = (double)x;
    return 1;
#else
    (void)m, (void)e, (void)value;
    return 0;
#endif
}

/// Reads a number at *pp and moves past it; 0 when there is none. Flags: 1 fraction or exponent, 2 leading zero.
static inline __attribute__((always_inline)) int number_at(const uint8_t **pp, double *value, int *flags) {
    const uint8_t *start = *pp, *p = start;
    int negative = *p == '-';
    p += negative | (*p == '+');
    const uint8_t *digits = p;
    uint64_t m = 0;
    unsigned d;
    while ((d = (unsigned)*p - '0') < 10) {
        m = m * 10 + d;
        p++;
    }
    size_t whole = (size_t)(p - digits), decimals = 0;
    *flags = (whole > 1 && *digits == '0') ? 2 : 0;
    if (*p == '.') {
        *flags = 1;
        const uint8_t *point = ++p;
        for (;;) {
            uint64_t w = load8(p) ^ 0x3030303030303030u;
            uint64_t other = ((w + 0x7676767676767676u) | w) & 0x8080808080808080u;
            unsigned n = other ? (unsigned)__builtin_ctzll(other) >> 3 : 8;
            if (n == 0) break;
            w <<= (8 - n) * 8;
            w = w * 10 + (w >> 8);
            w = (((w & 0x000000ff000000ffu) * 0x000f424000000064u) + (((w >> 16) & 0x000000ff000000ffu) * 0x0000271000000001u)) >> 32;
            m = m * wholePowers[n] + (uint32_t)w;
            p += n;
            if (n < 8) break;
        }
        decimals = (size_t)(p - point);
    }
    if (whole + decimals == 0) return 0;
    long e = -(long)decimals;
    if ((*p | 32) == 'e') {
        const uint8_t *q = p + 1;
        int down = *q == '-';
        q += down | (*q == '+');
        if ((unsigned)*q - '0' < 10) {
            long exponent = 0;
            for (; (d = (unsigned)*q - '0') < 10; q++)
                if (exponent < 100000) exponent = exponent * 10 + d;
            e += down ? -exponent : exponent;
            *flags = 1;
            p = q;
        }
    }
    *pp = p;
    double x;
    if (whole + decimals <= 19 && m <= (1ull << 53) && e >= -22 && e <= 22) {
        x = (double)(int64_t)m;
        x = e < 0 ? x / powers[-e] : x * powers[e];
    } else if (whole + decimals > 19 || !wide_number(m, e, &x)) {
        *value = slow_number(start, (size_t)(p - start));
        return 1;
    }
    *value = negative ? -x : x;
    return 1;
}

static int infinity_word(const uint8_t *p, size_t n, double *value) {
    int negative = n && *p == '-';
    if (n && (*p == '-' || *p == '+')) p++, n--;
    if (!((n == 3 && !strncasecmp((const char *)p, "inf", 3)) || (n == 8 && !strncasecmp((const char *)p, "infinity", 8)))) return 0;
    *value = negative ? -__builtin_inf() : __builtin_inf();
    return 1;
}

int dk_parse_number(const uint8_t *bytes, size_t count, double *value, int *fraction) {
    uint8_t copy[512];
    if (count == 0 || count > sizeof copy - 16) return 0;
    memcpy(copy, bytes, count);
    memset(copy + count, 0, 16);
    const uint8_t *p = copy;
    int flags = 0;
    if (number_at(&p, value, &flags) && p == copy + count) {
        *fraction = flags & 1;
        return 1;
    }
    *fraction = 1;
    return infinity_word(bytes, count, value);
}

static inline int is_space(uint8_t c, uint8_t delimiter) { return c == ' ' || (c == '\t' && delimiter != '\t'); }

/// One field from p; returns its terminator (delimiter, newline or end). Trimmed text in *text and *length.
static inline const uint8_t *field_at(const uint8_t *p, const uint8_t *end, uint8_t delimiter, const uint8_t **text,
                                      size_t *length, int *escaped, int *error) {
    while (p < end && is_space(*p, delimiter)) p++;
    *escaped = 0;
    if (p < end && *p == '"') {
        const uint8_t *start = ++p;
        for (;;) {
            const uint8_t *q = memchr(p, '"', (size_t)(end - p));
            if (!q) {
                *error = DK_CSV_OPEN_QUOTE;
                return end;
            }
            if (q + 1 < end && q[1] == '"') {
                *escaped = 1;
                p = q + 2;
                continue;
            }
            *text = start;
            *length = (size_t)(q - start);
            p = q + 1;
            break;
        }
        while (p < end && (is_space(*p, delimiter) || *p == '\r')) p++;
        if (p < end && *p != delimiter && *p != '\n') *error = DK_CSV_AFTER_QUOTE;
        return p;
    }
    const uint8_t *start = p;
    while (p < end && *p != delimiter && *p != '\n') p++;
    const uint8_t *stop = p;
    while (stop > start && (stop[-1] == ' ' || stop[-1] == '\t' || stop[-1] == '\r')) stop--;
    *text = start;
    *length = (size_t)(stop - start);
    return p;
}

static inline dk_span span_of(size_t offset, size_t length, int escaped) {
    return ((dk_span)offset << 25) | ((dk_span)length << 1) | (dk_span)escaped;
}

size_t dk_csv_record(const uint8_t *bytes, size_t begin, size_t end, uint8_t delimiter, dk_span *spans, size_t capacity,
                     size_t *found, int *error) {
    const uint8_t *p = bytes + begin, *stop = bytes + end;
    *found = 0;
    *error = DK_CSV_OK;
    for (;;) {
        const uint8_t *text = p;
        size_t length = 0;
        int escaped = 0;
        p = field_at(p, stop, delimiter, &text, &length, &escaped, error);
        if (!*error && length > 0xffffff) *error = DK_CSV_LONG_FIELD;
        if (*found < capacity) spans[*found] = span_of((size_t)(text - bytes), length, escaped);
        (*found)++;
        if (*error) return end;
        if (p < stop && *p == delimiter) {
            p++;
            continue;
        }
        return (size_t)((p < stop ? p + 1 : p) - bytes);
    }
}

/// A value the fast path could not take: missing, infinite, quoted number or text.
static const uint8_t *slow_value(dk_csv_job *job, dk_csv_column *column, size_t row, const uint8_t *p, const uint8_t *end) {
    const uint8_t *text = p;
    size_t length = 0;
    int escaped = 0;
    p = field_at(p, end, job->delimiter, &text, &length, &escaped, &job->error);
    if (job->error) return p;
    if (length > 0xffffff) {
        job->error = DK_CSV_LONG_FIELD;
        return p;
    }
    int missing = dk_is_missing(text, length);
    column->missing += (size_t)missing;
    if (column->kind == DK_COLUMN_SPANS) {
        column->spans[row] = missing ? DK_SPAN_MISSING : span_of((size_t)(text - job->bytes), length, escaped);
    } else if (column->kind == DK_COLUMN_NUMBERS) {
        double value = __builtin_nan("");
        int fraction = 0;
        if (!missing) {
            if (!dk_parse_number(text, length, &value, &fraction)) column->has_text = 1;
            else if (fraction) column->has_fraction = 1;
            if (__builtin_isinf(value)) column->has_infinity = 1;
            if (!fraction && length > 1 && text[text[0] == '-' || text[0] == '+'] == '0') column->has_leading_zero |= length > 1 + (size_t)(text[0] < 48);
        }
        column->numbers[row] = value;
    }
    return p;
}

static const uint8_t *parse_record(dk_csv_job *job, size_t row, const uint8_t *p, const uint8_t *end) {
    const uint8_t delimiter = job->delimiter;
    const size_t last = job->column_count - 1;
    for (size_t c = 0;; c++) {
        dk_csv_column *column = job->columns + c;
        const uint8_t *q = p;
        double value;
        int flags, done = 0;
        if (column->kind == DK_COLUMN_NUMBERS) {
            while (*q == ' ') q++;
            if (number_at(&q, &value, &flags)) {
                if (*q == '\r' && q[1] == '\n') q++;
                if (*q == delimiter || *q == '\n' || q >= end) {
                    column->numbers[row] = value;
                    column->has_fraction |= flags & 1;
                    column->has_leading_zero |= flags >> 1;
                    column->has_infinity |= value > DBL_MAX || value < -DBL_MAX;
                    done = 1;
                }
            }
        }
        if (!done) {
            q = slow_value(job, column, row, p, end);
            if (job->error) {
                job->error_field = c + 1;
                return p;
            }
        }
        int more = q < end && *q == delimiter;
        if (c == last && !more) return q < end ? q + 1 : q;
        if (c == last || !more) {
            job->error = DK_CSV_FIELD_COUNT;
            job->error_field = c == last ? c + 2 : c + 1;
            return q;
        }
        p = q + 1;
    }
}

void dk_csv_parse(dk_csv_job *job) {
    const uint8_t *p = job->bytes + job->begin, *end = job->bytes + job->end;
    size_t row = 0;
    job->error = DK_CSV_OK;
    while (p < end && row < job->row_capacity) {
        if (job->column_count > 1) {
            // Blank lines between records are skipped; in a file of one column they are missing values.
            if (*p == '\n') {
                p++;
                continue;
            }
            if (*p == '\r' && (p + 1 == end || p[1] == '\n')) {
                p += p + 1 == end ? 1 : 2;
                continue;
            }
        }
        const uint8_t *start = p;
        p = parse_record(job, row, p, end);
        if (job->error) {
            job->error_offset = (size_t)(start - job->bytes);
            int ignored;
            if (job->error == DK_CSV_FIELD_COUNT)
                dk_csv_record(job->bytes, job->error_offset, job->end, job->delimiter, NULL, 0, &job->error_found, &ignored);
            break;
        }
        row++;
    }
    job->rows = row;
    job->next = (size_t)(p - job->bytes);
}
