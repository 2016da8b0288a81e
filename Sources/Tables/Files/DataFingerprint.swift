/// What tells whether a data file is still the one that was read.
public enum DataFingerprint {
    /// The fingerprint that a table read from the file would have; of a CSV or JSON Lines file without parsing it.
    ///
    /// - Throws: `fileNotFound`, `notAFile`, `unreadable`, `emptyFile`, and what reading an IDX file throws.
    public static func of(_ path: String) throws(TableError) -> String {
        let file = try FileBytes(path: path)
        if try DataFormat(of: file, path: path, options: ReadOptions()) == .idx { return try Table(contentsOf: path).fingerprint }
        return FileSurvey(file: file, threadCount: ReadOptions().threads).fingerprint
    }
}
