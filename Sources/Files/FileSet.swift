import Glibc

/// The files that one path names: those in a folder and its folders, or those that a pattern such as `parts/2024-*.csv` matches.
///
/// In a pattern `*`, `?` and `[…]` stand for parts of a name and `**` for any number of folders; a folder that matches stands for
/// what is in it. Files come in natural order. Hidden ones, and those whose names begin with `_`, are notes that programs leave for
/// themselves and left out, with all that is in folders of such names. What links lead to in several ways is there once.
public struct FileSet: Sendable {
    /// One of the files.
    public struct Member: Sendable, Hashable {
        /// Where it is.
        public let path: String
        /// Its path from the folder, or from where the pattern's own part begins.
        public let name: String
    }

    /// The files, in order.
    public private(set) var members: [Member] = []
    /// Folders that could not be looked into, and names that no path can be made of.
    public private(set) var unreadable: [String] = []
    /// Whether there are more files than anybody would read as one.
    public private(set) var isTooLarge = false

    /// Most files that are one set, and most names that are looked at to find them.
    public static let fileLimit = 100_000
    private static let nameLimit = 1_000_000
    private static let depthLimit = 64

    private var namesSeen = 0
    private var known: Set<String> = []
    private let root: String

    /// nil when the path names one file, or nothing.
    public init?(_ path: String) {
        var status = stat()
        if stat(path, &status) == 0 {
            guard status.st_mode & S_IFMT == S_IFDIR else { return nil }
            root = Self.trimmed(path)
            walk(root, name: "", depth: 0)
        } else {
            guard NamePattern.isPattern(path) else { return nil }
            let (fixed, rest) = Self.parts(path)
            root = fixed
            match(rest[...], in: fixed, name: "", depth: 0)
        }
        members.sort { NaturalOrder.precedes($0.name, $1.name) }
    }

    /// Whether there is something at a path: a file, a folder, or what a pattern matches.
    public static func exists(_ path: String) -> Bool {
        if access(path, F_OK) == 0 { return true }
        return FileSet(path).map { !$0.members.isEmpty } ?? false
    }

    /// The absolute path of what there is, without links; of a pattern, that of the folder it begins in with the rest behind it.
    public static func absolute(_ path: String) -> String? {
        if let found = FilePath.absolute(path) { return found }
        guard NamePattern.isPattern(path) else { return nil }
        let (fixed, rest) = parts(path)
        guard let folder = FilePath.absolute(fixed.isEmpty ? "." : fixed) else { return nil }
        return ([folder == "/" ? "" : folder] + rest).joined(separator: "/")
    }

    static func isHidden(_ name: some StringProtocol) -> Bool { name.hasPrefix(".") || name.hasPrefix("_") }

    /// A pattern's folder, of which nothing is a pattern, and the names and patterns below it.
    private static func parts(_ path: String) -> (fixed: String, rest: [String]) {
        let names = path.split(separator: "/").map(String.init)
        let first = names.firstIndex(where: NamePattern.isPattern) ?? names.count
        let fixed = names[..<first].joined(separator: "/")
        return (path.hasPrefix("/") ? "/" + fixed : fixed, Array(names[first...]))
    }

    private static func trimmed(_ path: String) -> String {
        var path = path[...]
        while path.count > 1, path.hasSuffix("/") { path = path.dropLast() }
        return String(path)
    }

    private static func joined(_ folder: String, _ name: String) -> String {
        folder.isEmpty ? name : folder.hasSuffix("/") ? folder + name : folder + "/" + name
    }

    // MARK: - Looking

    private mutating func walk(_ folder: String, name: String, depth: Int) {
        // The same folder twice is a loop of links, or a link to what is there anyway.
        guard let real = FilePath.absolute(folder), known.insert(real + "/").inserted else { return }
        for child in names(in: folder) where !Self.isHidden(child) {
            add(Self.joined(folder, child), name: Self.joined(name, child), depth: depth + 1)
        }
    }

    /// Adds a file, or what is in a folder.
    private mutating func add(_ path: String, name: String, depth: Int) {
        guard !isTooLarge else { return }
        var status = stat()
        guard stat(path, &status) == 0 else { return }
        switch status.st_mode & S_IFMT {
        case S_IFDIR where depth < Self.depthLimit: walk(path, name: name, depth: depth)
        case S_IFREG:
            guard let real = FilePath.absolute(path), known.insert(real).inserted else { return }
            members.append(Member(path: path, name: name))
            if members.count > Self.fileLimit { isTooLarge = true }
        default: break
        }
    }

    private mutating func match(_ parts: ArraySlice<String>, in folder: String, name: String, depth: Int) {
        guard let part = parts.first, depth < Self.depthLimit, !isTooLarge else { return }
        let rest = parts.dropFirst()
        guard NamePattern.isPattern(part) else {
            return matched(rest, Self.joined(folder, part), name: Self.joined(name, part), depth: depth)
        }
        let isDeep = part == "**", pattern = NamePattern(isDeep ? "*" : part)
        if isDeep, !rest.isEmpty { match(rest, in: folder, name: name, depth: depth) }
        for child in names(in: folder.isEmpty ? "." : folder) where pattern.matches(child) {
            let (path, name) = (Self.joined(folder, child), Self.joined(name, child))
            guard isDeep, !rest.isEmpty else {
                matched(rest, path, name: name, depth: depth)
                continue
            }
            // A link to a folder above would lead on for ever.
            if FileKind(at: path) == .folder { match(parts, in: path, name: name, depth: depth + 1) }
        }
    }

    private mutating func matched(_ rest: ArraySlice<String>, _ path: String, name: String, depth: Int) {
        guard !rest.isEmpty else { return add(path, name: name, depth: depth + 1) }
        var status = stat()
        if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR { match(rest, in: path, name: name, depth: depth + 1) }
    }

    private mutating func names(in folder: String) -> [String] {
        guard access(folder, R_OK | X_OK) == 0 else {
            unreadable.append(folder)
            return []
        }
        let (names, strange) = Folder.list(folder)
        unreadable += strange.filter { !Self.isHidden($0) }.map { Self.joined(folder, $0) }
        namesSeen += names.count
        if namesSeen > Self.nameLimit { isTooLarge = true }
        return names
    }
}
