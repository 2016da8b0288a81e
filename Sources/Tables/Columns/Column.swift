import CheckedNumbers

/// What a column's values are.
public enum ColumnKind: String, Sendable, Hashable, Codable, CaseIterable {
    /// Numbers, some with a decimal point or an exponent.
    case numeric
    /// Numbers that are all whole.
    case integer
    /// true/false, yes/no, t/f, y/n in any case; 0/1 is `integer`.
    case boolean
    /// Text of few distinct values, or codes such as `00123`.
    case categorical
    /// Text of many distinct values.
    case text
    /// Days or moments.
    case date
}

/// One column: its name, its kind and its values.
public struct Column: Sendable, Hashable {
    /// The values, in one of two forms.
    public enum Storage: Sendable, Hashable {
        /// `numeric`, `integer` and `date`; missing = NaN. Dates are seconds since 1 January 1970, UTC.
        case numbers([Double])
        /// `boolean`, `categorical` and `text`: an index into the dictionary for each row; missing = -1. A boolean's
        /// dictionary is its false word, then its true word.
        case codes([Int32], dictionary: [String])
    }

    /// The name: unique in its table.
    public let name: String
    /// What the values are.
    public let kind: ColumnKind
    /// The values.
    public let storage: Storage
    /// Rows without a value.
    public let missingCount: Int

    /// A column made in memory; missing values are counted here.
    public init(name: String, kind: ColumnKind, storage: Storage) {
        switch storage {
        case .numbers(let numbers):
            missingCount = numbers.reduce(into: 0) { $0 += $1.isNaN ? 1 : 0 }
        case .codes(let codes, _):
            missingCount = codes.reduce(into: 0) { $0 += $1 < 0 ? 1 : 0 }
        }
        self.name = name
        self.kind = kind
        self.storage = storage
    }

    /// Rows, missing ones too.
    public var rowCount: Int {
        switch storage {
        case .numbers(let numbers): numbers.count
        case .codes(let codes, _): codes.count
        }
    }

    /// The numbers of a `numeric`, `integer` or `date` column.
    public var numbers: [Double]? {
        if case .numbers(let numbers) = storage { numbers } else { nil }
    }

    /// The distinct texts of a `boolean`, `categorical` or `text` column.
    public var dictionary: [String]? {
        if case .codes(_, let dictionary) = storage { dictionary } else { nil }
    }

    /// Whether a row has no value.
    public func isMissing(at row: Int) -> Bool {
        switch storage {
        case .numbers(let numbers): numbers[row].isNaN
        case .codes(let codes, _): codes[row] < 0
        }
    }

    /// A row's value as text, `nil` when missing; whole numbers without a decimal point, dates in ISO form.
    public func text(at row: Int) -> String? {
        switch storage {
        case .numbers(let numbers):
            let number = numbers[row]
            if number.isNaN { return nil }
            return kind == .date ? CalendarTime.isoText(seconds: number) : Column.text(of: number)
        case .codes(let codes, let dictionary):
            return codes[row] < 0 ? nil : dictionary[Int(codes[row])]
        }
    }

    /// A number as text, whole ones without a decimal point.
    public static func text(of number: Double) -> String {
        if number == number.rounded(), abs(number) < 1e15 { return String(Int(nearestWithin: number)) }
        return String(number)
    }
}
