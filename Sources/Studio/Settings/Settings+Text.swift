import Cells
import Events
import RunSearching

extension Settings {
    /// Reads `key = value` lines; `#` starts a comment line. A bad line is reported and otherwise ignored.
    /// - Returns: the settings, and one message for each bad line.
    public static func parse(_ text: String) -> (settings: Settings, messages: [String]) {
        var settings = Settings()
        var messages: [String] = []
        for (index, raw) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let line = raw.trimmingSpaces
            if line.isEmpty || line.hasPrefix("#") { continue }
            guard let equals = line.firstIndex(of: "=") else {
                messages.append("settings line \(index + 1): expected key = value, found “\(line)”")
                continue
            }
            let key = String(line[..<equals].trimmingSpaces)
            let value = String(line[line.index(after: equals)...].trimmingSpaces)
            if let problem = settings.set(key, to: value) {
                messages.append("settings line \(index + 1): \(problem)")
            }
        }
        return (settings, messages)
    }

    /// The settings as `key = value` lines that `parse` reads back to the same settings.
    public var text: String {
        var lines = [
            "theme = \(theme)", "glyphs = \(glyphs.settingsWord)", "smoothing = \(smoothing)",
            "x-axis = \(xAxis.settingsWord)", "y-scale = \(yScale.settingsWord)", "mouse = \(mouse)",
            "reduced-motion = \(reducedMotion)",
            "sort = \(runSort.word)", "y-fit = \(yFit.rawValue)", "smooth-by-distance = \(smoothsByDistance)",
            "seed-bands = \(groupsSeeds)", "metric-order = \(metricOrder.joined(separator: " "))",
            "hidden-metrics = \(hiddenMetrics.sorted().joined(separator: " "))",
        ]
        if let runColumns { lines.append("columns = \(RunColumn.text(runColumns))") }
        if let runGroup { lines.append("group = \(runGroup.word)") }
        for (name, view) in runViews.sorted(by: { $0.key < $1.key }) { lines.append("view.\(name) = \(view.settingsWord)") }
        for (action, keys) in keyOverrides.sorted(by: { $0.key < $1.key }) {
            lines.append("key.\(action) = \(keys.joined(separator: " "))")
        }
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
        case "columns": runColumns = RunColumn.columns(value)
        case "group": runGroup = RunField(word: value)
        case _ where key.hasPrefix("view."):
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
