/// How a JSON file begins.
struct JSONOpening {
    /// Where the objects begin: behind the bracket of their list when they are in one.
    private(set) var objects: Int
    /// What has to follow the last object, white space aside.
    private(set) var closing: [UInt8] = []
    /// The key of the list, when an object holds it.
    private(set) var name: String?

    init(bareFrom start: Int) { objects = start }

    init(_ bytes: UnsafeRawBufferPointer) {
        objects = Self.textStart(bytes)
        guard let first = Self.mark(bytes, from: objects) else { return }
        if bytes[first] == Self.list {
            objects = first + 1
            closing = Array("]".utf8)
        } else if bytes[first] == Self.object, let key = Self.mark(bytes, from: first + 1), bytes[key] == Self.quote,
            // A key with escapes is no name of such a list.
            let end = bytes[(key + 1)...].prefix(256).firstIndex(where: { $0 == Self.quote || $0 == UInt8(ascii: "\\") }),
            bytes[end] == Self.quote, let colon = Self.mark(bytes, from: end + 1), bytes[colon] == UInt8(ascii: ":"),
            let list = Self.mark(bytes, from: colon + 1), bytes[list] == Self.list,
            let inner = Self.mark(bytes, from: list + 1), bytes[inner] == Self.object
        {
            objects = list + 1
            closing = Array("]}".utf8)
            name = String(decoding: bytes[(key + 1)..<end], as: UTF8.self)
        }
    }

    /// The format of a file that begins as JSON does; nil for any other.
    static func format(of bytes: UnsafeRawBufferPointer) -> DataFormat? {
        let start = textStart(bytes)
        guard let first = mark(bytes, from: start), let second = mark(bytes, from: first + 1) else { return nil }
        switch (bytes[first], bytes[second]) {
        case (list, object), (list, UInt8(ascii: "]")): return .json
        // Lists within a list are no table of columns with names, but the JSON reader knows how to say so.
        case (list, list): return bytes.last { !" \t\r\n".utf8.contains($0) } == UInt8(ascii: "]") ? .json : nil
        case (object, quote), (object, UInt8(ascii: "}")):
            guard let end = lineEnd(ofObjectAt: first, bytes) else { return .json }
            let isAlone = mark(bytes, from: end) == nil && end > first
            return isAlone && JSONOpening(bytes).name != nil ? .json : .jsonLines
        default: return nil
        }
    }

    /// Behind a mark of the encoding.
    static func textStart(_ bytes: UnsafeRawBufferPointer) -> Int { bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0 }

    private static let list = UInt8(ascii: "["), object = UInt8(ascii: "{"), quote = UInt8(ascii: "\"")

    /// The first byte that is no white space.
    private static func mark(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        bytes[min(start, bytes.count)...].firstIndex { !" \t\r\n".utf8.contains($0) }
    }

    /// Where the line of an object ends that stands alone on it, or that is broken there; nil when the object goes on on
    /// another line or is not alone.
    private static func lineEnd(ofObjectAt start: Int, _ bytes: UnsafeRawBufferPointer) -> Int? {
        var depth = 0, place = start, isText = false
        while place < bytes.count {
            let byte = bytes[place]
            if byte == UInt8(ascii: "\n") { return isText ? place : nil }
            if byte == quote { isText.toggle() }
            if isText {
                place += byte == UInt8(ascii: "\\") ? 2 : 1
                continue
            }
            if byte == object || byte == list { depth += 1 }
            if byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") { depth -= 1 }
            place += 1
            guard depth > 0 else { break }
        }
        guard place < bytes.count else { return bytes.count }
        let rest = bytes[place...].first { !" \t\r".utf8.contains($0) }
        return rest == nil || rest == UInt8(ascii: "\n") ? place : nil
    }
}
