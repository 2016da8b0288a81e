#ifndef DESCENT_PARQUET_H
#define DESCENT_PARQUET_H
#include "csv.h"

// Decoders for the pages of Parquet files. Each stays within the bytes it is given; a result of 0 says that they are damaged.

/// Unpacks a raw Snappy or LZ4 block that holds exactly `size` bytes.
int dk_snappy(const uint8_t *in, size_t count, uint8_t *out, size_t size);
int dk_lz4(const uint8_t *in, size_t count, uint8_t *out, size_t size);

/// The hybrid of runs and bit-packed groups, of `width` bits (0 to 32).
int dk_rle(const uint8_t *in, size_t count, unsigned width, uint32_t *out, size_t values);

/// DELTA_BINARY_PACKED; wraps around at `bits` (32 or 64). Returns the bytes read.
size_t dk_delta(const uint8_t *in, size_t count, unsigned bits, int64_t *out, size_t values);

/// BYTE_STREAM_SPLIT of values of `width` bytes, put together again.
int dk_stream_split(const uint8_t *in, size_t count, size_t width, uint8_t *out, size_t values);

/// Truth values, a bit each, from the lowest.
int dk_bits(const uint8_t *in, size_t count, uint32_t *out, size_t values);

enum {
    DK_INT32, DK_UINT32, DK_INT64, DK_UINT64, DK_FLOAT, DK_DOUBLE, DK_FLOAT16,
    DK_INT96,     // nanoseconds of the day and Julian day number, as seconds since 1 January 1970
    DK_BIG_ENDIAN, // two's complement of `width` bytes (1 to 32)
    DK_LITTLE_ENDIAN, DK_INT8, DK_UINT8, DK_INT16, DK_UINT16
};
/// Values of a stored type, `width` bytes each, as numbers times `factor` or, when it is negative, divided by -`factor`.
/// Returns whether one is infinite.
int dk_numbers(int type, size_t width, const uint8_t *in, size_t values, double factor, double *out);
/// One two's complement integer of any number of bytes, the highest first.
double dk_big_endian(const uint8_t *in, size_t width);

/// The values of a dictionary at places all checked to lie in it.
int dk_pick_numbers(const double *dictionary, size_t size, const uint32_t *places, size_t values, double *out);
int dk_pick_codes(const int32_t *dictionary, size_t size, const uint32_t *places, size_t values, int32_t *out);

/// Levels that equal `full`, the number of values present.
size_t dk_present(const uint32_t *levels, size_t count, uint32_t full);
/// Spreads the values present, at the front of `values`, over all rows; missing = NaN or -1.
void dk_spread_numbers(double *values, size_t present, const uint32_t *levels, size_t count, uint32_t full);
void dk_spread_codes(int32_t *codes, size_t present, const uint32_t *levels, size_t count, uint32_t full);

/// Finds texts that each stand behind their length in four bytes; spans are relative to `in`.
int dk_plain_texts(const uint8_t *in, size_t count, dk_span *out, size_t values);
/// Bytes that DELTA_BYTE_ARRAY values take put together, or 0 when lengths do not fit or the sum exceeds `most`.
/// An empty sum counts as 1.
size_t dk_joined_size(const int64_t *prefixes, const int64_t *suffixes, size_t values, size_t suffix_bytes, size_t most);
/// Puts them together; the lengths have been checked by `dk_joined_size`.
void dk_join(const int64_t *prefixes, const int64_t *suffixes, size_t values, const uint8_t *in, uint8_t *out, dk_span *spans);
#endif
