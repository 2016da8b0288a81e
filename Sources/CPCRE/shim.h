#ifndef CX_PCRE_SHIM_H
#define CX_PCRE_SHIM_H
// The functions of PCRE2 (8-bit code units) that are used, declared here because the library is loaded at run time: libpcre2-8.so.0,
// whose interface has been stable since 10.0. Names as in pcre2.h without the suffix.
#include <stddef.h>
#include <stdint.h>

typedef void cx_pcre_code;
typedef void cx_pcre_match_data;
typedef void cx_pcre_match_context;

enum {
    CX_PCRE_UTF = 0x00080000,
    CX_PCRE_NEVER_BACKSLASH_C = 0x00100000,
    CX_PCRE_MATCH_INVALID_UTF = 0x04000000,
    CX_PCRE_JIT_COMPLETE = 0x00000001,
    CX_PCRE_INFO_CAPTURECOUNT = 4,
};

typedef cx_pcre_code *(*cx_pcre_compile)(const uint8_t *pattern, size_t length, uint32_t options, int *error, size_t *offset,
                                         void *context);
typedef int (*cx_pcre_jit_compile)(cx_pcre_code *code, uint32_t options);
typedef cx_pcre_match_data *(*cx_pcre_match_data_create)(const cx_pcre_code *code, void *context);
typedef cx_pcre_match_context *(*cx_pcre_match_context_create)(void *context);
typedef int (*cx_pcre_set_match_limit)(cx_pcre_match_context *context, uint32_t limit);
typedef int (*cx_pcre_match)(const cx_pcre_code *code, const uint8_t *subject, size_t length, size_t start, uint32_t options,
                             cx_pcre_match_data *data, cx_pcre_match_context *context);
typedef size_t *(*cx_pcre_ovector)(cx_pcre_match_data *data);
typedef int (*cx_pcre_message)(int error, uint8_t *buffer, size_t size);
typedef int (*cx_pcre_name_number)(const cx_pcre_code *code, const uint8_t *name);
typedef int (*cx_pcre_info)(const cx_pcre_code *code, uint32_t what, void *where);
typedef void (*cx_pcre_code_free)(cx_pcre_code *code);
typedef void (*cx_pcre_match_data_free)(cx_pcre_match_data *data);
typedef void (*cx_pcre_match_context_free)(cx_pcre_match_context *context);
#endif
