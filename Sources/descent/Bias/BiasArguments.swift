import Fairness
import Files
import JSON
import Learners
import Studio
import Tables
import Training

/// What `descent bias` is asked for.
enum BiasArguments {
    /// - Throws: `badRequest` for what is missing or makes no sense.
    static func study(
        _ arguments: ParsedArguments, _ table: Table, _ notes: inout [String]
    ) throws(FairnessError) -> BiasStudy {
        var study: BiasStudy
        if let path = arguments.value("--config") {
            study = try configured(path, table, &notes)
        } else {
            guard let label = arguments.value("--label") else {
                throw FairnessError(.badRequest, "descent bias: --label is missing: name the column of labels")
            }
            guard let positive = arguments.value("--positive") else {
                throw FairnessError(.badRequest, "descent bias: --positive is missing: say which labels are positive")
            }
            guard arguments.flag("--facet") else {
                throw FairnessError(
                    .badRequest, "descent bias: --facet is missing: say whom to compare with all others, such as sex=Female")
            }
            study = BiasStudy(label: label, positive: try Self.positive(label, positive, table), facets: [])
        }
        for text in arguments.values("--facet") { study.facets += try RowTest.facets(text, in: table) }
        study.group = arguments.value("--group") ?? study.group
        study.predictedLabel = arguments.value("--predicted-label") ?? study.predictedLabel
        if study.predictedLabel != nil, arguments.flag("--model") {
            throw FairnessError(.badRequest, "--predicted-label and --model exclude each other: give one")
        }
        if let text = arguments.value("--segment") { study.segment = try RowTest(text) }
        if let text = arguments.value("--metrics") { study.metrics = try metrics(text) }
        if let text = arguments.value("--compatible") {
            guard text == "smclarify" else { throw FairnessError(.badRequest, "--compatible '\(text)': say smclarify") }
            study.reading = .smclarify
        }
        do throws(CommandError) { study.seed = try arguments.seed() } catch {
            throw FairnessError(.badRequest, error.description)
        }
        return study
    }

    /// What is asked in a line, as the studio takes it: `LABEL=POSITIVE; FACET; …; by STRATA`.
    ///
    /// - Throws: `badRequest` for what is missing, `badData` for what the table does not have.
    static func study(words: String, _ table: Table) throws(FairnessError) -> BiasStudy {
        let parts = words.split(separator: ";").map { String($0.trimmingSpaces) }.filter { !$0.isEmpty }
        guard let first = parts.first, let (label, rest) = split(first, table) else {
            throw FairnessError(.badRequest, "say which labels are positive: LABEL=VALUE, or LABEL>NUMBER")
        }
        var study = BiasStudy(label: label, positive: try positive(label, rest, table), facets: [])
        for part in parts.dropFirst() {
            if part.hasPrefix("by "), table.column(named: part) == nil {
                study.group = String(part.dropFirst(3).trimmingSpaces)
            } else {
                study.facets += try RowTest.facets(part, in: table)
            }
        }
        guard !study.facets.isEmpty else {
            throw FairnessError(.badRequest, "say whom to compare with all others, such as sex=Female")
        }
        return study
    }

    /// A column's name, which may have the signs in it, and what is said of its values: `=V` without the sign, `>N` and `<N` with it.
    private static func split(_ text: String, _ table: Table) -> (label: String, rest: String)? {
        let signs = text.indices.filter { "=<>".contains(text[$0]) }
        let known = signs.last { table.column(named: String(text[..<$0])) != nil }
        guard let sign = known ?? signs.first else { return nil }
        return (String(text[..<sign]), String(text[sign...].drop { $0 == "=" }))
    }

    /// `>50K` is a label where the column has it, and a bound where it has numbers.
    private static func positive(_ label: String, _ text: String, _ table: Table) throws(FairnessError) -> RowTest {
        let column: Column
        do throws(TableError) { column = try table.column(matching: label) } catch {
            throw FairnessError(.badData, error.description)
        }
        if let known = column.dictionary, known.contains(text) { return RowTest(column: column.name, condition: .words([text])) }
        if column.numbers != nil, text.hasPrefix(">") || text.hasPrefix("<") { return try RowTest(column.name + text) }
        return RowTest(column: column.name, condition: .words(text.split(separator: ",").map(String.init)))
    }

    private static func metrics(_ text: String) throws(FairnessError) -> [BiasMetric] {
        try text.split(separator: ",").map { name throws(FairnessError) in
            guard let metric = BiasMetric(rawValue: name.uppercased()) else {
                throw FairnessError(
                    .badRequest, "--metrics '\(name)': there are \(BiasMetric.allCases.map(\.rawValue).joined(separator: ", "))")
            }
            return metric
        }
    }

    private static func configured(
        _ path: String, _ table: Table, _ notes: inout [String]
    ) throws(FairnessError) -> BiasStudy {
        guard let text = FileContents.text(path) else {
            throw FairnessError(.badData, "\(path): cannot be read: give Clarify's configuration")
        }
        let configuration: BiasConfiguration
        do throws(FairnessError) { configuration = try BiasConfiguration(text, columns: table.columns.map(\.name)) } catch {
            throw FairnessError(.badRequest, "\(path): \(error.message)")
        }
        notes += configuration.ignored.map { "\(path): \($0) is not looked at" }
        var study = BiasStudy(
            label: configuration.label,
            positive: try positive(configuration.label, configuration.positives.joined(separator: ","), table), facets: [])
        for facet in configuration.facets {
            if facet.values.isEmpty {
                study.facets += try RowTest.eachValue(of: facet.column, in: table)
            } else {
                study.facets.append(RowTest(column: facet.column, condition: .words(facet.values)))
            }
        }
        (study.group, study.predictedLabel, study.metrics) = (
            configuration.group, configuration.predictedLabel, configuration.metrics
        )
        return study
    }

    /// What a run's model predicts for the rows, as positive or not.
    static func predictions(
        _ arguments: ParsedArguments, _ name: String, _ study: BiasStudy, _ input: DataInput, _ notes: inout [String]
    ) throws(FairnessError) -> [Bool] {
        do {
            let workspace = try WorkspaceChoice.existing(arguments)
            let chosen = try ChosenModel(name, workspace: workspace), model = chosen.model
            let table = try model.read(input.path, options: try arguments.readOptions())
            guard let prediction = try model.predict(table).first else {
                throw FairnessError(.badRequest, "\(chosen.name) predicts nothing: give a model that does")
            }
            return try study.positives(of: Column(prediction, name: study.label))
        } catch let error as FairnessError {
            throw error
        } catch {
            let told = CommandError(error)
            throw FairnessError(told.code == .data ? .badData : .badRequest, told.description)
        }
    }
}
