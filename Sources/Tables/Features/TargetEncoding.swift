import Numerics

/// How the column to predict becomes numbers: kept as they are, or class indices.
public enum TargetEncoding: Sendable, Hashable, Codable {
    /// A regressor's target: the numbers of a column, less an origin where single precision would lose what tells them apart.
    case numeric(column: String, origin: Double? = nil)
    /// A classifier's: class k is encoded as k. Of two classes the second is the positive one.
    case classes(column: String, [String])

    /// What kind of prediction the target asks for.
    public enum Task: String, Sendable, Hashable, Codable {
        case regressor
        case binaryClassifier = "binary_classifier"
        case multiclassClassifier = "multiclass_classifier"
    }

    /// The most classes a target may have.
    public static let classLimit = 1000

    /// The target's column.
    public var column: String {
        switch self {
        case .numeric(let column, _), .classes(let column, _): column
        }
    }

    /// The classes in order; `nil` for a regressor.
    public var classes: [String]? {
        if case .classes(_, let classes) = self { classes } else { nil }
    }

    /// What kind of prediction the target asks for.
    public var task: Task {
        guard let classes else { return .regressor }
        return classes.count == 2 ? .binaryClassifier : .multiclassClassifier
    }

    /// What a user says that a target is.
    public enum Wish: Sendable, Hashable {
        /// Classes, however many.
        case classification
        case task(Task)

        /// `regression`, `classification`, or SageMaker's `regressor`, `binary_classifier`, `multiclass_classifier`.
        public init?(_ word: String) {
            switch word {
            case "classification": self = .classification
            case "regression": self = .task(.regressor)
            default:
                guard let task = Task(rawValue: word) else { return nil }
                self = .task(task)
            }
        }
    }

    /// Finds out what a target column asks for, by one rule: truth values or 2 distinct values make a binary classifier,
    /// categories or few whole numbers that recur a multiclass one (`readsAsClasses`), other numbers and dates a regressor.
    ///
    /// - Throws: `columnNotFound`; `noRows` when every value is missing; `oneClass`; `tooManyClasses` for text.
    public static func infer(_ table: Table, column name: String) throws(TableError) -> TargetEncoding {
        let column = try table.column(matching: name)
        let distinct = distinctTexts(column, limit: classLimit + 1)
        let path = table.path.isEmpty ? nil : table.path
        if distinct.isEmpty { throw noValues(column, path) }
        if column.numbers != nil, !readsAsClasses(column, distinct: distinct.count) {
            return .numeric(column: column.name)
        }
        if distinct.count == 1 {
            throw TableError(
                .oneClass, "the target '\(column.name)' is always '\(distinct[0])': a model needs at least two values", path: path
            )
        }
        if distinct.count > 2, column.kind == .text || distinct.count > classLimit {
            throw TableError(
                .tooManyClasses,
                "the target '\(column.name)' is text with \(column.dictionary?.count ?? distinct.count) distinct values: choose a column of numbers or classes",
                path: path)
        }
        return .classes(column: column.name, ClassOrder.sorted(distinct))
    }

    /// Whether the values of a column are taken for classes: words; at most 2 numbers; at most 10 whole numbers that occur three times
    /// each on average, which prices of ten houses do not.
    static func readsAsClasses(_ column: Column, distinct: Int) -> Bool {
        guard column.numbers != nil, distinct > 2 else { return true }
        return column.kind == .integer && distinct <= 10 && column.rowCount - column.missingCount >= distinct * 3
    }

    private static func noValues(_ column: Column, _ path: String?) -> TableError {
        TableError(.noRows, "the target '\(column.name)' has no value in any row: choose another target", path: path)
    }

    /// The encoding for a task the user asked for, whatever the rule would say.
    ///
    /// - Throws: as `infer`; `columnUnusable` when the column cannot serve the task.
    public static func make(_ table: Table, column name: String, wish: Wish) throws(TableError) -> TargetEncoding {
        let column = try table.column(matching: name)
        let path = table.path.isEmpty ? nil : table.path
        if column.missingCount == column.rowCount { throw noValues(column, path) }
        if wish == .task(.regressor) {
            guard column.numbers != nil else {
                throw TableError(
                    .columnUnusable, "the target '\(column.name)' is \(column.kind.rawValue): a regressor needs numbers",
                    path: path)
            }
            return .numeric(column: column.name)
        }
        let distinct = distinctTexts(column, limit: classLimit + 1)
        if distinct.count > classLimit {
            throw TableError(
                .tooManyClasses, "the target '\(column.name)' has more than \(classLimit) distinct values: use a regressor",
                path: path)
        }
        guard distinct.count >= 2 else {
            throw TableError(.oneClass, "the target '\(column.name)' has fewer than two distinct values", path: path)
        }
        if wish == .task(.binaryClassifier), distinct.count != 2 {
            throw TableError(
                .columnUnusable,
                "the target '\(column.name)' has \(distinct.count) classes: a binary classifier needs 2; use multiclass_classifier",
                path: path)
        }
        return .classes(column: column.name, ClassOrder.sorted(distinct))
    }

    /// The same with another positive class.
    ///
    /// - Throws: `columnUnusable` where there are not two classes; `unknownLabel` for none of them.
    public func positive(_ text: String) throws(TableError) -> TargetEncoding {
        guard case .classes(let column, let classes) = self, classes.count == 2 else {
            throw TableError(
                .columnUnusable,
                "'\(column)' has \(classes.map { "\($0.count) classes" } ?? "no classes"): only one of two can be the positive one"
            )
        }
        guard let place = classes.firstIndex(of: text) else {
            throw TableError(
                .unknownLabel, "'\(text)' is no class of '\(column)': the positive class is \(classes[0]) or \(classes[1])")
        }
        return .classes(column: column, [classes[1 - place], classes[place]])
    }

    /// What the target was taken for, and what says otherwise, in one line.
    public func summary(of table: Table, isAsked: Bool) -> String {
        let other = { (words: String) in isAsked ? "" : "; \(words)" }
        guard let classes else {
            let numbers = table.column(named: column)?.numbers?.filter { $0.isFinite } ?? []
            guard let least = numbers.min(), let most = numbers.max() else { return "\(column) is a number (regression)" }
            let text = { (number: Double) in table.column(named: column)?.text(of: number) ?? "" }
            return "\(column) is a number from \(text(least)) to \(text(most)) (regression)"
        }
        let areNumbers = table.column(named: column)?.numbers != nil
        let names = classes.prefix(5).joined(separator: ", ") + (classes.count > 5 ? ", …" : "")
        if classes.count == 2 {
            return "\(column) has 2 classes, \(names) (binary classification), positive is \(classes[1])"
                + other(
                    "--positive '\(classes[0])' turns them round" + (areNumbers ? ", --task regression predicts the number" : ""))
        }
        return "\(column) has \(classes.count) classes, \(names) (multiclass classification)"
            + (areNumbers ? ", whole numbers taken without their order" + other("--task regression predicts the number") : "")
    }

    /// The given rows that have a target value, and a warning if some have none.
    public func usableRows(_ table: Table, rows: [Int]) throws(TableError) -> (rows: [Int], warning: TableWarning?) {
        let column = try table.column(matching: column)
        let usable = rows.filter { !column.isMissing(at: $0) }
        let dropped = rows.count - usable.count
        guard dropped > 0 else { return (usable, nil) }
        return (
            usable,
            TableWarning(
                .missingTarget, column: column.name,
                "\(dropped) \(dropped == 1 ? "row has" : "rows have") no \(column.name): \(dropped == 1 ? "it is" : "they are") left out"
            )
        )
    }

    /// The target of each row as a number, less the origin; NaN where it is missing.
    ///
    /// - Throws: `columnNotFound`; `unknownLabel` for a class that training did not have; `columnUnusable`, `infiniteValue`.
    public func encode(_ table: Table, rows: [Int]) throws(TableError) -> [Float] {
        let column = try table.column(matching: column)
        let path = table.path.isEmpty ? nil : table.path
        guard let classes else {
            guard let numbers = column.numbers else {
                throw TableError(
                    .columnUnusable, "the target '\(column.name)' is \(column.kind.rawValue) here: the model predicts numbers",
                    path: path)
            }
            if let row = rows.first(where: { numbers[$0].isInfinite }) {
                throw TableError(
                    .infiniteValue, "record \(row + 1): the target '\(column.name)' is infinite: replace it", path: path)
            }
            let origin = self.origin, limit = Double(Float.greatestFiniteMagnitude)
            if let row = rows.first(where: { abs(numbers[$0] - origin) > limit }) {
                throw TableError(
                    .infiniteValue,
                    "record \(row + 1): the target '\(column.name)' is \(column.text(of: numbers[row])), which is too large: give it in a larger unit",
                    path: path)
            }
            return rows.map { Float(numbers[$0] - origin) }
        }
        let positions = Dictionary(classes.enumerated().map { ($1, Float($0)) }, uniquingKeysWith: { first, _ in first })
        let codeValues = column.dictionary?.map { positions[$0] }
        var encoded: [Float] = []
        encoded.reserveCapacity(rows.count)
        for row in rows {
            if column.isMissing(at: row) {
                encoded.append(.nan)
                continue
            }
            let value: Float?
            if case .codes(let codes, _) = column.storage {
                value = codeValues?[Int(codes[row])]
            } else {
                value = positions[column.text(at: row) ?? ""]
            }
            guard let value else {
                let known = classes.prefix(10).joined(separator: ", ")
                throw TableError(
                    .unknownLabel,
                    "record \(row + 1): '\(column.text(at: row) ?? "")' is no class of '\(column.name)': the model knows \(known)",
                    path: path)
            }
            encoded.append(value)
        }
        return encoded
    }

    /// Distinct values as texts, in order of first appearance, at most `limit` of them.
    private static func distinctTexts(_ column: Column, limit: Int) -> [String] {
        switch column.storage {
        case .codes(let codes, let dictionary):
            var isUsed = [Bool](repeating: false, count: dictionary.count)
            for code in codes where code >= 0 { isUsed[Int(code)] = true }
            return Array(dictionary.indices.filter { isUsed[$0] }.map { dictionary[$0] }.prefix(limit))
        case .numbers(let numbers):
            var seen: Set<Double> = []
            var texts: [String] = []
            for number in numbers where !number.isNaN && seen.insert(number).inserted {
                texts.append(column.text(of: number))
                if texts.count == limit { break }
            }
            return texts
        }
    }
}

/// The order of classes: numbers by size, words by alphabet, except that of two words the affirmative one comes second.
enum ClassOrder {
    private static let negative: Set<String> = [
        "no", "false", "f", "n", "negative", "neg", "off", "low", "dead", "bad", "fail", "failed",
    ]
    private static let positive: Set<String> = [
        "yes", "true", "t", "y", "positive", "pos", "on", "high", "alive", "good", "pass", "passed",
    ]

    static func sorted(_ classes: [String]) -> [String] {
        let numbers = classes.compactMap { Double($0) }
        if numbers.count == classes.count {
            return zip(numbers, classes).sorted { $0.0 < $1.0 }.map(\.1)
        }
        let alphabetical = classes.sorted()
        guard alphabetical.count == 2 else { return alphabetical }
        let words = alphabetical.map { $0.lowercased() }
        let isReversed =
            (positive.contains(words[0]) && !positive.contains(words[1]))
            || (negative.contains(words[1]) && !negative.contains(words[0]))
            || (words[0].hasPrefix(">") && words[1].hasPrefix("<"))
        return isReversed ? alphabetical.reversed() : alphabetical
    }
}
