import Cells

/// What a tuning job's page shows of it.
package enum TuningTab: String, CaseIterable, Sendable {
    case trials, progress, curves, parallel, slices, importance, why

    /// Where there is little room.
    var shortName: String {
        switch self {
        case .progress: "best"
        case .importance: "import."
        default: rawValue
        }
    }

    /// Whether it shows what is believed of the objective.
    var needsSurrogate: Bool { self == .slices || self == .importance || self == .why }

    /// A tab's label on the line of tabs.
    struct Label: Hashable, Sendable {
        var tab: TuningTab
        var name: String
        var x: Int
        var width: Int
    }

    /// The labels on a line: whole names where they fit, else shorter ones, else the chosen one with its number.
    static func labels(chosen: TuningTab, width: Int) -> [Label] {
        for (gap, isShort) in [(3, false), (1, false), (1, true)] {
            var x = 0
            let labels = allCases.map { tab in
                let name = isShort ? tab.shortName : tab.rawValue
                defer { x += TextWidth.of(name) + gap }
                return Label(tab: tab, name: name, x: x, width: TextWidth.of(name))
            }
            if x - gap <= width { return labels }
        }
        let number = (allCases.firstIndex(of: chosen) ?? 0) + 1
        let name = "\(chosen.rawValue)  \(number) of \(allCases.count)"
        return [Label(tab: chosen, name: name, x: 0, width: TextWidth.of(name))]
    }
}

/// What the table of trials is sorted by.
package enum TuningSort: Hashable, Sendable {
    case number, status, objective, duration
    /// A value that is searched, by its place among the axes.
    case axis(Int)
}
