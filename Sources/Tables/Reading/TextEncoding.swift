import CTableKernels
import Glibc

/// An encoding of text, by a name that iconv knows.
struct TextEncoding: Equatable {
    /// In capitals, as it is shown: `CP1252`.
    let name: String

    /// Whether bytes in it may be read as they are.
    var isUTF8: Bool { name == "UTF-8" }

    /// Named by a user or a file.
    init(_ name: String) {
        let plain = name.uppercased().filter { $0 != "-" && $0 != "_" }
        switch plain {
        case "UTF8", "UTF8SIG", "ASCII", "USASCII": self.name = "UTF-8"
        // What is called Latin-1 has Windows' quotes and dashes where that page has control characters.
        case "LATIN1", "ISO88591", "L1", "CP1252", "WINDOWS1252": self.name = "CP1252"
        case "SHIFTJIS", "SJIS", "MSKANJI", "CP932", "WINDOWS31J": self.name = "CP932"
        case "GB2312", "GBK", "CP936", "GB18030": self.name = "GB18030"
        default: self.name = name.uppercased()
        }
    }

    /// Whether this machine can convert from an encoding.
    static func isKnown(_ name: String) -> Bool {
        let encoding = TextEncoding(name)
        return encoding.isUTF8 || encoding.name == "CP1252" || Converter(to: "UTF-8", from: encoding.name) != nil
    }

    /// A conversion of iconv's, for as long as it lives.
    private final class Converter {
        let handle: iconv_t

        init?(to: String, from: String) {
            guard let handle = iconv_open(to, from), handle != iconv_t(bitPattern: -1) else { return nil }
            self.handle = handle
        }

        deinit { iconv_close(handle) }

        /// Converts what fits; what cannot be read becomes U+FFFD and is counted.
        func convert(_ bytes: UnsafeRawBufferPointer, stopsAtFault: Bool, _ take: (UnsafeRawBufferPointer) -> Void) -> Int? {
            var input = UnsafeMutablePointer(mutating: bytes.baseAddress?.assumingMemoryBound(to: CChar.self))
            var left = bytes.count, faults = 0
            let room = UnsafeMutablePointer<CChar>.allocate(capacity: 1 << 16)
            defer { room.deallocate() }
            while left > 0 {
                var output: UnsafeMutablePointer<CChar>? = room, free = 1 << 16
                let result = iconv(handle, &input, &left, &output, &free)
                let code = errno
                take(UnsafeRawBufferPointer(start: room, count: (1 << 16) - free))
                if result != Int(bitPattern: UInt.max) || code == E2BIG { continue }
                // An invalid byte, or a character cut off at the end.
                if stopsAtFault { return nil }
                faults += 1
                [0xEF, 0xBF, 0xBD].withUnsafeBytes(take)
                input = input.map { $0 + 1 }
                left -= 1
            }
            return faults
        }
    }

    /// Text in this encoding as UTF-8, and how many bytes could not be read; nil when this machine cannot convert it, or when it
    /// is to be valid and is not.
    func decoded(_ bytes: UnsafeRawBufferPointer, mustBeValid: Bool = false) -> (bytes: [UInt8], faults: Int)? {
        if name == "CP1252" {
            let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
            let size = dk_from_cp1252(start, bytes.count, nil)
            let text = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
                count = dk_from_cp1252(start, bytes.count, buffer.baseAddress)
            }
            return (text, 0)
        }
        guard let converter = Converter(to: "UTF-8", from: name) else { return nil }
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count + bytes.count / 2)
        guard let faults = converter.convert(bytes, stopsAtFault: mustBeValid, { text += $0 }) else { return nil }
        return (text, faults)
    }

    /// Whether a text has only characters that this encoding has.
    func canEncode(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0 < 0x80 } || Array(text.utf8).withUnsafeBytes { encoded($0) } != nil
    }

    /// The byte of each character of CP1252 beyond ASCII; what has no character there stands for itself.
    private static let windowsBytes: [Unicode.Scalar: UInt8] = {
        let bytes = [UInt8](0x80...0xFF)
        let text = bytes.withUnsafeBytes { TextEncoding("CP1252").decoded($0)?.bytes ?? [] }
        return Dictionary(
            zip(String(decoding: text, as: UTF8.self).unicodeScalars, bytes), uniquingKeysWith: { first, _ in first })
    }()

    /// UTF-8 text in this encoding; nil when it has characters that it cannot hold.
    func encoded(_ text: UnsafeRawBufferPointer) -> [UInt8]? {
        if name == "CP1252" {
            var encoded: [UInt8] = []
            encoded.reserveCapacity(text.count)
            for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
                guard let byte = scalar.value < 0x80 ? UInt8(scalar.value) : Self.windowsBytes[scalar] else { return nil }
                encoded.append(byte)
            }
            return encoded
        }
        guard let converter = Converter(to: name, from: "UTF-8") else { return nil }
        var bytes: [UInt8] = []
        guard converter.convert(text, stopsAtFault: true, { bytes += $0 }) != nil else { return nil }
        return bytes
    }
}
