import Glibc

/// What can be said of a path by its words, and where it leads.
public enum FilePath {
    /// Absolute path without links; nil if there is no such thing.
    public static func absolute(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// The last part: `b.csv` for `a/b.csv`.
    public static func name(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

    /// All but the last part: `a` for `a/b.csv`.
    public static func folder(_ path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// `path` as seen from `root`; its own name when they are the same.
    public static func relative(_ path: String, to root: String) -> String {
        if path == root { return name(path) }
        let prefix = root == "/" ? "/" : root + "/"
        return path.hasPrefix(prefix) ? String(path.dropFirst(prefix.count)) : name(path)
    }
}
