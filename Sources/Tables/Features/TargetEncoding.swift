import Numerics

/// How the column to predict becomes numbers: kept as they are, or class indices.
public enum TargetEncoding: Sendable, Hashable, Codable {
    /// A regressor's target: the numbers of a column.
    case numeric(column: String)
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
        case .numeric(let column), .classes(let column, _): column
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

    /// Finds out what a target column asks for, by one rule: truth values or 2 distinct values make a binary classifier,
    /// categories or whole numbers of at most 10 distinct values a multiclass one, other numbers and dates a regressor.
    ///
    /// - Throws: `columnNotFound`; `noRows` when every value is missing; `oneClass`; `tooManyClasses` for text.
    public static func infer(_ table: Table, column name: String) throws(TableError) -> TargetEncoding {
        let column = try table.column(matching: name)
        let distinct = distinctTexts(column, limit: classLimit + 1)
        let path = table.path.isEmpty ? nil : table.path
        if distinct.isEmpty {
            throw TableError(.noRows, "the target '\(column.name)' has no value in any row: choose another target", path: path)
        }
        let isNumber = column.numbers != nil
        if distinct.count > 2, isNumber, !(column.kind == .integer && distinct.count <= 10) {
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

    /// The encoding for a task the user asked for, whatever the rule would say.
    ///
    /// - Throws: as `infer`; `columnUnusable` when the column cannot serve the task.
    public static func make(_ table: Table, column name: String, task: Task) throws(TableError) -> TargetEncoding {
        let column = try table.column(matching: name)
        let path = table.path.isEmpty ? nil : table.path
        if task == .regressor {
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
        if task == .binaryClassifier, distinct.count != 2 {
            throw TableError(
                .columnUnusable,
                "the target '\(column.name)' has \(distinct.count) classes: a binary classifier needs 2; use multiclass_classifier",
                path: path)
        }
        return .classes(column: column.name, ClassOrder.sorted(distinct))
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

    /// The target of each row as a number; NaN where it is missing.
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
            return rows.map { Float(numbers[$0]) }
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
