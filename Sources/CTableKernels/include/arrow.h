#ifndef DESCENT_ARROW_H
#define DESCENT_ARROW_H
#include <stddef.h>
#include <stdint.h>

// What the buffers of Arrow files take besides the decoders of `parquet.h`.

/// Unpacks an LZ4 frame that holds exactly `size` bytes; 0 when it is damaged. Its checksums are not looked at.
int dk_lz4_frame(const uint8_t *in, size_t count, uint8_t *out, size_t size);

/// Makes values missing where a bit, from the lowest of each byte, is 0.
void dk_blank_numbers(const uint8_t *valid, double *values, size_t count);
void dk_blank_codes(const uint8_t *valid, int32_t *codes, size_t count);

/// Whole numbers of a stored type as places below `size` (at most INT32_MAX), -1 where a bit of `valid`, if any, is 0.
/// Returns 0 when one lies outside.
int dk_places(int type, const uint8_t *in, size_t count, const uint8_t *valid, size_t size, int32_t *out);
#endif
