#ifndef DESCENT_IDX_H
#define DESCENT_IDX_H
#include <stddef.h>
#include <stdint.h>

/// Values of rows of an IDX array (type 8, 9, 11 to 14; the highest byte first), turned into columns of numbers. `in` is the
/// first row's first wanted value, `width` the values of a row; `columns` holds `column_count` places for `rows` numbers.
void dk_idx_columns(int type, const uint8_t *in, size_t rows, size_t width, double *const *columns, size_t column_count);
#endif
