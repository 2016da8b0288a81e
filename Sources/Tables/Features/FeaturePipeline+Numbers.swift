import Numerics

extension FeaturePipeline {
    /// Columns of numbers as they are, missing ones as missing: what a model sees that was trained elsewhere on such columns.
    package static func numbers(_ names: [String]) -> FeaturePipeline {
        FeaturePipeline(
            columns: names.map { FeatureColumn(name: $0, encoding: .number(median: 0, isDate: false, unit: nil)) },
            means: [], deviations: [], featureNames: names, warnings: [], standardises: false, keepsMissing: true)
    }

    /// What makes features of rows of plain numbers without a table of them; nil where other columns are features, too.
    ///
    /// - Parameter names: the columns that a row has, in their order.
    package func numberRows(_ names: [String]) -> NumberRowEncoding? {
        guard !names.isEmpty else { return nil }
        let places = Dictionary(names.enumerated().map { ($1, $0) }) { first, _ in first }
        var features: [NumberRowEncoding.Feature] = []
        for (column, keepsMissing) in zip(columns, keeping) {
            guard let place = places[column.name] else { return nil }
            switch column.encoding {
            case .number(let median, let isDate, let unit) where !isDate:
                let unit = unit ?? NumberUnit(), fill = keepsMissing ? Float.nan : Float(unit.value(median))
                features.append(.init(place: place, unit: unit, fill: fill, tellsMissing: false))
            case .missing: features.append(.init(place: place, unit: NumberUnit(), fill: 1, tellsMissing: true))
            default: return nil
            }
        }
        return NumberRowEncoding(
            width: names.count, features: features, means: means, deviations: deviations, standardises: standardises)
    }
}

/// Makes features of rows of plain numbers: those that the pipeline makes of a table of them, to the bit.
package struct NumberRowEncoding: Sendable {
    struct Feature {
        /// In a row.
        var place: Int
        var unit: NumberUnit
        /// What stands for a missing number.
        var fill: Float
        /// Whether it is 1 for a missing number and 0 for others.
        var tellsMissing: Bool
    }

    let width: Int
    let features: [Feature]
    let means: [Float], deviations: [Float]
    let standardises: Bool

    /// - Parameter numbers: row after row; NaN = missing.
    /// - Returns: nil where a number is too large for single precision: a table of them says which.
    /// - Shape: [numbers.count / columns of a row, features of the pipeline].
    package func matrix(_ numbers: [Double]) -> Matrix? {
        var isLarge = false
        let rowCount = numbers.count / max(1, width)
        let matrix = Matrix(rowCount: rowCount, columnCount: features.count) { target in
            for row in 0..<rowCount {
                let start = row * features.count
                for (index, feature) in features.enumerated() {
                    let value = (numbers[row * width + feature.place] - feature.unit.origin) * feature.unit.scale
                    var made = value.isNaN ? feature.fill : feature.tellsMissing ? 0 : Float(value)
                    isLarge = isLarge || !feature.tellsMissing && value.magnitude > Double(Float.greatestFiniteMagnitude)
                    if standardises { made = (made - means[index]) / deviations[index] }
                    target[start + index] = made
                }
            }
        }
        return isLarge ? nil : matrix
    }
}
