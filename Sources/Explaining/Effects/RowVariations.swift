import CheckedNumbers
import Tables

/// A value that a column might have: a number, one of its words, or none.
public enum VariedValue: Sendable, Hashable {
    case number(Double)
    case word(String)
    case missing

    /// As it is written in the data.
    public var text: String {
        switch self {
        case .number(let number): Column.text(of: number)
        case .word(let word): word
        case .missing: ""
        }
    }
}

extension Column {
    /// What a text means here; nil where the column is of numbers and it is none.
    public func variedValue(of text: String) -> VariedValue? {
        if text.isEmpty { return .missing }
        guard numbers != nil else { return .word(text) }
        if let number = Double(text) { return number.isFinite ? .number(number) : nil }
        return kind == .date ? CalendarTime.seconds(iso: text).map { .number($0) } : nil
    }

    /// What a row has here.
    public func variedValue(at row: Int) -> VariedValue {
        if isMissing(at: row) { return .missing }
        switch storage {
        case .numbers(let numbers): return .number(numbers[row])
        case .codes(let codes, let dictionary): return .word(dictionary[Int(codes[row])])
        }
    }

    /// A column like this with other values.
    public func holding(_ values: [VariedValue]) -> Column {
        switch storage {
        case .numbers:
            let numbers = values.map { if case .number(let number) = $0 { number } else { Double.nan } }
            return Column(name: name, kind: kind, storage: .numbers(numbers))
        case .codes(_, var dictionary):
            var places = Dictionary(dictionary.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
            let codes = values.map { value -> Int32 in
                guard case .word(let word) = value else { return -1 }
                if let place = places[word] { return Int32(place) }
                places[word] = dictionary.count
                dictionary.append(word)
                return Int32(dictionary.count - 1)
            }
            return Column(name: name, kind: kind, storage: .codes(codes, dictionary: dictionary))
        }
    }
}

extension Table {
    /// A row many times over, with a column's values in turn.
    public func varying(row: Int, column name: String, over values: [VariedValue]) -> Table {
        let rows = [Int](repeating: row, count: values.count)
        return replacing(
            columns: columns.map { column in
                column.holding(column.name == name ? values : rows.map { column.variedValue(at: $0) })
            })
    }

    /// A row alone, with some of its values replaced.
    public func editing(row: Int, _ edits: [String: VariedValue]) -> Table {
        replacing(columns: columns.map { column in column.holding([edits[column.name] ?? column.variedValue(at: row)]) })
    }
}
