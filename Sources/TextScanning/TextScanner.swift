/// Reads a text from its start to its end, character by character, so that whatever is wrong with it has a place.
public struct TextScanner {
    public let characters: [Character]
    /// The character that is read next.
    public var place = 0
    /// Behind the last character that is read.
    public let end: Int

    public init(_ text: String) {
        characters = Array(text)
        end = characters.count
    }

    /// A part of a text; places are counted from the start of the whole.
    public init(_ characters: [Character], in range: Range<Int>) {
        self.characters = characters
        (place, end) = (range.lowerBound, range.upperBound)
    }

    public var isAtEnd: Bool { place >= end }

    /// The character that is read next, or one some places behind it; nil after the end.
    public func next(_ distance: Int = 0) -> Character? {
        (0..<end).contains(place + distance) ? characters[place + distance] : nil
    }

    public mutating func skipSpaces() { while place < end, characters[place].isWhitespace { place += 1 } }

    public mutating func take(_ character: Character) -> Bool {
        guard place < end, characters[place] == character else { return false }
        place += 1
        return true
    }

    public mutating func take(_ text: String) -> Bool {
        let end = place + text.count
        guard end <= self.end, characters[place..<end].elementsEqual(text) else { return false }
        place = end
        return true
    }

    /// Characters as long as they are wanted.
    public mutating func take(while isWanted: (Character) -> Bool) -> String {
        let start = place
        while place < end, isWanted(characters[place]) { place += 1 }
        return String(characters[start..<place])
    }

    /// Whether a keyword stands here as a word of its own, in whatever case.
    public func isKeyword(_ word: String) -> Bool {
        let end = place + word.count
        guard end <= self.end, String(characters[place..<end]).lowercased() == word else { return false }
        return end == self.end || characters[end].isWhitespace || characters[end] == "(" || characters[end] == ")"
    }

    /// Takes a keyword, with what spaces there are before it.
    public mutating func takeKeyword(_ word: String) -> Bool {
        let start = place
        skipSpaces()
        guard isKeyword(word) else {
            place = start
            return false
        }
        place += word.count
        return true
    }

    /// Whether a text in quotes stands here.
    public var isAtQuote: Bool { next() == "\"" || next() == "'" }

    /// A text in quotes; a backslash takes the next character as it is.
    public mutating func quoted() throws(TextFault) -> String {
        let open = place
        guard let mark = next() else { throw expected("a text in quotes") }
        place += 1
        var text = ""
        while place < end {
            let character = characters[place]
            place += 1
            if character == mark { return text }
            if character == "\\", place < end {
                text.append(characters[place])
                place += 1
            } else {
                text.append(character)
            }
        }
        throw TextFault(open..<(open + 1), "expected a \(mark) that closes this", isUnfinished: true)
    }

    /// A text as `quoted` reads it back.
    public static func quoted(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }

    /// That something else should stand here.
    public func expected(_ what: String) -> TextFault {
        let last = min(place + 1, end)
        return TextFault(min(place, last)..<last, "expected \(what)", isUnfinished: isAtEnd)
    }

    /// That a parenthesis is not closed.
    public func unclosed(_ open: Int) -> TextFault {
        TextFault(open..<(open + 1), "expected a ) for this", isUnfinished: isAtEnd)
    }
}
