import Files
import Glibc
import PrintableText

/// Data files, as far as they are looked at before the work begins.
enum DataFile {
    static let formats =
        "CSV and its kin, JSON, Parquet, Arrow, Excel's xlsx, SQLite, libsvm, SageMaker's RecordIO or IDX, text also under gzip or zstd; "
        + "a folder of such files, a pattern such as 'parts/*.csv', or - for standard input"

    /// - Throws: a data fault when the file is not there, is no file that can be read again, or may not be read.
    static func check(_ path: String) throws(CommandError) {
        var status = stat()
        guard stat(path, &status) == 0 else {
            if FileSet.exists(path) { return }
            throw .data("\(path.printable): no such file: check the path")
        }
        switch status.st_mode & S_IFMT {
        case S_IFREG, S_IFDIR: break
        case S_IFIFO:
            throw .data("\(path.printable) is a pipe, which can be read only once: give it to a command that reads data")
        default: throw .data("\(path.printable) is a device or a socket: name a file, a folder or a pipe")
        }
        guard access(path, R_OK) == 0 else { throw .data("\(path.printable) may not be read: check its permissions") }
    }
}
