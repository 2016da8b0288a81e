/// A text to look for without regard to case: a part of another text, all of it, or a pattern with `*` and `?`.
public struct TextPattern: Hashable, Sendable {
    public enum Form: Hashable, Sendable { case part, whole, glob }

    public let form: Form
    /// Lower case; ASCII texts are compared byte by byte.
    private let bytes: [UInt8]
    private let isASCII: Bool
    /// What is looked for, in lower case.
    public let text: String

    public init(_ text: String, _ form: Form) {
        self.form = form
        self.text = text.lowercased()
        bytes = Array(self.text.utf8)
        isASCII = bytes.allSatisfy { $0 < 0x80 }
    }

    /// `base*` is a pattern; a text without `*` and `?` is looked for as a part.
    public init(glob text: String) { self.init(text, text.contains { $0 == "*" || $0 == "?" } ? .glob : .part) }

    public func matches(_ candidate: String) -> Bool {
        switch form {
        case .whole: candidate.utf8.count == bytes.count && isASCII ? isPart(of: candidate) : candidate.lowercased() == text
        case .part: bytes.isEmpty || (isASCII ? isPart(of: candidate) : candidate.lowercased().contains(text))
        case .glob: Self.glob(Array(text), Array(candidate.lowercased()))
        }
    }

    /// Looks for the bytes, with A to Z taken for a to z.
    private func isPart(of candidate: String) -> Bool {
        var candidate = candidate
        return candidate.withUTF8 { haystack in
            guard let first = bytes.first else { return true }
            guard haystack.count >= bytes.count else { return false }
            for start in 0...(haystack.count - bytes.count) where Self.lower(haystack[start]) == first {
                var index = 1
                while index < bytes.count, Self.lower(haystack[start + index]) == bytes[index] { index += 1 }
                if index == bytes.count { return true }
            }
            return false
        }
    }

    private static func lower(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }

    /// Matches with one place to go back to: the newest star, so that the time is at most the product of the lengths.
    private static func glob(_ pattern: [Character], _ text: [Character]) -> Bool {
        var place = 0, index = 0
        var star: (place: Int, index: Int)?
        while index < text.count {
            if place < pattern.count, pattern[place] == "*" {
                star = (place, index)
                place += 1
            } else if place < pattern.count, pattern[place] == "?" || pattern[place] == text[index] {
                place += 1
                index += 1
            } else if let last = star {
                star = (last.place, last.index + 1)
                place = last.place + 1
                index = last.index + 1
            } else {
                return false
            }
        }
        return pattern[place...].allSatisfy { $0 == "*" }
    }
}
