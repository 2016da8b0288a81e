import Glibc

/// The kernel's small text files.
enum SystemFile {
    /// The beginning; nil when there is no such file, or this process may not read it.
    static func text(_ path: String, mostBytes: Int = 8192) -> String? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        return withUnsafeTemporaryAllocation(byteCount: mostBytes, alignment: 1) { buffer in
            let count = read(file, buffer.baseAddress, buffer.count)
            return count < 0 ? nil : String(decoding: buffer.prefix(count), as: UTF8.self)
        }
    }

    /// The number a file begins with.
    static func number(_ path: String) -> Int? {
        text(path)?.split(whereSeparator: \.isWhitespace).first.flatMap { Int($0) }
    }

    /// The number after a name that a line begins with.
    static func number(_ name: String, in text: String?) -> Int? {
        for line in text?.split(separator: "\n") ?? [] where line.hasPrefix(name) {
            let words = line.split(whereSeparator: \.isWhitespace)
            if words.count > 1, words[0] == name { return Int(words[1]) }
        }
        return nil
    }
}
