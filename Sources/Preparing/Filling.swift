import Numerics
import Tables

/// What stands for a missing value.
package enum Filling: Sendable, Hashable, Codable {
    /// Of numbers and dates.
    case number(Double)
    /// Of categories, texts and truth values.
    case text(String)

    func apply(to column: Column) throws(ColumnFault) -> Column {
        switch self {
        case .number(let fill):
            let numbers = column.kind == .date ? try column.moments() : try column.numberValues()
            let isWhole = column.kind == .integer && fill == fill.rounded()
            let kind: ColumnKind = column.kind == .date ? .date : isWhole ? .integer : .numeric
            return Column(name: column.name, kind: kind, storage: .numbers(numbers.map { $0.isNaN ? fill : $0 }))
        case .text(let fill):
            let (codes, words) = try column.texts()
            guard column.missingCount > 0 else { return column }
            let known = words.firstIndex(of: fill), dictionary = known == nil ? words + [fill] : words
            let code = Int32(known ?? words.count)
            return Column(
                name: column.name, kind: column.numbers == nil ? column.kind : .categorical,
                storage: .codes(codes.map { $0 < 0 ? code : $0 }, dictionary: dictionary))
        }
    }

    /// The value for people.
    func words(_ kind: ColumnKind) -> String {
        switch self {
        case .number(let fill): kind == .date ? CalendarTime.isoText(seconds: fill) : Column.text(of: fill)
        case .text(let fill): "'\(fill)'"
        }
    }

    /// Learns it on the training rows; nil where none of them has a value.
    ///
    /// - Source: of equally frequent values the least, as scikit-learn's `SimpleImputer` takes it.
    static func learned(_ column: Column, rows: [Int], how: String) throws(ColumnFault) -> Filling? {
        switch column.storage {
        case .numbers(let numbers):
            let present = rows.map { numbers[$0] }.filter { !$0.isNaN }
            guard !present.isEmpty else { return nil }
            switch how {
            case "mean": return .number(present.reduce(0, +) / Double(present.count))
            case "mode": return .number(mode(present))
            default: return .number(Statistics.median(present))
            }
        case .codes(let codes, let dictionary):
            guard how == "mode" else {
                throw ColumnFault(
                    message: "'\(column.name)' holds \(column.kind.rawValue) values, which have no \(how): take the mode")
            }
            var counts = [Int](repeating: 0, count: dictionary.count)
            for row in rows where codes[row] >= 0 { counts[Int(codes[row])] += 1 }
            let best = dictionary.indices.filter { counts[$0] > 0 }
                .min { (-counts[$0], dictionary[$0]) < (-counts[$1], dictionary[$1]) }
            return best.map { .text(dictionary[$0]) }
        }
    }

    private static func mode(_ values: [Double]) -> Double {
        let sorted = Statistics.sorted(values)
        var best = sorted[0], bestCount = 0, start = 0
        while start < sorted.count {
            var end = start
            while end < sorted.count, sorted[end] == sorted[start] { end += 1 }
            if end - start > bestCount { (best, bestCount) = (sorted[start], end - start) }
            start = end
        }
        return best
    }
}
