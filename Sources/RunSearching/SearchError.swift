/// What is wrong with a search, and where.
public struct SearchError: Error, Hashable, CustomStringConvertible {
    /// Characters it is about, counted from the start of the text; empty at the text's end.
    public let range: Range<Int>
    public let message: String
    /// Whether it can be read as soon as more is typed.
    public let isUnfinished: Bool

    init(_ range: Range<Int>, _ message: String, isUnfinished: Bool = false) {
        self.range = range
        self.message = message
        self.isUnfinished = isUnfinished
    }

    public var description: String { message }

    /// The line to put under the text: carets below the place, then the message.
    public var underline: String {
        String(repeating: " ", count: range.lowerBound) + String(repeating: "^", count: max(1, range.count)) + " " + message
    }
}
