import Files

/// The data files of a folder or a pattern that are one table, and what the names of their folders say.
struct DataFiles {
    struct Member {
        let path: String
        /// From the folder, or from where the pattern begins.
        let name: String
        /// What folders called `key=value` say of all rows in them; nil = missing.
        let partitions: [(key: String, value: String?)]
    }

    let path: String
    private(set) var members: [Member] = []
    /// What was left out, as it is no data.
    private(set) var skipped: [String] = []

    /// nil when the path names one file, or nothing.
    ///
    /// - Throws: `fileNotFound` and `notAFile` where there are no data files, `unreadable` where some cannot be seen, `tooLarge`.
    init?(_ path: String) throws(TableError) {
        guard let found = FileSet(path) else { return nil }
        self.path = path
        if let place = found.unreadable.first {
            throw TableError(.unreadable, "\(place) may not be read: check its permissions and its name", path: path)
        }
        guard !found.isTooLarge else {
            throw TableError(
                .tooLarge, "holds more than \(FileSet.fileLimit) files: name some of them with a pattern such as '2024-*.csv'",
                path: path)
        }
        let names = Set(found.members.map(\.name))
        for member in found.members {
            // The labels are read with their images.
            if IDXReader.isCompanion(member.name, among: names) { continue }
            if Self.isData(member.name) {
                members.append(Member(path: member.path, name: member.name, partitions: Self.partitions(member.name)))
            } else {
                skipped.append(member.name)
            }
        }
        guard members.isEmpty else { return }
        guard !found.members.isEmpty || FilePath.absolute(path) != nil else {
            throw TableError(.fileNotFound, "no file has such a name: check the pattern", path: path)
        }
        throw TableError(
            .notAFile,
            "holds no data files\(skipped.first.map { " (\($0) is none)" } ?? ""): name a folder with files of one format in it",
            path: path)
    }

    /// What was left out, in a warning.
    var skippedWarning: TableWarning? {
        guard let first = skipped.first else { return nil }
        let others = skipped.count == 1 ? "is" : "and \(skipped.count - 1) other files are"
        return TableWarning(.skippedFiles, "\(first) \(others) no data by name and left out")
    }

    /// One fingerprint for the files that have these: their order counts, and what their folders say, but not where they are.
    static func fingerprint(_ files: [(member: Member, fingerprint: String)]) -> String {
        if files.count == 1, files[0].member.partitions.isEmpty { return files[0].fingerprint }
        return FileSurvey.combined(
            files.flatMap { file in
                [file.fingerprint] + file.member.partitions.map { "/\($0.key)=\($0.value.map { "\($0)" } ?? "\0")" }
            })
    }

    // MARK: - Names

    private static let otherEndings: Set = [
        ".md", ".markdown", ".rst", ".html", ".htm", ".css", ".js", ".pdf", ".ps", ".doc", ".docx", ".odt", ".ppt", ".pptx",
        ".rtf",
        ".tex", ".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".bmp", ".tif", ".tiff", ".ico", ".mp3", ".mp4", ".wav", ".mov",
        ".py", ".ipynb", ".r", ".rmd", ".jl", ".swift", ".sh", ".sql", ".c", ".h", ".cpp", ".java", ".scala", ".yml", ".yaml",
        ".toml", ".ini", ".cfg", ".xml", ".lock", ".crc", ".md5", ".sha1", ".sha256", ".bak", ".tmp", ".swp", ".log",
    ]
    private static let otherNames: Set = [
        "readme", "readme.txt", "license", "license.txt", "licence", "licence.txt", "copying", "changelog", "changelog.txt",
        "authors", "makefile", "dockerfile", "thumbs.db",
    ]

    /// Whether a file may be data: it is, unless its name says that it is something else.
    private static func isData(_ name: String) -> Bool {
        let file = FilePath.name(name).lowercased()
        return !otherNames.contains(file) && !file.hasSuffix("~")
            && !otherEndings.contains(DataFormat.nameParts(file).ending)
    }

    /// What stands in the names of folders, as Hive writes it.
    private static func partitions(_ name: String) -> [(key: String, value: String?)] {
        name.split(separator: "/").dropLast().compactMap { folder in
            guard let equals = folder.firstIndex(of: "="), equals > folder.startIndex else { return nil }
            let value = unescaped(folder[folder.index(after: equals)...])
            return (unescaped(folder[..<equals]), value == "__HIVE_DEFAULT_PARTITION__" || value.isEmpty ? nil : value)
        }
    }

    /// A text with `%3A` for `:` and the like undone.
    private static func unescaped(_ text: Substring) -> String {
        var bytes: [UInt8] = [], rest = Array(text.utf8)[...]
        while let first = rest.popFirst() {
            if first == UInt8(ascii: "%"), rest.count >= 2,
                let byte = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16), rest.first != UInt8(ascii: "+")
            {
                bytes.append(byte)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(first)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
