import Glibc
import Numerics

/// What to do with a file before learning from it: why, and the options that do it.
public struct DataAdvice: Sendable, Hashable {
    /// What it is about.
    public enum Topic: String, Sendable, Hashable {
        /// Which rows judge a model.
        case validation
        /// What a model is measured by.
        case metric
    }

    public var topic: Topic
    /// The reason in one sentence, without a full stop.
    public var reason: String
    /// Names of options and their values, such as `validation-order` and `time`.
    public var options: [String: String]
}

/// Finds out how a model of a table is best judged.
struct AdviceFinder {
    private let table: Table
    private let summaries: [ColumnSummary]
    private let target: Column?

    init(_ table: Table, _ summaries: [ColumnSummary], target: Column?) {
        (self.table, self.summaries, self.target) = (table, summaries, target)
    }

    func advice() -> [DataAdvice] { [order(), groups(), folds(), metric()].compactMap { $0 } }

    private func summary(_ column: Column) -> ColumnSummary? { summaries.first { $0.name == column.name } }

    // MARK: - Validation

    /// Rows of a time series: each looks like the one before it, so a row beside a held-out one gives it away.
    private func order() -> DataAdvice? {
        let dates = table.columns.filter { $0.kind == .date && $0.name != target?.name && isSpread($0) }
        guard let date = dates.first, let numbers = date.numbers, table.rowCount >= 20 else { return fileOrder() }
        let order = numbers.indices.filter { !numbers[$0].isNaN }.sorted { numbers[$0] < numbers[$1] }
        let isSorted = zip(numbers, numbers.dropFirst()).allSatisfy { !($1 < $0) }
        var reason = "\(date.name) orders the rows"
        if let target {
            let score = agreement(of: target, in: order)
            guard score > 4 else { return nil }
            reason = "in the order of \(date.name) neighbours have similar \(target.name)"
        } else if !isSorted {
            return nil
        }
        return DataAdvice(
            topic: .validation, reason: "\(reason): validate on the last rows, as the model will be used",
            options: ["validation-order": dates.count == 1 ? "time" : date.name])
    }

    /// Words in the names of columns that together tell when a row was.
    private static let moments: Set<String> = [
        "year", "yr", "month", "mnth", "day", "hour", "hr", "minute", "time", "ts", "timestamp",
    ]

    /// The same where no column holds dates, but the file's order is one of time.
    private func fileOrder() -> DataAdvice? {
        guard let target, table.rowCount >= 20, agreement(of: target, in: Array(0..<table.rowCount)) > 4 else { return nil }
        let times = table.columns.filter { $0.name != target.name && !Self.moments.isDisjoint(with: NameWords.words($0.name)) }
        guard let first = times.first(where: isMostlyAscending) else { return nil }
        return DataAdvice(
            topic: .validation,
            reason: "neighbouring rows have similar \(target.name), and the file is in the order of \(first.name): "
                + "validate on its last rows, as the model will be used", options: ["validation-order": "file"])
    }

    private func isMostlyAscending(_ column: Column) -> Bool {
        guard let numbers = column.numbers else { return false }
        let falls = zip(numbers, numbers.dropFirst()).count { $1 < $0 }
        return falls * 10 < numbers.count && numbers.first != numbers.last
    }

    /// Whether rows have many times between them.
    private func isSpread(_ column: Column) -> Bool { (summary(column)?.distinct ?? 0) >= 20 }

    private func agreement(of target: Column, in order: [Int]) -> Double {
        switch target.storage {
        case .numbers(let numbers): NeighbourAgreement.numberScore(order.map { numbers[$0] }.filter(\.isFinite))
        case .codes(let codes, let dictionary):
            NeighbourAgreement.classScore(order.map { codes[$0] }.filter { $0 >= 0 }, classCount: dictionary.count)
        }
    }

    /// Words in the name of a column that says whose rows belong together.
    private static let owners: Set<String> = [
        "patient", "subject", "person", "user", "customer", "client", "member", "household", "family", "participant", "device",
        "machine", "session", "speaker", "student", "group", "account",
    ]

    /// Several rows of one patient, say: what is learned of a patient gives away the rows of the same one that are held out.
    private func groups() -> DataAdvice? {
        let candidates = table.columns.filter { column in
            guard column.name != target?.name, column.kind != .date, column.kind != .boolean, let summary = summary(column),
                summary.distinct >= 5, summary.distinct * 2 <= summary.count, summary.count == table.rowCount
            else { return false }
            guard column.numbers == nil || column.kind == .integer else { return false }
            return !Self.owners.isDisjoint(with: NameWords.words(column.name))
        }
        guard let column = candidates.max(by: { (summary($0)?.distinct ?? 0) < (summary($1)?.distinct ?? 0) }),
            let summary = summary(column), summary.distinct * 50 > table.rowCount
        else { return nil }
        let each = Column.text(of: (Double(table.rowCount) / Double(summary.distinct)).rounded())
        return DataAdvice(
            topic: .validation,
            reason: "\(column.name) has \(summary.distinct) values of about \(each) rows each: keep the rows of each together",
            options: ["group": column.name])
    }

    /// Rows below which a held-out fifth tells little.
    private static let fewRows = 300

    private func folds() -> DataAdvice? {
        guard target != nil, table.rowCount >= 20, table.rowCount < Self.fewRows else { return nil }
        return DataAdvice(
            topic: .validation, reason: "a fifth of \(table.rowCount) rows judges a model badly: validate on every row by folds",
            options: ["folds": "5"])
    }

    // MARK: - Metric

    private func metric() -> DataAdvice? {
        guard let target, let summary = summary(target), summary.distinct > 1 else { return nil }
        if TargetEncoding.readsAsClasses(target, distinct: summary.distinct) { return classMetric(target) }
        let values = (target.numbers ?? []).filter(\.isFinite).sorted()
        guard target.kind != .date, values.count >= 20 else { return nil }
        let far = Self.farOut(values)
        guard far * 200 >= values.count else {
            return DataAdvice(
                topic: .metric, reason: "\(target.name) has no values far out: rmse", options: ["objective": "rmse"])
        }
        // Far out on one scale, and not on that of ratios.
        if let least = values.first, least > 0, Self.farOut(values.map { log($0) }) * 200 < values.count {
            return DataAdvice(
                topic: .metric,
                reason:
                    "\(target.name) spans from \(target.text(of: least)) to \(target.text(of: values[values.count - 1])), all above 0: "
                    + "what counts is the error in proportion, mape", options: ["objective": "mape"])
        }
        return DataAdvice(
            topic: .metric,
            reason: "\(far) values of \(target.name) lie far out and would rule squared errors: mae",
            options: ["objective": "mae"])
    }

    /// Values more than three times the interquartile range beyond the quartiles, of values in ascending order.
    private static func farOut(_ values: [Double]) -> Int {
        let lower = Statistics.quantile(0.25, ofSorted: values), upper = Statistics.quantile(0.75, ofSorted: values)
        let reach = 3 * (upper - lower)
        guard reach > 0 else { return 0 }
        return values.count { $0 < lower - reach || $0 > upper + reach }
    }

    /// Of two classes the rarer one, if the other would be the positive one.
    private func rareNegative(_ target: Column, _ labels: Labels) -> String? {
        var rows = [Int](repeating: 0, count: labels.count), texts = [String?](repeating: nil, count: labels.count)
        for (row, label) in labels.values.enumerated() where label >= 0 {
            rows[Int(label)] += 1
            if texts[Int(label)] == nil {
                texts[Int(label)] = target.text(at: row) ?? target.numbers.map { target.text(of: $0[row]) }
            }
        }
        let present = rows.indices.filter { rows[$0] > 0 }
        guard present.count == 2, let first = texts[present[0]], let second = texts[present[1]] else { return nil }
        let rare = rows[present[0]] < rows[present[1]] ? first : second
        return ClassOrder.sorted([first, second]).first == rare ? rare : nil
    }

    private func classMetric(_ target: Column) -> DataAdvice? {
        let labels = Labels(target)
        var counts = [Int](repeating: 0, count: labels.count)
        for label in labels.present { counts[Int(label)] += 1 }
        counts = counts.filter { $0 > 0 }.sorted()
        guard let most = counts.last, counts.count > 1 else { return nil }
        let all = counts.reduce(0, +)
        // A model that always says the same class must look bad by it.
        guard most * counts.count * 10 > all * 13 else {
            return DataAdvice(
                topic: .metric, reason: "the classes of \(target.name) are about even: accuracy says what it seems to",
                options: ["objective": "accuracy"])
        }
        let share = Column.text(of: (Double(most) / Double(all) * 1000).rounded() / 10)
        // Measured for the common class, f1 says as little as accuracy.
        if counts.count == 2, let rare = rareNegative(target, labels) {
            return DataAdvice(
                topic: .metric,
                reason:
                    "always the commonest class would be right in \(share) % of the rows: f1 of the rare one, \(rare), tells more than accuracy",
                options: ["objective": "f1", "positive": rare])
        }
        let names = counts.count == 2 ? "f1 and pr_auc" : "f1"
        return DataAdvice(
            topic: .metric,
            reason:
                "always the commonest class would be right in \(share) % of the rows: \(names) \(counts.count == 2 ? "tell" : "tells") more than accuracy",
            options: ["objective": "f1"])
    }
}
