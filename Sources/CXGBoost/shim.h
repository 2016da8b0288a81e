#ifndef CX_XGBOOST_SHIM_H
#define CX_XGBOOST_SHIM_H
#include <stdint.h>

// The part of XGBoost's C interface that Descent calls, as types of functions: the library is found and loaded at run time,
// and its packages carry no header. Source: xgboost 3.2.0, include/xgboost/c_api.h. Every function returns 0, or -1 with the
// message in XGBGetLastError, which belongs to the calling thread and lasts until its next call.

/// A DMatrix or a Booster.
typedef void *cx_xgb_handle;
/// bst_ulong.
typedef uint64_t cx_xgb_ulong;

typedef void (*cx_xgb_version)(int *major, int *minor, int *patch);
typedef const char *(*cx_xgb_last_error)(void);
/// Messages of the library, which would otherwise go to standard error.
typedef int (*cx_xgb_register_log)(void (*callback)(const char *));

/// data: an array interface in JSON (address, shape, type); its memory is copied.
typedef int (*cx_xgb_matrix_from_dense)(const char *data, const char *config, cx_xgb_handle *out);
typedef int (*cx_xgb_matrix_set_info)(cx_xgb_handle matrix, const char *field, const char *data);
typedef int (*cx_xgb_free)(cx_xgb_handle handle);

typedef int (*cx_xgb_create)(const cx_xgb_handle *matrices, cx_xgb_ulong count, cx_xgb_handle *out);
typedef int (*cx_xgb_set_param)(cx_xgb_handle booster, const char *name, const char *value);
typedef int (*cx_xgb_rounds)(cx_xgb_handle booster, int *out);
typedef int (*cx_xgb_update)(cx_xgb_handle booster, int iteration, cx_xgb_handle training);
/// out: text that lasts until the booster's next call on this thread, as all results below do.
typedef int (*cx_xgb_evaluate)(cx_xgb_handle booster, int iteration, const cx_xgb_handle *matrices, const char *const *names,
                               cx_xgb_ulong count, const char **out);
typedef int (*cx_xgb_predict)(cx_xgb_handle booster, cx_xgb_handle matrix, const char *config, const cx_xgb_ulong **shape,
                              cx_xgb_ulong *dimensions, const float **out);
typedef int (*cx_xgb_slice)(cx_xgb_handle booster, int begin, int end, int step, cx_xgb_handle *out);
typedef int (*cx_xgb_load)(cx_xgb_handle booster, const void *bytes, cx_xgb_ulong count);
typedef int (*cx_xgb_save)(cx_xgb_handle booster, const char *config, cx_xgb_ulong *count, const char **out);
typedef int (*cx_xgb_serialize)(cx_xgb_handle booster, cx_xgb_ulong *count, const char **out);
typedef int (*cx_xgb_feature_score)(cx_xgb_handle booster, const char *config, cx_xgb_ulong *feature_count,
                                    const char *const **features, cx_xgb_ulong *dimensions, const cx_xgb_ulong **shape,
                                    const float **scores);
#endif
