import Events

/// What could stand at the cursor of a search: names where a condition begins, values after a comparison.
public struct SearchCompletion: Hashable, Sendable {
    /// Where the word being typed starts, in characters.
    public let start: Int
    /// What could stand there, the likeliest first; those that do not start like what is typed are left out.
    public let candidates: [String]

    /// - Parameter cursor: characters before the cursor.
    public init(_ text: String, cursor: Int, runs: some Sequence<RunSummary>) {
        let before = Array(text).prefix(cursor)
        var start = before.count
        while start > 0, !Self.isBreak(before[start - 1]) { start -= 1 }
        var word = String(before[start...])
        let field = Self.comparedField(before[..<start])
        var options: [String]
        if let field {
            options = Self.values(of: field, runs)
        } else if let colon = word.firstIndex(of: ":"), case let head = String(word[..<colon]).lowercased(),
            head == "has" || RunField.searched.contains(RunField(word: head))
        {
            start += word.distance(from: word.startIndex, to: colon) + 1
            word = String(word[word.index(after: colon)...])
            options = head == "has" ? RunNames.fields(of: runs).map(\.word) : Self.values(of: RunField(word: head), runs)
        } else {
            if word.first == "-" || word.first == "!" {
                word.removeFirst()
                start += 1
            }
            options = RunNames.fields(of: runs).map(\.word)
            options += MetricStatistic.allCases.filter { $0 != .last }.map { $0.rawValue + ":" } + ["has:", "and", "or", "not"]
        }
        self.start = start
        let typed = word.lowercased()
        // The word alone finds a metric whatever its split.
        let starting = options.filter { $0.lowercased().hasPrefix(typed) }
        let inner =
            typed.isEmpty ? [] : options.filter { !$0.lowercased().hasPrefix(typed) && $0.lowercased().contains(":" + typed) }
        candidates = starting + inner
    }

    /// What the word becomes: the only candidate, or as much as all have in common; nil when that adds nothing.
    public func completed(_ word: String) -> String? {
        guard var common = candidates.first else { return nil }
        if candidates.count > 1 {
            for candidate in candidates.dropFirst() {
                while !candidate.lowercased().hasPrefix(common.lowercased()) { common.removeLast() }
            }
            guard common.count > word.count else { return nil }
        }
        return common == word ? nil : common
    }

    private static func values(of field: RunField, _ runs: some Sequence<RunSummary>) -> [String] {
        switch field.kind {
        case .time: return ["today", "yesterday", "-1h", "-1d", "-7d"]
        case .number, .duration: return []
        case .text, .either:
            return RunNames.values(of: field, in: runs).map { $0.contains(where: isBreak) ? "\"\($0)\"" : $0 }
        }
    }

    /// The field whose value stands next, if a comparison or an open `in (` comes before.
    private static func comparedField(_ before: ArraySlice<Character>) -> RunField? {
        var text = before[...]
        func dropSpaces() { while text.last?.isWhitespace == true { text.removeLast() } }
        func takeWord() -> String {
            let word = text.reversed().prefix { !isBreak($0) }.reversed()
            text.removeLast(word.count)
            return String(word)
        }
        dropSpaces()
        if let last = text.last, "=<>~".contains(last) {
            while let mark = text.last, "=<>~!".contains(mark) { text.removeLast() }
        } else if text.last == "(" || text.last == "," {
            while let mark = text.last, mark != "(" {
                if mark == ")" { return nil }
                text.removeLast()
            }
            guard text.popLast() != nil else { return nil }
            dropSpaces()
            guard takeWord().lowercased() == "in" else { return nil }
        } else {
            return nil
        }
        dropSpaces()
        let name = takeWord()
        return name.isEmpty ? nil : RunField(word: name)
    }

    private static func isBreak(_ character: Character) -> Bool {
        character.isWhitespace || "()=<>~,\"'".contains(character) || character == "!"
    }
}
