import CTableKernels
import Numerics

/// How one column of a table becomes features: learned on training rows, applied to any.
struct FeatureColumn: Sendable, Hashable, Codable {
    enum Encoding: Sendable, Hashable, Codable {
        /// A number; missing = the training median. For dates, days since 1 January 1970.
        case number(median: Double, isDate: Bool)
        /// 0 or 1; missing = the training mean.
        case boolean(no: String, yes: String, mean: Double)
        /// One feature a category, in the order of `categories`, which are sorted; then one for missing values if training had any, then one for
        /// values that training did not have.
        case categories([String], hasMissing: Bool)
        /// One feature whose value is the place of the category among those same features.
        case codes([String], hasMissing: Bool)
    }

    let name: String
    let encoding: Encoding

    /// The values training had, of a column of categories.
    var categories: [String]? {
        switch encoding {
        case .categories(let categories, _), .codes(let categories, _): categories
        case .number, .boolean: nil
        }
    }

    /// Values of the feature of `codes`; nil for the other encodings.
    var cardinality: Int? {
        guard case .codes(let categories, let hasMissing) = encoding else { return nil }
        return categories.count + (hasMissing ? 2 : 1)
    }

    /// Features of the column.
    var width: Int {
        switch encoding {
        case .number, .boolean, .codes: 1
        case .categories(let categories, let hasMissing): categories.count + (hasMissing ? 2 : 1)
        }
    }

    var featureNames: [String] {
        switch encoding {
        case .number, .boolean, .codes: [name]
        case .categories(let categories, let hasMissing):
            categories.map { "\(name)=\($0)" } + (hasMissing ? ["\(name)=(missing)"] : []) + ["\(name)=(other)"]
        }
    }

    /// Whether `write` is quick for a few rows at a time, so that columns of a table can be written side by side.
    var writesInPieces: Bool { if case .number = encoding { true } else { false } }

    /// Writes this column's features for the rows `rows[positions]`, or for the rows `positions`. Position p begins at
    /// `p * stride + offset` of `target`.
    func write(
        _ column: Column, rows: [Int]?, positions: Range<Int>, into target: UnsafeMutableBufferPointer<Float>, offset: Int,
        stride: Int, keepsMissing: Bool
    ) throws(TableError) {
        switch encoding {
        case .number(let median, let isDate):
            guard let numbers = column.numbers, (column.kind == .date) == isDate || column.missingCount == column.rowCount else {
                throw mismatch(column, expected: isDate ? "dates" : "numbers")
            }
            let fill: Float = keepsMissing ? .nan : Float(median), scale = isDate ? 1 / 86_400.0 : 1.0
            let written = numbers.withUnsafeBufferPointer { values -> Int in
                guard let base = values.baseAddress, let out = target.baseAddress else { return positions.count }
                let place = out + positions.lowerBound * stride + offset
                guard let rows else {
                    return dk_write_numbers(base + positions.lowerBound, nil, positions.count, scale, fill, place, stride)
                }
                return rows.withUnsafeBufferPointer { rows in
                    guard let first = rows.baseAddress else { return positions.count }
                    return dk_write_numbers(base, first + positions.lowerBound, positions.count, scale, fill, place, stride)
                }
            }
            if written < positions.count {
                let row = rows?[positions.lowerBound + written] ?? positions.lowerBound + written
                throw TableError(
                    .infiniteValue,
                    "record \(row + 1): column '\(name)' holds \(Column.text(of: numbers[row] * scale)), which is too large: replace it"
                )
            }
        case .boolean(let no, let yes, let mean):
            let values = try truthValues(column, no: no, yes: yes)
            for position in positions {
                let row = rows?[position] ?? position
                target[position * stride + offset] = Float(values(row) ?? (keepsMissing ? .nan : mean))
            }
        case .categories(let categories, let hasMissing):
            let slots = slotOfRow(column, categories, hasMissing)
            for position in positions {
                let start = position * stride + offset
                for feature in start..<start + width { target[feature] = 0 }
                target[start + slots(rows?[position] ?? position)] = 1
            }
        case .codes(let categories, let hasMissing):
            let slots = slotOfRow(column, categories, hasMissing)
            for position in positions {
                target[position * stride + offset] = Float(slots(rows?[position] ?? position))
            }
        }
    }

    /// The value 0 or 1 of each row of a column of truth values, or of numbers 0 and 1.
    private func truthValues(_ column: Column, no: String, yes: String) throws(TableError) -> (Int) -> Double? {
        switch column.storage {
        case .numbers(let numbers):
            guard column.missingCount == column.rowCount || column.kind == .integer else {
                throw mismatch(column, expected: "\(no)/\(yes)")
            }
            return { numbers[$0].isNaN ? nil : min(1, max(0, numbers[$0])) }
        case .codes(let codes, let dictionary):
            var values: [Double] = []
            for word in dictionary {
                // An unused word of the pair may be spelt in its default form.
                if word.lowercased() == yes.lowercased() {
                    values.append(1)
                } else if word.lowercased() == no.lowercased() {
                    values.append(0)
                } else {
                    throw mismatch(column, expected: "\(no)/\(yes)")
                }
            }
            return { codes[$0] < 0 ? nil : values[Int(codes[$0])] }
        }
    }

    /// The feature of each row that is 1.
    private func slotOfRow(_ column: Column, _ categories: [String], _ hasMissing: Bool) -> (Int) -> Int {
        let other = categories.count + (hasMissing ? 1 : 0)
        let missing = hasMissing ? categories.count : other
        switch column.storage {
        case .codes(let codes, let dictionary):
            let slotOfCode = dictionary.map { Self.place(of: $0, in: categories) ?? other }
            return { codes[$0] < 0 ? missing : slotOfCode[Int(codes[$0])] }
        case .numbers(let numbers):
            // Categories whose few new values all look like numbers or dates.
            return { row in
                if column.isMissing(at: row) { return missing }
                return Self.place(of: column.text(at: row) ?? Column.text(of: numbers[row]), in: categories) ?? other
            }
        }
    }

    /// Where a text stands among sorted ones. A table of all of them would take longer to make than a few look-ups do.
    private static func place(of text: String, in categories: [String]) -> Int? {
        var low = 0, high = categories.count
        while low < high {
            let middle = (low + high) / 2
            if categories[middle] < text { low = middle + 1 } else { high = middle }
        }
        return low < categories.count && categories[low] == text ? low : nil
    }

    private func mismatch(_ column: Column, expected: String) -> TableError {
        TableError(
            .columnUnusable,
            "column '\(name)' held \(expected) when the model was trained and holds \(column.kind.rawValue) values here: give the same kind of data"
        )
    }
}
