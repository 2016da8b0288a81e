import Cells
import Events
import Explaining
import Files
import JSON
import OutputFiles
import PrintableText
import Tables
import Training

/// Carries `descent explain` out.
struct ExplainWork {
    let chosen: ChosenModel
    let model: Model
    let table: Table
    let input: DataInput
    let request: ExplainRequest
    let quiet: Bool, json: Bool

    /// Rows explained unless more are asked for, where each takes many predictions; and background rows then.
    private static let fewRows = 100, fewBackground = 100

    func carryOut() throws {
        do throws(ExplainingError) {
            let explainer = try self.explainer()
            if request.permutation != nil { try permute(explainer) }
            if request.goal != nil { try change(explainer) }
            let explanation = try explain(explainer)
            let plots = try plots(explainer, explanation)
            try tell(explanation, plots)
        } catch { throw CommandError(error) }
    }

    // MARK: - Rows

    private func explainer() throws(ExplainingError) -> ModelExplainer {
        let plain = try ModelExplainer(model, background: nil)
        let isNeeded = plain.needsBackground(request.options)
        guard isNeeded || request.baseline != nil else { return plain }
        // Weighted sums need but the columns' means.
        let isSum = plain.method(request.options) == .linear
        return try ModelExplainer(model, background: try background(isSum ? .all : .rows(Self.fewBackground)))
    }

    private func background(_ usual: Background.Choice) throws(ExplainingError) -> Background {
        let choice: Background.Choice
        switch request.baseline {
        case .file(let path):
            return try Background(
                try read(path), of: model, choice: .all, name: "the rows of \(path)", seed: request.options.seed)
        case .values(let rows):
            return try Background(
                try baseline(rows), of: model, choice: .all, name: "the baseline of the configuration")
        case .rows(let count): choice = .rows(count)
        case .centres(let count): choice = .centres(count)
        case nil: choice = usual
        }
        let path = chosen.request.datasetPath
        if let training = try? read(path) {
            return try Background(
                training, of: model, choice: choice, name: "the rows of \(path)", seed: request.options.seed)
        }
        say("note: the training data are not at \(path) any more: absent columns take their values from \(input.name)")
        return try Background(table, of: model, choice: choice, name: "the rows of \(input.name)", seed: request.options.seed)
    }

    private func read(_ path: String) throws(ExplainingError) -> Table {
        do throws(TableError) { return try model.readPrepared(path) } catch { throw ExplainingError(.badData, error.description) }
    }

    /// A table of a configuration's rows, whose values are in the order of the table's columns without the target.
    private func baseline(_ rows: [[String]]) throws(ExplainingError) -> Table {
        let columns = inputColumns
        var values = columns.map { _ in [VariedValue]() }
        for (place, row) in rows.enumerated() {
            guard row.count == columns.count else {
                throw ExplainingError(
                    .badRequest, "baseline row \(place + 1) has \(row.count) values for \(columns.count) columns: give one each")
            }
            for (index, text) in row.enumerated() {
                guard let value = columns[index].variedValue(of: text) else {
                    throw ExplainingError(
                        .badRequest, "baseline row \(place + 1): '\(text)' is no value of \(columns[index].name)")
                }
                values[index].append(value)
            }
        }
        return table.replacing(columns: zip(columns, values).map { $0.holding($1) })
    }

    /// The file's columns but the target.
    private var inputColumns: [Column] { table.columns.filter { $0.name != model.target?.column } }

    private func rows(_ explainer: ModelExplainer) throws(ExplainingError) -> [Int] {
        let count = table.rowCount
        guard count > 0 else { throw ExplainingError(.badData, "\(input.name) has no rows: give some to explain") }
        if let row = request.row {
            guard row < count else {
                throw ExplainingError(.badRequest, "there is no row \(row + 1): \(input.name) has \(count)")
            }
            return [row]
        }
        let method = explainer.method(request.options), isQuick = method == .tree || method == .linear
        guard !isQuick, !request.saysRows, count > Self.fewRows else { return Array(0..<count) }
        say("explaining \(Self.fewRows) rows spread over \(NumberFormat.grouped(count)): say --rows \(count) for all")
        return (0..<Self.fewRows).map { $0 * count / Self.fewRows }
    }

    private func explain(_ explainer: ModelExplainer) throws(ExplainingError) -> Explanation {
        let rows = try rows(explainer), shows = Console.errorIsTerminal && !quiet
        defer { if shows { Console.showProgress("") } }
        return try explainer.explain(table, rows: rows, request.options) { done in
            if shows { Console.showProgress("\(done) of \(rows.count) rows") }
            return true
        }
    }

    private func plots(
        _ explainer: ModelExplainer, _ explanation: Explanation
    ) throws(ExplainingError) -> [PartialDependence] {
        var names = request.plotted
        names += explanation.order.map { explanation.columns[$0] }.filter { !names.contains($0) }.prefix(request.plotCount)
        var plots: [PartialDependence] = []
        for name in names {
            plots.append(
                try explainer.partialDependence(
                    table, on: name, resolution: request.gridResolution, space: request.options.space))
        }
        return plots
    }

    // MARK: - Telling

    private func say(_ text: String) { if !quiet { Console.note(text.printable) } }

    private func tell(_ explanation: Explanation, _ plots: [PartialDependence]) throws(ExplainingError) {
        let words = ExplanationText(
            run: chosen.name, target: model.target?.column ?? "", explanation: explanation, request: request)
        if json {
            for plot in plots { Console.print(ExplanationJSON.json(plot).text) }
        } else {
            Console.printRaw(request.row == nil ? words.overall() : words.row(table))
            for plot in plots { Console.printRaw(words.plot(plot)) }
        }
        if let path = request.against { try compare(explanation, path) }
        do {
            if let path = request.out {
                try OutputFile.write(ExplanationJSON.csv(explanation, columns: inputColumns.map(\.name)), to: path)
                if path != OutputFile.standardOutput { say("\(explanation.rows.count) rows to \(path)") }
            }
            if let path = request.analysis {
                let document = ExplanationDocument.json(explanation, request.aggregation, plots)
                try OutputFile.write(document.text + "\n", to: path)
                say("analysis to \(path)")
            }
        } catch { throw ExplainingError(.badRequest, "\(error)") }
        if json {
            Console.print(
                ExplanationJSON.json(
                    explanation, model: chosen.id, request.aggregation, columns: inputColumns.map(\.name)
                ).text)
        }
    }

    private func compare(_ explanation: Explanation, _ path: String) throws(ExplainingError) {
        guard let text = FileContents.text(path), let json = try? JSONValue(parsing: text) else {
            throw ExplainingError(.badData, "\(path): is no JSON file: give an analysis.json")
        }
        let earlier = try ExplanationDocument(reading: json)
        for (output, label) in earlier.labels.enumerated() where explanation.outputs.indices.contains(output) {
            let now = Dictionary(
                zip(explanation.columns, explanation.global(request.aggregation, output: output)), uniquingKeysWith: { $1 })
            guard let gain = AttributionDrift.gain(baseline: label.values, live: now) else { continue }
            if self.json {
                Console.print(
                    JSONValue.object([
                        "kind": .string("attributionCompared"), "label": .string(label.name), "ndcg": .number(gain),
                        "drifted": .boolean(gain < AttributionDrift.leastGain),
                    ]).text)
            } else {
                Console.print(
                    "\nagainst \(path), \(label.name): NDCG \(NumberFormat.significant(gain)), "
                        + (gain < AttributionDrift.leastGain
                            ? "below 0.90: the columns' ranking has changed" : "the columns' ranking has kept (0.90 or more)"))
            }
        }
    }

    private func permute(_ explainer: ModelExplainer) throws(ExplainingError) {
        let found = try explainer.permutationImportance(table, metric: request.permutation, seed: request.options.seed)
        if json { Console.print(ExplanationJSON.json(found).text) } else { Console.printRaw(ExplanationText.permutation(found)) }
    }

    private func change(_ explainer: ModelExplainer) throws(ExplainingError) {
        guard let goal = request.goal, let row = request.row else { return }
        guard row < table.rowCount else {
            throw ExplainingError(.badRequest, "there is no row \(row + 1): \(input.name) has \(table.rowCount)")
        }
        let asked: CounterfactualGoal
        switch goal {
        case .other: asked = .anotherClass
        case .range(let range): asked = .range(range)
        case .named(let name):
            guard let place = model.target?.classes?.firstIndex(of: name) else {
                let known = model.target?.classes?.prefix(10).joined(separator: ", ")
                throw ExplainingError(
                    .badRequest,
                    "--counterfactual '\(name)': "
                        + (known.map { "give one of \($0), or `other`" } ?? "give a range of predictions, LOW:HIGH"))
            }
            asked = .classIndex(place)
        }
        if let unknown = request.kept.first(where: { name in !model.decidingColumns.contains { $0.name == name } }) {
            throw ExplainingError(.badRequest, "--keep '\(unknown)': the model uses no such column")
        }
        let found = try explainer.counterfactuals(table, row: row, goal: asked, keeping: request.kept)
        if json {
            for one in found { Console.print(ExplanationJSON.json(one, row: row).text) }
        } else {
            Console.printRaw(ExplanationText.counterfactuals(found, row: row))
        }
    }
}
