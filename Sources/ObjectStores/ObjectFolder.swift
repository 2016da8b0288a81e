import Files

/// What stands for several objects: `s3://BUCKET/FOLDER/`, or a pattern such as `s3://BUCKET/parts/2024-*.csv`, read as paths of
/// folders and patterns are.
public struct ObjectFolder: Sendable, Hashable, CustomStringConvertible {
    public let bucket: String
    /// Of the keys, up to the last `/` before anything is a pattern; empty for a whole bucket.
    public let prefix: String
    /// Names and patterns of the key's parts below the prefix; none: all that is there.
    private let rest: [String]
    public let description: String

    /// - Returns: nil for the address of a single object, and of none in a bucket.
    public init?(_ text: String) {
        guard text.hasPrefix("s3://") else { return nil }
        let parts = text.dropFirst(5).split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let key = parts.count == 2 ? parts[1] : ""
        guard parts.count == 2, key.isEmpty || key.hasSuffix("/") || NamePattern.isPattern(key),
            ObjectAddress.isBucket(parts[0]), !key.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F })
        else { return nil }
        (bucket, description) = (parts[0], text)
        let names = key.split(separator: "/").map(String.init)
        let fixed = names.firstIndex(where: NamePattern.isPattern) ?? names.count
        prefix = names[..<fixed].map { $0 + "/" }.joined()
        rest = Array(names[fixed...])
    }

    /// The path of an object below the folder; nil where it is none of those that are meant.
    ///
    /// Hidden ones, and those whose names begin with `_`, are notes that programs leave for themselves.
    func path(ofKey key: String) -> String? {
        guard key.hasPrefix(prefix), !key.hasSuffix("/") else { return nil }
        let path = key.dropFirst(prefix.count),
            names = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        // What would lead out of a folder of files, or have no name in it.
        guard names.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." && !$0.utf8.contains(0) }) else { return nil }
        return Self.matches(names[...], rest[...]) ? String(path) : nil
    }

    private static func matches(_ names: ArraySlice<String>, _ parts: ArraySlice<String>) -> Bool {
        guard let part = parts.first else { return names.allSatisfy { NamePattern("*").matches($0) } }
        guard let name = names.first else { return false }
        if part == "**" {
            let isShown = NamePattern("*").matches(name)
            return matches(names, parts.dropFirst()) || isShown && matches(names.dropFirst(), parts)
        }
        guard NamePattern.isPattern(part) ? NamePattern(part).matches(name) : part == name else { return false }
        // A folder that matches stands for what is in it.
        return parts.count == 1 && names.count == 1 || matches(names.dropFirst(), parts.dropFirst())
    }
}
