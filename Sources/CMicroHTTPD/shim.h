#ifndef CX_MICROHTTPD_SHIM_H
#define CX_MICROHTTPD_SHIM_H
// What is used of libmicrohttpd, declared here because the library is loaded at run time: libmicrohttpd.so.12. Names and numbers as in
// microhttpd.h of 0.9.75; a test compares the numbers with those of the header where it is installed.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

typedef struct cx_mhd_daemon cx_mhd_daemon;
typedef struct cx_mhd_connection cx_mhd_connection;
typedef struct cx_mhd_response cx_mhd_response;

enum {
    CX_MHD_USE_TLS = 2,
    CX_MHD_USE_INTERNAL_POLLING_THREAD = 8,
    CX_MHD_USE_EPOLL = 512,
    CX_MHD_ALLOW_SUSPEND_RESUME = 8192 | 1024,
};

enum {
    CX_MHD_OPTION_END = 0,
    CX_MHD_OPTION_CONNECTION_MEMORY_LIMIT = 1,
    CX_MHD_OPTION_CONNECTION_LIMIT = 2,
    CX_MHD_OPTION_CONNECTION_TIMEOUT = 3,
    CX_MHD_OPTION_NOTIFY_COMPLETED = 4,
    CX_MHD_OPTION_URI_LOG_CALLBACK = 7,
    CX_MHD_OPTION_HTTPS_MEM_KEY = 8,
    CX_MHD_OPTION_HTTPS_MEM_CERT = 9,
    CX_MHD_OPTION_LISTEN_SOCKET = 12,
    CX_MHD_OPTION_EXTERNAL_LOGGER = 13,
    CX_MHD_OPTION_ARRAY = 15,
    CX_MHD_OPTION_NOTIFY_CONNECTION = 27,
    CX_MHD_OPTION_STRICT_FOR_CLIENT = 29,
};

enum {
    CX_MHD_HEADER_KIND = 1,
    CX_MHD_RESPMEM_MUST_COPY = 2,
    CX_MHD_CONNECTION_NOTIFY_STARTED = 0,
    CX_MHD_REQUEST_TERMINATED_COMPLETED_OK = 0,
    CX_MHD_CONNECTION_INFO_CONNECTION_FD = 6,
    CX_MHD_CONNECTION_INFO_SOCKET_CONTEXT = 7,
    CX_MHD_FEATURE_TLS = 2,
};

typedef struct {
    int option;
    intptr_t value;
    void *pointer;
} cx_mhd_option;

typedef union {
    int socket;
    void *socket_context;
    void *room[4];
} cx_mhd_connection_info;

// What the library calls. A handler answers 1, or 0 to have the connection closed.
typedef int (*cx_mhd_accept)(void *context, const void *address, unsigned int length);
typedef int (*cx_mhd_handler)(void *context, cx_mhd_connection *connection, const char *url, const char *method, const char *version,
                              const char *upload, size_t *upload_size, void **request);
typedef void (*cx_mhd_completed)(void *context, cx_mhd_connection *connection, void **request, int code);
typedef void (*cx_mhd_notice)(void *context, cx_mhd_connection *connection, void **socket_context, int code);
typedef void *(*cx_mhd_uri_log)(void *context, const char *uri, cx_mhd_connection *connection);
typedef int (*cx_mhd_iterator)(void *context, int kind, const char *key, const char *value);

typedef cx_mhd_daemon *(*cx_mhd_start_daemon)(unsigned int flags, uint16_t port, cx_mhd_accept accept, void *accept_context,
                                              cx_mhd_handler handler, void *handler_context, ...);
typedef void (*cx_mhd_stop_daemon)(cx_mhd_daemon *daemon);
typedef int (*cx_mhd_quiesce_daemon)(cx_mhd_daemon *daemon);
typedef cx_mhd_response *(*cx_mhd_make_response)(size_t size, void *bytes, int mode);
typedef int (*cx_mhd_add_header)(cx_mhd_response *response, const char *name, const char *value);
typedef int (*cx_mhd_queue_response)(cx_mhd_connection *connection, unsigned int status, cx_mhd_response *response);
typedef void (*cx_mhd_destroy_response)(cx_mhd_response *response);
typedef void (*cx_mhd_suspend)(cx_mhd_connection *connection);
typedef void (*cx_mhd_resume)(cx_mhd_connection *connection);
typedef int (*cx_mhd_get_values)(cx_mhd_connection *connection, int kind, cx_mhd_iterator iterator, void *context);
typedef const cx_mhd_connection_info *(*cx_mhd_get_info)(cx_mhd_connection *connection, int kind, ...);
typedef const char *(*cx_mhd_get_version)(void);
typedef int (*cx_mhd_is_supported)(int feature);

// The library would print to standard error what it thinks of clients.
static inline void cx_mhd_say_nothing(void *context, const char *format, va_list arguments) {
    (void)context;
    (void)format;
    (void)arguments;
}

// Swift calls no variadic functions. The logger has to come first.
static inline cx_mhd_daemon *cx_mhd_start(cx_mhd_start_daemon start, unsigned int flags, cx_mhd_accept accept, cx_mhd_handler handler,
                                          void *context, cx_mhd_option *options) {
    return start(flags, 0, accept, context, handler, context, CX_MHD_OPTION_EXTERNAL_LOGGER, cx_mhd_say_nothing, (void *)0,
                 CX_MHD_OPTION_ARRAY, options, CX_MHD_OPTION_END);
}
static inline int cx_mhd_socket(cx_mhd_get_info get, cx_mhd_connection *connection) {
    const cx_mhd_connection_info *info = get(connection, CX_MHD_CONNECTION_INFO_CONNECTION_FD);
    return info ? info->socket : -1;
}
static inline void *cx_mhd_socket_context(cx_mhd_get_info get, cx_mhd_connection *connection) {
    const cx_mhd_connection_info *info = get(connection, CX_MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info ? info->socket_context : (void *)0;
}
#endif
