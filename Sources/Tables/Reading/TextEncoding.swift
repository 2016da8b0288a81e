import Glibc

/// Encodings of text, by the names that iconv knows.
enum TextEncoding {
    /// Whether this machine can convert from an encoding.
    static func isKnown(_ name: String) -> Bool {
        guard !name.isEmpty, let converter = iconv_open("UTF-8", name), converter != iconv_t(bitPattern: -1) else { return false }
        iconv_close(converter)
        return true
    }
}
