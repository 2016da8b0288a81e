import Numerics

/// What training rows teach about a column.
enum FeatureFitting {
    enum Outcome {
        case use(FeatureColumn.Encoding)
        case drop(TableWarning)
    }

    /// `scratch` is room that columns share, so that large tables do not ask the system for memory again and again.
    static func fit(_ column: Column, rows: [Int], _ options: FeatureOptions, scratch: inout [Double]) -> Outcome {
        switch column.storage {
        case .numbers(let numbers):
            scratch.removeAll(keepingCapacity: true)
            for row in rows where !numbers[row].isNaN { scratch.append(numbers[row]) }
            return numeric(column, scratch, options)
        case .codes(let codes, let dictionary):
            if options.kept.contains(column.name), let encoding = kept(column, codes, dictionary, rows: rows, options) {
                return .use(encoding)
            }
            if let codesFrom = options.codesFrom, let counts = options.counts[column.name],
                column.kind == .text || counts.count > codesFrom
            {
                let missing = rows.contains { codes[$0] < 0 }
                if let encoding = manyCategories(counts, hasMissing: missing) { return .use(encoding) }
            }
            return coded(column, rows.map { codes[$0] }, dictionary, options.codesFrom)
        }
    }

    private static func numeric(_ column: Column, _ values: [Double], _ options: FeatureOptions) -> Outcome {
        guard let first = values.first else { return allMissing(column) }
        let keepsConstants = options.keepsConstants || options.kept.contains(column.name)
        guard keepsConstants || values.contains(where: { $0 != first }) else { return constant(column, column.text(of: first)) }
        let median = Statistics.median(values)
        if column.kind == .date, values.allSatisfy(\.isFinite) {
            return .use(.dates(DateFitting(values, style: options.style).encoding(median: median), isClock: false))
        }
        return .use(.number(median: median, isDate: false, unit: NumberUnit.learned(values, median: median)))
    }

    private static func coded(_ column: Column, _ codes: [Int32], _ dictionary: [String], _ codesFrom: Int?) -> Outcome {
        var counts = [Int](repeating: 0, count: dictionary.count)
        var missing = 0
        for code in codes { if code < 0 { missing += 1 } else { counts[Int(code)] += 1 } }
        let present = counts.indices.filter { counts[$0] > 0 }
        guard let first = present.first else { return allMissing(column) }
        if present.count == 1, missing == 0 { return constant(column, dictionary[first]) }
        if column.kind == .boolean, dictionary.count == 2, present.count == 2 {
            let mean = Double(counts[1]) / Double(counts[0] + counts[1])
            return .use(.boolean(no: dictionary[0], yes: dictionary[1], mean: mean))
        }
        if let codesFrom, column.kind == .text || present.count > codesFrom {
            let texts = Dictionary(present.map { (dictionary[$0], counts[$0]) }, uniquingKeysWith: { $1 })
            if let encoding = manyCategories(texts, hasMissing: missing > 0) { return .use(encoding) }
        }
        if column.kind == .text {
            return .drop(
                TableWarning(
                    .highCardinality, column: column.name,
                    "\(column.name) is text with \(present.count) distinct values: it is not used as a feature"))
        }
        return .use(.categories(present.map { dictionary[$0] }.sorted(), hasMissing: missing > 0))
    }

    /// Codes for the texts that recur, unless most rows have one that does not: a value seen once teaches nothing that carries over
    /// to another row, so it counts as (other).
    private static func manyCategories(_ counts: [String: Int], hasMissing: Bool) -> FeatureColumn.Encoding? {
        let kept = counts.filter { $0.value > 1 }
        let covered = kept.values.reduce(0, +), all = counts.values.reduce(0, +)
        guard covered * 2 > all, kept.count < categoryLimit else { return nil }
        return .codes(kept.keys.sorted(), hasMissing: hasMissing)
    }

    /// Codes are single-precision numbers, which count so far.
    static let categoryLimit = 1 << 23

    private static func allMissing(_ column: Column) -> Outcome {
        .drop(TableWarning(.allMissing, column: column.name, "\(column.name) has no value in the training rows: it is not used"))
    }

    private static func constant(_ column: Column, _ value: String) -> Outcome {
        .drop(
            TableWarning(
                .constantColumn, column: column.name, "\(column.name) is always \(value) in the training rows: it is not used"))
    }

    /// Mean and population deviation of each feature; a constant one gets deviation 1, so that it becomes 0 and never NaN.
    static func scales(_ matrix: Matrix) -> (means: [Float], deviations: [Float]) {
        let width = matrix.columnCount, count = Double(max(1, matrix.rowCount))
        var sums = [Double](repeating: 0, count: width), squares = sums
        matrix.elements.withUnsafeBufferPointer { elements in
            for row in 0..<matrix.rowCount {
                for column in 0..<width { sums[column] += Double(elements[row * width + column]) }
            }
            for column in 0..<width { sums[column] /= count }
            for row in 0..<matrix.rowCount {
                for column in 0..<width {
                    let delta = Double(elements[row * width + column]) - sums[column]
                    squares[column] += delta * delta
                }
            }
        }
        let deviations = squares.indices.map { column in
            let deviation = (squares[column] / count).squareRoot()
            return deviation > abs(sums[column]) * 1e-7 && deviation.isFinite ? Float(deviation) : 1
        }
        return (sums.map { Float($0) }, deviations.map { $0 > 0 ? $0 : 1 })
    }
}

extension Column {
    /// A number of this column as text: a date in ISO form for a date.
    func text(of number: Double) -> String {
        kind == .date ? CalendarTime.isoText(seconds: number) : Column.text(of: number)
    }
}
