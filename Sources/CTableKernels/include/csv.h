#ifndef DESCENT_CSV_H
#define DESCENT_CSV_H
#include <stddef.h>
#include <stdint.h>

/// Byte counts that decide how a file is parsed.
typedef struct {
    size_t newlines, quotes, nuls, high_bytes;
    /// Newlines directly followed by another newline or a carriage return.
    size_t blank_lines;
    /// Carriage returns without a newline behind them.
    size_t lone_returns;
} dk_csv_counts;

/// Adds the counts of `count` bytes to `out`. One byte after the range must be readable.
void dk_csv_count(const uint8_t *bytes, size_t count, dk_csv_counts *out);

/// Newlines among `count` bytes.
size_t dk_newlines(const uint8_t *bytes, size_t count);

/// 64-bit multiply-mix hash over 8-byte words.
uint64_t dk_hash(const uint8_t *bytes, size_t count, uint64_t seed);

/// Copies text with carriage returns that stand alone, outside quotes, made newlines.
void dk_newline_returns(const uint8_t *restrict bytes, size_t count, uint8_t quote, uint8_t *restrict out);

/// Lines of a range that are not blank, and those of them that hold exactly `delimiters` of the delimiter, quotes or not.
void dk_csv_lines(const uint8_t *bytes, size_t begin, size_t end, uint8_t delimiter, size_t delimiters, size_t *lines, size_t *fitting);

/// Windows' Western text (code page 1252) as UTF-8; what that page leaves open is a control character. Returns the bytes written;
/// `out` has room for three times as many as there are, or is NULL to count them.
size_t dk_from_cp1252(const uint8_t *in, size_t count, uint8_t *out);

/// Characters of several bytes that are valid UTF-8, and bytes that are not.
void dk_utf8_counts(const uint8_t *bytes, size_t count, size_t *characters, size_t *invalid);

/// Offset of the first byte that is not valid UTF-8, or `count`.
size_t dk_utf8_invalid(const uint8_t *bytes, size_t count);

/// A field's place in the file: offset in 39 bits, length in 24, and whether doubled quotes must be undone.
typedef uint64_t dk_span;
#define DK_SPAN_MISSING UINT64_MAX
static inline size_t dk_span_offset(dk_span s) { return (size_t)(s >> 25); }
static inline size_t dk_span_length(dk_span s) { return (size_t)((s >> 1) & 0xffffff); }
static inline int dk_span_escaped(dk_span s) { return (int)(s & 1); }
static inline dk_span dk_span_of(size_t offset, size_t length, int escaped) {
    return ((dk_span)offset << 25) | ((dk_span)length << 1) | (dk_span)escaped;
}
static inline dk_span dk_span_missing(void) { return DK_SPAN_MISSING; }

enum { DK_COLUMN_SKIPPED = 0, DK_COLUMN_NUMBERS = 1, DK_COLUMN_SPANS = 2 };
enum { DK_CSV_OK = 0, DK_CSV_FIELD_COUNT, DK_CSV_OPEN_QUOTE, DK_CSV_AFTER_QUOTE, DK_CSV_LONG_FIELD };

/// Where one column's values go and what was seen of them. Buffers hold `row_capacity` values.
typedef struct {
    int kind;
    double *numbers;
    dk_span *spans;
    size_t missing;
    /// The decimal mark.
    uint8_t point;
    /// A value with a decimal point or an exponent, an infinity; a value that is no number; a code such as `00123`.
    uint8_t has_fraction, has_infinity, has_text, has_leading_zero;
} dk_csv_column;

/// What separates fields, a space for runs of blanks, and what stands around them, 0 for nothing.
typedef struct {
    uint8_t delimiter, quote;
} dk_dialect;

/// A range of whole records to parse, and the outcome.
typedef struct {
    const uint8_t *bytes;
    size_t begin, end;
    dk_dialect dialect;
    /// What lines begin with that are left out, 0 for none; whether only an empty field is a missing value.
    uint8_t comment, only_empty;
    /// A line that is left out when it comes again: the header's bytes, and how many; 0 = none.
    const uint8_t *header;
    size_t header_length;
    dk_csv_column *columns;
    size_t column_count, row_capacity;
    /// Lines left out so far, counted on from call to call.
    size_t headers, comments;
    /// Results: rows read, where the next record begins; on error the record's offset, 1-based field, fields found.
    size_t rows, next;
    int error;
    size_t error_offset, error_field, error_found;
} dk_csv_job;

/// Parses records until `end`, `row_capacity` rows or an error. At least 16 readable bytes must follow `end`.
void dk_csv_parse(dk_csv_job *job);

/// The place of the next record at or behind `offset`: past lines that the parser leaves out.
size_t dk_csv_skip(dk_csv_job *job, size_t offset);

/// Splits one record; writes up to `capacity` spans, sets `found` and `error`. Returns the next record's offset.
size_t dk_csv_record(const uint8_t *bytes, size_t begin, size_t end, dk_dialect dialect, dk_span *spans, size_t capacity,
                     size_t *found, int *error);

/// Whether a field is one of the words for a missing value.
int dk_is_missing(const uint8_t *bytes, size_t count);

/// Correctly rounded decimal number; 1 when the whole field is one. `fraction` = has a point or an exponent.
int dk_parse_number(const uint8_t *bytes, size_t count, double *value, int *fraction);

typedef struct dk_interner dk_interner;
/// Numbers distinct texts in order of first appearance: spans of `bytes` or, without any, texts it keeps copies of.
dk_interner *dk_interner_create(const uint8_t *bytes);
void dk_interner_destroy(dk_interner *interner);
/// Codes for `count` spans (missing = -1).
void dk_interner_add(dk_interner *interner, const dk_span *spans, size_t count, int32_t *codes);
/// The code of a text, kept if it is new; only for an interner without bytes of its own to point at.
int32_t dk_interner_put(dk_interner *interner, const uint8_t *text, size_t length);
/// The code of a text, or -1.
int32_t dk_interner_find(const dk_interner *interner, const uint8_t *text, size_t length);
size_t dk_interner_count(const dk_interner *interner);
dk_span dk_interner_span(const dk_interner *interner, size_t code);
/// What the spans point into; a kept text may move when another is put.
const uint8_t *dk_interner_bytes(const dk_interner *interner);
#endif
