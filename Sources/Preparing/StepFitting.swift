import Exploring
import NearestNames
import Numerics
import PipelineSteps
import Searching
import Tables

/// Learns one step after another on the training rows.
struct StepFitting {
    private(set) var columns: ColumnSet
    /// Rows that are learned from, in the file's order; a row that counts twice stands there twice.
    private(set) var rows: [Int]
    let roles: ColumnRoles
    /// The number of the step that left a column out, or called it otherwise.
    private var gone: [String: Int] = [:]
    private(set) var classWeights: ClassWeights?

    /// What came of a step.
    struct Outcome {
        var operations: [ColumnOperation] = []
        var notes: [String] = []
        /// Those of the notes that say that something may not be as it was meant.
        var doubts: [String] = []
        /// What training rows have of what an operation learned from their targets.
        var ofTraining: [TargetMeans.OutOfFold] = []
    }

    /// Most columns that one column of categories may become.
    private static let indicatorLimit = 1000

    init(_ table: Table, rows: [Int], roles: ColumnRoles) {
        (columns, self.rows, self.roles) = (ColumnSet(table), rows, roles)
    }

    /// Learns a step and does it to the columns.
    ///
    /// - Throws: what is wrong, with the step's number.
    mutating func take(_ step: PipelineStep, number: Int) throws(TableError) -> Outcome {
        do throws(ColumnFault) {
            if step.kind.isAboutRows { return Outcome(notes: try takeRows(step)) }
            var outcome = try self.outcome(step, number)
            for operation in outcome.operations {
                let new = Set(operation.writes).subtracting(operation.reads)
                if let taken = new.sorted().first(where: { columns[$0] != nil }) {
                    throw ColumnFault(code: .badOption, message: "there is a column '\(taken)' already: choose another name")
                }
                for name in operation.removes { gone[name] = number }
                for name in operation.writes { gone[name] = nil }
                if let told = try operation.apply(to: &columns) {
                    outcome.notes.append(told)
                    outcome.doubts.append(told)
                }
            }
            for part in outcome.ofTraining {
                for name in part.names { if let column = columns[name] { columns.put(part.putting(into: column)) } }
            }
            if columns.names.isEmpty { throw ColumnFault(code: .noFeatures, message: "no column is left: keep one") }
            return outcome
        } catch { throw error.at(step, number) }
    }

    private func outcome(_ step: PipelineStep, _ number: Int) throws(ColumnFault) -> Outcome {
        switch step.kind {
        case .target, .split, .filter, .weights, .resample: return Outcome()
        case .drop: return Outcome(operations: [.drop(try changeable(step))])
        case .keep:
            let kept = Set(try named(step.list("columns")))
            return Outcome(operations: [.drop(columns.names.filter { !kept.contains($0) && !roles.holds($0) })])
        case .rename: return Outcome(operations: [.rename(try changeable(step)[0], to: step.text("to") ?? "")])
        case .retype:
            let kind = step.text("to").flatMap(ColumnKind.init(rawValue:)) ?? .numeric
            return Outcome(operations: try changeable(step).map { .retype($0, kind) })
        case .impute: return try imputing(step)
        case .clip: return try clipping(step)
        case .scale: return try scaling(step)
        case .encode: return try encoding(step)
        case .dates:
            let name = try named(step.list("column"))[0]
            let parts = step.list("parts").compactMap(DatePart.init(rawValue:))
            return Outcome(operations: parts.map { .datePart(name, $0, to: "\(name)_\($0.rawValue)") })
        case .difference: return Outcome(operations: [try difference(step)])
        case .text:
            let measures = step.list("measures").isEmpty ? ["length", "words"] : step.list("measures")
            let names = try features(step) { $0.kind == .text }
            return Outcome(
                operations: names.flatMap { name in
                    measures.map { .count(name, isWords: $0 == "words", to: "\(name)_\($0)") }
                })
        case .product: return Outcome(operations: [.product(try features(step), to: step.text("to") ?? "")])
        case .ratio:
            let names = try features(step)
            return Outcome(operations: [.ratio(names[0], names[1], to: step.text("to") ?? "")])
        case .lag, .rolling: return try past(step)
        }
    }
}

// What a step says of columns.
extension StepFitting {
    /// Columns by the names that a user gave.
    private func named(_ names: [String]) throws(ColumnFault) -> [String] {
        for name in names where columns[name] == nil {
            if let step = gone[name] {
                throw ColumnFault(
                    code: .columnNotFound,
                    message: "step \(step) left '\(name)' out, or called it otherwise: name what there is then")
            }
            let near = NearestName.suggestions(for: name, among: columns.names).first.map { "did you mean '\($0)'?" }
            let shown = columns.names.prefix(8).joined(separator: ", ") + (columns.names.count > 8 ? ", …" : "")
            throw ColumnFault(
                code: .columnNotFound, message: "there is no column '\(name)': \(near ?? "the columns are \(shown)")")
        }
        return names
    }

    /// The columns of a step that changes them or leaves them out.
    private func changeable(_ step: PipelineStep) throws(ColumnFault) -> [String] {
        let names = try named(step.list("column") + step.list("columns"))
        guard let held = names.first(where: roles.holds) else { return names }
        throw ColumnFault(message: "'\(held)' is \(roles.words(held)), which steps leave as it is: name other columns")
    }

    /// The columns of a step that features are made of: those that are named, else all that are of the kind.
    private func features(
        _ step: PipelineStep, orAll isWanted: ((Column) -> Bool)? = nil
    ) throws(ColumnFault) -> [String] {
        let said = step.list("columns")
        guard said.isEmpty else {
            let names = try named(said)
            guard let target = names.first(where: { $0 == roles.target }) else { return names }
            throw ColumnFault(message: "'\(target)' is the target: a feature of it would tell a model what it is to predict")
        }
        return columns.all.filter { column in !roles.holds(column.name) && isWanted?(column) == true }.map(\.name)
    }

    /// The same of a step that changes the columns themselves.
    private func changed(
        _ step: PipelineStep, orAll isWanted: @escaping (Column) -> Bool
    ) throws(ColumnFault) -> [Column] {
        let names = step.list("columns").isEmpty ? try features(step, orAll: isWanted) : try changeable(step)
        return names.compactMap { columns[$0] }
    }

    /// The training rows' values of a column of numbers.
    private func learned(_ column: Column) throws(ColumnFault) -> [Double] {
        let numbers = try column.numberValues()
        let present = rows.map { numbers[$0] }.filter { !$0.isNaN }
        guard present.allSatisfy(\.isFinite) else {
            throw ColumnFault(code: .infiniteValue, message: "'\(column.name)' has infinite values: clip it first")
        }
        return present
    }

    private func valueless(_ name: String, _ advice: String) -> ColumnFault {
        ColumnFault(message: "'\(name)' has no value in the training rows: \(advice)")
    }
}

// What is learned.
extension StepFitting {
    private func imputing(_ step: PipelineStep) throws(ColumnFault) -> Outcome {
        var outcome = Outcome()
        let isSaid = !step.list("columns").isEmpty
        for column in try changed(step, orAll: { $0.kind != .date && $0.kind != .text }) {
            let fill: Filling
            if let constant = step.text("value") {
                fill = try self.constant(constant, column)
            } else {
                let isNumber = column.numbers != nil
                let how = isNumber ? step.text("how") ?? "median" : isSaid ? step.text("how") ?? "mode" : "mode"
                guard let found = try Filling.learned(column, rows: rows, how: how) else {
                    if isSaid { throw valueless(column.name, "give a constant, or drop it") }
                    outcome.notes.append("'\(column.name)' has no value in the training rows: it stays as it is")
                    continue
                }
                fill = found
            }
            outcome.operations.append(.fill(column.name, fill))
            if column.missingCount > 0 {
                outcome.notes.append("\(column.name): \(column.missingCount) missing become \(fill.words(column.kind))")
            }
        }
        return outcome
    }

    private func constant(_ text: String, _ column: Column) throws(ColumnFault) -> Filling {
        if column.holdsNumbers {
            guard let number = Double(text), number.isFinite else {
                throw ColumnFault(code: .badOption, message: "'\(column.name)' holds numbers, and '\(text)' is none")
            }
            return .number(number)
        }
        guard column.kind != .date else {
            throw ColumnFault(message: "'\(column.name)' holds dates, which are filled by mean, median or mode")
        }
        if column.kind == .boolean, column.dictionary?.contains(text) != true {
            let words = column.dictionary?.joined(separator: " or ") ?? ""
            throw ColumnFault(code: .badOption, message: "'\(column.name)' is \(words), and '\(text)' is neither")
        }
        return .text(text)
    }

    private func clipping(_ step: PipelineStep) throws(ColumnFault) -> Outcome {
        var outcome = Outcome()
        let shares = step.numbers("quantiles")
        for column in try changed(step, orAll: \.holdsNumbers) {
            var bounds = (lower: step.numbers("lower").first, upper: step.numbers("upper").first)
            if !shares.isEmpty {
                let sorted = Statistics.sorted(try learned(column))
                guard !sorted.isEmpty else { throw valueless(column.name, "drop it") }
                bounds = (
                    Statistics.quantile(shares[0], ofSorted: sorted), Statistics.quantile(shares[1], ofSorted: sorted)
                )
            }
            let numbers = try column.numberValues()
            let outside = numbers.count { value in
                bounds.lower.map { value < $0 } == true || bounds.upper.map { value > $0 } == true
            }
            let range = [bounds.lower, bounds.upper].map { $0.map { $0.formatted(digits: 6) } ?? "any" }.joined(separator: " to ")
            outcome.notes.append("\(column.name): \(outside) values outside of \(range)")
            outcome.operations.append(.clip(column.name, lower: bounds.lower, upper: bounds.upper))
        }
        return outcome
    }

    private func scaling(_ step: PipelineStep) throws(ColumnFault) -> Outcome {
        var outcome = Outcome()
        for column in try changed(step, orAll: \.holdsNumbers) {
            guard let scaling = Scaling.learned(try learned(column), how: step.text("how") ?? "standard") else {
                throw valueless(column.name, "drop it")
            }
            guard scaling.isSound else {
                throw ColumnFault(
                    code: .infiniteValue, message: "'\(column.name)' has values too large to be scaled: clip it first")
            }
            outcome.operations.append(.scale(column.name, scaling))
            outcome.notes.append("\(column.name) = \(scaling.words)")
        }
        return outcome
    }

    private func encoding(_ step: PipelineStep) throws(ColumnFault) -> Outcome {
        if step.text("how") == "target" { return try encodingByTarget(step) }
        let isOrdinal = step.text("how") == "ordinal"
        var outcome = Outcome()
        for column in try changed(step, orAll: { $0.kind == .categorical || $0.kind == .boolean }) {
            let (codes, dictionary) = try column.texts()
            let found = Set(rows.map { codes[$0] }.filter { $0 >= 0 }).map { dictionary[Int($0)] }.sorted()
            guard !found.isEmpty else { throw valueless(column.name, "drop it") }
            guard isOrdinal || found.count <= Self.indicatorLimit else {
                throw ColumnFault(
                    message:
                        "'\(column.name)' has \(found.count) categories, and one-hot takes \(Self.indicatorLimit) at most: take target or ordinal, "
                        + "or leave it to the learner")
            }
            outcome.operations.append(isOrdinal ? .places(column.name, found) : .indicators(column.name, found))
            outcome.notes.append("\(column.name): \(found.count) categories")
        }
        return outcome
    }

    private func encodingByTarget(_ step: PipelineStep) throws(ColumnFault) -> Outcome {
        guard let name = roles.target, let goal = columns[name] else { throw targetless }
        let targets = try TargetMeans.Targets(goal, rows: rows, asClasses: roles.asClasses, seed: roles.seed)
        var outcome = Outcome()
        for column in try changed(step, orAll: { $0.kind == .categorical || $0.kind == .boolean }) {
            guard let (means, ofTraining) = try TargetMeans.learned(column, targets, smoothing: step.numbers("smoothing").first)
            else { throw valueless(column.name, "drop it") }
            outcome.operations.append(.means(means))
            outcome.ofTraining.append(ofTraining)
            outcome.notes += means.words
            outcome.doubts += means.doubts
        }
        return outcome
    }

    private var targetless: ColumnFault {
        ColumnFault(code: .badOption, message: "there is no target: name it by a step before, or by --target")
    }

    private func difference(_ step: PipelineStep) throws(ColumnFault) -> ColumnOperation {
        let names = try named([step.text("column") ?? "", step.text("from") ?? ""])
        let kinds = names.compactMap { columns[$0]?.kind }
        let areDates = kinds.allSatisfy { $0 == .date }
        guard areDates || !kinds.contains(.date) else {
            throw ColumnFault(
                message:
                    "'\(names[0])' and '\(names[1])' are a \(kinds[0].rawValue) and a \(kinds[1].rawValue): name two dates, or two numbers"
            )
        }
        if let target = names.first(where: { $0 == roles.target }) {
            throw ColumnFault(message: "'\(target)' is the target: a feature of it would tell a model what it is to predict")
        }
        let seconds: [String: Double] = ["seconds": 1, "minutes": 60, "hours": 3600, "days": 86_400]
        if !areDates, step.text("unit") != nil {
            throw ColumnFault(code: .badOption, message: "'unit' is for dates, and '\(names[0])' holds numbers")
        }
        return .difference(
            names[0], from: names[1], unit: areDates ? seconds[step.text("unit") ?? "days"] : nil, to: step.text("to") ?? "")
    }

    private func past(_ step: PipelineStep) throws(ColumnFault) -> Outcome {
        let names = try named(step.list("columns"))
        _ = try named(step.list("order") + step.list("group"))
        let isLag = step.kind == .lag, whole = step.wholes("rows")
        return Outcome(
            operations: [
                .past(
                    PastValues(
                        columns: names, order: step.text("order") ?? "", group: step.text("group"),
                        lags: isLag ? whole : [], window: isLag ? 0 : whole.first ?? 0,
                        summaries: isLag ? [] : step.list("how").compactMap(PastValues.Summary.init(rawValue:))))
            ])
    }
}

// Which rows are learned from.
extension StepFitting {
    private mutating func takeRows(_ step: PipelineStep) throws(ColumnFault) -> [String] {
        switch step.kind {
        case .filter: return [try filter(step.text("where") ?? "")]
        case .weights:
            let weights = ClassWeights(try classes(), rows: rows)
            classWeights = weights
            return [weights.words]
        case .resample: return [try resample(isOver: step.text("how") != "under")]
        default: return []
        }
    }

    private mutating func filter(_ condition: String) throws(ColumnFault) -> String {
        let table = Table(columns: columns.all)
        let search: RowSearch
        let known = table.columns.map { RowColumn(name: $0.name, kind: $0.kind) }
        do throws(SearchError) {
            search = try RowSearch(parsing: condition, columns: known)
        } catch { throw ColumnFault(code: .badOption, message: "'\(condition)': \(error.message)") }
        guard !search.countsFromNow else {
            throw ColumnFault(
                code: .badOption, message: "'\(condition)' counts from today, and would find other rows tomorrow: write the date")
        }
        let found = Set(search.rows(of: table, clock: SearchClock(now: 0)))
        let before = rows.count
        rows.removeAll { !found.contains($0) }
        guard !rows.isEmpty else {
            throw ColumnFault(
                code: .noRows, message: "no training row fits '\(condition)': \(search.hint(known) ?? "ask for less")")
        }
        return "\(before - rows.count) of \(before) rows are not learned from"
    }

    private func classes() throws(ColumnFault) -> Column {
        guard let name = roles.target, let column = columns[name] else { throw targetless }
        guard roles.asClasses else {
            throw ColumnFault(message: "'\(name)' is a number, and has no classes: leave the step out")
        }
        return column
    }

    private mutating func resample(isOver: Bool) throws(ColumnFault) -> String {
        let column = try classes()
        var groups: [String: [Int]] = [:]
        for row in rows { if let text = column.text(at: row) { groups[text, default: []].append(row) } }
        let sizes = groups.values.map(\.count)
        guard groups.count > 1, let least = sizes.min(), let most = sizes.max() else {
            throw ColumnFault(code: .oneClass, message: "the training rows are all of one class: leave the step out")
        }
        var random = RandomSource(seed: roles.seed ^ 0x7265_7361_6d70_6c65), drawn: [Int] = []
        for name in groups.keys.sorted() {
            var group = groups[name] ?? []
            if isOver {
                let own = group.count
                drawn += group + (own..<most).map { _ in group[random.integer(below: own)] }
            } else {
                random.shuffle(&group)
                drawn += group.prefix(least)
            }
        }
        let before = rows.count
        rows = drawn.sorted()
        return "\(rows.count) rows of \(before), \(isOver ? most : least) of each class"
    }
}

extension ColumnFault {
    func at(_ step: PipelineStep, _ number: Int) -> TableError {
        TableError(code, "step \(number) (\(step.kind.rawValue)): \(message)")
    }
}
