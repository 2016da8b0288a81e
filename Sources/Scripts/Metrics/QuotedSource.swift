/// Tells lines of source that a traceback, a syntax error or a warning quotes from what a program prints: an argument such as
/// `loss=0.001` in them was never measured.
struct QuotedSource {
    /// A line has named a file and a line of it: what is indented below is of that file.
    private var isOpen = false
    /// It did so as tracebacks do, whose last line is the exception's.
    private var isTraceback = false

    /// Takes the next line of the output.
    /// - Returns: whether it quotes source, or says of an exception what its message holds.
    mutating func takes(_ line: [UInt8]) -> Bool {
        let text = Self.withoutRank(line)
        let isIndented = text.first == 0x20 || text.first == 0x09
        if isIndented, Self.contains(text, "File \""), Self.contains(text, "\", line ") {
            (isOpen, isTraceback) = (true, true)
            return true
        }
        if isOpen, isIndented { return true }
        let endsTraceback = isOpen && isTraceback && Self.namesException(text)
        // `train.py:12: UserWarning: …`, and below it the line of source.
        isOpen = Self.contains(text, "Warning: ") && Self.hasLineNumber(text)
        isTraceback = false
        return endsTraceback
    }

    /// Without `[rank0]: `, which a launcher writes before each line.
    private static func withoutRank(_ line: [UInt8]) -> ArraySlice<UInt8> {
        guard line.starts(with: Array("[rank".utf8)), let end = line.firstIndex(of: UInt8(ascii: "]")),
            line[end...].starts(with: Array("]: ".utf8))
        else { return line[...] }
        return line[(end + 3)...]
    }

    /// `ValueError: …`, `torch.OutOfMemoryError: …`, `KeyboardInterrupt`: a dotted name whose last part begins with a capital.
    private static func namesException(_ text: ArraySlice<UInt8>) -> Bool {
        let name = text.prefix { $0 != UInt8(ascii: ":") }
        let isName = name.allSatisfy { byte in
            byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_") || byte >= 0x80
                || Character(Unicode.Scalar(byte)).isLetter || Character(Unicode.Scalar(byte)).isNumber
        }
        guard isName, let last = name.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).last?.first else {
            return false
        }
        return (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(last)
    }

    /// Whether `:12: ` stands in a line.
    private static func hasLineNumber(_ text: ArraySlice<UInt8>) -> Bool {
        text.split(separator: UInt8(ascii: ":")).dropFirst().contains { part in
            !part.isEmpty && part.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        }
    }

    private static func contains(_ text: ArraySlice<UInt8>, _ word: String) -> Bool {
        let word = Array(word.utf8)
        guard let first = word.first, text.count >= word.count else { return false }
        var rest = text
        while let place = rest.firstIndex(of: first) {
            if rest[place...].starts(with: word) { return true }
            rest = rest[(place + 1)...]
        }
        return false
    }
}
