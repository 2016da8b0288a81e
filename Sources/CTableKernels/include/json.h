#ifndef DESCENT_JSON_H
#define DESCENT_JSON_H
#include "csv.h"

enum {
    DK_JSON_OK = 0,
    DK_JSON_NOT_OBJECT,   // a line that does not begin with {
    DK_JSON_NO_KEY,       // no quoted name where one should be
    DK_JSON_NO_COLON,
    DK_JSON_NO_VALUE,
    DK_JSON_NO_COMMA,     // neither , nor } after a value
    DK_JSON_OPEN_TEXT,    // a text that does not end on its line
    DK_JSON_BAD_ESCAPE,
    DK_JSON_LIST,         // neither , nor ] after an element of a list
    DK_JSON_TRAILING,     // something after the object
    DK_JSON_DEEP,         // objects within objects, too many or with too long a name
    DK_JSON_LONG_TEXT,
};

enum { DK_JSON_LONGEST_LIST = 64 };

/// Where one key's values go and what was seen of them. Buffers hold a value for each row of the job.
typedef struct {
    int kind;  // DK_COLUMN_
    double *numbers;
    dk_span *spans;
    /// The key, escapes undone; keys of objects within objects joined by points.
    const uint8_t *key;
    size_t key_length;
    /// The row filled last, plus 1.
    size_t filled;
    /// A value with a decimal point or an exponent, an infinity, a text that is no number, a code such as "00123", any value.
    uint8_t has_fraction, has_infinity, has_text, has_leading_zero, has_value;
    /// Lists: 0 = none seen; how many numbers each has, if all have as many and at most 64; else -1. They are no has_value.
    int list_length;
    /// Values behind another one of the same key in the same record.
    size_t repeats;
} dk_json_column;

/// A range of whole records to parse, and the outcome.
typedef struct {
    const uint8_t *bytes;
    size_t begin, end;
    /// Whether objects may span lines and stand one after the other, with commas between them or nothing.
    int spans_lines;
    dk_json_column *columns;
    size_t column_count;
    /// The columns' keys in the columns' order, and what gathers those that no column has.
    const dk_interner *keys;
    dk_interner *unknown;
    /// Rows read so far, counted on from call to call; where they stop.
    size_t row, row_capacity;
    /// Texts are values whatever they say: also words for a missing value.
    int keeps_words;
    /// Results: where the next record begins; on error the place of it and of the key it belongs to.
    size_t next;
    int error;
    size_t error_offset;
    dk_span error_key;
} dk_json_job;

/// Parses records until `end`, `row_capacity` rows or an error. The bytes hold no NUL; at least 64 of them must follow `end`.
void dk_json_parse(dk_json_job *job);

/// Where some records begin and how many are before each, at most `capacity`; results: how many places, all records, the
/// objects and lists open at the end.
typedef struct {
    size_t *offsets, *rows, capacity;
    size_t count, row_count, open_depth;
} dk_json_places;

/// Counts the objects from `begin` on that lie in nothing else, and notes where one begins about every `stride` bytes. Returns
/// the place of the first closing bracket that closes nothing, or `end`.
size_t dk_json_records(const uint8_t *bytes, size_t begin, size_t end, size_t stride, dk_json_places *places);

/// The numbers of a list that the parser took, with NaN for null; whether one has a point or an exponent.
int dk_json_list_numbers(const uint8_t *list, double *out, size_t count);

/// Undoes the escapes of a text between quotes; `out` has room for `count` bytes. Returns the length.
size_t dk_json_unescape(const uint8_t *text, size_t count, uint8_t *out);
#endif
