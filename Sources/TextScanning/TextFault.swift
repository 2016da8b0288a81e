/// What is wrong with a text that somebody wrote, and where.
public struct TextFault: Error, Hashable, CustomStringConvertible {
    /// Characters it is about, counted from the start of the text; empty at the text's end.
    public let range: Range<Int>
    public let message: String
    /// Whether it can be read as soon as more is typed.
    public let isUnfinished: Bool

    public init(_ range: Range<Int>, _ message: String, isUnfinished: Bool = false) {
        self.range = range
        self.message = message
        self.isUnfinished = isUnfinished
    }

    public var description: String { message }

    /// The line to put under a text of one line: carets below the place, then the message.
    public var underline: String { carets(range.lowerBound, range.count) + " " + message }

    /// The place in a text of several lines: its line and column, counted from 1, that line, and carets to put under it.
    public func place(in text: String) -> (line: Int, column: Int, text: String, carets: String) {
        var line = 1, start = 0, count = 0
        let characters = Array(text)
        for (index, character) in characters.enumerated().prefix(min(range.lowerBound, characters.count))
        where character.isNewline {
            line += 1
            start = index + 1
        }
        while start + count < characters.count, !characters[start + count].isNewline { count += 1 }
        let column = max(0, range.lowerBound - start)
        let length = min(range.count, max(1, count - column))
        return (line, column + 1, String(characters[start..<(start + count)]), carets(column, length))
    }

    private func carets(_ column: Int, _ length: Int) -> String {
        String(repeating: " ", count: column) + String(repeating: "^", count: max(1, length))
    }
}
