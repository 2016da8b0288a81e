import CheckedNumbers
import Numerics
import Tables
import Training

/// A small change of a row after which the model says something else.
public struct Counterfactual: Sendable, Hashable {
    public struct Change: Sendable, Hashable {
        public var column: String
        public var from: VariedValue, to: VariedValue
        /// A number's change in deviations of its column; 1 for another word.
        public var size: Double
    }

    public var changes: [Change]
    /// The outputs in margins, before and after. - Shape: [outputs].
    public var before: [Double], after: [Double]
    /// What the changes come to: the fewer columns the better, then the smaller.
    public var cost: Double { Double(changes.count) * 10 + changes.reduce(0) { $0 + $1.size } }
}

/// What a counterfactual is to reach.
public enum CounterfactualGoal: Sendable, Hashable {
    /// Another class than is predicted.
    case anotherClass
    /// This class, by its place.
    case classIndex(Int)
    /// A prediction in a range.
    case range(ClosedRange<Double>)
}

extension ModelExplainer {
    /// Most columns changed together, partial changes carried on, values tried of a column.
    private static let mostChanged = 4, beamWidth = 12, mostValues = 24

    /// The smallest changes that reach a goal, the best first; none where no change of up to four columns does.
    ///
    /// Values are tried from what `table` has in each column; numbers are then moved back towards the row as far as the goal allows.
    ///
    /// - Parameter kept: columns that must not change.
    /// - Throws: `unsupported` where the goal does not fit the model; `badRequest` where the row has what is asked for; `badData`.
    public func counterfactuals(
        _ table: Table, row: Int, goal: CounterfactualGoal, keeping kept: Set<String> = [], limit: Int = 3
    ) throws(ExplainingError) -> [Counterfactual] {
        let numbers = try numbers(table, [row]), before = try outputs(of: numbers, .margin)
        let distance = try distance(goal, from: before)
        guard distance(before) > 0 else {
            throw ExplainingError(.badRequest, "the model says that of row \(row + 1) already: ask for something else")
        }
        var moves: [Move] = []
        for (index, column) in columns.enumerated() where !kept.contains(column.name) {
            moves += try self.moves(table, row: row, index, column)
        }
        var beam = [Partial(numbers: numbers, moves: [])], found: [Counterfactual] = []
        for depth in 1...Self.mostChanged {
            var next: [(partial: Partial, distance: Double)] = []
            for partial in beam {
                let usable = moves.filter { move in !partial.moves.contains { $0.column == move.column } }
                // Columns in one order only, so that each set is met once.
                var rows: [Float] = []
                for move in usable { rows += move.applied(to: partial.numbers.elements) }
                guard !usable.isEmpty else { continue }
                let predicted = try outputs(
                    of: Matrix(rowCount: usable.count, columnCount: numbers.columnCount, elements: rows), .margin)
                for (place, move) in usable.enumerated() {
                    let own = Array(predicted[place * before.count..<(place + 1) * before.count])
                    let changed = Partial(
                        numbers: Matrix(rows: [move.applied(to: partial.numbers.elements)]), moves: partial.moves + [move])
                    next.append((changed, distance(own)))
                }
            }
            let reached = next.filter { $0.distance <= 0 }.map(\.partial)
            for partial in Self.best(reached, limit * 4) {
                found.append(try shrunk(partial, table, row: row, before: before, distance))
            }
            if !found.isEmpty || depth == Self.mostChanged { break }
            beam = Self.distinct(next.sorted { $0.distance < $1.distance }.map(\.partial), Self.beamWidth)
        }
        var seen: Set<[String]> = []
        return found.sorted { $0.cost < $1.cost }.filter { seen.insert($0.changes.map(\.column).sorted()).inserted }
            .prefix(limit).map { $0 }
    }

    /// How far outputs are from a goal; 0 or less where they reach it.
    private func distance(
        _ goal: CounterfactualGoal, from before: [Double]
    ) throws(ExplainingError) -> ([Double]) -> Double {
        switch goal {
        case .range(let range):
            guard model.target?.classes == nil else {
                throw ExplainingError(.unsupported, "a classifier's predictions are classes: ask for a class, not for a range")
            }
            return { max(range.lowerBound - $0[0], $0[0] - range.upperBound) }
        case .anotherClass, .classIndex:
            guard model.target?.classes != nil else {
                throw ExplainingError(
                    .unsupported, "a regressor has no classes: say which predictions are asked for with --goal LOW:HIGH")
            }
            let current = model.classIndex(margins: before)
            let cut = model.marginThreshold
            return { outputs in
                func of(_ target: Int) -> Double {
                    if outputs.count == 1 { return target == 1 ? cut - outputs[0] : outputs[0].nextUp - cut }
                    let others = outputs.indices.filter { $0 != target }.map { outputs[$0] }.max() ?? 0
                    return others.nextUp - outputs[target]
                }
                if case .classIndex(let wanted) = goal { return of(wanted) }
                let all = outputs.count == 1 ? 2 : outputs.count
                return (0..<all).filter { $0 != current }.map(of).min() ?? 1
            }
        }
    }

    /// A column's value in the place of the row's.
    private struct Move {
        var column: Int
        var places: [Int]
        var numbers: [Float]
        var value: VariedValue
        var size: Double

        func applied(to row: [Float]) -> [Float] {
            var copy = row
            for (place, number) in zip(places, numbers) { copy[place] = number }
            return copy
        }
    }

    private struct Partial {
        var numbers: Matrix
        var moves: [Move]
        var cost: Double { Double(moves.count) * 10 + moves.reduce(0) { $0 + $1.size } }
    }

    private static func best(_ partials: [Partial], _ count: Int) -> [Partial] {
        distinct(partials.sorted { $0.cost < $1.cost }, count)
    }

    /// Of each set of columns a few, so that a beam is not one column many times.
    private static func distinct(_ partials: [Partial], _ count: Int) -> [Partial] {
        var seen: [[Int]: Int] = [:], kept: [Partial] = []
        for partial in partials {
            let set = partial.moves.map(\.column).sorted()
            guard seen[set, default: 0] < 2 else { continue }
            seen[set, default: 0] += 1
            kept.append(partial)
            if kept.count == count { break }
        }
        return kept
    }

    private func moves(
        _ table: Table, row: Int, _ index: Int, _ column: (name: String, places: [Int])
    ) throws(ExplainingError) -> [Move] {
        guard let own = table.column(named: column.name) else { return [] }
        let current = own.variedValue(at: row)
        var values: [VariedValue], deviation = 1.0
        if let numbers = own.numbers {
            let known = Statistics.sorted(numbers.filter(\.isFinite))
            guard !known.isEmpty else { return [] }
            let mean = known.reduce(0, +) / Double(known.count)
            deviation = (known.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(known.count)).squareRoot()
            let quantiles = (0..<Self.mostValues).map { place in
                known[place * (known.count - 1) / max(1, Self.mostValues - 1)]
            }
            values = Set(quantiles).sorted().map { .number($0) }
        } else {
            var counts: [String: Int] = [:]
            for place in 0..<own.rowCount {
                if case .word(let word) = own.variedValue(at: place) { counts[word, default: 0] += 1 }
            }
            values = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(Self.mostValues).map { .word($0.key) }
        }
        values.removeAll { $0 == current }
        guard !values.isEmpty else { return [] }
        let varied = try numbers(table.varying(row: row, column: column.name, over: values), nil)
        return values.enumerated().map { place, value in
            Move(
                column: index, places: column.places, numbers: column.places.map { varied[place, $0] }, value: value,
                size: Self.size(from: current, to: value, deviation: deviation))
        }
    }

    private static func size(from: VariedValue, to: VariedValue, deviation: Double) -> Double {
        guard case .number(let first) = from, case .number(let second) = to else { return 1 }
        return deviation > 0 ? (second - first).magnitude / deviation : 1
    }

    /// Moves each number back towards the row's, as long as the goal is reached.
    private func shrunk(
        _ partial: Partial, _ table: Table, row: Int, before: [Double], _ distance: ([Double]) -> Double
    ) throws(ExplainingError) -> Counterfactual {
        var edits: [String: VariedValue] = [:]
        for move in partial.moves { edits[columns[move.column].name] = move.value }
        func after(_ edits: [String: VariedValue]) throws(ExplainingError) -> [Double] {
            try outputs(of: try numbers(table.editing(row: row, edits), nil), .margin)
        }
        for move in partial.moves {
            let name = columns[move.column].name
            guard let column = table.column(named: name), case .number(let start) = column.variedValue(at: row),
                case .number(let end) = move.value
            else { continue }
            var near = 0.0, far = 1.0
            let isWhole = column.kind == .integer
            for _ in 0..<12 {
                let middle = (near + far) / 2, value = start + (end - start) * middle
                var tried = edits
                tried[name] = .number(isWhole ? value.rounded() : value)
                if distance(try after(tried)) <= 0 {
                    (far, edits) = (middle, tried)
                } else {
                    near = middle
                }
            }
        }
        let changes = partial.moves.compactMap { move -> Counterfactual.Change? in
            let name = columns[move.column].name
            guard let column = table.column(named: name), let value = edits[name] else { return nil }
            let from = column.variedValue(at: row)
            var scale = 1.0
            if case .number(let first) = from, case .number(let second) = move.value, move.size > 0 {
                scale = (second - first).magnitude / move.size
            }
            return Counterfactual.Change(
                column: name, from: from, to: value, size: Self.size(from: from, to: value, deviation: scale))
        }
        return Counterfactual(changes: changes, before: before, after: try after(edits))
    }
}
