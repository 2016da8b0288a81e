import CheckedNumbers
import Events
import Fairness
import Preparing
import Tables

extension JobColumns {
    /// What training rows count: as their column says, times what a pipeline has their class count, times what makes classes independent of
    /// groups where a request asks for that. With
    /// mean 1; nil where all count alike.
    ///
    /// - Throws: as `RowWeights.read` and `RowGroups`; `columnUnusable` where there are no classes.
    func trainingWeights(
        _ table: Table, _ rows: [Int], _ request: JobRequest, classes balanced: ClassWeights? = nil
    ) throws(TableError) -> (weights: [Float]?, warnings: [TableWarning]) {
        let said = try weight.flatMap { name throws(TableError) in try RowWeights.read(table, column: name, rows: rows) }
        let own = balanced.map { Self.product(said, $0.weights(of: table, rows: rows)) } ?? said
        guard let facet = request.reweigh else { return (own, []) }
        func refusal(_ text: String) -> TableError {
            TableError(.columnUnusable, "reweigh '\(facet)': \(text)", path: table.path.isEmpty ? nil : table.path)
        }
        guard let encoding, let classes = encoding.classes else {
            throw refusal("\(target ?? "the target") is a number, and rows are weighed by classes: leave reweigh out")
        }
        let groups: RowGroups
        do throws(FairnessError) { groups = try RowGroups(facet, in: table) } catch { throw refusal(error.message) }
        guard groups.column != encoding.column else { throw refusal("it is the target: name other groups") }
        let found = Reweighing(
            groups: rows.map { groups.places[$0] },
            labels: try encoding.encode(table, rows: rows).map { Int(nearestWithin: $0) }, weights: own?.map(Double.init))
        let mean = found.weights.reduce(0, +) / Double(max(1, rows.count))
        let weights = found.weights.map { Float($0 / mean) }
        let lacking = rows.count { groups.places[$0] == nil }
        let told =
            [Self.words(found, groups, classes, encoding.column)] + groups.notes + Self.gaps(found, groups, classes, lacking)
        return (
            Set(weights).count > 1 ? weights : nil, told.map { TableWarning(.rowWeights, column: groups.column, $0) }
        )
    }

    /// Weights that hold beside each other, with mean 1.
    private static func product(_ weights: [Float]?, _ more: [Double]) -> [Float] {
        let products = more.indices.map { more[$0] * Double(weights?[$0] ?? 1) }
        let mean = products.reduce(0, +) / Double(max(1, products.count))
        return products.map { Float($0 / mean) }
    }

    /// Most groups with classes whose weights are told one by one.
    private static let mostTold = 8

    private static func words(_ found: Reweighing, _ groups: RowGroups, _ classes: [String], _ target: String) -> String {
        func number(_ factor: Double) -> String { "\((factor * 100).rounded() / 100)" }
        let factors = found.cells.map(\.factor)
        let cells = found.cells.map { "\(groups.names[$0.group]) \(classes[$0.label]) \(number($0.factor))" }
        let range = "\(number(factors.min() ?? 1)) to \(number(factors.max() ?? 1))"
        return "training rows count so that \(target) does not depend on \(groups.column): "
            + (cells.count <= mostTold ? cells.joined(separator: ", ") : range)
    }

    /// What weights cannot make up for.
    private static func gaps(_ found: Reweighing, _ groups: RowGroups, _ classes: [String], _ lacking: Int) -> [String] {
        var gaps: [String] = []
        let there = Set(found.cells.map(\.group)), labels = Set(found.cells.map(\.label))
        if there.count == 1, let only = there.first {
            gaps.append("all training rows are of one group, \(groups.names[only]): their weights stay")
        }
        for group in there.sorted() {
            let own = Set(found.cells.filter { $0.group == group }.map(\.label))
            for label in labels.subtracting(own).sorted() {
                gaps.append("no training row of \(groups.names[group]) is \(classes[label]): no weight makes up for that")
            }
        }
        if lacking > 0 {
            gaps.append("\(lacking) training \(lacking == 1 ? "row has" : "rows have") no \(groups.column): their weights stay")
        }
        return Array(gaps.prefix(6))
    }
}
