/// Row weights with which labels do not depend on groups.
///
/// Each row counts as often as its group and its label would come together by chance, over how often they do.
///
/// - Source: Kamiran and Calders, "Data preprocessing techniques for classification without discrimination" (2012), section 3.3.
public struct Reweighing: Sendable, Hashable {
    /// Rows of one group with one label.
    public struct Cell: Sendable, Hashable {
        public var group: Int, label: Int
        /// Rows, and what they count together before.
        public var rows: Int, mass: Double
        /// What each row's weight is multiplied by.
        public var factor: Double
    }

    /// Those that have rows, by group and label.
    public let cells: [Cell]
    /// What each row counts.
    public let weights: [Double]

    /// - Parameters:
    ///   - groups: each row's group; nil = it belongs to none, and its weight stays.
    ///   - labels: each row's class.
    ///   - weights: what rows count before, 0 or more; nil = 1 each.
    /// - Shape: all [rows].
    public init(groups: [Int?], labels: [Int], weights: [Double]? = nil) {
        precondition(labels.count == groups.count, "\(labels.count) labels of \(groups.count) rows")
        let masses = weights ?? [Double](repeating: 1, count: groups.count)
        precondition(masses.count == groups.count, "\(masses.count) weights of \(groups.count) rows")
        struct Pair: Hashable { var group: Int, label: Int }
        var cells: [Pair: Cell] = [:], ofGroup: [Int: Double] = [:], ofLabel: [Int: Double] = [:], total = 0.0
        for row in groups.indices {
            guard let group = groups[row] else { continue }
            let label = labels[row], mass = masses[row]
            cells[Pair(group: group, label: label), default: Cell(group: group, label: label, rows: 0, mass: 0, factor: 1)]
                .rows += 1
            cells[Pair(group: group, label: label)]?.mass += mass
            ofGroup[group, default: 0] += mass
            ofLabel[label, default: 0] += mass
            total += mass
        }
        for (pair, cell) in cells where cell.mass > 0 {
            cells[pair]?.factor = (ofGroup[pair.group] ?? 0) * (ofLabel[pair.label] ?? 0) / (total * cell.mass)
        }
        self.cells = cells.values.sorted { ($0.group, $0.label) < ($1.group, $1.label) }
        self.weights = groups.indices.map { row in
            groups[row].map { masses[row] * (cells[Pair(group: $0, label: labels[row])]?.factor ?? 1) } ?? masses[row]
        }
    }
}
