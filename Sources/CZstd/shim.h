#ifndef CX_ZSTD_SHIM_H
#define CX_ZSTD_SHIM_H
#include <zstd.h>
#include <zstd_errors.h>
#endif
