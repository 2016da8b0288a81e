import Learners

/// What a candidate's models predict of rows that they did not learn from, in the order of the rows.
public struct HeldOutPredictions: Sendable, Hashable {
    /// Each row's number in the file, ascending.
    public var rows: [Int]
    /// The fold that held each row out; of rows of another file all are one.
    public var folds: [Int]
    /// Numbers, or class indices.
    public var expected: [Double]
    /// Numbers, probabilities of the second class, or rows of probabilities.
    public var predicted: [Double]

    public init(rows: [Int], folds: [Int], expected: [Double], predicted: [Double]) {
        (self.rows, self.folds, self.expected, self.predicted) = (rows, folds, expected, predicted)
    }

    /// Why a file of such predictions cannot be used.
    public struct Fault: Error, Hashable, CustomStringConvertible {
        public var description: String
    }

    /// Reads what a run of folds writes beside its model: `row,fold,TARGET,prediction`, and of classes `score` or `score_CLASS` each.
    ///
    /// - Parameter classes: their names in order; nil for a regressor.
    /// - Throws: `Fault` with the line at fault.
    public init(outOfFold text: String, classes: [String]?) throws(Fault) {
        let records = Self.records(text)
        guard let header = records.first else { throw Fault(description: "there are no out-of-fold predictions") }
        let width = classes.map { $0.count > 2 ? $0.count : 1 } ?? 1, first = classes == nil ? 3 : 4
        guard header.count == first + width else {
            throw Fault(description: "out-of-fold predictions of \(header.count) columns, \(first + width) were expected")
        }
        let numbers = classes.map { Dictionary(zip($0, 0...), uniquingKeysWith: { first, _ in first }) }
        self.init(rows: [], folds: [], expected: [], predicted: [])
        for (place, cells) in records.enumerated().dropFirst() {
            let fault = Fault(description: "line \(place + 1) of the out-of-fold predictions is none")
            guard cells.count == header.count, let row = Int(cells[0]), let fold = Int(cells[1]), row > rows.last ?? 0 else {
                throw fault
            }
            guard let target = numbers.map({ $0[cells[2]].map(Double.init) }) ?? Double(cells[2]) else { throw fault }
            let values = cells[first...].compactMap { Double($0) }
            guard values.count == width, values.allSatisfy(\.isFinite) else { throw fault }
            rows.append(row)
            folds.append(fold)
            expected.append(target)
            predicted += values
        }
    }

    /// Records of quoted cells; the last may end without a line end.
    private static func records(_ text: String) -> [[String]] {
        var records: [[String]] = [], record: [String] = [], cell: [UInt8] = [], isQuoted = false
        var bytes = Array(text.utf8)[...]
        func end(_ cell: inout [UInt8], _ record: inout [String]) {
            record.append(String(decoding: cell, as: UTF8.self))
            cell.removeAll(keepingCapacity: true)
        }
        while let byte = bytes.popFirst() {
            switch byte {
            case UInt8(ascii: "\""):
                if isQuoted, bytes.first == byte {
                    cell.append(byte)
                    bytes.removeFirst()
                } else {
                    isQuoted.toggle()
                }
            case UInt8(ascii: ",") where !isQuoted: end(&cell, &record)
            case UInt8(ascii: "\n") where !isQuoted:
                end(&cell, &record)
                records.append(record)
                record = []
            default: cell.append(byte)
            }
        }
        if !cell.isEmpty || !record.isEmpty {
            end(&cell, &record)
            records.append(record)
        }
        return records
    }

    /// Whether two candidates were judged by the same rows in the same folds. Targets are told in single precision, by some learners less an
    /// origin: they may differ in the last digits.
    public func judgesSameRows(as other: HeldOutPredictions) -> Bool {
        rows == other.rows && folds == other.folds
            && zip(expected, other.expected).allSatisfy { abs($0 - $1) <= 1e-5 * max(abs($0), abs($1)) }
    }

    /// How good the predictions are on all rows, and how much that differs from fold to fold.
    ///
    /// - Returns: the value; the sample standard deviation over the folds, nil where there are fewer than two.
    public func worth(_ objective: SelectionObjective) -> (value: Double, spread: Double?) {
        let values = Dictionary(grouping: expected.indices) { folds[$0] }.sorted { $0.key < $1.key }.map { _, own in
            objective.value(
                own.flatMap { predicted[$0 * objective.width..<($0 + 1) * objective.width] }, own.map { expected[$0] })
        }
        let mean = values.reduce(0, +) / Double(values.count)
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let spread = values.count > 1 ? (squares / Double(values.count - 1)).squareRoot() : nil
        return (objective.value(predicted, expected), spread.flatMap { $0.isFinite ? $0 : nil })
    }

    /// The average of several candidates' predictions of the same rows.
    ///
    /// - Parameter weights: shares that add up to 1.
    public static func average(_ all: [HeldOutPredictions], weights: [Double]) -> HeldOutPredictions? {
        guard var result = all.first else { return nil }
        result.predicted = [Double](repeating: 0, count: result.predicted.count)
        for (one, weight) in zip(all, weights) where weight > 0 {
            for place in one.predicted.indices { result.predicted[place] += weight * one.predicted[place] }
        }
        return result
    }
}
