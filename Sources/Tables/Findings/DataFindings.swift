import FindingKinds
import Numerics

/// What is found in a table before a model learns from it. `data profile`, training and whoever else asks get the same.
public struct DataFindings: Sendable, Hashable {
    /// What was found, the gravest kind first.
    public private(set) var found: [TableFinding] = []
    /// The column that tells the target best, of those that may; nil where there is no target.
    public private(set) var bestColumn: BestColumn?

    /// Nothing.
    public init() {}

    /// Leaves out what is of no concern.
    public mutating func keep(where isOfConcern: (TableFinding) -> Bool) { found.removeAll { !isOfConcern($0) } }

    /// Keeps the first findings of each kind, and of each the first columns: a table of thousands of columns may have thousands.
    public mutating func limit(perKind: Int = 20, columns: Int = 50) {
        var counts: [FindingKind: Int] = [:]
        found = found.compactMap { finding in
            counts[finding.kind, default: 0] += 1
            guard counts[finding.kind, default: 0] <= perKind else { return nil }
            var finding = finding
            finding.columns = Array(finding.columns.prefix(columns))
            finding.rows = Array(finding.rows.prefix(TableFinding.rowLimit))
            return finding
        }
    }

    /// Says where rows stand in their file, where the table that was looked at is a part of it.
    ///
    /// - Parameter places: the row of the file, from 0, of each row of the table; nil where nobody knows.
    public mutating func renumberRows(as places: [Int]?) {
        for index in found.indices {
            found[index].rows = places.map { places in found[index].rows.map { places[$0 - 1] + 1 } } ?? []
        }
    }

    /// What holds the target to a column's name and how it is learned.
    public struct Target: Sendable {
        public var name: String
        /// Whether a model takes it for classes; nil = as its values say.
        public var asClasses: Bool?

        public init(_ name: String, asClasses: Bool? = nil) {
            self.name = name
            self.asClasses = asClasses
        }
    }

    /// Looks at columns, and at each beside the target; of large tables at some of the rows.
    ///
    /// - Parameters:
    ///   - table: the columns that are learned from, and the target.
    ///   - rows: those to look at; nil = all.
    public init(_ table: Table, rows: [Int]? = nil, target: Target?) {
        let sample = FindingRows(rows ?? Array(0..<table.rowCount), columnCount: table.columns.count).rows
        guard sample.count >= 20 else { return }
        let column = target.flatMap { table.column(named: $0.name) }
        let features = table.columns.filter { $0.name != target?.name }.prefix(FindingRows.columnLimit)
        if let column {
            let reads = TargetEncoding.readsAsClasses(column, distinct: Labels(column).count)
            let asClasses = target?.asClasses ?? reads
            look(for: column, in: table, features, sample, asClasses: asClasses)
            // What tells the target would say that all of it is right.
            let telling = Set(found.flatMap(\.columns))
            found +=
                TargetDoubts(
                    features.filter { !telling.contains($0.name) && RowNames.warning($0, rows: sample) == nil }, column,
                    rows: sample,
                    asClasses: asClasses
                ).found
            if asClasses != reads { found += [Self.otherKind(column, asClasses: asClasses)].compactMap { $0 } }
            // Numbers in another unit are strays whose cause is known.
            let isOfUnits = found.contains { $0.kind == .wrongUnits }
            if !asClasses, !isOfUnits, let strays = Self.strays(column, sample), strays.widening >= Self.leastWidening {
                found.append(Self.outliers(.targetOutliers, column.name, strays))
            }
            if asClasses { found += [Self.rareClass(column, sample)].compactMap { $0 } }
        }
        for feature in features {
            guard let strays = Self.strays(feature, sample) else { continue }
            if let sentinel = strays.sentinel {
                found.append(
                    TableFinding(
                        .sentinel, [feature.name],
                        [
                            ("value", sentinel.value), ("rows", Double(sentinel.count)),
                            ("widening of the scale", strays.widening),
                        ],
                        "\(feature.name) is \(Column.text(of: sentinel.value)) in \(sentinel.count) rows"))
            } else if strays.widening >= Self.leastWidening {
                found.append(Self.outliers(.outliers, feature.name, strays))
            }
        }
        found += [Self.collinear(Array(features), sample)].compactMap { $0 }
    }

    /// Adds what the rows that judge say beside those that are learned from.
    ///
    /// - Parameters:
    ///   - table: the training rows' table; `rows`: those.
    ///   - judging: the table of the rows that judge, which may be the same; `judgingRows`: those.
    ///   - columns: what is learned from, and the target. Columns that `judging` lacks are left out.
    public mutating func compare(
        _ table: Table, rows: [Int], with judging: Table, rows judgingRows: [Int], columns: [String]
    ) {
        let shared = columns.prefix(FindingRows.columnLimit).filter {
            table.column(named: $0) != nil && judging.column(named: $0) != nil
        }
        let finder = SplitFinder(
            training: .init(columns: shared.compactMap { table.column(named: $0) }, rows: rows),
            judging: .init(columns: shared.compactMap { judging.column(named: $0) }, rows: judgingRows))
        found += [rows.count * shared.count <= 20_000_000 ? finder.overlap() : nil, finder.shift()].compactMap { $0 }
    }

    private mutating func look(
        for target: Column, in table: Table, _ features: ArraySlice<Column>, _ rows: [Int], asClasses: Bool
    ) {
        guard var finder = LeakFinder(target, rows: rows, asClasses: asClasses) else { return }
        for feature in features { finder.look(at: feature) }
        finder.judge(beside: features)
        bestColumn = finder.best
        for leak in finder.leaks {
            found.append(TableFinding(leak.isUnsure ? .possibleLeakage : .leakage, [leak.column], [leak.figure], leak.summary))
        }
        if !asClasses, let sum = TargetSum(table, target: target) {
            found.append(
                TableFinding(
                    .leakage, sum.parts, [("parts", Double(sum.parts.count))],
                    "\(target.name) is nearly the sum of \(listed(sum.parts, limit: .max))"))
        }
        for (name, power) in finder.identifiers {
            found.append(
                TableFinding(
                    .identifier, [name], [("told by the column alone", power)],
                    "\(name) names the rows and tells \(LeakFinder.percent(power)) of \(target.name) all the same"))
        }
    }

    // MARK: - Single columns

    /// How many times as wide strays must make a column.
    private static let leastWidening = 3.0

    private static func strays(_ column: Column, _ rows: [Int]) -> StrayValues? {
        guard column.kind != .date, let numbers = column.numbers else { return nil }
        return StrayValues(rows.compactMap { numbers[$0].isNaN ? nil : numbers[$0] })
    }

    private static func outliers(_ kind: FindingKind, _ name: String, _ strays: StrayValues) -> TableFinding {
        TableFinding(
            kind, [name],
            [("rows", Double(strays.count)), ("farthest", strays.example), ("widening of the scale", strays.widening)],
            "\(strays.count) \(strays.count == 1 ? "row has" : "rows have") a \(name) far outside the rest, such as \(Column.text(of: strays.example))"
        )
    }

    /// A target that is learned otherwise than its values say.
    private static func otherKind(_ column: Column, asClasses: Bool) -> TableFinding? {
        let count = Labels(column).count
        if asClasses {
            guard column.numbers != nil, count > 20 else { return nil }
            return TableFinding(
                .numbersAsClasses, [column.name], [("classes", Double(count))],
                "\(column.name) is a number with \(count) values and is learned as classes")
        }
        guard count > 2 else { return nil }
        return TableFinding(
            .classesAsNumbers, [column.name], [("distinct values", Double(count))],
            "\(column.name) has \(count) values, as classes have, and is learned as a number")
    }

    /// Rows of a class that are too few to learn from and to judge by, beside one that has fifty times as many.
    private static func rareClass(_ column: Column, _ rows: [Int]) -> TableFinding? {
        let labels = Labels(column)
        var counts = [Int](repeating: 0, count: labels.count)
        for row in rows where labels.values[row] >= 0 { counts[Int(labels.values[row])] += 1 }
        guard let most = counts.max(),
            let rarest = counts.indices.filter({ counts[$0] > 0 }).min(by: { counts[$0] < counts[$1] }),
            most >= 50 * counts[rarest], let row = rows.first(where: { labels.values[$0] == rarest })
        else { return nil }
        let name = column.text(at: row) ?? ""
        return TableFinding(
            .rareClass, [column.name],
            [
                ("rows of the rarest class", Double(counts[rarest])), ("of the largest", Double(most)),
                ("share of the largest", Double(most) / Double(counts.reduce(0, +))),
            ],
            "\(column.name) is \(name) in \(counts[rarest]) rows, beside \(most) of another class")
    }

    /// Two numbers of which one follows from the other.
    private static func collinear(_ features: [Column], _ rows: [Int]) -> TableFinding? {
        let sample = FindingRows(rows, columnCount: 500).rows
        let numeric = features.filter { $0.kind == .numeric && $0.missingCount * 10 <= $0.rowCount }.prefix(64)
        let values = numeric.compactMap { column in column.numbers.map { numbers in sample.map { numbers[$0] } } }
        for first in values.indices {
            for second in values.indices.dropFirst(first + 1) {
                let correlation = Statistics.correlation(values[first], values[second])
                guard abs(correlation) > 0.9999 else { continue }
                return TableFinding(
                    .collinear, [numeric[first].name, numeric[second].name], [("correlation", correlation)],
                    "\(numeric[second].name) follows from \(numeric[first].name)")
            }
        }
        return nil
    }
}
