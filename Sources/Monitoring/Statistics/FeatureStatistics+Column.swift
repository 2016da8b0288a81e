import CheckedNumbers
import Glibc
import Tables

extension FeatureStatistics {
    /// Measures a column.
    ///
    /// - Parameters:
    ///   - expected: what its values are to be counted as; nil = as they are.
    ///   - misfits: values that reading left out as none of the column's kind.
    ///   - sketchSize: see `QuantileSketch`.
    public init(_ column: Column, as expected: InferredType? = nil, misfits: Int = 0, sketchSize: Int = QuantileSketch.usualSize)
    {
        let own = Self.type(of: column)
        let type = expected ?? own
        self.init(name: column.name, type: type, present: 0, missing: 0, misfits: misfits)
        switch type {
        case .unknown:
            present = column.rowCount - column.missingCount
            missing = column.missingCount
        case .integral, .fractional:
            let cells = Self.numbers(column, isWhole: type == .integral)
            self.misfits += cells.misfits
            misfit = cells.misfit
            present = cells.values.count
            missing = column.rowCount - present
            numbers = NumberStatistics(cells.values, sketchSize: sketchSize)
        case .string:
            let counts = Self.texts(column)
            present = column.rowCount - column.missingCount
            missing = column.missingCount
            texts = TextStatistics(counts)
        }
    }

    /// What a column's values are.
    static func type(of column: Column) -> InferredType {
        guard column.missingCount < column.rowCount else { return .unknown }
        return switch column.kind {
        case .integer: .integral
        case .numeric: .fractional
        case .boolean, .categorical, .text, .date: .string
        }
    }

    private static func numbers(_ column: Column, isWhole: Bool) -> (values: [Double], misfits: Int, misfit: String?) {
        var values: [Double] = [], misfits = 0, misfit: String?
        values.reserveCapacity(column.rowCount)
        func take(_ number: Double?, _ text: () -> String?) {
            if let number, number.isFinite, !isWhole || number == number.rounded() { return values.append(number) }
            misfits += 1
            misfit = misfit ?? text()
        }
        switch column.storage {
        case .numbers(let numbers):
            for (row, number) in numbers.enumerated() where !number.isNaN {
                take(column.kind == .date ? nil : number) { column.text(at: row) }
            }
        case .codes(let codes, let dictionary):
            let known = dictionary.map { Double($0) }
            for code in codes where code >= 0 { take(known[Int(code)]) { dictionary[Int(code)] } }
        }
        return (values, misfits, misfit)
    }

    private static func texts(_ column: Column) -> [String: Int] {
        var counts: [String: Int] = [:]
        switch column.storage {
        case .numbers(let numbers):
            var places: [Double: Int] = [:]
            for number in numbers where !number.isNaN { places[number, default: 0] += 1 }
            let shown = Column(name: column.name, kind: column.kind, storage: .numbers(Array(places.keys)))
            for (row, count) in places.values.enumerated() { counts[shown.text(at: row) ?? "", default: 0] += count }
        case .codes(let codes, let dictionary):
            var rows = [Int](repeating: 0, count: dictionary.count)
            for code in codes where code >= 0 { rows[Int(code)] += 1 }
            for (place, count) in rows.enumerated() where count > 0 { counts[dictionary[place], default: 0] += count }
        }
        return counts
    }
}

extension NumberStatistics {
    /// Buckets in which values are counted, as SageMaker's.
    static let bucketCount = 10

    /// - Returns: nil without values.
    init?(_ values: [Double], sketchSize: Int) {
        guard let first = values.first else { return nil }
        var least = first, most = first, sum = 0.0, sketch = QuantileSketch(size: sketchSize)
        for value in values {
            (least, most) = (min(least, value), max(most, value))
            sum += value
            sketch.add(value)
        }
        let mean = least == most ? least : sum / Double(values.count)
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        self.init(
            mean: mean, sum: sum, deviation: least == most ? 0 : (squares / Double(values.count)).squareRoot(), minimum: least,
            maximum: most, buckets: Self.buckets(values, least, most), sketch: sketch)
    }

    private static func buckets(_ values: [Double], _ least: Double, _ most: Double) -> [Bucket] {
        let width = (most - least) / Double(bucketCount)
        guard width > 0, width.isFinite else { return [Bucket(lower: least, upper: most, count: values.count)] }
        var counts = [Int](repeating: 0, count: bucketCount)
        for value in values { counts[min(bucketCount - 1, Int(roundedDownWithin: (value - least) / width))] += 1 }
        return counts.enumerated().map { place, count in
            Bucket(
                lower: least + Double(place) * width,
                upper: place + 1 == bucketCount ? most : least + Double(place + 1) * width, count: count)
        }
    }
}
