/// What a script wrote, as lines: bytes and where each line begins, so that a hundred thousand of them cost what is in view.
package struct OutputText: Sendable {
    /// How far it was read.
    package struct Place: Hashable, Sendable {
        /// The file, counted from the script's first.
        package var file: Int
        /// Bytes of it.
        package var offset: Int

        package init(file: Int = 0, offset: Int = 0) { (self.file, self.offset) = (file, offset) }
    }

    /// What came since the last time.
    package struct Piece: Sendable {
        package var bytes: [UInt8]
        package var end: Place
        /// The text is another one now: what was read before is gone.
        package var isAnew: Bool
        /// Something between what was read before and this is not kept.
        package var hasGap: Bool
        /// There is more to read at once.
        package var hasMore: Bool

        package init(_ bytes: [UInt8], end: Place, isAnew: Bool, hasGap: Bool, hasMore: Bool) {
            (self.bytes, self.end, self.isAnew, self.hasGap, self.hasMore) = (bytes, end, isAnew, hasGap, hasMore)
        }
    }

    private var bytes: [UInt8] = []
    private var starts: [Int] = [0]
    package private(set) var end = Place()
    package private(set) var hasMore = false

    package init() {}

    /// Whole lines, and the last one even if it has no end yet.
    package var count: Int { starts.last == bytes.count ? starts.count - 1 : starts.count }

    private func range(_ line: Int) -> Range<Int> {
        let next = line + 1 < starts.count ? starts[line + 1] - 1 : bytes.count
        return starts[line]..<max(starts[line], next)
    }

    /// A line's text, with what a terminal would act on spelled out.
    package func line(_ number: Int) -> String { String(decoding: bytes[range(number)], as: UTF8.self) }

    package mutating func take(_ piece: Piece) {
        if piece.isAnew { (bytes, starts) = ([], [0]) }
        if piece.hasGap, !bytes.isEmpty { append(Array("… what came here is not kept …\n".utf8)) }
        append(piece.bytes)
        (end, hasMore) = (piece.end, piece.hasMore)
    }

    private mutating func append(_ more: [UInt8]) {
        let base = bytes.count
        bytes += more
        more.withUnsafeBufferPointer { more in
            for index in more.indices where more[index] == 10 { starts.append(base + index + 1) }
        }
    }

    /// The lines that have a text, whatever the case of its letters.
    package func lines(with text: String) -> [Int] {
        let wanted = Array(text.lowercased().utf8)
        guard let first = wanted.first else { return [] }
        let isPlain = wanted.allSatisfy { $0 < 0x80 }
        // Letters beyond ASCII have cases that bytes do not show.
        guard isPlain else { return (0..<count).filter { line($0).containsIgnoringCase(text) } }
        return bytes.withUnsafeBufferPointer { bytes in
            func folded(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }
            return (0..<count).filter { number in
                let line = range(number)
                var place = line.lowerBound
                while place + wanted.count <= line.upperBound {
                    if folded(bytes[place]) == first, wanted.indices.allSatisfy({ folded(bytes[place + $0]) == wanted[$0] }) {
                        return true
                    }
                    place += 1
                }
                return false
            }
        }
    }
}
