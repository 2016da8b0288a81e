import Numerics
import Tables

/// What is asked of a table's rows.
public struct BiasStudy: Sendable {
    public var label: String
    /// Which labels are positive, as a test of the label's column.
    public var positive: RowTest
    /// Each with rows to be compared with all others.
    public var facets: [RowTest]
    /// The column of strata for conditional disparity.
    public var group: String?
    /// The column of predictions in the table, in the same words as labels.
    public var predictedLabel: String?
    /// Predictions that a model made: whether each row's is positive.
    public var predicted: [Bool]?
    /// Rows that alone count; nil = all.
    public var segment: RowTest?
    /// Places of the rows that alone count, such as those that a model was not trained on; nil = all.
    public var rows: [Int]?
    public var reading = BiasReading.guide
    public var metrics: [BiasMetric] = BiasMetric.allCases
    public var seed: UInt64 = 0
    /// Columns by which neighbours are found; nil = the numeric ones but label, predictions and facet.
    public var neighbourColumns: [String]?

    public init(label: String, positive: RowTest, facets: [RowTest]) {
        (self.label, self.positive, self.facets) = (label, positive, facets)
    }
}

/// What a facet's rows look like beside all others.
public struct FacetReport: Sendable, Hashable {
    public var facet: RowTest
    public var metrics: [BiasMetric: BiasValue]
    public var intervals: [BiasMetric: ClosedRange<Double>]
    /// Rows of the facet, and all others.
    public var own: GroupCounts, others: GroupCounts
    public var hasPredictions: Bool
    /// How good predictions are over both groups, and in which 95 of 100 cases lie; empty without predictions.
    public var quality: [QualityMetric: Double] = [:], qualityIntervals: [QualityMetric: ClosedRange<Double>] = [:]
    /// Rows of the facet that are refused what most of their neighbours among the others are granted, and the other way round.
    public var refusedBeside = 0.0, grantedBeside = 0.0
}

/// The result of a study.
public struct BiasReport: Sendable, Hashable {
    public var facets: [FacetReport]
    /// Rows looked at.
    public var rowCount: Int
    /// What was decided or left out, in words.
    public var notes: [String]
}

extension BiasStudy {
    /// Which of a model's predictions are positive; none where it never says so.
    ///
    /// - Parameter column: its predictions, under the label's name.
    /// - Throws: `badData`.
    public func positives(of column: Column) throws(FairnessError) -> [Bool] {
        var test = positive
        if case .words(let words) = test.parts[0].condition, let known = column.dictionary {
            let there = words.filter(known.contains)
            if there.isEmpty { return [Bool](repeating: false, count: column.rowCount) }
            test.parts[0].condition = .words(there)
        }
        test.parts[0].column = column.name
        return try test.rows(of: Table(columns: [column])).matches
    }

    /// Measures each facet.
    ///
    /// - Throws: `badData` for columns or values that are not there, a facet without rows, no labels; `badRequest`.
    public func report(on table: Table) throws(FairnessError) -> BiasReport {
        let labels = try positive.rows(of: table)
        var notes = labels.notes, usable = [Bool](repeating: true, count: table.rowCount)
        for row in 0..<table.rowCount where labels.missing[row] { usable[row] = false }
        drop("a label", labels.missing, &notes)
        // A number that no label is was taken as a bound: one that no label is above, either, was no label's.
        guard labels.notes.isEmpty || labels.matches.contains(true) else {
            throw FairnessError(
                .badData, "no row has \(positive.name)=\(positive.value), and none is above it: give a label there is")
        }
        let predictions = try predictions(on: table, &usable, &notes)
        if let rows {
            let chosen = Set(rows)
            for row in 0..<table.rowCount where !chosen.contains(row) { usable[row] = false }
        }
        if let segment {
            let found = try segment.rows(of: table)
            notes += found.notes
            for row in 0..<table.rowCount where !found.matches[row] { usable[row] = false }
        }
        let counted = (0..<table.rowCount).filter { usable[$0] }
        if let first = counted.first, counted.allSatisfy({ labels.matches[$0] == labels.matches[first] }) {
            notes.append(
                "every label is \(labels.matches[first] ? "positive" : "negative"): what compares labels of groups tells nothing")
        }
        let groups = try strata(of: table)
        var reports: [FacetReport] = []
        for facet in facets {
            let tested = try facet.rows(of: table)
            notes += tested.notes
            drop(facet.name, tested.missing, &notes)
            let rows = (0..<table.rowCount).filter { usable[$0] && !tested.missing[$0] }
            guard !rows.isEmpty else {
                throw FairnessError(.badData, "no row has a label and a value of \(facet.name): give some")
            }
            reports.append(try report(tested, rows, labels.matches, predictions, groups, table))
        }
        var seen: Set<String> = []
        return BiasReport(
            facets: reports, rowCount: usable.count { $0 }, notes: notes.filter { seen.insert($0).inserted })
    }

    private func report(
        _ tested: TestedRows, _ rows: [Int], _ labels: [Bool], _ predictions: [Bool]?, _ groups: [Int]?, _ table: Table
    ) throws(FairnessError) -> FacetReport {
        let facet = rows.map { tested.matches[$0] }
        guard facet.contains(true) else {
            throw FairnessError(.badData, "no row has \(tested.test.name) \(tested.test.value): the facet is empty")
        }
        guard facet.contains(false) else {
            throw FairnessError(
                .badData, "every row has \(tested.test.name) \(tested.test.value): there is nobody to compare with")
        }
        let predicted = predictions.map { all in rows.map { all[$0] } }
        var flips: [Int]?
        if let predicted, metrics.contains(.FT), let features = neighbourFeatures(table, rows, besides: tested.test) {
            flips = FlipTest.flips(features, facet: facet, predicted: predicted)
        }
        let cells = BiasCells(
            facet: facet, labels: rows.map { labels[$0] }, predicted: predicted,
            groups: groups.map { all in rows.map { all[$0] } },
            flips: flips)
        let wanted = metrics.filter { !$0.isPosttraining || predicted != nil }
        var report = FacetReport(
            facet: tested.test, metrics: Dictionary(uniqueKeysWithValues: wanted.map { ($0, cells.value($0, reading: reading)) }),
            intervals: cells.intervals(wanted, reading: reading, seed: seed), own: cells.group(isFacet: true),
            others: cells.group(isFacet: false), hasPredictions: predicted != nil)
        if predicted != nil {
            report.quality = cells.quality()
            report.qualityIntervals = cells.intervals(seed: seed) { $0.quality() }
        }
        report.refusedBeside = cells.count { $0.flip == 1 }
        report.grantedBeside = cells.count { $0.flip == -1 }
        return report
    }

    private func drop(_ what: String, _ missing: [Bool], _ notes: inout [String]) {
        let count = missing.count { $0 }
        if count > 0 {
            notes.append(
                "\(count) \(count == 1 ? "row has" : "rows have") no value of \(what) and \(count == 1 ? "is" : "are") left out")
        }
    }

    private func predictions(
        on table: Table, _ usable: inout [Bool], _ notes: inout [String]
    ) throws(FairnessError) -> [Bool]? {
        if let predicted { return predicted }
        guard let predictedLabel else { return nil }
        let column: Column
        do throws(TableError) { column = try table.column(matching: predictedLabel) } catch {
            throw FairnessError(.badData, error.description)
        }
        let missing = (0..<table.rowCount).map(column.isMissing)
        drop(predictedLabel, missing, &notes)
        for row in 0..<table.rowCount where missing[row] { usable[row] = false }
        let found = try positives(of: column)
        if !found.contains(true) {
            notes.append("\(predictedLabel) never says \(positive.value): nothing is predicted to be positive")
        }
        return found
    }

    private func strata(of table: Table) throws(FairnessError) -> [Int]? {
        guard let group else { return nil }
        let column: Column
        do throws(TableError) { column = try table.column(matching: group) } catch {
            throw FairnessError(.badData, error.description)
        }
        var places: [String?: Int] = [:]
        return (0..<table.rowCount).map { row in
            let text = column.text(at: row), place = places[text] ?? places.count
            places[text] = place
            return place
        }
    }

    private func neighbourFeatures(_ table: Table, _ rows: [Int], besides facet: RowTest) -> Matrix? {
        let left = Set([label, predictedLabel].compactMap { $0 } + facet.parts.map(\.column))
        let columns = table.columns.filter { column in
            neighbourColumns.map { $0.contains(column.name) } ?? true
                && (column.kind == .numeric || column.kind == .integer) && !left.contains(column.name)
        }
        guard !columns.isEmpty else { return nil }
        let means = columns.map { column -> Double in
            let known = (column.numbers ?? []).filter(\.isFinite)
            return known.isEmpty ? 0 : known.reduce(0, +) / Double(known.count)
        }
        let elements = rows.flatMap { row in
            columns.indices.map { place -> Float in
                let value = columns[place].numbers?[row] ?? .nan
                return Float(value.isFinite ? value : means[place])
            }
        }
        return Matrix(rowCount: rows.count, columnCount: columns.count, elements: elements)
    }
}
