/// The names and values that runs have, for completion and for choosing columns.
public enum RunNames {
    /// Every field that some run has: the fixed ones, then metrics, then hyperparameters, then what runs cost, each by name.
    public static func fields(of runs: some Sequence<RunSummary>) -> [RunField] {
        var metrics: Set<MetricName> = []
        var settings: Set<String> = []
        var system: Set<MetricName> = []
        for run in runs {
            metrics.formUnion(run.lastMetrics.keys)
            system.formUnion(run.metricRanges.keys.lazy.filter(\.isSystem))
            settings.formUnion(run.record.hyperparameters.keys)
        }
        return RunField.fixed + metrics.filter { !$0.isCandidate }.sorted().map { .named($0.text) }
            + settings.sorted().map { .named($0) } + system.sorted().map { .named($0.text) }
    }

    /// Values of a text field, the most frequent first; at most 200.
    static func values(of field: RunField, in runs: some Sequence<RunSummary>) -> [String] {
        var counts: [String: Int] = [:]
        for run in runs {
            switch field.value(of: run, now: 0) {
            case .text(let text): counts[text, default: 0] += 1
            case .texts(let texts):
                for text in field == .status ? Array(texts.prefix(1)) : texts { counts[text, default: 0] += 1 }
            case .number:
                if field.kind == .either, let text = field.text(of: run, now: 0) { counts[text, default: 0] += 1 }
            case nil: break
            }
        }
        return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(200).map(\.key)
    }
}

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
