// CSV kernels. p = read position.
#include "decimal.h"
#include "csv.h"

#define DK_CLONES __attribute__((target_clones("avx512f", "arch=haswell", "default")))

DK_CLONES void dk_csv_count(const uint8_t *restrict bytes, size_t count, dk_csv_counts *out) {
    for (size_t start = 0; start < count; start += 128 * 255) {
        size_t stop = start + 128 * 255 < count ? start + 128 * 255 : count;
        // 16-bit sums: a lane sees at most 32,640 bytes a block, so it cannot overflow.
        uint16_t newlines = 0, quotes = 0, nuls = 0, high = 0, blank = 0, lone = 0;
        for (size_t i = start; i < stop; i++) {
            uint8_t c = bytes[i], d = bytes[i + 1];
            newlines += c == '\n';
            quotes += c == '"';
            nuls += c == 0;
            high += c >> 7;
            blank += (c == '\n') & ((d == '\n') | (d == '\r'));
            lone += (c == '\r') & (d != '\n');
        }
        out->newlines += newlines;
        out->quotes += quotes;
        out->nuls += nuls;
        out->high_bytes += high;
        out->blank_lines += blank;
        out->lone_returns += lone;
    }
}

DK_CLONES size_t dk_newlines(const uint8_t *restrict bytes, size_t count) {
    size_t lines = 0;
    for (size_t i = 0; i < count; i++) lines += bytes[i] == '\n';
    return lines;
}

size_t dk_from_cp1252(const uint8_t *in, size_t count, uint8_t *out) {
    // Unicode's own "best fit" table of the code page: bytes 80 to 9F.
    static const uint16_t high[32] = {0x20ac, 0x81,   0x201a, 0x192,  0x201e, 0x2026, 0x2020, 0x2021, 0x2c6,  0x2030, 0x160,
                                      0x2039, 0x152,  0x8d,   0x17d,  0x8f,   0x90,   0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
                                      0x2013, 0x2014, 0x2dc,  0x2122, 0x161,  0x203a, 0x153,  0x9d,   0x17e,  0x178};
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        unsigned c = in[i] >= 0x80 && in[i] < 0xa0 ? high[in[i] - 0x80] : in[i];
        if (c < 0x80) {
            if (out) out[n] = (uint8_t)c;
            n += 1;
        } else if (c < 0x800) {
            if (out) out[n] = (uint8_t)(0xc0 | c >> 6), out[n + 1] = (uint8_t)(0x80 | (c & 63));
            n += 2;
        } else {
            if (out) out[n] = (uint8_t)(0xe0 | c >> 12), out[n + 1] = (uint8_t)(0x80 | (c >> 6 & 63)), out[n + 2] = (uint8_t)(0x80 | (c & 63));
            n += 3;
        }
    }
    return n;
}

void dk_newline_returns(const uint8_t *restrict bytes, size_t count, uint8_t quote, uint8_t *restrict out) {
    int quoted = 0;
    for (size_t i = 0; i < count; i++) {
        uint8_t c = bytes[i];
        if (quote && c == quote) quoted = !quoted;
        out[i] = c == '\r' && !quoted && (i + 1 == count || bytes[i + 1] != '\n') ? '\n' : c;
    }
}

void dk_csv_lines(const uint8_t *bytes, size_t begin, size_t end, uint8_t delimiter, size_t delimiters, size_t *lines,
                  size_t *fitting) {
    *lines = *fitting = 0;
    const uint8_t *p = bytes + begin, *stop = bytes + end;
    while (p < stop) {
        const uint8_t *newline = memchr(p, '\n', (size_t)(stop - p));
        const uint8_t *last = newline ? newline : stop;
        size_t found = 0;
        for (const uint8_t *q = p; q < last; q++) found += *q == delimiter;
        int blank = last == p || (last == p + 1 && *p == '\r');
        *lines += !blank;
        *fitting += !blank && found == delimiters;
        p = last + 1;
    }
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

/// The length of the character of several bytes at i, or 0 when it is no valid UTF-8.
static inline size_t character_at(const uint8_t *bytes, size_t i, size_t count) {
    uint8_t c = bytes[i];
    size_t more = c >= 0xc2 && c <= 0xdf ? 1 : (c & 0xf0) == 0xe0 ? 2 : c >= 0xf0 && c <= 0xf4 ? 3 : 0;
    if (more == 0) return 0;
    for (size_t k = 1; k <= more; k++)
        if (i + k >= count || (bytes[i + k] & 0xc0) != 0x80) return 0;
    uint8_t second = bytes[i + 1];
    if ((c == 0xe0 && second < 0xa0) || (c == 0xed && second > 0x9f) || (c == 0xf0 && second < 0x90) || (c == 0xf4 && second > 0x8f))
        return 0;
    return more + 1;
}

size_t dk_utf8_invalid(const uint8_t *bytes, size_t count) {
    size_t i = 0;
    while (i < count) {
        size_t length = bytes[i] < 0x80 ? 1 : character_at(bytes, i, count);
        if (length == 0) return i;
        i += length;
    }
    return count;
}

void dk_utf8_counts(const uint8_t *bytes, size_t count, size_t *characters, size_t *invalid) {
    size_t i = 0;
    *characters = *invalid = 0;
    while (i < count) {
        if (bytes[i] < 0x80) {
            i++;
            continue;
        }
        size_t length = character_at(bytes, i, count);
        *characters += length > 0;
        *invalid += length == 0;
        i += length ? length : 1;
    }
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
    if (number_at(&p, '.', value, &flags) && p == copy + count) {
        *fraction = flags & 1;
        return 1;
    }
    *fraction = 1;
    return infinity_word(bytes, count, value);
}

static inline int is_space(uint8_t c, uint8_t delimiter) { return c == ' ' || (c == '\t' && delimiter != '\t'); }

/// One field from p; returns its terminator (delimiter, newline or end). Trimmed text in *text and *length. Where blanks separate
/// fields, all of them up to the next field or the end of the line belong to the terminator.
static inline const uint8_t *field_at(const uint8_t *p, const uint8_t *end, dk_dialect dialect, const uint8_t **text,
                                      size_t *length, int *escaped, int *error) {
    const uint8_t delimiter = dialect.delimiter, quote = dialect.quote;
    while (p < end && is_space(*p, delimiter)) p++;
    *escaped = 0;
    if (p < end && quote && *p == quote) {
        const uint8_t *start = ++p;
        for (;;) {
            const uint8_t *q = memchr(p, quote, (size_t)(end - p));
            if (!q) {
                *error = DK_CSV_OPEN_QUOTE;
                return end;
            }
            if (q + 1 < end && q[1] == quote) {
                *escaped = 1;
                p = q + 2;
                continue;
            }
            *text = start;
            *length = (size_t)(q - start);
            p = q + 1;
            break;
        }
        if (delimiter == ' ' && p < end && *p != ' ' && *p != '\t' && *p != '\r' && *p != '\n') *error = DK_CSV_AFTER_QUOTE;
        while (p < end && (is_space(*p, delimiter) || *p == '\r')) p++;
        if (delimiter != ' ' && p < end && *p != delimiter && *p != '\n') *error = DK_CSV_AFTER_QUOTE;
        return p;
    }
    const uint8_t *start = p;
    if (delimiter == ' ') {
        while (p < end && *p != ' ' && *p != '\t' && *p != '\n') p++;
    } else {
        while (p < end && *p != delimiter && *p != '\n') p++;
    }
    const uint8_t *stop = p;
    while (stop > start && (stop[-1] == ' ' || stop[-1] == '\t' || stop[-1] == '\r')) stop--;
    *text = start;
    *length = (size_t)(stop - start);
    if (delimiter == ' ')
        while (p < end && (*p == ' ' || *p == '\t' || *p == '\r')) p++;
    return p;
}

/// Whether another field follows a field's terminator.
static inline int is_more(const uint8_t *p, const uint8_t *end, uint8_t delimiter) {
    return p < end && (delimiter == ' ' ? *p != '\n' : *p == delimiter);
}

size_t dk_csv_record(const uint8_t *bytes, size_t begin, size_t end, dk_dialect dialect, dk_span *spans, size_t capacity,
                     size_t *found, int *error) {
    const uint8_t *p = bytes + begin, *stop = bytes + end;
    *found = 0;
    *error = DK_CSV_OK;
    for (;;) {
        const uint8_t *text = p;
        size_t length = 0;
        int escaped = 0;
        p = field_at(p, stop, dialect, &text, &length, &escaped, error);
        if (!*error && length > 0xffffff) *error = DK_CSV_LONG_FIELD;
        if (*found < capacity) spans[*found] = dk_span_of((size_t)(text - bytes), length, escaped);
        (*found)++;
        if (*error) return end;
        if (is_more(p, stop, dialect.delimiter)) {
            p += dialect.delimiter != ' ';
            continue;
        }
        return (size_t)((p < stop ? p + 1 : p) - bytes);
    }
}

/// A field that is a number with this decimal mark from end to end.
static int whole_number(const uint8_t *text, size_t length, uint8_t point, double *value, int *fraction) {
    if (point == '.' || point == 0) return dk_parse_number(text, length, value, fraction);
    uint8_t copy[512];
    if (length > sizeof copy - 16 || memchr(text, '.', length)) return 0;
    memcpy(copy, text, length);
    uint8_t *mark = memchr(copy, point, length);
    if (mark) *mark = '.';
    return dk_parse_number(copy, length, value, fraction);
}

/// A value the fast path could not take: missing, infinite, quoted number or text.
static const uint8_t *slow_value(dk_csv_job *job, dk_csv_column *column, size_t row, const uint8_t *p, const uint8_t *end) {
    const uint8_t *text = p;
    size_t length = 0;
    int escaped = 0;
    p = field_at(p, end, job->dialect, &text, &length, &escaped, &job->error);
    if (job->error) return p;
    if (length > 0xffffff) {
        job->error = DK_CSV_LONG_FIELD;
        return p;
    }
    int missing = length == 0 || (!job->only_empty && dk_is_missing(text, length));
    column->missing += (size_t)missing;
    if (column->kind == DK_COLUMN_SPANS) {
        column->spans[row] = missing ? DK_SPAN_MISSING : dk_span_of((size_t)(text - job->bytes), length, escaped);
    } else if (column->kind == DK_COLUMN_NUMBERS) {
        double value = __builtin_nan("");
        int fraction = 0;
        if (!missing) {
            if (!whole_number(text, length, column->point, &value, &fraction)) column->has_text = 1;
            else if (fraction) column->has_fraction = 1;
            if (__builtin_isinf(value)) column->has_infinity = 1;
            if (!fraction && length > 1 && text[text[0] == '-' || text[0] == '+'] == '0') column->has_leading_zero |= length > 1 + (size_t)(text[0] < 48);
        }
        column->numbers[row] = value;
    }
    return p;
}

static const uint8_t *parse_record(dk_csv_job *job, size_t row, const uint8_t *p, const uint8_t *end) {
    const uint8_t delimiter = job->dialect.delimiter;
    const size_t last = job->column_count - 1;
    for (size_t c = 0;; c++) {
        dk_csv_column *column = job->columns + c;
        const uint8_t *q = p;
        double value;
        int flags, done = 0;
        if (column->kind == DK_COLUMN_NUMBERS) {
            while (*q == ' ') q++;
            if (number_at(&q, column->point, &value, &flags)) {
                if (delimiter == ' ')
                    while (q < end && (*q == ' ' || *q == '\t')) q++;
                if (*q == '\r' && q[1] == '\n') q++;
                if (*q == delimiter || *q == '\n' || q >= end || (delimiter == ' ' && (q[-1] == ' ' || q[-1] == '\t'))) {
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
        int more = is_more(q, end, delimiter);
        if (c == last && !more) return q < end ? q + 1 : q;
        if (c == last || !more) {
            job->error = DK_CSV_FIELD_COUNT;
            job->error_field = c == last ? c + 2 : c + 1;
            return q;
        }
        p = q + (delimiter != ' ');
    }
}

/// Where the line after this one begins.
static inline const uint8_t *next_line(const uint8_t *p, const uint8_t *end) {
    const uint8_t *newline = memchr(p, '\n', (size_t)(end - p));
    return newline ? newline + 1 : end;
}

/// Whether a line is the header once more.
static inline int is_header(const dk_csv_job *job, const uint8_t *p, const uint8_t *end) {
    size_t length = job->header_length;
    if (length == 0 || *p != *job->header || (size_t)(end - p) < length || memcmp(p, job->header, length)) return 0;
    const uint8_t *q = p + length;
    while (q < end && (*q == '\r' || *q == ' ')) q++;
    return q == end || *q == '\n';
}

/// Behind a line that is no record: blank, a remark, or the header once more. Where it is one, its beginning.
static inline __attribute__((always_inline)) const uint8_t *behind_skipped(dk_csv_job *job, const uint8_t *p, const uint8_t *end) {
    if (job->column_count > 1) {
        // Blank lines between records are skipped; in a file of one column they are missing values.
        if (*p == '\n') return p + 1;
        if (*p == '\r' && (p + 1 == end || p[1] == '\n')) return p + (p + 1 == end ? 1 : 2);
    }
    if (job->dialect.delimiter == ' ') {
        const uint8_t *q = p;
        while (q < end && (*q == ' ' || *q == '\t' || *q == '\r')) q++;
        if (q == end || *q == '\n') return q == end ? end : q + 1;
    }
    if (job->comment && *p == job->comment) {
        job->comments++;
        return next_line(p, end);
    }
    if (is_header(job, p, end)) {
        job->headers++;
        return next_line(p, end);
    }
    return p;
}

size_t dk_csv_skip(dk_csv_job *job, size_t offset) {
    const uint8_t *p = job->bytes + offset, *end = job->bytes + job->end, *next;
    while (p < end && (next = behind_skipped(job, p, end)) > p) p = next;
    return (size_t)(p - job->bytes);
}

void dk_csv_parse(dk_csv_job *job) {
    const uint8_t *p = job->bytes + job->begin, *end = job->bytes + job->end;
    size_t row = 0;
    job->error = DK_CSV_OK;
    while (p < end && row < job->row_capacity) {
        const uint8_t *next = behind_skipped(job, p, end);
        if (next > p) {
            p = next;
            continue;
        }
        const uint8_t *start = p;
        p = parse_record(job, row, p, end);
        if (job->error) {
            job->error_offset = (size_t)(start - job->bytes);
            int ignored;
            if (job->error == DK_CSV_FIELD_COUNT)
                dk_csv_record(job->bytes, job->error_offset, job->end, job->dialect, NULL, 0, &job->error_found, &ignored);
            break;
        }
        row++;
    }
    job->rows = row;
    job->next = (size_t)(p - job->bytes);
}
