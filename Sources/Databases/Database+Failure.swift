import CSQLite
import Glibc

extension Database {
    /// What a result code of the library means for the user. SQLite's own word for it stands behind; a statement never does.
    /// - Parameter systemCode: `errno` of the system call that failed, as `sqlite3_system_errno` tells it.
    static func failure(
        _ code: Int32, systemCode: Int32, path: String, libraryMessage: String, operation: String
    ) -> StoreError {
        let (kind, message) = words(code & 0xFF, systemCode, path)
        // The system's word says more than "disk I/O error".
        let cause = systemCode != 0 && kind != .corrupt ? String(cString: strerror(systemCode)) : libraryMessage
        return StoreError(code: kind, message: message, operation: operation, cause: cause)
    }

    private static func words(_ code: Int32, _ systemCode: Int32, _ path: String) -> (StoreError.Code, String) {
        switch systemCode {
        case ENOSPC, EDQUOT: return full(path)
        case EFBIG: return (.diskFull, "\(path) may not grow: raise the limit on the size of files (ulimit -f)")
        case EROFS: return readOnly(path)
        case EMFILE, ENFILE:
            return (.cannotOpen, "too many files are open to open \(path): close some, or raise the limit (ulimit -n)")
        case ENOMEM: return outOfMemory
        default: break
        }
        return switch code {
        case SQLITE_BUSY, SQLITE_LOCKED: (.busy, "\(path) is in use by another program: try again when it is done")
        case SQLITE_FULL: full(path)
        case SQLITE_READONLY, SQLITE_PERM, SQLITE_AUTH: readOnly(path)
        case SQLITE_CORRUPT, SQLITE_NOTADB:
            (.corrupt, "\(path) is damaged or no workspace: `descent doctor --recover` saves what can be read")
        case SQLITE_CANTOPEN: (.cannotOpen, "cannot open \(path): check that the folder exists and can be written")
        case SQLITE_NOMEM: outOfMemory
        case SQLITE_IOERR: (.failed, "\(path) cannot be read or written: check its disk")
        default: (.failed, "the workspace could not be read or written: `descent doctor` looks at it")
        }
    }

    private static func full(_ path: String) -> (StoreError.Code, String) {
        (.diskFull, "the disk that holds \(path) is full: make room")
    }

    private static func readOnly(_ path: String) -> (StoreError.Code, String) {
        (.readOnly, "\(path) cannot be written: check its permissions")
    }

    private static let outOfMemory: (StoreError.Code, String) =
        (.outOfMemory, "there is not enough memory for the workspace: end other programs, or raise the limit (ulimit -v)")
}
