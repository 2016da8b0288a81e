#ifndef CX_CURL_SHIM_H
#define CX_CURL_SHIM_H
// What is used of libcurl, declared here because the library is loaded at run time: libcurl.so.4, whose interface has been stable since
// 7.16. Names and numbers as in curl.h; a test compares the numbers with those that the library itself tells.
#include <stddef.h>

typedef void cx_curl;
typedef void cx_curl_list;

enum {
    CX_CURL_GLOBAL_ALL = 3,
    CX_CURLINFO_RESPONSE_CODE = 0x200002,
    CX_CURLUSESSL_ALL = 3,
    CX_CURLPROTO_HTTP = 1 << 0,
    CX_CURLPROTO_HTTPS = 1 << 1,
    CX_CURLPROTO_SMTP = 1 << 16,
    CX_CURLPROTO_SMTPS = 1 << 17,
};

// Options: numbers under 10000 take a long, under 20000 a pointer, under 30000 a function, above a 64-bit number.
enum {
    CX_CURLOPT_LOW_SPEED_LIMIT = 19,
    CX_CURLOPT_LOW_SPEED_TIME = 20,
    CX_CURLOPT_UPLOAD = 46,
    CX_CURLOPT_NOPROGRESS = 43,
    CX_CURLOPT_FOLLOWLOCATION = 52,
    CX_CURLOPT_NOSIGNAL = 99,
    CX_CURLOPT_USE_SSL = 119,
    CX_CURLOPT_TIMEOUT_MS = 155,
    CX_CURLOPT_CONNECTTIMEOUT_MS = 156,
    CX_CURLOPT_PROTOCOLS = 181,
    CX_CURLOPT_PATH_AS_IS = 234,
    CX_CURLOPT_WRITEDATA = 10001,
    CX_CURLOPT_URL = 10002,
    CX_CURLOPT_READDATA = 10009,
    CX_CURLOPT_POSTFIELDS = 10015,
    CX_CURLOPT_USERAGENT = 10018,
    CX_CURLOPT_HTTPHEADER = 10023,
    CX_CURLOPT_HEADERDATA = 10029,
    CX_CURLOPT_CUSTOMREQUEST = 10036,
    CX_CURLOPT_XFERINFODATA = 10057,
    CX_CURLOPT_CAINFO = 10065,
    CX_CURLOPT_USERNAME = 10173,
    CX_CURLOPT_PASSWORD = 10174,
    CX_CURLOPT_MAIL_FROM = 10186,
    CX_CURLOPT_MAIL_RCPT = 10187,
    CX_CURLOPT_WRITEFUNCTION = 20011,
    CX_CURLOPT_READFUNCTION = 20012,
    CX_CURLOPT_HEADERFUNCTION = 20079,
    CX_CURLOPT_XFERINFOFUNCTION = 20219,
    CX_CURLOPT_POSTFIELDSIZE_LARGE = 30120,
};

typedef struct {
    const char *name;
    int id;
    int type;
    unsigned int flags;
} cx_curl_option;

typedef int (*cx_curl_global_init)(long flags);
typedef cx_curl *(*cx_curl_easy_init)(void);
typedef int (*cx_curl_easy_setopt)(cx_curl *transfer, int option, ...);
typedef int (*cx_curl_easy_perform)(cx_curl *transfer);
typedef int (*cx_curl_easy_getinfo)(cx_curl *transfer, int info, ...);
typedef void (*cx_curl_easy_cleanup)(cx_curl *transfer);
typedef const char *(*cx_curl_easy_strerror)(int code);
typedef cx_curl_list *(*cx_curl_slist_append)(cx_curl_list *list, const char *text);
typedef void (*cx_curl_slist_free_all)(cx_curl_list *list);
typedef const cx_curl_option *(*cx_curl_easy_option_by_name)(const char *name);
typedef const char *(*cx_curl_version)(void);

// What libcurl calls: bytes that came or are wanted, and whether to go on.
typedef size_t (*cx_curl_take)(char *bytes, size_t size, size_t count, void *context);
typedef int (*cx_curl_progress)(void *context, long long down_total, long long down_now, long long up_total, long long up_now);

// Swift calls no variadic functions.
static inline int cx_curl_set_long(cx_curl_easy_setopt set, cx_curl *transfer, int option, long value) {
    return set(transfer, option, value);
}
static inline int cx_curl_set_size(cx_curl_easy_setopt set, cx_curl *transfer, int option, long long value) {
    return set(transfer, option, value);
}
static inline int cx_curl_set_pointer(cx_curl_easy_setopt set, cx_curl *transfer, int option, const void *value) {
    return set(transfer, option, value);
}
static inline int cx_curl_set_take(cx_curl_easy_setopt set, cx_curl *transfer, int option, cx_curl_take function) {
    return set(transfer, option, function);
}
static inline int cx_curl_set_progress(cx_curl_easy_setopt set, cx_curl *transfer, int option, cx_curl_progress function) {
    return set(transfer, option, function);
}
static inline int cx_curl_get_long(cx_curl_easy_getinfo get, cx_curl *transfer, int info, long *value) {
    return get(transfer, info, value);
}
#endif
