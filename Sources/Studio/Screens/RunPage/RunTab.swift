import Cells

/// What a run's page shows of it.
package enum RunTab: String, CaseIterable, Sendable {
    case overview, configuration, alerts, checkpoints, artifacts, lineage, system, log

    /// Where there is little room.
    private var shortName: String {
        switch self {
        case .configuration: "config"
        case .artifacts: "files"
        default: rawValue
        }
    }

    /// A tab's label on the line of tabs.
    package struct Label: Hashable, Sendable {
        package var tab: RunTab
        package var name: String
        /// Columns from the line's start.
        package var x: Int
        package var width: Int
    }

    /// The labels on a line: whole names where they fit, else shorter ones, else the chosen one with its number.
    package static func labels(chosen: RunTab, width: Int) -> [Label] {
        let whole = labels(gap: 3) { $0.rawValue }
        if fits(whole, width) { return whole }
        let short = labels(gap: 1) { $0.shortName }
        if fits(short, width) { return short }
        let number = (allCases.firstIndex(of: chosen) ?? 0) + 1
        let name = "\(chosen.rawValue)  \(number) of \(allCases.count)"
        return [Label(tab: chosen, name: name, x: 0, width: TextWidth.of(name))]
    }

    private static func labels(gap: Int, name: (RunTab) -> String) -> [Label] {
        var x = 0
        return allCases.map { tab in
            let text = name(tab), width = TextWidth.of(text)
            defer { x += width + gap }
            return Label(tab: tab, name: text, x: x, width: width)
        }
    }

    private static func fits(_ labels: [Label], _ width: Int) -> Bool { labels.last.map { $0.x + $0.width <= width } ?? true }
}
