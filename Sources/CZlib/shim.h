#ifndef CX_ZLIB_SHIM_H
#define CX_ZLIB_SHIM_H
#include <zlib.h>

/// inflateInit2 is a macro, which Swift cannot import: 15 bits of window, and 32 so that gzip and zlib headers are told apart.
static inline int cx_zlib_start(z_stream *stream) { return inflateInit2(stream, 15 + 32); }

/// The same for packing, with a gzip header.
static inline int cx_zlib_start_packing(z_stream *stream) {
    return deflateInit2(stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
}

/// The same for data without any header, as zip archives hold them.
static inline int cx_zlib_start_bare(z_stream *stream) { return inflateInit2(stream, -15); }
#endif
