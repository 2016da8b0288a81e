/// The first and the last lines of a text of any size, found by its bytes: what lies between is only counted.
struct LineWindow {
    /// All of it, where nothing is hidden.
    private(set) var head = "", tail = ""
    private(set) var hiddenCount = 0

    /// Bytes of a line that are shown: of a longer one without an end, as progress bars are, the last ones.
    private static let mostBytes = 1 << 16

    /// - Parameter most: lines that are shown, half of them from the end; of no more than that none is hidden.
    init(_ text: String, most: Int) {
        var text = text
        let ends = text.withUTF8 { bytes -> (count: Int, head: Int, tail: Int) in
            var count = 0, head = bytes.count
            for (place, byte) in bytes.enumerated() where byte == 0x0A {
                count += 1
                if count == most / 2 { head = place + 1 }
            }
            // A last line without an end is one, too.
            if let last = bytes.last, last != 0x0A { count += 1 }
            guard count > most else { return (count, bytes.count, bytes.count) }
            var left = most / 2, tail = bytes.count
            if bytes.last == 0x0A { tail -= 1 }
            while tail > head {
                if bytes[tail - 1] == 0x0A {
                    left -= 1
                    if left == 0 { break }
                }
                tail -= 1
            }
            return (count, head, tail)
        }
        let bytes = text.utf8
        let middle = bytes.index(bytes.startIndex, offsetBy: ends.head), last = bytes.index(bytes.startIndex, offsetBy: ends.tail)
        head = Self.bounded(text[..<middle])
        guard ends.count > most else { return }
        tail = Self.bounded(text[last...])
        hiddenCount = ends.count - most / 2 * 2
    }

    private static func bounded(_ text: Substring) -> String {
        guard text.utf8.count > mostBytes else { return String(text) }
        return text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            guard line.utf8.count > mostBytes else { return String(line) }
            // What a carriage return took back is not read.
            return String(line.utf8.contains(0x0D) ? line.suffix(mostBytes / 4) : line.prefix(mostBytes / 4))
        }.joined(separator: "\n")
    }
}
