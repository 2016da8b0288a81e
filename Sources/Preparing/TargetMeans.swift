import Numerics
import Tables

/// Target encoding: a column's categories as what the target is on average of their rows, or how often it is each class.
///
/// Training rows get the means over other rows than their own (`OutOfFold`): a row's own target would stand in its features otherwise.
/// All others get those over all training rows; categories that training did not have get the average of all.
///
/// - Source: as `CategoryMeans`, of which AutoML and trees make their features, too.
package struct TargetMeans: Sendable, Hashable, Codable {
    package let column: String
    let means: CategoryMeans
    /// What the means are less by, where single precision would lose what tells them apart.
    package let origin: Double

    /// Most classes that have a column each.
    static let classLimit = 100

    /// The columns that it makes: one of numbers and of two classes, one a class of several.
    package var names: [String] { means.labels.map { "\(column) (\($0))" } }

    /// The training rows' targets.
    struct Targets {
        let outcome: TrainingOutcome
        /// The training rows that have one.
        let rows: [Int]
        let origin: Double

        init(_ goal: Column, rows: [Int], asClasses: Bool, seed: UInt64) throws(ColumnFault) {
            let table = Table(columns: [goal])
            do throws(TableError) {
                let known = table.selecting(rows: rows)
                let encoding = try TargetEncoding.make(
                    known, column: goal.name, wish: asClasses ? .classification : .task(.regressor)
                )
                .learningOrigin(known, rows: Array(0..<known.rowCount))
                if let classes = encoding.classes, classes.count > TargetMeans.classLimit {
                    throw TableError(
                        .tooManyClasses,
                        "the target '\(goal.name)' has \(classes.count) classes, and target takes \(TargetMeans.classLimit) at most: "
                            + "take one-hot or ordinal, or leave it to the learner")
                }
                self.rows = try encoding.usableRows(table, rows: rows).rows
                outcome = TrainingOutcome(
                    name: goal.name, classes: encoding.classes, targets: try encoding.encode(table, rows: self.rows), seed: seed)
                origin = encoding.origin
            } catch { throw ColumnFault(code: error.code, message: error.message) }
        }
    }

    /// What training rows have in the columns that are made.
    struct OutOfFold {
        let names: [String]
        fileprivate let rows: [Int]
        /// - Shape: [rows.count, names.count].
        fileprivate let values: [Float]
        fileprivate let origin: Double

        /// A column that was made, with them in it.
        func putting(into column: Column) -> Column {
            guard let label = names.firstIndex(of: column.name), var numbers = column.numbers else { return column }
            for (position, row) in rows.enumerated() { numbers[row] = Double(values[position * names.count + label]) + origin }
            return Column(name: column.name, kind: column.kind, storage: .numbers(numbers))
        }
    }

    /// - Parameter smoothing: rows that the average of all counts for; nil = as many as suit the data.
    /// - Returns: nil where training rows have no category.
    static func learned(
        _ column: Column, _ targets: Targets, smoothing: Double?
    ) throws(ColumnFault) -> (TargetMeans, OutOfFold)? {
        let (codes, dictionary) = try column.texts(), rows = targets.rows
        let found = Set(rows.map { codes[$0] })
        let categories = found.filter { $0 >= 0 }.map { dictionary[Int($0)] }.sorted()
        guard !categories.isEmpty else { return nil }
        let slots = CategorySlots(categories: categories, hasMissing: found.contains { $0 < 0 })
        let means = CategoryMeans(
            column, slots, rows: rows, targets.outcome, smoothing: smoothing, classLimit: classLimit)
        let made = TargetMeans(column: column.name, means: means, origin: targets.origin)
        let values = means.outOfFold(column, rows: rows, targets.outcome)
        return (made, OutOfFold(names: made.names, rows: rows, values: values, origin: targets.origin))
    }

    /// The columns of any rows.
    ///
    /// - Returns: also what is told of categories that training did not have.
    func columns(of column: Column) throws(ColumnFault) -> (columns: [Column], told: String?) {
        _ = try column.texts()
        let unseen = means.slots.unseen(in: column).map { CategoryPlaces.warning(column.name, $0.count, $0.example) }
        let values = means.values(column)
        let columns = names.enumerated().map { place, name in
            let numbers = (0..<column.rowCount).map { Double(values[$0 * names.count + place]) + origin }
            return Column(name: name, kind: .numeric, storage: .numbers(numbers))
        }
        return (columns, unseen.map { "\($0): they count as the average" })
    }

    /// One of the columns as a table to look texts up in: the numbers of some, and that of all others. The origin is to be added.
    ///
    /// - Parameter missing: the text that an empty one stands for; nil = a missing value.
    package func table(_ place: Int, missing: String?) -> (keys: [String], numbers: [Float], other: Float) {
        let slots = means.slots
        func number(_ slot: Int) -> Float { means.means[slot * names.count + place] }
        var keys = slots.categories, numbers = keys.indices.map(number)
        let empty = missing.map { slots.categories.firstIndex(of: $0) } ?? (slots.hasMissing ? keys.count : nil)
        if let empty, !keys.contains("") {
            keys.append("")
            numbers.append(number(empty))
        }
        return (keys, numbers, number(slots.other))
    }

    /// What was learned, for people.
    var words: [String] {
        let count = means.slots.categories.count, places = means.labels.indices.prefix(4)
        let drawn = places.map { place in
            let average = Double(means.means[means.slots.other * means.labels.count + place]) + origin
            return "\(means.labels[place]) drawn to \(average.formatted(digits: 4)) as by "
                + "\(means.smoothing[place].formatted(digits: 3)) rows"
        }
        let more = means.labels.count > places.count ? ", …" : ""
        return [
            "\(column): \(count) \(count == 1 ? "category" : "categories"), \(drawn.joined(separator: ", "))\(more); "
                + "training rows have that of the other \(CategoryMeans.foldCount - 1) of \(CategoryMeans.foldCount) folds"
        ] + doubts
    }

    /// What says that the column may not be meant.
    var doubts: [String] {
        means.counts.allSatisfy { $0 <= 1 }
            ? ["'\(column)' has no category twice, so that none tells of another row: drop it"] : []
    }

    /// What cannot be true of one that was learned; nil = all can.
    var fault: String? {
        if let fault = means.fault { return fault }
        return origin.isFinite && Set(names).count == names.count ? nil : "has means of what is not finite"
    }
}
