/// What tells whether a data file is still the one that was read.
public enum DataFingerprint {
    /// The fingerprint that a table read from the file would have; of a CSV or JSON Lines file without parsing it.
    ///
    /// - Throws: `fileNotFound`, `notAFile`, `unreadable`, `emptyFile`, and what reading an IDX file throws.
    public static func of(_ path: String) throws(TableError) -> String {
        if let files = try DataFiles(path) { return try of(files) }
        return try ofFile(path)
    }

    static func of(_ files: DataFiles) throws(TableError) -> String {
        let members = files.members
        let found = try FolderReader.sideBySide(members.count, ReadOptions()) { index, _ throws(TableError) -> String? in
            do throws(TableError) { return try ofFile(members[index].path) } catch {
                // Files without anything in them are left out when a folder is read.
                if error.code == .emptyFile { return nil }
                throw error
            }
        }
        return DataFiles.fingerprint(zip(members, found).compactMap { member, found in found.map { (member, $0) } })
    }

    private static func ofFile(_ path: String) throws(TableError) -> String {
        let file = try FileBytes(path: path)
        let threadCount = ReadOptions().threads
        return switch try DataFormat(of: file, path: path, options: ReadOptions()) {
        case .idx: try Table(contentsOf: path).fingerprint
        case .sqlite: try SQLiteReader.fingerprint(file, path: path, threadCount: threadCount)
        default: FileSurvey(file: file, threadCount: threadCount).fingerprint
        }
    }
}
