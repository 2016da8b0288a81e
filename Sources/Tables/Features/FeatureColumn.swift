import CTableKernels
import Numerics

/// How one column of a table becomes features: learned on training rows, applied to any.
package struct FeatureColumn: Sendable, Hashable, Codable {
    package enum Encoding: Sendable, Hashable, Codable {
        /// A number in a unit of its own, if it has one; missing = the training median. In models of earlier versions also dates, as
        /// days since 1 January 1970.
        case number(median: Double, isDate: Bool, unit: NumberUnit?)
        /// Parts of dates, or cycles of times of day.
        case dates(DateEncoding, isClock: Bool)
        /// 1 where the column has no value, else 0.
        case missing
        /// 0 or 1; missing = the training mean.
        case boolean(no: String, yes: String, mean: Double)
        /// One feature a category, in the order of `categories`, which are sorted; then one for missing values if training had any, then one for
        /// values that training did not have.
        case categories([String], hasMissing: Bool)
        /// One feature whose value is the place of the category among those same features.
        case codes([String], hasMissing: Bool)
        /// The words of a text, or pieces of them.
        case text(TextVectorizer)
        /// What the targets of each category's rows are on average.
        case means(CategoryMeans)
        /// One feature for each of the most frequent categories, and one for how frequent each is.
        case frequent(FrequentCategories)
    }

    package let name: String
    package let encoding: Encoding

    /// The values training had, of a column of categories.
    var categories: [String]? {
        switch encoding {
        case .categories(let categories, _), .codes(let categories, _): categories
        case .means(let means): means.slots.categories
        case .frequent(let frequent): frequent.slots.categories
        case .number, .boolean, .dates, .missing, .text: nil
        }
    }

    /// Values of the feature of `codes`; nil for the other encodings.
    var cardinality: Int? {
        guard case .codes(let categories, let hasMissing) = encoding else { return nil }
        return categories.count + (hasMissing ? 2 : 1)
    }

    /// Features of the column.
    package var width: Int {
        switch encoding {
        case .number, .boolean, .codes, .missing: 1
        case .dates(let dates, _): dates.width
        case .categories(let categories, let hasMissing): categories.count + (hasMissing ? 2 : 1)
        case .text(let text): text.width
        case .means(let means): means.width
        case .frequent(let frequent): frequent.width
        }
    }

    var featureNames: [String] {
        switch encoding {
        case .number, .boolean, .codes: [name]
        case .missing: ["\(name) (missing)"]
        case .dates(let dates, _): dates.names(name)
        case .categories(let categories, let hasMissing):
            CategorySlots(categories: categories, hasMissing: hasMissing).names(name)
        case .text(let text): text.featureNames(name)
        case .means(let means): means.featureNames(name)
        case .frequent(let frequent): frequent.featureNames(name)
        }
    }

    /// One name a weight of a linear model: as the features', but codes have a weight a category.
    var weightNames: [String] {
        guard case .codes(let categories, let hasMissing) = encoding else { return featureNames }
        return CategorySlots(categories: categories, hasMissing: hasMissing).names(name)
    }

    /// Places, among its features, of those that are 0 for most rows and stay at their own scale: indicators, and terms of a text.
    var indicators: [Range<Int>] {
        switch encoding {
        case .categories, .missing: [0..<width]
        case .dates(let dates, _): dates.indicators
        case .text(let text): [0..<text.termCount]
        case .frequent(let frequent): [0..<frequent.indicatorCount]
        case .number, .boolean, .codes, .means: []
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
        case .number(let median, let isDate, let unit):
            // Dates of earlier versions are seconds here and days there.
            let unit = isDate ? NumberUnit(scale: 1 / 86_400.0) : unit ?? NumberUnit()
            let fill: Float = keepsMissing ? .nan : Float(isDate ? median : unit.value(median))
            let numbers = try numbers(column, isDate: isDate)
            let written = Self.write(numbers, unit, fill: fill, rows, positions, into: target, offset: offset, stride: stride)
            if written < positions.count {
                throw tooLarge(numbers, row: rows?[positions.lowerBound + written] ?? positions.lowerBound + written, column)
            }
        case .dates(let dates, let isClock):
            let numbers = try numbers(column, isDate: !isClock)
            guard let base = target.baseAddress else { return }
            for position in positions {
                let row = rows?[position] ?? position
                let isWritten = dates.write(
                    numbers[row], into: base + position * stride + offset, keepsMissing: keepsMissing)
                if !isWritten { throw tooLarge(numbers, row: row, column) }
            }
        case .missing:
            for position in positions {
                target[position * stride + offset] = column.isMissing(at: rows?[position] ?? position) ? 1 : 0
            }
        case .boolean(let no, let yes, let mean):
            let values = try truthValues(column, no: no, yes: yes)
            for position in positions {
                let row = rows?[position] ?? position
                target[position * stride + offset] = Float(values(row) ?? (keepsMissing ? .nan : mean))
            }
        case .categories(let categories, let hasMissing):
            let slots = CategorySlots(categories: categories, hasMissing: hasMissing).ofRow(column)
            for position in positions {
                let start = position * stride + offset
                for feature in start..<start + width { target[feature] = 0 }
                target[start + slots(rows?[position] ?? position)] = 1
            }
        case .codes(let categories, let hasMissing):
            let slots = CategorySlots(categories: categories, hasMissing: hasMissing).ofRow(column)
            for position in positions {
                target[position * stride + offset] = Float(slots(rows?[position] ?? position))
            }
        case .text(let text):
            text.write({ column.text(at: $0) }, rows: rows, positions: positions, into: target, offset: offset, stride: stride)
        case .means(let means):
            means.write(column, rows: rows, positions: positions, into: target, offset: offset, stride: stride)
        case .frequent(let frequent):
            frequent.write(column, rows: rows, positions: positions, into: target, offset: offset, stride: stride)
        }
    }

    /// Writes numbers in their unit; returns how many were written before one that is too large.
    private static func write(
        _ numbers: [Double], _ unit: NumberUnit, fill: Float, _ rows: [Int]?, _ positions: Range<Int>,
        into target: UnsafeMutableBufferPointer<Float>, offset: Int, stride: Int
    ) -> Int {
        numbers.withUnsafeBufferPointer { values in
            guard let base = values.baseAddress, let out = target.baseAddress else { return positions.count }
            let place = out + positions.lowerBound * stride + offset, count = positions.count
            guard let rows else {
                return dk_write_numbers(base + positions.lowerBound, nil, count, unit.origin, unit.scale, fill, place, stride)
            }
            return rows.withUnsafeBufferPointer { rows in
                guard let first = rows.baseAddress else { return count }
                return dk_write_numbers(base, first + positions.lowerBound, count, unit.origin, unit.scale, fill, place, stride)
            }
        }
    }

    /// The values of a column of numbers or of dates.
    private func numbers(_ column: Column, isDate: Bool) throws(TableError) -> [Double] {
        if let numbers = column.numbers, (column.kind == .date) == isDate || column.missingCount == column.rowCount {
            return numbers
        }
        // Without a value a column is of any kind.
        if column.missingCount == column.rowCount { return [Double](repeating: .nan, count: column.rowCount) }
        throw mismatch(column, expected: isDate ? "dates" : "numbers")
    }

    private func tooLarge(_ numbers: [Double], row: Int, _ column: Column) -> TableError {
        TableError(
            .infiniteValue,
            "record \(row + 1): column '\(name)' holds \(column.text(of: numbers[row])), which is too large: replace it")
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

    private func mismatch(_ column: Column, expected: String) -> TableError {
        TableError(
            .columnUnusable,
            "column '\(name)' held \(expected) when the model was trained and holds \(column.kind.rawValue) values here: give the same kind of data"
        )
    }
}
