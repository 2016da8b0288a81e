import Events

/// An object that others belong to.
enum RelatedSubject: Sendable {
    case run(RunID)
    case dataset(String)
    case alert(AlertsState.Item)
    /// An endpoint, and a version of a kept model, by their ids.
    case endpoint(String)
    case model(String)
    /// A monitor, by its name.
    case monitor(String)
    /// A notebook, by its path from the root.
    case notebook(String)
}

/// Something that belongs to an object: the letter that goes there, and why there is nothing if so.
struct RelatedObject: Sendable {
    var letter: Character
    var text: String
    var refusal: String?
    var go: @Sendable (inout AppState) -> [Effect]

    init(
        _ letter: Character, _ text: String, unless refusal: String? = nil, _ go: @escaping @Sendable (inout AppState) -> [Effect]
    ) {
        (self.letter, self.text, self.refusal, self.go) = (letter, text, refusal, go)
    }
}

extension AppState {
    /// What is selected: on the open screen, else in the focused pane.
    var related: RelatedSubject? {
        if let run = runOnPage ?? (screens.last as? ComparePage)?.runs.first { return .run(run) }
        if let record = chosenEndpoint { return .endpoint(record.id) }
        if let version = (screens.last as? ModelsPage)?.chosen(self) { return .model(version.id) }
        if let standing = chosenMonitor { return .monitor(standing.record.name) }
        if let path = (screens.last as? NotebookPage)?.wholePath { return .notebook(path) }
        if screens.isEmpty, focus == .alerts, let name = alerts.selected?.monitor { return .monitor(name) }
        if screens.isEmpty, focus == .alerts, let id = alerts.selected.flatMap({ endpoint(of: $0) }) { return .endpoint(id) }
        switch focus {
        case .datasets where screens.isEmpty: return datasets.selected.map { .dataset($0.path) }
        case .alerts where screens.isEmpty: return alerts.selected.map { .alert($0) }
        default: return experiments.selected.map { .run($0) }
        }
    }

    /// What belongs to what is selected.
    func relatedObjects(_ subject: RelatedSubject) -> (title: String, objects: [RelatedObject]) {
        switch subject {
        case .run(let id): (runs[id]?.record.name ?? id.text, objects(ofRun: id))
        case .dataset(let path): (String(path.split(separator: "/").last ?? path[...]), objects(ofDataset: path))
        case .endpoint(let id): (serving.endpoint(id)?.name ?? id, objects(ofEndpoint: id))
        case .model(let id): (serving.model(id)?.title ?? id, objects(ofModel: id))
        case .monitor(let name): (name, objects(ofMonitor: name))
        case .notebook(let path): (path.split(separator: "/").last.map(String.init) ?? path, objects(ofNotebook: path))
        case .alert(let item): ("\(item.alert.rule) of \(runs[item.run]?.record.name ?? item.run.text)", objects(ofAlert: item))
        }
    }

    mutating func openRelated() -> [Effect] {
        guard let related else { return [] }
        let (title, objects) = relatedObjects(related)
        open(
            Question(
                "Go to", text: "From \(title) to its",
                answers: objects.map { .init(key: $0.letter, text: $0.text, refusal: $0.refusal, perform: $0.go) }))
        return []
    }

    // MARK: - Of a run

    private func objects(ofRun id: RunID) -> [RelatedObject] {
        guard let run = runs[id] else { return [] }
        let record = run.record, parent = record.reproduces ?? record.fork?.parent, children = children(of: id)
        let own = alerts.alerts(of: id)
        let tab = { (letter: Character, text: String, tab: RunTab) in
            RelatedObject(letter, text) { $0.showRun(id, tab) }
        }
        return [
            tab("r", "page", .overview),
            RelatedObject("m", "curves") { $0.showCurves(of: id) },
            RelatedObject(
                "d", "data: " + (record.request.datasetPath.split(separator: "/").last.map(String.init) ?? "none"),
                unless: record.request.datasetPath.isEmpty ? "no data is known of it: it was trained elsewhere" : nil
            ) { $0.showData(at: record.request.datasetPath) },
            RelatedObject(
                "p", parent.map { "parent: \(runs[$0]?.record.name ?? $0.text)" } ?? "parent",
                unless: parent == nil
                    ? "it was not made from another run (F forks one)"
                    : parent.flatMap { runs[$0] } == nil ? "the parent is not in this workspace any more" : nil
            ) { state in parent.map { state.showRun($0) } ?? [] },
            RelatedObject(
                "c", children.count == 1 ? "child: \(children[0].record.name)" : "children: \(children.count)",
                unless: children.isEmpty ? "no run was made from it (F forks it, P does it again)" : nil
            ) { state in children.count == 1 ? state.showRun(children[0].record.id) : state.showRun(id, .lineage) },
            RelatedObject(
                "a", own.isEmpty ? "alerts" : "alerts: \(own.count)",
                unless: own.isEmpty ? "the debugger found nothing wrong with it" : nil
            ) { $0.showAlerts(of: id) },
            RelatedObject("w", "tensors: weights, gradients, activations") { $0.open(TensorsPage(id)) },
            RelatedObject(
                "t", record.tuning.map { ($0.isAutoML ? "AutoML job: " : "tuning job: ") + $0.name } ?? "tuning job",
                unless: record.tuning == nil ? "it is no trial of a search" : nil
            ) { state in
                record.tuning.map { $0.isAutoML ? state.showAutoML($0.tuning) : state.showTuning($0.tuning) } ?? []
            },
            related("e", endpointsOf: id.text),
            related("n", monitorsOf: serving.endpoints(answeredBy: id.text).first),
            RelatedObject(
                "v", versions(of: id.text).first.map { "kept as \($0.title)" } ?? "kept model",
                unless: versions(of: id.text).isEmpty ? "its model is kept under no name (K keeps it)" : nil
            ) { state in state.versions(of: id.text).first.map { state.showModel($0.id) } ?? [] },
            RelatedObject(
                "i",
                record.request.notebook.map { "notebook: " + ($0.split(separator: "/").last.map(String.init) ?? $0) }
                    ?? "notebook",
                unless: record.request.notebook == nil
                    ? "no notebook asked for it" : record.place == nil ? nil : "its notebook is on \(record.place ?? "")"
            ) { state in record.request.notebook.map { state.showNotebook($0) } ?? [] },
            RelatedObject("b", "comparison with the baseline", unless: comparisonRefusal(id)) { $0.compareWithBaseline(id) },
            tab("j", "job: what was asked, and its settings", .configuration),
            tab("k", "checkpoints", .checkpoints),
            tab("h", "history: where it comes from, what came of it", .lineage),
            tab("l", "log", .log),
            RelatedObject(
                "o", "output of the script",
                unless: record.request.isScript ? nil : "only a script writes output: --algorithm script runs one"
            ) { $0.open(OutputPage(id)) },
        ]
    }

    /// Runs that were forked from a run or do it again, oldest first.
    private func children(of id: RunID) -> [RunSummary] {
        runs.entries.values.lazy.map(\.summary)
            .filter { !$0.isDeleted && ($0.record.fork?.parent == id || $0.record.reproduces == id) }
            .sorted { ($0.record.createdAt, $0.record.id) < ($1.record.createdAt, $1.record.id) }
    }

    private func comparisonRefusal(_ id: RunID) -> String? {
        guard let baseline = experiments.baseline else { return "there is no baseline: b on a run makes it one" }
        return baseline == id ? "it is the baseline itself" : nil
    }

    private mutating func compareWithBaseline(_ id: RunID) -> [Effect] {
        guard let baseline = experiments.baseline else { return [] }
        return open(ComparePage([baseline, id]))
    }

    private mutating func showCurves(of id: RunID) -> [Effect] {
        let effects = goHome(.curves)
        show(id)
        return effects
    }

    /// Selects a run in the table; a filter that hides it is taken away.
    mutating func show(_ id: RunID) {
        refreshLists(layout)
        if !experiments.rows.contains(id), experiments.filter.isActive {
            experiments.filter.clear()
            experiments.isFilterStale = true
            refreshLists(layout)
        }
        experiments.select(id)
        if !experiments.marks.isEmpty, !experiments.isMarked(id) { experiments.marks.append(id) }
    }

    private mutating func showAlerts(of id: RunID) -> [Effect] {
        let effects = jumpHome(.alerts)
        alerts.filter.clear()
        alerts.refresh(runs: runs, page: 1)
        alerts.select(firstOf: id)
        return effects
    }

    /// Shows a data file's columns; one that is not in the list is opened.
    mutating func showData(at path: String) -> [Effect] {
        var effects = jumpHome(.datasets)
        if datasets.datasets.contains(where: { $0.isAt(path) }) {
            datasets.filter.clear()
            datasets.refresh(page: 1, columnPage: 1)
            if let own = datasets.datasets.first(where: { $0.isAt(path) }) { datasets.select(own.path) }
        } else {
            effects += openDataset(path)
        }
        (isZoomed, zoomIsPlace) = (true, true)
        return effects + lookAtShownData()
    }

    // MARK: - Of a dataset and of an alert

    private func objects(ofDataset path: String) -> [RelatedObject] {
        let dataset = datasets.datasets.first { $0.path == path }
        let own = runs.entries.values.lazy.map(\.summary)
            .filter { run in !run.isDeleted && (dataset?.isAt(run.record.request.datasetPath) ?? false) }
            .sorted { $0.record.createdAt > $1.record.createdAt }
        let none = own.isEmpty ? "no run learned from it yet (n starts one)" : nil
        let best = RunSummary.best(of: own)
        return [
            RelatedObject(
                "r", own.first.map { "newest run: \($0.record.name)" } ?? "newest run", unless: none
            ) { state in own.first.map { state.showRun($0.record.id) } ?? [] },
            RelatedObject(
                "b", best.map { "best run: \($0.record.name)" } ?? "best run",
                unless: none ?? (best == nil ? "none of its runs has measured its objective yet" : nil)
            ) { state in best.map { state.showRun($0.record.id) } ?? [] },
            RelatedObject("c", own.count == 1 ? "runs: 1" : "runs: \(own.count)", unless: none) { state in
                state.markRuns(own.map(\.record.id))
            },
        ]
    }

    /// Marks some runs and goes to the table.
    private mutating func markRuns(_ ids: [RunID]) -> [Effect] {
        let effects = jumpHome(.experiments)
        experiments.marks = ids
        if let first = ids.first { show(first) }
        say(ids.count == 1 ? "marked the run" : "marked \(ids.count) runs", .text)
        return effects
    }

    private func objects(ofAlert item: AlertsState.Item) -> [RelatedObject] {
        [
            RelatedObject("r", "run: \(runs[item.run]?.record.name ?? item.run.text)") { $0.showRun(item.run, .alerts) },
            RelatedObject("m", "place in the curve") { state in
                state.depart()
                return state.perform(.showAlert)
            },
        ] + objects(ofRun: item.run).filter { "dpb".contains($0.letter) }
    }
}

extension RunSummary {
    /// The one with the best objective among those of the first one's target and objective; nil when none was measured.
    static func best(of runs: [RunSummary]) -> RunSummary? {
        guard let newest = runs.first?.record else { return nil }
        let objective = newest.objective
        let measured = runs.filter {
            $0.record.objective == objective && $0.record.request.target == newest.request.target && $0.bestObjective != nil
        }
        return measured.min { left, right in
            guard let a = left.bestObjective, let b = right.bestObjective else { return false }
            return objective.isBetter(a, than: b)
        }
    }
}
