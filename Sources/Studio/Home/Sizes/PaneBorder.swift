import CheckedNumbers

/// A border between panes of the home screen that can be moved.
package enum PaneBorder: String, Sendable, CaseIterable {
    /// Between data and runs on the left, and curves and alerts on the right.
    case columns
    /// Between the Datasets pane and the Experiments pane under it.
    case datasets
    /// Between the Curves pane and the Alerts pane under it.
    case alerts
    /// On a screen that is higher than wide: under the curves, under the runs, and between data and alerts.
    case tallCurves = "tall-curves"
    case tallRuns = "tall-runs"
    case tallDatasets = "tall-datasets"

    /// Whether the panes stand side by side.
    package var isVertical: Bool { self == .columns || self == .tallDatasets }

    /// Cells that are left for the panes before and behind it, so that something can be read in each.
    var least: (before: Int, behind: Int) {
        switch self {
        case .columns: (24, 30)
        case .datasets: (4, 6)
        case .alerts: (8, 4)
        case .tallCurves: (8, 10)
        case .tallRuns: (6, 4)
        case .tallDatasets: (16, 16)
        }
    }
}

/// How large the panes are, as far as the user said so.
package struct PaneSizes: Hashable, Sendable {
    /// What stands before a border, as a share of what the border divides: so it holds for screens of other sizes.
    private(set) var shares: [PaneBorder: Double] = [:]

    init() {}

    package subscript(border: PaneBorder) -> Double? {
        get { shares[border] }
        // As exact as the settings file has it.
        set { shares[border] = newValue.map { (min(max($0, 0), 1) * 10_000).rounded() / 10_000 } }
    }

    /// Cells before a border.
    /// - Parameter usual: how many there are when nobody said anything.
    func cells(before border: PaneBorder, of length: Int, usual: Int) -> Int {
        guard let share = shares[border] else { return usual }
        return Self.fitting(Int(nearestWithin: share * Double(length)), border, of: length) ?? usual
    }

    /// Moves a border, as far as both sides stay of use.
    mutating func move(_ border: PaneBorder, to cells: Int, of length: Int) {
        guard let cells = Self.fitting(cells, border, of: length) else { return }
        self[border] = Double(cells) / Double(length)
    }

    /// nil where there is no room for both sides.
    private static func fitting(_ cells: Int, _ border: PaneBorder, of length: Int) -> Int? {
        let least = border.least
        guard length >= least.before + least.behind else { return nil }
        return min(max(cells, least.before), length - least.behind)
    }

    // MARK: - In the settings file

    /// As the settings file says them: `columns=0.42 alerts=0.7`.
    var settingsWord: String {
        PaneBorder.allCases.compactMap { border in
            shares[border].map { "\(border.rawValue)=\($0)" }
        }.joined(separator: " ")
    }

    init?(settingsWord text: String) {
        for word in text.split(separator: " ") {
            let halves = word.split(separator: "=", omittingEmptySubsequences: false)
            guard halves.count == 2, let border = PaneBorder(rawValue: String(halves[0])), let share = Double(halves[1]),
                (0...1).contains(share)
            else { return nil }
            shares[border] = share
        }
    }
}
