import Events
import Explaining
import Numerics
import Studio
import Tables

extension ExplainRun: AnsweredQuery {
    func answer(_ work: QueryWork<RunExplanation>) throws -> RunExplanation {
        work.engine.flush()
        do throws(ExplainingError) {
            return try explanation(of: try explained(run, work), isWanted: work.isWanted)
        } catch { throw CommandError(error) }
    }

    private func explanation(
        of known: ExplainedRun, isWanted: () -> Bool
    ) throws(ExplainingError) -> RunExplanation {
        let table = known.table, count = min(Self.mostRows, table.rowCount)
        guard count > 0 else { throw ExplainingError(.badData, "there are no rows to explain") }
        let rows = (0..<count).map { $0 * table.rowCount / count }
        var options = known.options, few = rows
        let method = known.explainer.method(options)
        // Interactions say which column a column does most together with.
        options.interactions = method == .tree && known.explainer.interactionsAreCheap
        if method != .tree, method != .linear { few = rows.enumerated().filter { $0.offset % 6 == 0 }.map(\.element) }
        let found = try known.explainer.explain(table, rows: few, options) { _ in isWanted() }
        let columns = found.columns.enumerated().map { place, name in
            Self.column(name, table, few, partner: found.partner(of: place))
        }
        return RunExplanation(
            target: known.model.target?.column ?? "", outputs: found.outputs, method: found.method.words,
            space: found.space.rawValue, background: found.background, columns: columns, rows: few, rowTotal: table.rowCount,
            expected: found.expected, values: found.values, predicted: found.predicted, error: found.errors?.max(),
            notes: known.notes)
    }

    private static func column(_ name: String, _ table: Table, _ rows: [Int], partner: Int?) -> RunExplanation.Column {
        guard let column = table.column(named: name) else {
            return .init(name: name, texts: rows.map { _ in "" }, numbers: nil, places: rows.map { _ in .nan })
        }
        let texts = rows.map { column.text(at: $0) ?? "" }, numbers = column.numbers.map { all in rows.map { all[$0] } }
        let known =
            numbers
            ?? {
                let order = Set(texts).sorted()
                let places = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($1, Double($0)) })
                return texts.map { $0.isEmpty ? .nan : places[$0] ?? .nan }
            }()
        let sorted = known.filter { !$0.isNaN }.sorted()
        let places = known.map { value -> Double in
            guard !value.isNaN, sorted.count > 1 else { return value.isNaN ? .nan : 0.5 }
            let below = sorted.partitioningIndex { $0 >= value }, upTo = sorted.partitioningIndex { $0 > value }
            return (Double(below) + Double(upTo - below) / 2) / Double(sorted.count)
        }
        return .init(name: name, texts: texts, numbers: column.kind == .date ? nil : numbers, places: places, partner: partner)
    }
}

/// The run's model and data, for a question of the studio.
func explained<Answer>(_ run: RunID, _ work: QueryWork<Answer>) throws(ExplainingError) -> ExplainedRun {
    do { return try ExplainedRun.of(run, try work.store) } catch let error as ExplainingError {
        throw error
    } catch { throw ExplainingError(.badRequest, CommandError(error).description) }
}

extension Explanation.Method {
    /// In a few words.
    var words: String {
        switch self {
        case .tree: "exact Shapley values of trees"
        case .linear: "exact Shapley values of a weighted sum"
        case .deep: "DeepSHAP, approximate Shapley values by a network's layers"
        case .exact: "exact Shapley values, every coalition tried"
        case .kernel: "Shapley values of sampled coalitions"
        }
    }
}

extension [Double] {
    /// The first place from which on something holds, of elements in whose order it holds from some place on.
    fileprivate func partitioningIndex(where holds: (Double) -> Bool) -> Int {
        var low = 0, high = count
        while low < high {
            let middle = (low + high) / 2
            if holds(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

extension AskWhatIf: AnsweredQuery {
    func answer(_ work: QueryWork<WhatIf>) throws -> WhatIf {
        do throws(ExplainingError) {
            let known = try explained(run, work)
            var values: [String: VariedValue] = [:]
            for (name, text) in edits {
                guard let column = known.table.column(named: name), let value = column.variedValue(of: text) else {
                    throw ExplainingError(.badRequest, "'\(text)' is no value of \(name): give a number, or nothing for missing")
                }
                values[name] = value
            }
            let changed = known.table.editing(row: row, values)
            let found = try known.explainer.explain(changed, rows: [0], known.options)
            return WhatIf(
                edits: edits, values: found.values, predicted: found.predicted, words: try words(known, changed),
                before: try words(known, known.table.editing(row: row, [:])))
        } catch { throw CommandError(error) }
    }

    private func words(_ known: ExplainedRun, _ table: Table) throws(ExplainingError) -> String {
        do { return try PredictionWords.of(known.model, table) } catch { throw ExplainingError(.badData, "\(error)") }
    }
}

extension AskDependence: AnsweredQuery {
    func answer(_ work: QueryWork<ColumnDependence>) throws -> ColumnDependence {
        do throws(ExplainingError) {
            let known = try explained(run, work)
            let found = try known.explainer.partialDependence(known.table, on: column)
            let numbers = found.values.map { value -> Double in if case .number(let number) = value { number } else { .nan } }
            let isNumeric = !found.isCategorical && known.table.column(named: column)?.kind != .date
            return ColumnDependence(
                column: column, texts: found.values.map(\.text), numbers: isNumeric ? numbers : nil,
                distribution: found.distribution, means: found.means, lines: found.lines)
        } catch { throw CommandError(error) }
    }
}

extension AskCounterfactuals: AnsweredQuery {
    func answer(_ work: QueryWork<[[String: String]]>) throws -> [[String: String]] {
        do throws(ExplainingError) {
            let known = try explained(run, work)
            let found = try known.explainer.counterfactuals(known.table, row: row, goal: .anotherClass)
            return found.map { one in
                Dictionary(one.changes.map { ($0.column, $0.to.text) }, uniquingKeysWith: { $1 })
            }
        } catch { throw CommandError(error) }
    }
}
