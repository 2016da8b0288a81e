// CSV kernels. p = read position.
#include "decimal.h"
#include "csv.h"

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
        if (*found < capacity) spans[*found] = dk_span_of((size_t)(text - bytes), length, escaped);
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
        column->spans[row] = missing ? DK_SPAN_MISSING : dk_span_of((size_t)(text - job->bytes), length, escaped);
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
