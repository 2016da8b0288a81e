import Tables

/// Why a column cannot be what a step takes; whoever applies the step says which one it is.
struct ColumnFault: Error {
    var code: TableError.Code = .columnUnusable
    var message: String
}

extension Column {
    /// Its numbers, of a column of numbers or without a value.
    func numberValues() throws(ColumnFault) -> [Double] {
        if kind != .date, let numbers { return numbers }
        if missingCount == rowCount { return [Double](repeating: .nan, count: rowCount) }
        throw ColumnFault(message: "'\(name)' holds \(kind.rawValue) values, and the step takes numbers")
    }

    /// Its moments in seconds since 1970, of a column of dates or without a value.
    func moments() throws(ColumnFault) -> [Double] {
        if kind == .date, let numbers { return numbers }
        if missingCount == rowCount { return [Double](repeating: .nan, count: rowCount) }
        throw ColumnFault(message: "'\(name)' holds \(kind.rawValue) values, and the step takes dates")
    }

    /// Its codes and what they stand for, of a column of texts, categories or truth values, or without a value.
    func texts() throws(ColumnFault) -> (codes: [Int32], dictionary: [String]) {
        if case .codes(let codes, let dictionary) = storage { return (codes, dictionary) }
        if missingCount == rowCount { return ([Int32](repeating: -1, count: rowCount), []) }
        throw ColumnFault(message: "'\(name)' holds \(kind.rawValue) values, and the step takes categories or text")
    }

    /// A number for each row, from the number of each.
    func mapped(_ kind: ColumnKind, named name: String? = nil, _ value: (Double) -> Double) throws(ColumnFault) -> Column {
        Column(name: name ?? self.name, kind: kind, storage: .numbers(try numberValues().map(value)))
    }

    /// The same values under another name.
    func renamed(_ name: String) -> Column { Column(name: name, kind: kind, storage: storage) }

    var holdsNumbers: Bool { kind == .numeric || kind == .integer }
}
