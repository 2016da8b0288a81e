/// Bytes as text of 64 plain characters. (RFC 4648)
package enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 255, count: 256)
        for (value, character) in alphabet.enumerated() { values[Int(character)] = UInt8(value) }
        return values
    }()

    package static func text(_ bytes: [UInt8]) -> String {
        var out: [UInt8] = []
        out.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let part = bytes[start..<min(start + 3, bytes.count)]
            var word: UInt32 = 0
            for offset in 0..<3 { word = word << 8 | (offset < part.count ? UInt32(part[start + offset]) : 0) }
            for place in 0..<4 {
                out.append(place <= part.count ? alphabet[Int(word >> (18 - 6 * UInt32(place)) & 63)] : UInt8(ascii: "="))
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    /// - Returns: nil for what is not written so.
    package static func bytes(_ text: String) -> [UInt8]? {
        let characters = Array(text.utf8)
        guard characters.count % 4 == 0 else { return nil }
        let padding = characters.suffix(2).count { $0 == UInt8(ascii: "=") }
        if padding == 2, characters[characters.count - 1] != UInt8(ascii: "=") { return nil }
        var out: [UInt8] = []
        out.reserveCapacity(characters.count / 4 * 3)
        let end = characters.count - padding
        // Four characters are three bytes. Indices and no sequences: this is most of the work with a long curve.
        var index = 0
        while index < characters.count {
            var word: UInt32 = 0, place = index
            while place < index + 4 {
                let value = place < end ? values[Int(characters[place])] : characters[place] == UInt8(ascii: "=") ? 0 : 255
                if value == 255 { return nil }
                word = word << 6 | UInt32(value)
                place += 1
            }
            out.append(UInt8(truncatingIfNeeded: word >> 16))
            out.append(UInt8(truncatingIfNeeded: word >> 8))
            out.append(UInt8(truncatingIfNeeded: word))
            index += 4
        }
        out.removeLast(padding)
        return out
    }
}
