import Cells
import Events
import RunSearching

/// How the runs table looks: which runs, in which columns, order and groups. Saved under a name.
package struct RunView: Hashable, Sendable {
    /// nil = as many of the automatic ones as fit.
    package var columns: [RunColumn]?
    package var sort = RunSort()
    package var group: RunField?
    package var filter = ""

    init() {}

    /// As the settings file says it; the filter comes last, since it may hold anything.
    var settingsWord: String {
        var parts = ["sort=\(sort.word)"]
        if let group { parts.append("group=\(group.word)") }
        if let columns { parts.append("columns=" + RunColumn.text(columns)) }
        if !filter.isEmpty { parts.append("filter=\(filter)") }
        return parts.joined(separator: "; ")
    }

    init?(settingsWord text: String) {
        var rest = text[...]
        while !rest.isEmpty {
            let isFilter = rest.trimmingSpaces.hasPrefix("filter=")
            let part = isFilter ? rest : rest.prefix { $0 != ";" }
            rest = rest.dropFirst(part.count + 1)
            let halves = part.trimmingSpaces.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard halves.count == 2 else { return nil }
            let value = String(halves[1])
            switch halves[0] {
            case "sort": sort = RunSort(word: value)
            case "group": group = RunField(word: value)
            case "columns": columns = RunColumn.columns(value)
            case "filter": filter = value
            default: return nil
            }
        }
    }

    /// What is wrong with a name for a view; nil when it can be used.
    static func problem(withName name: String) -> String? {
        if name.isEmpty { return "a view needs a name: type one" }
        return name.contains("=") || name.contains("#") ? "a view's name has no = and no #: choose another" : nil
    }
}

extension RunColumn {
    static func text(_ columns: [RunColumn]) -> String { columns.map(\.word).joined(separator: ",") }

    static func columns(_ text: String) -> [RunColumn] {
        text.split(separator: ",").map { RunColumn(word: String($0.trimmingSpaces)) }
    }
}
