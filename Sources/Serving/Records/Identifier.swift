import Glibc
import Synchronization

/// Ids of requests.
enum Identifier {
    /// Random words that the system gave, many at a time: each asking costs as much as a good part of a request.
    private static let words = Mutex<[UInt64]>([])
    /// As many bytes as the system gives at once.
    private static let wordsAtOnce = 32

    /// A random UUID of version 4.
    static func random() -> String {
        let (high, low) = words.withLock { words in
            if words.count < 2 {
                words = [UInt64](repeating: 0, count: wordsAtOnce)
                let code = words.withUnsafeMutableBytes { getentropy($0.baseAddress, $0.count) }
                if code != 0 { words = [.random(in: .min ... .max), .random(in: .min ... .max)] }
            }
            return (words.removeLast(), words.removeLast())
        }
        let first = high & 0xFFFF_FFFF_FFFF_0FFF | 0x4000, second = low & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
        return String(unsafeUninitializedCapacity: 36) { text in
            var end = 0
            for place in 0..<32 {
                if place == 8 || place == 12 || place == 16 || place == 20 {
                    text[end] = UInt8(ascii: "-")
                    end += 1
                }
                let digit = UInt8(truncatingIfNeeded: (place < 16 ? first : second) >> UInt64(60 - 4 * (place % 16)) & 15)
                text[end] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") - 10 + digit
                end += 1
            }
            return end
        }
    }
}
