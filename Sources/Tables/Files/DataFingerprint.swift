/// What tells whether a data file is still the one that was read.
public enum DataFingerprint {
    /// The fingerprint that a table read from the file would have; of a CSV or JSON Lines file without parsing it.
    ///
    /// - Throws: `fileNotFound`, `notAFile`, `unreadable`, `emptyFile`, and what reading an IDX file throws.
    public static func of(_ path: String) throws(TableError) -> String {
        let file = try FileBytes(path: path)
        let threadCount = ReadOptions().threads
        return switch try DataFormat(of: file, path: path, options: ReadOptions()) {
        case .idx: try Table(contentsOf: path).fingerprint
        case .sqlite: try SQLiteReader.fingerprint(file, path: path, threadCount: threadCount)
        default: FileSurvey(file: file, threadCount: threadCount).fingerprint
        }
    }
}
