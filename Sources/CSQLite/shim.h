#ifndef CX_SQLITE_SHIM_H
#define CX_SQLITE_SHIM_H
#include <sqlite3.h>

/// SQLITE_TRANSIENT is a cast macro, which Swift cannot import: SQLite copies the bytes before returning.
static inline sqlite3_destructor_type cx_sqlite_transient(void) { return SQLITE_TRANSIENT; }

/// What stands between double quotes is a name and never a text. sqlite3_db_config takes any number of arguments, which Swift cannot call.
static inline int cx_sqlite_take_quotes_as_names(sqlite3 *db) {
    int code = sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DML, 0, (int *)0);
    return code == SQLITE_OK ? sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DDL, 0, (int *)0) : code;
}
#endif
