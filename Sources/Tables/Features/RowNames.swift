import Numerics
import PrintableText

/// Finds columns that only name their rows: keys, row numbers, random identifiers. A model that learns from one knows the training rows
/// by heart and nothing about others.
///
/// A column that may measure something is never taken for one. What speaks for a name: no value comes again in the training rows, they
/// are whole numbers or single words, and the column is called so, counts the rows of the file from 0 or 1, or consists of codes such as
/// `INV-00412` or a UUID.
enum RowNames {
    /// Words that say so when a column's name ends in one of them.
    private static let keys: Set<String> = ["id", "ids", "uuid", "guid", "key", "pk", "uid", "rowid"]
    private static let numbers: Set<String> = ["no", "nr", "number", "code", "nummer", "numero", "num", "serial", "idx"]
    /// Whole names that say so.
    private static let wholeNames: Set<String> = [
        "index", "idx", "row", "rownum", "rownumber", "unnamed", "no", "nr", "sno", "serial", "row index",
    ]
    /// Words of what is measured or passes evenly, so that counting up is what it should do.
    private static let measures: Set<String> = [
        "time", "times", "timestamp", "ts", "date", "datetime", "epoch", "step", "year", "month", "week", "day", "days", "hour",
        "minute", "second", "seconds", "ms", "quarter", "season", "period", "age", "iteration", "round", "lap", "frame", "tick",
        "cycle", "position", "distance", "depth", "height", "length", "width", "size", "weight", "dose", "rank", "level", "lag",
        "temperature", "temp", "pressure", "speed", "price", "count", "total", "amount", "score", "value", "input", "feature",
    ]
    /// Fewer rows prove nothing by themselves.
    private static let leastRows = 20

    /// Says that a column names the rows; nil when it may be more than that.
    ///
    /// - Parameters:
    ///   - rows: the training rows.
    ///   - rowNumbers: where in their file these rows stand, from 0; nil = as in the table.
    ///   - counts: how often each text occurs in the whole file, where that is known.
    static func warning(
        _ column: Column, rows: [Int], rowNumbers: [Int]? = nil, counts: [String: Int]? = nil
    ) -> TableWarning? {
        let what: String?
        switch column.storage {
        case .numbers(let values) where column.kind == .integer:
            what = numbering(column.name, values, rows, rowNumbers ?? rows)
        case .codes(let codes, let dictionary) where column.kind == .text || column.kind == .categorical:
            what = naming(column.name, codes, dictionary, rows, counts)
        default: what = nil
        }
        guard let what else { return nil }
        return TableWarning(
            .rowName, column: column.name, "\(column.name) \(what): it is not used; \(option("--keep", column.name)) uses it")
    }

    /// An option that names a column, as a shell takes it.
    static func option(_ option: String, _ name: String, _ value: String = "") -> String {
        "\(option) \((name + value).shellWord)"
    }

    /// Words for things that are told apart by numbers.
    private static let numbered: Set<String> = [
        "zip", "zipcode", "postal", "postcode", "plz", "code", "sku", "store", "shop", "branch", "department", "dept", "region",
        "district", "county", "ward", "route", "gate", "terminal", "vendor", "supplier", "location", "station",
    ]

    /// Whether a column of whole numbers is called what things are called that are told apart by them: `store_id`, `zip`.
    static func mayNumberThings(_ name: String) -> Bool {
        let words = NameWords.list(name).filter { Int($0) == nil }
        guard let last = words.last else { return false }
        if keys.contains(last) || numbered.contains(last) { return true }
        return !words.contains(where: measures.contains) && words.count > 1 && numbers.contains(last)
    }

    private static func numbering(_ name: String, _ values: [Double], _ rows: [Int], _ places: [Int]) -> String? {
        guard let row = rows.first, let place = places.first, rows.count > 2 else { return nil }
        let first = values[row] - Double(place)
        let isCount =
            (first == 0 || first == 1) && zip(rows, places).allSatisfy { values[$0] - Double($1) == first }
        if isCount, isKey(name) || rows.count >= leastRows && !mayMeasure(name) {
            return "numbers the rows of the file from \(first == 0 ? 0 : 1)"
        }
        let isHuge = rows.count >= leastRows && !mayMeasure(name) && rows.allSatisfy { !(abs(values[$0]) < 1e15) }
        guard isKey(name) || isHuge else { return nil }
        let present = rows.compactMap { values[$0].isNaN ? nil : values[$0] }
        let sorted = Statistics.sorted(present)
        let distinct = 1 + zip(sorted, sorted.dropFirst()).count { $0 < $1 }
        // Of a few thousand keys drawn at random two may be the same.
        guard sorted.count > 2, (sorted.count - distinct) * 1000 <= sorted.count else { return nil }
        return "names the row (\(distinct) distinct whole numbers)"
    }

    private static func naming(
        _ name: String, _ codes: [Int32], _ dictionary: [String], _ rows: [Int], _ counts: [String: Int]?
    ) -> String? {
        var isSeen = [Bool](repeating: false, count: dictionary.count), texts = 0
        for row in rows where codes[row] >= 0 {
            let code = Int(codes[row])
            guard !isSeen[code] else { return nil }
            isSeen[code] = true
            texts += 1
        }
        guard texts > 2, counts?.values.allSatisfy({ $0 == 1 }) ?? true else { return nil }
        let isNamed = isKey(name)
        guard isNamed || texts >= leastRows else { return nil }
        for (code, text) in dictionary.enumerated() where isSeen[code] {
            guard isNamed ? !text.utf8.contains(32) : isCode(text) else { return nil }
        }
        return "names the row (\(texts) distinct texts)"
    }

    /// Letters, digits and hyphens with a digit among them, and no more than a hash is long: `INV-00412`, a UUID.
    private static func isCode(_ text: String) -> Bool {
        var hasDigit = false
        for byte in text.utf8 {
            switch byte {
            case 48...57: hasDigit = true
            case 45, 95, 123, 125, 65...90, 97...122: continue
            default: return false
            }
        }
        return hasDigit && text.utf8.count <= 128
    }

    /// Whether a column is called what keys are called: `PassengerId`, `order no`, `Unnamed: 0`.
    static func isKey(_ name: String) -> Bool {
        let words = NameWords.list(name).filter { Int($0) == nil }
        guard let last = words.last, let first = words.first else { return name.isEmpty || name == "#" }
        if keys.contains(last) || first == "id" { return true }
        if words.contains(where: measures.contains) { return false }
        return words.count > 1 && numbers.contains(last) || wholeNames.contains(words.joined(separator: " "))
    }

    /// Whether a name is one for a quantity: a word for one, or a letter as in a formula.
    static func mayMeasure(_ name: String) -> Bool {
        let words = NameWords.list(name).filter { Int($0) == nil }
        return words.contains(where: measures.contains) || words.count == 1 && words[0].count == 1
    }
}
