import Cells
import Events
import RunSearching

extension Settings {
    /// Reads `key = value` lines; `#` starts a comment line. A bad line is reported and otherwise ignored.
    /// - Returns: the settings, and one message for each bad line.
    public static func parse(_ text: String) -> (settings: Settings, messages: [String]) {
        var settings = Settings()
        let messages = settings.take(text)
        return (settings, messages)
    }

    /// Takes over what lines say; what they do not say stays as it is.
    /// - Parameters:
    ///   - isTaken: which keys are taken over.
    ///   - file: what messages call the text.
    /// - Returns: one message for each bad line.
    public mutating func take(
        _ text: String, _ isTaken: (String) -> Bool = { _ in true }, file: String = "settings"
    ) -> [String] {
        var messages: [String] = []
        for (index, raw) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let line = raw.trimmingSpaces
            if line.isEmpty || line.hasPrefix("#") { continue }
            guard let entry = Self.entry(line) else {
                messages.append("\(file) line \(index + 1): expected key = value, found “\(line)”")
                continue
            }
            guard isTaken(entry.key) else { continue }
            if let problem = set(entry.key, to: entry.value) { messages.append("\(file) line \(index + 1): \(problem)") }
        }
        return messages
    }

    private static func entry(_ line: Substring) -> (key: String, value: String)? {
        guard let equals = line.firstIndex(of: "=") else { return nil }
        return (String(line[..<equals].trimmingSpaces), String(line[line.index(after: equals)...].trimmingSpaces))
    }

    /// The settings as `key = value` lines that `parse` reads back to the same settings.
    public var text: String { entries.map { "\($0.key) = \($0.value)\n" }.joined() }

    /// Every setting, in the order of the file.
    private var entries: [(key: String, value: String)] {
        var entries = [
            ("theme", theme), ("glyphs", glyphs.settingsWord), ("smoothing", String(smoothing)),
            ("x-axis", xAxis.settingsWord), ("y-scale", yScale.settingsWord), ("mouse", String(mouse)),
            ("reduced-motion", String(reducedMotion)), ("sort", runSort.word), ("y-fit", yFit.rawValue),
            ("smooth-by-distance", String(smoothsByDistance)), ("seed-bands", String(groupsSeeds)),
            ("metric-order", metricOrder.joined(separator: " ")),
            ("hidden-metrics", hiddenMetrics.sorted().joined(separator: " ")),
            ("columns", runColumns.map { RunColumn.text($0) } ?? Self.automatic), ("group", runGroup?.word ?? ""),
            ("pane-sizes", paneSizes.settingsWord),
        ]
        entries += runViews.sorted { $0.key < $1.key }.map { ("view." + $0.key, $0.value.settingsWord) }
        entries += keyOverrides.sorted { $0.key < $1.key }.map { ("key." + $0.key, $0.value.joined(separator: " ")) }
        return entries
    }

    /// The columns that fit, by importance.
    private static let automatic = "automatic"

    /// Whether a setting stays with the workspace in which it was made, rather than being the same in all.
    public static func isOfWorkspace(_ key: String) -> Bool {
        ["sort", "columns", "group", "metric-order", "hidden-metrics", "pane-sizes"].contains(key) || key.hasPrefix("view.")
    }

    /// The settings that differ from older ones, by key. What is not there any more is empty.
    public func changes(since older: Settings) -> [String: String] {
        let now = Dictionary(uniqueKeysWithValues: entries), before = Dictionary(uniqueKeysWithValues: older.entries)
        var changes = now.filter { before[$0.key] != $0.value }
        for key in before.keys where now[key] == nil { changes[key] = "" }
        return changes
    }

    /// A settings file with some settings changed: its other lines, comments among them, stay as they are.
    public static func text(_ old: String, changing changes: [String: String]) -> String {
        var lines: [Substring] = [], left = changes
        for line in old.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            let words = line.trimmingSpaces
            guard !words.hasPrefix("#"), let key = entry(words)?.key, let value = changes[key] else {
                lines.append(line)
                continue
            }
            // Of several lines for one setting the last counts: one is enough.
            if left.removeValue(forKey: key) != nil { lines.append("\(key) = \(value)") }
        }
        while let last = lines.last, last.isEmpty { lines.removeLast() }
        lines += left.sorted { $0.key < $1.key }.map { "\($0.key) = \($0.value)" }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Sets one value; returns what is wrong with it, if anything.
    private mutating func set(_ key: String, to value: String) -> String? {
        switch key {
        case "theme":
            if value.isEmpty { return "theme has no name" }
            theme = value
        case "glyphs": return assign(GlyphSet.settingsWords, value, key) { $0.glyphs = $1 }
        case "x-axis": return assign(XAxis.settingsWords, value, key) { $0.xAxis = $1 }
        case "y-scale": return assign(YScale.settingsWords, value, key) { $0.yScale = $1 }
        case "mouse": return assign([("true", true), ("false", false)], value, key) { $0.mouse = $1 }
        case "reduced-motion": return assign([("true", true), ("false", false)], value, key) { $0.reducedMotion = $1 }
        case "y-fit": return assign(YFit.allCases.map { ($0.rawValue, $0) }, value, key) { $0.yFit = $1 }
        case "smooth-by-distance": return assign([("true", true), ("false", false)], value, key) { $0.smoothsByDistance = $1 }
        case "seed-bands": return assign([("true", true), ("false", false)], value, key) { $0.groupsSeeds = $1 }
        case "metric-order": metricOrder = value.split(separator: " ").map(String.init)
        case "hidden-metrics": hiddenMetrics = Set(value.split(separator: " ").map(String.init))
        case "sort":
            if value.isEmpty { return "sort has no name" }
            runSort = RunSort(word: value)
        case "columns":
            let columns = RunColumn.columns(value)
            runColumns = columns.map(\.word) == [Self.automatic] ? nil : columns
        case "group": runGroup = value.isEmpty ? nil : RunField(word: value)
        case "pane-sizes":
            guard let sizes = PaneSizes(settingsWord: value) else {
                return "pane-sizes are shares such as columns=0.4 alerts=0.7; found “\(value)”"
            }
            paneSizes = sizes
        case _ where key.hasPrefix("view."):
            // Taken away in this workspace.
            if value.isEmpty {
                runViews[String(key.dropFirst(5))] = nil
                return nil
            }
            guard let view = RunView(settingsWord: value) else {
                return "a view is sort=…; group=…; columns=…; filter=…; found “\(value)”"
            }
            runViews[String(key.dropFirst(5))] = view
        case "smoothing":
            guard let weight = Double(value), weight >= 0, weight < 1 else {
                return "smoothing is a number from 0 up to, not including, 1; found “\(value)”"
            }
            smoothing = weight
        case _ where key.hasPrefix("key."): return setKeys(of: String(key.dropFirst(4)), to: value)
        default: return "unknown setting “\(key)”"
        }
        return nil
    }

    private mutating func setKeys(of action: String, to value: String) -> String? {
        guard KeyTable.action(id: action) != nil else { return "unknown action “\(action)” (? lists the actions)" }
        keyOverrides[action] = value.split(separator: " ").map(String.init)
        return nil
    }

    private mutating func assign<Value>(
        _ words: [(String, Value)], _ value: String, _ key: String, _ store: (inout Settings, Value) -> Void
    ) -> String? {
        guard let match = words.first(where: { $0.0 == value }) else {
            return "\(key) is one of \(words.map(\.0).joined(separator: ", ")); found “\(value)”"
        }
        store(&self, match.1)
        return nil
    }
}

extension GlyphSet {
    static let settingsWords: [(String, GlyphSet)] = [("braille", .braille), ("block", .block), ("ascii", .ascii)]
    package var settingsWord: String { Self.settingsWords.first { $0.1 == self }?.0 ?? "" }
}

extension XAxis {
    static let settingsWords: [(String, XAxis)] = [
        ("step", .step), ("epoch", .epoch), ("examples", .examples), ("relative", .relativeTime), ("wall", .wallTime),
    ]
    package var settingsWord: String { Self.settingsWords.first { $0.1 == self }?.0 ?? "" }
}

extension YScale {
    static let settingsWords: [(String, YScale)] = [("linear", .linear), ("log", .log), ("symlog", .symlog)]
    package var settingsWord: String { Self.settingsWords.first { $0.1 == self }?.0 ?? "" }
}
