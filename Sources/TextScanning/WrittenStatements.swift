/// A list of statements as people write them into a file: each begins at a line that is not indented, and goes on in lines that are.
/// What stands behind `#` is not read.
public struct WrittenStatements: Sendable {
    /// The text with spaces instead of comments, so that every place stays what it was.
    public let characters: [Character]
    /// Where each statement stands.
    public let ranges: [Range<Int>]

    public init(_ text: String) {
        characters = Self.withoutComments(Array(text.replacing("\r\n", with: "\n")))
        ranges = Self.ranges(characters)
    }

    /// A statement without line breaks, and with one space where there were several.
    public func oneLine(_ range: Range<Int>) -> String {
        var line = "", quote: Character?
        for character in characters[range] {
            if quote == nil, character.isWhitespace {
                if line.last != " ", !line.isEmpty { line.append(" ") }
                continue
            }
            if let open = quote { if character == open { quote = nil } } else if "\"'".contains(character) { quote = character }
            line.append(character.isNewline ? " " : character)
        }
        while line.last == " " { line.removeLast() }
        return line
    }

    private static func withoutComments(_ characters: [Character]) -> [Character] {
        var characters = characters, quote: Character?, place = 0
        while place < characters.count {
            let character = characters[place]
            if let open = quote {
                if character == "\\" { place += 1 } else if character == open || character.isNewline { quote = nil }
            } else if character == "\"" || character == "'" {
                quote = character
            } else if character == "#" {
                while place < characters.count, !characters[place].isNewline {
                    characters[place] = " "
                    place += 1
                }
                continue
            }
            place += 1
        }
        return characters
    }

    private static func ranges(_ characters: [Character]) -> [Range<Int>] {
        var ranges: [Range<Int>] = [], start: Int?
        var line = 0
        while line < characters.count {
            let end = characters[line...].firstIndex(where: \.isNewline) ?? characters.count
            let isBlank = characters[line..<end].allSatisfy(\.isWhitespace)
            if !isBlank, start == nil || !characters[line].isWhitespace {
                if let start { ranges.append(start..<line) }
                start = line
            }
            line = end + 1
        }
        if let start { ranges.append(start..<characters.count) }
        // What is missing at the end is missing behind the last word, and not on the line below.
        return ranges.map { range in
            let last = characters[range].lastIndex { !$0.isWhitespace } ?? range.lowerBound
            return range.lowerBound..<min(range.upperBound, last + 1)
        }
    }
}
