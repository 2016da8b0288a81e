import Cells

/// One line of text being edited, with a cursor between its characters.
package struct TextField: Hashable, Sendable {
    package private(set) var characters: [Character]
    /// Characters before the cursor.
    package private(set) var cursor: Int
    /// Whether what is typed is not to be seen.
    package var isSecret = false
    /// Longest text taken; more is dropped, so a wrong paste cannot fill the memory.
    package static let capacity = 32_768

    package init(_ text: String = "") {
        characters = Array(text.prefix(Self.capacity))
        cursor = characters.count
    }

    package var text: String {
        get { String(characters) }
        set { self = TextField(newValue) }
    }

    package var isEmpty: Bool { characters.isEmpty }

    /// Edits with a key; false if the key means nothing to a text field.
    package mutating func handle(_ key: Key) -> Bool {
        if key.modifiers == .control { return handleControl(key) }
        if key.modifiers == .alt { return handleAlt(key) }
        switch key.code {
        case .character(let character): insert(String(character))
        case .left: cursor = max(0, cursor - 1)
        case .right: cursor = min(characters.count, cursor + 1)
        case .home: cursor = 0
        case .end: cursor = characters.count
        case .backspace:
            guard cursor > 0 else { return true }
            characters.remove(at: cursor - 1)
            cursor -= 1
        case .delete:
            guard cursor < characters.count else { return true }
            characters.remove(at: cursor)
        default: return false
        }
        return true
    }

    private mutating func handleControl(_ key: Key) -> Bool {
        switch key.code {
        case .character("a"): cursor = 0
        case .character("e"): cursor = characters.count
        case .character("b"): cursor = max(0, cursor - 1)
        case .character("f"): cursor = min(characters.count, cursor + 1)
        case .character("h"): return handle(Key(.backspace))
        case .character("d"): return handle(Key(.delete))
        case .character("u"):
            characters.removeSubrange(..<cursor)
            cursor = 0
        case .character("k"): characters.removeSubrange(cursor...)
        case .character("w"): deleteWord()
        case .left: cursor = wordStart
        case .right: cursor = wordEnd
        default: return false
        }
        return true
    }

    private mutating func handleAlt(_ key: Key) -> Bool {
        switch key.code {
        case .character("b"), .left: cursor = wordStart
        case .character("f"), .right: cursor = wordEnd
        case .backspace: deleteWord()
        default: return false
        }
        return true
    }

    /// Inserts text at the cursor; line breaks and other control characters become spaces.
    package mutating func insert(_ text: String) {
        let clean = text.map { character -> Character in
            character.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F } ? " " : character
        }
        let taken = clean.prefix(max(0, Self.capacity - characters.count))
        characters.insert(contentsOf: taken, at: cursor)
        cursor += taken.count
    }

    /// Puts the cursor after that many characters.
    mutating func move(to place: Int) { cursor = min(max(0, place), characters.count) }

    /// Puts the cursor where a click is, in the part that fits `width` columns.
    mutating func move(toColumn column: Int, width: Int) {
        let hidden = cursor - charactersBefore(width: width)
        var used = 0, place = hidden
        while place < characters.count {
            used += TextWidth.of(String(characters[place]))
            if used > column { break }
            place += 1
        }
        move(to: place)
    }

    /// Characters in view before the cursor.
    private func charactersBefore(width: Int) -> Int {
        var start = cursor, before = 0
        while start > 0 {
            before += TextWidth.of(String(characters[start - 1]))
            if before > width - 1 { break }
            start -= 1
        }
        return cursor - start
    }

    private mutating func deleteWord() {
        let start = wordStart
        characters.removeSubrange(start..<cursor)
        cursor = start
    }

    private var wordStart: Int {
        var index = cursor
        while index > 0, !Self.isWord(characters[index - 1]) { index -= 1 }
        while index > 0, Self.isWord(characters[index - 1]) { index -= 1 }
        return index
    }

    private var wordEnd: Int {
        var index = cursor
        while index < characters.count, !Self.isWord(characters[index]) { index += 1 }
        while index < characters.count, Self.isWord(characters[index]) { index += 1 }
        return index
    }

    private static func isWord(_ character: Character) -> Bool { character.isLetter || character.isNumber || character == "_" }

    /// The part from a character on that fits `width` columns.
    func window(from start: Int, width: Int) -> String {
        var used = 0
        return String(
            characters.dropFirst(start).prefix { character in
                used += TextWidth.of(String(character))
                return used <= width
            })
    }

    /// The part that fits `width` columns with the cursor in view, and the cursor's column in it.
    package func window(width: Int) -> (text: String, cursor: Int) {
        guard width > 0 else { return ("", 0) }
        if isSecret {
            var hidden = self
            (hidden.isSecret, hidden.characters) = (false, characters.map { _ in "•" })
            return hidden.window(width: width)
        }
        // Backwards from the cursor, so that it costs the same however much stands before.
        let start = cursor - charactersBefore(width: width)
        return (window(from: start, width: width), TextWidth.of(String(characters[start..<cursor])))
    }
}

extension TextField {
    /// Where the cursor stands when the field has the first row inside a frame, a column from its sides.
    func cursor(inFirstRowOf frame: Rect) -> (x: Int, y: Int) {
        let interior = StudioLayout.interior(frame)
        return (interior.x + 1 + window(width: max(1, interior.width - 2)).cursor, interior.y)
    }

    /// Puts the cursor where a click is, if it is on that row.
    mutating func click(_ mouse: MouseEvent, inFirstRowOf frame: Rect) {
        let interior = StudioLayout.interior(frame)
        guard mouse.y == interior.y, interior.contains(x: mouse.x, y: mouse.y) else { return }
        move(toColumn: mouse.x - interior.x - 1, width: max(1, interior.width - 2))
    }

    /// The same for the line of a list that is searched by typing.
    mutating func clickSearch(_ mouse: MouseEvent, in frame: Rect) {
        let interior = StudioLayout.interior(frame)
        guard mouse.y == interior.y, interior.contains(x: mouse.x, y: mouse.y) else { return }
        move(toColumn: mouse.x - interior.x - 3, width: max(1, interior.width - 4))
    }
}
