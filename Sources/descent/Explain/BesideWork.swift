import Cells
import Events
import Experiments
import Explaining
import JSON
import PrintableText
import Tables
import Training

/// Carries `descent explain A FILE --beside B` out: the rows that two models see most differently, and which columns make them do so.
struct BesideWork {
    let chosen: ChosenModel, other: ChosenModel
    let table: Table, otherTable: Table
    let file: String
    /// Rows of the training data that absent columns take values from.
    private let background: Background.Choice
    /// The file of those rows; nil = the first run's training data.
    private let baseline: String?
    private let seed: UInt64

    /// Rows that are told.
    static let rowCount = 12
    /// Columns told of each.
    private static let mostCauses = 5
    private static let usualBackground = 100

    /// - Parameters:
    ///   - given: the first model with the rows.
    ///   - name: the other one.
    init(_ given: ModelOnRows, _ name: String, _ request: ExplainRequest, _ arguments: ParsedArguments) throws {
        (chosen, table, file) = (given.chosen, given.table, given.input.name)
        let workspace = try WorkspaceChoice.existing(arguments)
        other = try ChosenModel(name, workspace: workspace)
        guard other.id != chosen.id else {
            throw CommandError.usage("\(chosen.name) beside itself says the same everywhere: name another run")
        }
        otherTable = try other.model.readPrepared(given.input.path, options: try arguments.readOptions())
        seed = request.options.seed
        switch request.baseline {
        case .rows(let count)?: (background, baseline) = (.rows(count), nil)
        case .file(let path)?: (background, baseline) = (.all, path)
        case .centres?, .values?, nil: (background, baseline) = (.rows(Self.usualBackground), nil)
        }
    }

    private var names: [String] { [chosen.name, other.name] }

    /// A row as both see it.
    private struct Told {
        var cause: ModelDisagreement
        var difference: Double
        var expected: String?
        var said: [String]
    }

    func carryOut(json: Bool) throws(ExplainingError) {
        let models = [chosen.model, other.model], tables = [table, otherTable]
        guard table.rowCount > 0 else { throw ExplainingError(.badData, "\(file) has no rows: give some to compare on") }
        var explainers: [ModelExplainer] = []
        let path = baseline ?? chosen.request.datasetPath
        for (model, table) in zip(models, tables) {
            // The same rows stand for absent columns of both.
            let training: Table?
            do throws(TableError) { training = try model.readPrepared(path) } catch {
                if baseline != nil { throw ExplainingError(.badData, error.description) }
                training = nil
            }
            let background = try Background(
                training ?? table, of: model, choice: background, name: "the rows of \(training == nil ? file : path)", seed: seed
            )
            explainers.append(try ModelExplainer(model, background: background))
        }
        let beside = try ModelsBeside(explainers, tables)
        let chosen = try beside.mostDifferent(Self.rowCount)
        let found = try beside.causes(of: chosen.map(\.row), most: Self.mostCauses)
        var rows: [Told] = []
        for (place, cause) in found.rows.enumerated() {
            var said: [String] = []
            for (model, table) in zip(models, tables) { said.append(try Self.words(model, table, cause.row)) }
            rows.append(
                Told(
                    cause: cause, difference: chosen[place].difference,
                    expected: self.chosen.model.target.flatMap { table.column(named: $0.column)?.text(at: cause.row) }, said: said
                ))
        }
        let methods = found.methods.map(\.words), words = explainers[0].backgroundWords
        if json { Console.print(Self.json(rows, self, words).text) } else { Console.printRaw(text(rows, methods, words)) }
    }

    /// What a model predicts of a row.
    private static func words(_ model: Model, _ table: Table, _ row: Int) throws(ExplainingError) -> String {
        do { return try PredictionWords.of(model, table.selecting(rows: [row])) } catch {
            throw ExplainingError(.badData, "\(error)")
        }
    }

    private func text(_ rows: [Told], _ methods: [String], _ background: String) -> String {
        let target = chosen.model.target?.column ?? ""
        var text = "\(names[0]) beside \(names[1]) on \(target), in the margin\n"
        for (name, method) in zip(names, methods) { text += "\(name): \(method)\n" }
        text += "absent columns: \(background)\n"
        guard !rows.isEmpty else { return text + "\nboth say the same of all \(NumberFormat.grouped(table.rowCount)) rows\n" }
        text += "the \(rows.count) of \(NumberFormat.grouped(table.rowCount)) rows that they see most differently\n"
        for row in rows {
            text += "\nrow \(NumberFormat.grouped(row.cause.row + 1))"
            text += row.expected.map { ", \(target) \($0.printable)" } ?? ""
            let names = zip(self.names, row.said).map { "\($0) says \($1.printable)" }
            text += ": " + names.joined(separator: ", ") + "\n"
            let classes = chosen.model.target?.classes ?? []
            if classes.count > 2, classes.indices.contains(row.cause.output) {
                text += "  what columns add to \(classes[row.cause.output].printable)\n"
            }
            let most = row.cause.causes.flatMap(\.values).map(\.magnitude).max() ?? 0
            let lines = row.cause.causes.map { cause in
                [
                    "  " + cause.column.printable,
                    table.column(named: cause.column)?.text(at: row.cause.row)?.printable ?? "missing",
                ]
                    + cause.values.map { NumberFormat.delta($0, decimals: ExplanationText.decimals(most)) }
                    + [NumberFormat.significant(cause.spread, digits: 3)]
            }
            text += RunText.table([["  column", "value"] + self.names + ["apart"]] + lines, rightAligned: [2, 3, 4])
        }
        return text
    }

    private static func json(_ rows: [Told], _ work: BesideWork, _ background: String) -> JSONValue {
        .object([
            "kind": .string("modelsCompared"),
            "models": .array([work.chosen, work.other].map { .string($0.id) }), "space": .string("margin"),
            "background": .string(background), "compared": .integer(work.table.rowCount),
            "rows": .array(
                rows.map { row in
                    .object([
                        "row": .integer(row.cause.row + 1), "expected": row.expected.map { .string($0) } ?? .null,
                        "predictions": .array(row.said.map { .string($0) }), "difference": .number(row.difference),
                        "class": work.chosen.model.target?.classes.flatMap { classes in
                            classes.count > 2 && classes.indices.contains(row.cause.output)
                                ? .string(classes[row.cause.output]) : nil
                        },
                        "columns": .array(
                            row.cause.causes.map { cause in
                                .object([
                                    "column": .string(cause.column), "attributions": .array(cause.values.map { .number($0) }),
                                    "difference": .number(cause.spread),
                                    "value": .string(work.table.column(named: cause.column)?.text(at: row.cause.row) ?? ""),
                                ])
                            }),
                    ])
                }),
        ])
    }
}

/// A prediction in words: a class with its probability, or a number.
enum PredictionWords {
    /// - Parameter table: one row.
    static func of(_ model: Model, _ table: Table) throws -> String {
        let columns = try model.predict(table)
        guard let first = columns.first?.texts.first else { return "" }
        let scores = columns.dropFirst().first { $0.name == "score" || $0.name == "score_\(first)" }
        guard let score = scores?.texts.first.flatMap(Double.init) else {
            return Double(first).map { NumberFormat.significant($0) } ?? first
        }
        guard model.givesProbabilities else { return first }
        let isSecond = model.target?.classes?.last == first || model.scoreCount > 1
        return "\(first) (\(NumberFormat.percent(isSecond ? score : 1 - score, decimals: 1)))"
    }
}
