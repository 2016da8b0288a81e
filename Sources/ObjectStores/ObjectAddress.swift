/// Where an object is: `s3://BUCKET/KEY`, or a file of a web server, `https://…` or `http://…`.
public struct ObjectAddress: Sendable, Hashable, CustomStringConvertible {
    public enum Place: Sendable, Hashable {
        case bucket(String, key: String)
        case web
    }

    public let text: String
    public let place: Place

    public var description: String { text }

    /// Whether a text is meant as one.
    public static func isMeant(_ text: String) -> Bool {
        ["s3://", "http://", "https://"].contains { text.hasPrefix($0) }
    }

    /// - Throws: `badAddress`.
    public init(_ text: String) throws(ObjectError) {
        guard Self.isMeant(text), !text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
            throw ObjectError(.badAddress, "'\(text)' is no address of an object: give s3://BUCKET/KEY or https://…")
        }
        self.text = text
        guard text.hasPrefix("s3://") else {
            place = .web
            return
        }
        let parts = text.dropFirst(5).split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, Self.isBucket(parts[0]), !parts[1].isEmpty, parts[1].utf8.count <= 1024 else {
            throw ObjectError(.badAddress, "'\(text)' names no object: give s3://BUCKET/KEY, or s3://BUCKET/FOLDER/ to read")
        }
        place = .bucket(parts[0], key: parts[1])
    }

    /// An object of a bucket, by its key, which may have anything in it; the bucket itself where that is empty.
    /// - Parameter text: what it is called in messages.
    init(bucket: String, key: String = "", of text: String) { (self.text, place) = (text, .bucket(bucket, key: key)) }

    static func isBucket(_ name: String) -> Bool {
        (3...63).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                    || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_")
            }
    }

    /// The last part of its path, by which a file's format is told.
    public var name: String {
        let path: Substring
        if case .bucket(_, let key) = place { path = key[...] } else { path = text.prefix { $0 != "?" && $0 != "#" } }
        return path.split(separator: "/").last.map(String.init) ?? "object"
    }

    /// The same with another key or path behind it.
    func appending(_ part: String) throws(ObjectError) -> ObjectAddress {
        try ObjectAddress(text + (text.hasSuffix("/") ? "" : "/") + part)
    }
}
