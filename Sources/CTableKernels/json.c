// JSON kernel: objects, one a line or one after the other, straight into columns. p = read position.
#include "decimal.h"
#include "json.h"

enum { longest_path = 4096, deepest = 32, longest_text = 0xffffff };

typedef struct {
    dk_json_job *job;
    size_t row, expected, seen;  // the column that should come next; columns filled in this row
    int error, spans_lines;
    const uint8_t *error_at;
    dk_span key;
    uint8_t path[longest_path];
} state;

static const uint8_t *fail(state *s, int error, const uint8_t *at) {
    s->error = error;
    s->error_at = at;
    return NULL;
}

/// Past white space; past the ends of lines too where objects may span them.
static inline const uint8_t *space(const state *s, const uint8_t *p) {
    while (*p <= ' ' && (*p == ' ' || *p == '\t' || *p == '\r' || (*p == '\n' && s->spans_lines))) p++;
    return p;
}

static int hex4(const uint8_t *p) {
    int value = 0;
    for (int i = 0; i < 4; i++) {
        int c = p[i] | 32, d = p[i] >= '0' && p[i] <= '9' ? p[i] - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
        if (d < 0) return -1;
        value = value * 16 + d;
    }
    return value;
}

/// The closing quote of a text that begins at p.
static inline const uint8_t *text_end(state *s, const uint8_t *p, int *escaped) {
    const uint8_t *start = p;
    *escaped = 0;
    for (;;) {
        // Eight bytes at once while none is a quote, a backslash or a control character.
        uint64_t w = load8(p), q = w ^ 0x2222222222222222u, b = w ^ 0x5c5c5c5c5c5c5c5cu;
        uint64_t hit = ((q - 0x0101010101010101u) & ~q) | ((b - 0x0101010101010101u) & ~b) | ((w - 0x2020202020202020u) & ~w);
        hit &= 0x8080808080808080u;
        if (!hit) {
            p += 8;
            continue;
        }
        p += __builtin_ctzll(hit) >> 3;
        if (*p == '"') return p;
        if (*p == '\\') {
            *escaped = 1;
            if (p[1] == 'u') {
                if (hex4(p + 2) < 0) return fail(s, DK_JSON_BAD_ESCAPE, p);
                p += 6;
            } else if (p[1] && strchr("\"\\/bfnrt", p[1])) {
                p += 2;
            } else {
                return fail(s, DK_JSON_BAD_ESCAPE, p);
            }
            continue;
        }
        if (*p == '\n' || *p == 0) return fail(s, DK_JSON_OPEN_TEXT, start - 1);
        p++;  // other control characters should be escaped, but do no harm
    }
}

static size_t put_utf8(uint32_t c, uint8_t *out) {
    if (c < 0x80) return out[0] = (uint8_t)c, 1;
    if (c < 0x800) return out[0] = (uint8_t)(0xc0 | c >> 6), out[1] = (uint8_t)(0x80 | (c & 63)), 2;
    if (c < 0x10000) {
        out[0] = (uint8_t)(0xe0 | c >> 12), out[1] = (uint8_t)(0x80 | (c >> 6 & 63)), out[2] = (uint8_t)(0x80 | (c & 63));
        return 3;
    }
    out[0] = (uint8_t)(0xf0 | c >> 18), out[1] = (uint8_t)(0x80 | (c >> 12 & 63));
    out[2] = (uint8_t)(0x80 | (c >> 6 & 63)), out[3] = (uint8_t)(0x80 | (c & 63));
    return 4;
}

size_t dk_json_unescape(const uint8_t *p, size_t count, uint8_t *out) {
    const uint8_t *end = p + count;
    size_t n = 0;
    while (p < end) {
        if (*p != '\\' || p + 1 >= end) {
            out[n++] = *p++;
            continue;
        }
        uint8_t c = p[1];
        p += 2;
        if (c != 'u') {
            out[n++] = c == 'b' ? '\b' : c == 'f' ? '\f' : c == 'n' ? '\n' : c == 'r' ? '\r' : c == 't' ? '\t' : c;
            continue;
        }
        int unit = end - p >= 4 ? hex4(p) : -1;
        if (unit < 0) continue;
        p += 4;
        uint32_t scalar = (uint32_t)unit;
        if (unit >= 0xd800 && unit < 0xe000) {
            int low = unit < 0xdc00 && end - p >= 6 && p[0] == '\\' && p[1] == 'u' ? hex4(p + 2) : -1;
            int paired = low >= 0xdc00 && low < 0xe000;
            scalar = paired ? 0x10000 + ((uint32_t)(unit - 0xd800) << 10) + (uint32_t)(low - 0xdc00) : 0xfffd;
            if (paired) p += 6;
        }
        n += put_utf8(scalar, out + n);
    }
    return n;
}

static inline dk_span span_between(const state *s, const uint8_t *from, const uint8_t *to, int escaped) {
    return dk_span_of((size_t)(from - s->job->bytes), (size_t)(to - from), escaped);
}

/// Marks the column as filled in this row; the last of repeated keys counts.
static inline void fill(state *s, dk_json_column *column) {
    int is_again = column->filled == s->row + 1;
    s->seen += !is_again;
    column->repeats += is_again;
    column->filled = s->row + 1;
}

static void store_missing(dk_json_column *column, size_t row) {
    if (column->kind == DK_COLUMN_NUMBERS) column->numbers[row] = __builtin_nan("");
    if (column->kind == DK_COLUMN_SPANS) column->spans[row] = DK_SPAN_MISSING;
}

static inline void store_number(state *s, dk_json_column *column, double value, int flags, const uint8_t *from, const uint8_t *to) {
    column->has_value = 1;
    if (column->kind == DK_COLUMN_NUMBERS) {
        column->numbers[s->row] = value;
        column->has_fraction |= flags & 1;
        column->has_infinity |= value > DBL_MAX || value < -DBL_MAX;
    } else {
        column->spans[s->row] = span_between(s, from, to, 0);
    }
}

/// Texts follow the rules of fields in a CSV file: words for missing values, numbers in quotes.
static void store_text(state *s, dk_json_column *column, const uint8_t *from, const uint8_t *to, int escaped) {
    size_t length = (size_t)(to - from);
    if (!escaped && !s->job->keeps_words && dk_is_missing(from, length)) return store_missing(column, s->row);
    column->has_value = 1;
    if (column->kind == DK_COLUMN_SPANS) {
        column->spans[s->row] = span_between(s, from, to, escaped);
        return;
    }
    double value = __builtin_nan("");
    int fraction = 0;
    if (escaped || !dk_parse_number(from, length, &value, &fraction)) {
        column->has_text = 1;
    } else {
        const uint8_t *digits = from + (*from == '-' || *from == '+');
        column->has_fraction |= (uint8_t)fraction;
        column->has_infinity |= value > DBL_MAX || value < -DBL_MAX;
        column->has_leading_zero |= !fraction && to - digits > 1 && *digits == '0';
    }
    column->numbers[s->row] = value;
}

static inline const uint8_t *word(const uint8_t *p, const char *text, size_t length) {
    return memcmp(p, text, length) ? NULL : p + length;
}

static const uint8_t *list_at(state *s, const uint8_t *p, dk_json_column *column);

/// A value other than an object; `column` NULL = nobody wants it.
static const uint8_t *value_at(state *s, const uint8_t *p, dk_json_column *column) {
    if (column && column->kind == DK_COLUMN_SKIPPED) column = NULL;
    if (column) fill(s, column);
    const uint8_t *start = p;
    double value;
    int flags;
    if ((*p >= '0' && *p <= '9') || (*p == '-' && p[1] != 'I')) {
        if (!number_at(&p, '.', &value, &flags) || (flags & 2)) return fail(s, DK_JSON_NO_VALUE, start);
        if (column) store_number(s, column, value, flags, start, p);
        return p;
    }
    if (*p == '"') {
        int escaped;
        p = text_end(s, start + 1, &escaped);
        if (!p) return NULL;
        if (p - start > longest_text) return fail(s, DK_JSON_LONG_TEXT, start);
        if (column) store_text(s, column, start + 1, p, escaped);
        return p + 1;
    }
    const uint8_t *end;
    if ((end = word(p, "null", 4)) || (end = word(p, "NaN", 3))) {
        if (column) store_missing(column, s->row);
        return end;
    }
    if ((end = word(p, "true", 4)) || (end = word(p, "false", 5))) {
        if (column) store_text(s, column, start, end, 0);
        return end;
    }
    if ((end = word(p, "Infinity", 8)) || (end = word(p, "-Infinity", 9))) {
        if (column) store_number(s, column, *p == '-' ? -__builtin_inf() : __builtin_inf(), 1, start, end);
        return end;
    }
    return *p == '[' ? list_at(s, start, column) : fail(s, DK_JSON_NO_VALUE, start);
}

static const uint8_t *list_end(state *s, const uint8_t *p, int depth, size_t *count, int *numeric);

/// The end of a value within a list, of any kind.
static const uint8_t *element_end(state *s, const uint8_t *p, int depth) {
    size_t count;
    int numeric, escaped;
    if (*p == '[') return list_end(s, p, depth, &count, &numeric);
    if (*p != '{') return value_at(s, p, NULL);
    if (depth >= deepest) return fail(s, DK_JSON_DEEP, p);
    p = space(s, p + 1);
    if (*p == '}') return p + 1;
    for (;;) {
        if (*p != '"') return fail(s, DK_JSON_NO_KEY, p);
        if (!(p = text_end(s, p + 1, &escaped))) return NULL;
        p = space(s, p + 1);
        if (*p != ':') return fail(s, DK_JSON_NO_COLON, p);
        if (!(p = element_end(s, space(s, p + 1), depth + 1))) return NULL;
        p = space(s, p);
        if (*p == '}') return p + 1;
        if (*p != ',') return fail(s, DK_JSON_NO_COMMA, p);
        p = space(s, p + 1);
    }
}

/// The end of a list, how many elements it has, and whether all of them are numbers or null.
static const uint8_t *list_end(state *s, const uint8_t *p, int depth, size_t *count, int *numeric) {
    *count = 0;
    *numeric = 1;
    if (depth >= deepest) return fail(s, DK_JSON_DEEP, p);
    p = space(s, p + 1);
    if (*p == ']') return p + 1;
    for (;;) {
        *numeric &= (*p >= '0' && *p <= '9') || *p == '-' || *p == 'n' || *p == 'N' || *p == 'I';
        if (!(p = element_end(s, p, depth + 1))) return NULL;
        ++*count;
        p = space(s, p);
        if (*p == ']') return p + 1;
        if (*p != ',') return fail(s, DK_JSON_LIST, p);
        p = space(s, p + 1);
    }
}

/// A list, kept as its own text.
static const uint8_t *list_at(state *s, const uint8_t *start, dk_json_column *column) {
    size_t count;
    int numeric;
    const uint8_t *p = list_end(s, start, 0, &count, &numeric);
    if (!p) return NULL;
    if (p - start > longest_text) return fail(s, DK_JSON_LONG_TEXT, start);
    if (!column) return p;
    int length = numeric && count > 0 && count <= DK_JSON_LONGEST_LIST ? (int)count : -1;
    if (column->list_length == 0) column->list_length = length;
    if (column->list_length != length) column->list_length = -1;
    column->has_text = 1;
    if (column->kind == DK_COLUMN_NUMBERS) column->numbers[s->row] = __builtin_nan("");
    if (column->kind == DK_COLUMN_SPANS) column->spans[s->row] = span_between(s, start, p, 0);
    return p;
}

int dk_json_list_numbers(const uint8_t *p, double *out, size_t count) {
    state s = {.spans_lines = 1};
    int fraction = 0, flags = 0;
    for (size_t i = 0; i < count; i++) {
        p = space(&s, p + 1);  // past [ or ,
        out[i] = __builtin_nan("");
        if (*p == 'n' || *p == 'N') {
            p += *p == 'n' ? 4 : 3;
        } else if (*p == 'I' || (*p == '-' && p[1] == 'I')) {
            out[i] = *p == 'I' ? __builtin_inf() : -__builtin_inf();
            p += *p == 'I' ? 8 : 9;
        } else if (number_at(&p, '.', out + i, &flags)) {
            fraction |= flags & 1;
        }
        p = space(&s, p);
    }
    return fraction;
}

/// Writes a key behind `prefix` bytes of path; the path's new length, or 0 when there is no room.
static size_t extend_path(state *s, size_t prefix, const uint8_t *key, size_t length, int escaped) {
    if (prefix + length + 1 > longest_path) return 0;
    if (!escaped) memcpy(s->path + prefix, key, length);
    return prefix + (escaped ? dk_json_unescape(key, length, s->path + prefix) : length);
}

static inline int is_expected(const state *s, const uint8_t *key, size_t length) {
    if (s->expected >= s->job->column_count) return 0;
    const dk_json_column *column = s->job->columns + s->expected;
    return column->key_length == length && !memcmp(column->key, key, length);
}

/// The column of a path, found where the last row had it or else by its hash.
static dk_json_column *column_of(state *s, const uint8_t *path, size_t length) {
    dk_json_job *job = s->job;
    int64_t index = is_expected(s, path, length) ? (int64_t)s->expected : dk_interner_find(job->keys, path, length);
    if (index < 0) {
        dk_interner_put(job->unknown, path, length);
        return NULL;
    }
    s->expected = (size_t)index + 1;
    return job->columns + index;
}

/// What follows an opening brace, up to and with its closing one.
static const uint8_t *object_at(state *s, const uint8_t *p, size_t prefix, int depth) {
    p = space(s, p);
    if (*p == '}') return p + 1;
    for (;;) {
        if (*p != '"') return fail(s, DK_JSON_NO_KEY, p);
        int escaped;
        const uint8_t *key = p + 1, *end = text_end(s, key, &escaped);
        if (!end) return NULL;
        size_t length = (size_t)(end - key);
        if (length > longest_path) return fail(s, DK_JSON_DEEP, p);
        s->key = dk_span_of((size_t)(key - s->job->bytes), length, escaped);
        p = space(s, end + 1);
        if (*p != ':') return fail(s, DK_JSON_NO_COLON, p);
        p = space(s, p + 1);
        if (*p != '{' && !prefix && !escaped && is_expected(s, key, length)) {
            p = value_at(s, p, s->job->columns + s->expected++);
        } else {
            size_t path = extend_path(s, prefix, key, length, escaped);
            if (prefix + length > 0 && !path) return fail(s, DK_JSON_DEEP, p);
            if (*p == '{') {
                if (depth == deepest || path + 1 >= longest_path) return fail(s, DK_JSON_DEEP, p);
                s->path[path] = '.';
                p = object_at(s, p + 1, path + 1, depth + 1);
            } else {
                p = value_at(s, p, column_of(s, s->path, path));
            }
        }
        if (!p) return NULL;
        p = space(s, p);
        if (*p == '}') return p + 1;
        if (*p != ',') return fail(s, DK_JSON_NO_COMMA, p);
        p = space(s, p + 1);
    }
}

void dk_json_parse(dk_json_job *job) {
    const uint8_t *p = job->bytes + job->begin, *end = job->bytes + job->end;
    state s = {.job = job, .spans_lines = job->spans_lines};
    size_t wanted = 0;
    for (size_t c = 0; c < job->column_count; c++) wanted += job->columns[c].kind != DK_COLUMN_SKIPPED;
    job->error = DK_JSON_OK;
    while (p < end && job->row < job->row_capacity) {
        p = space(&s, p);
        if (*p == '\n' || (*p == ',' && s.spans_lines && p < end)) {
            p++;
            continue;
        }
        if (p >= end) break;
        s.row = job->row;
        s.expected = s.seen = 0;
        s.key = DK_SPAN_MISSING;
        const uint8_t *q = *p == '{' ? object_at(&s, p + 1, 0, 0) : fail(&s, DK_JSON_NOT_OBJECT, p);
        if (q && s.spans_lines) {
            p = q;
        } else if (q) {
            p = space(&s, q);
            if (p < end && *p != '\n') q = fail(&s, DK_JSON_TRAILING, p);
        }
        if (!q) {
            job->error = s.error;
            job->error_offset = (size_t)(s.error_at - job->bytes);
            job->error_key = s.key;
            break;
        }
        if (s.seen < wanted)
            for (size_t c = 0; c < job->column_count; c++)
                if (job->columns[c].filled != s.row + 1) store_missing(job->columns + c, s.row);
        job->row++;
        p += p < end && !s.spans_lines;
    }
    job->next = (size_t)(p - job->bytes);
}

size_t dk_json_records(const uint8_t *bytes, size_t begin, size_t end, size_t stride, dk_json_places *places) {
    const uint8_t *p = bytes + begin, *stop = bytes + end;
    size_t depth = 0, wanted = begin;
    for (; p < stop; p++) {
        switch (*p) {
            case '{':
                if (depth == 0) {
                    if ((size_t)(p - bytes) >= wanted && places->count < places->capacity) {
                        places->offsets[places->count] = (size_t)(p - bytes);
                        places->rows[places->count++] = places->row_count;
                        wanted = (size_t)(p - bytes) + stride;
                    }
                    places->row_count++;
                }
                depth++;
                break;
            case '[': depth++; break;
            case '}':
            case ']':
                if (depth == 0) return (size_t)(p - bytes);
                depth--;
                break;
            case '"':
                for (p++; p < stop && *p != '"'; p++) p += *p == '\\';
                break;
            default: break;
        }
    }
    places->open_depth = depth;
    return end;
}
