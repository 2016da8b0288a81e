#ifndef DESCENT_DECIMAL_H
#define DESCENT_DECIMAL_H
// Decimal numbers, for every kernel that reads text. p = read position, m = decimal mantissa, e = decimal exponent,
// w = eight bytes as one word.
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif
#include <float.h>
#include <locale.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static inline uint64_t load8(const uint8_t *p) {
    uint64_t w;
    memcpy(&w, p, 8);
    return w;
}

static const double powers[23] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                  1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
static const uint64_t wholePowers[9] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000};

static double slow_number(const uint8_t *p, size_t n, uint8_t point) {
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
    char *mark = point != '.' ? memchr(copy, point, n) : NULL;
    if (mark) *mark = '.';
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

/// Reads a number with the decimal mark `mark` at *pp and moves past it; 0 when there is none. Flags: 1 fraction or exponent,
/// 2 leading zero.
static inline __attribute__((always_inline)) int number_at(const uint8_t **pp, uint8_t mark, double *value, int *flags) {
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
    if (*p == mark) {
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
        *value = slow_number(start, (size_t)(p - start), mark);
        return 1;
    }
    *value = negative ? -x : x;
    return 1;
}
#endif
