import Cells
import Events

/// Models that are kept under names: their versions, what was decided about them, and what led to them.
package struct ModelsPage: Screen {
    package var reading = Reading()

    package var contexts: [KeyContext] { [.models, .detail] }

    package func title(_ state: AppState) -> String { "Models" }

    /// The version under the cursor, else the first.
    func chosen(_ state: AppState) -> ModelVersion? {
        let models = state.serving.models
        if let place = reading.stop?.row?.index, models.indices.contains(place) { return models[place] }
        return models.first
    }

    package func document(_ state: AppState, width: Int) -> Document {
        let models = state.serving.models
        guard !models.isEmpty else {
            let lines = [
                "No model is kept under a name yet.", "",
                "K on a run or on an AutoML job's page keeps its model, as the next version of a name.",
                "Or from a shell: descent models register churn --run @best",
            ]
            return Document(lines.flatMap { TextWrap.lines($0, width: max(8, width - 2)) }.map { TextLine($0, .muted) })
        }
        var document = Document()
        document.add("", [.table(table(models, state, width: width - 2))])
        let room = StudioLayout.interior(place(on: state.size)).height - models.count - 4
        if room >= 6, let version = chosen(state) {
            document.add("", Array(details(version, state, width: width - 2).prefix(room)))
        }
        return document
    }

    private func table(_ models: [ModelVersion], _ state: AppState, width: Int) -> DocumentTable {
        let columns = [
            TableColumn(title: "model", width: min(28, max(8, models.map { TextWidth.of($0.title) }.max() ?? 8)), priority: 0),
            TableColumn(title: "approval", width: 12, priority: 1),
            TableColumn(title: "from", width: 22, priority: 3),
            TableColumn(title: "reached", width: 26, priority: 2),
            TableColumn(title: "answers for", width: 16, priority: 4),
            TableColumn(title: "algorithm", width: 15, priority: 6), TableColumn(title: "target", width: 12, priority: 7),
            TableColumn(title: "kept", width: 8, isRight: true, priority: 5),
            TableColumn(title: "note", width: 40, priority: 8, isFlexible: true, least: 8, most: 60),
        ]
        let cells = models.map { version -> [TableCell] in
            let approval = version.approval
            return [
                TableCell(text: version.title, role: .accent, attributes: .bold),
                TableCell(text: "\(approval.glyph) \(approval.word)", role: approval.role),
                TableCell(text: source(version, state)),
                TableCell(text: reached(version, state) ?? "–"),
                TableCell(
                    text: state.serving.endpoints(answeredBy: version.id).map(\.name).joined(separator: ", "), role: .good),
                TableCell(text: version.request.algorithm, role: .muted),
                TableCell(text: version.request.target ?? "–", role: .muted),
                TableCell(text: EndpointWords.ago(version.createdAt, state.now), role: .muted),
                TableCell(text: version.note, role: .muted),
            ]
        }
        return DocumentTable("models", columns, cells, links: models.map { link(to: $0, state) }, width: width)
    }

    /// What a version is of; where that was called otherwise since, its name now.
    private func source(_ version: ModelVersion, _ state: AppState) -> String {
        switch version.source {
        case .automl: version.sourceName
        // Of no run.
        case .mlflow where version.sourceID.isEmpty: version.sourceName
        case .run, .mlflow: state.runs[RunID(version.sourceID)]?.record.name ?? "\(version.sourceName) (gone)"
        case .imported: "file " + (version.sourceName.split(separator: "/").last.map(String.init) ?? version.sourceName)
        }
    }

    private func link(to version: ModelVersion, _ state: AppState) -> ObjectLink? {
        switch version.source {
        case .automl: .automl(version.sourceID)
        case .mlflow where version.sourceID.isEmpty: nil
        case .run, .mlflow: .run(RunID(version.sourceID))
        case .imported: nil
        }
    }

    /// The value of what it was judged by, else of the metric that comes first.
    private func reached(_ version: ModelVersion, _ state: AppState) -> String? {
        let objective = state.runs[RunID(version.sourceID)]?.record.objective.metric
        let metric = objective.flatMap { version.metrics[$0] == nil ? nil : $0 } ?? version.metrics.keys.min { $0.text < $1.text }
        return metric.flatMap { metric in
            version.metrics[metric].map { "\(metric.metric) \(NumberFormat.significant($0))" }
        }
    }

    private func details(_ version: ModelVersion, _ state: AppState, width: Int) -> [TextLine] {
        var title = TextLine(version.title, .title, .bold)
        title.add("   \(version.approval.rawValue)", version.approval.role)
        var lines = [title]
        if !version.note.isEmpty {
            lines += TextWrap.lines(version.note, width: max(8, width - 4)).map { TextLine($0, indent: 2) }
        }
        var facts: [(label: String, value: String)] = [("id", version.id), ("size", NumberFormat.bytes(version.byteCount))]
        if !version.request.datasetPath.isEmpty { facts.append(("data", version.request.datasetPath)) }
        if !version.dataFingerprint.isEmpty { facts.append(("fingerprint", String(version.dataFingerprint.prefix(16)))) }
        lines += TextLine.flow(facts, width: width - 2, indent: 2)
        let metrics = version.metrics.sorted { $0.key.text < $1.key.text }
        if !metrics.isEmpty {
            lines += [TextLine()]
            lines += TextLine.flow(
                metrics.map { ($0.key.text, NumberFormat.significant($0.value)) }, width: width - 2, indent: 2)
        }
        if !version.hyperparameters.isEmpty {
            lines += [TextLine()]
            lines += TextLine.flow(
                version.hyperparameters.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }, width: width - 2, indent: 2)
        }
        return lines
    }
}

extension ModelApproval {
    package var glyph: String {
        switch self {
        case .approved: "✔"
        case .pending: "○"
        case .rejected: "✖"
        }
    }

    package var word: String {
        switch self {
        case .approved: "approved"
        case .pending: "undecided"
        case .rejected: "rejected"
        }
    }

    package var role: ColorRole {
        switch self {
        case .approved: .good
        case .pending: .warning
        case .rejected: .bad
        }
    }
}
