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
            let weights = options.weights.map { weights in rows.indices.filter { !numbers[rows[$0]].isNaN }.map { weights[$0] } }
            return numeric(column, scratch, weights, options)
        case .codes(let codes, let dictionary):
            return coded(column, rows.map { codes[$0] }, dictionary, rows, options)
        }
    }

    /// - Parameter weights: how much each value counts; nil = all alike.
    private static func numeric(
        _ column: Column, _ values: [Double], _ weights: [Float]?, _ options: FeatureOptions
    ) -> Outcome {
        guard let first = values.first else { return allMissing(column) }
        let keepsConstants = options.keepsConstants || options.kept.contains(column.name)
        guard keepsConstants || values.contains(where: { $0 != first }) else { return constant(column, column.text(of: first)) }
        let median = weights.map { Statistics.median(values, weights: $0) } ?? Statistics.median(values)
        if column.kind == .date, options.without.contains(.dateParts) {
            return .use(.number(median: median, isDate: true, unit: nil))
        }
        if column.kind == .date, values.allSatisfy(\.isFinite) {
            return .use(.dates(DateFitting(values, style: options.style).encoding(median: median), isClock: false))
        }
        return .use(.number(median: median, isDate: false, unit: NumberUnit.learned(values, median: median)))
    }

    static func allMissing(_ column: Column) -> Outcome {
        .drop(TableWarning(.allMissing, column: column.name, "\(column.name) has no value in the training rows: it is not used"))
    }

    static func constant(_ column: Column, _ value: String) -> Outcome {
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
