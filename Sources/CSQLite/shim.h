#ifndef CX_SQLITE_SHIM_H
#define CX_SQLITE_SHIM_H
#include <sqlite3.h>

/// SQLITE_TRANSIENT is a cast macro, which Swift cannot import: SQLite copies the bytes before returning.
static inline sqlite3_destructor_type cx_sqlite_transient(void) { return SQLITE_TRANSIENT; }
#endif
