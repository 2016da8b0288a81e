import Glibc
import PrintableText

/// Data files, as far as they are looked at before the work begins.
enum DataFile {
    static let formats =
        "CSV and its kin, JSON, Parquet, Arrow, Excel's xlsx, SQLite, libsvm, SageMaker's RecordIO or IDX; text also under gzip or zstd"

    /// - Throws: a data fault when the file is not there, is a folder or may not be read.
    static func check(_ path: String) throws(CommandError) {
        var status = stat()
        guard stat(path, &status) == 0 else { throw .data("\(path.printable): no such file: check the path") }
        if status.st_mode & S_IFMT == S_IFDIR { throw .data("\(path.printable) is a folder: name a file in it") }
        guard access(path, R_OK) == 0 else { throw .data("\(path.printable) may not be read: check its permissions") }
    }
}
