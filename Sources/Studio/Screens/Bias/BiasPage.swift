import Events

/// Whether groups of rows are treated alike, by data or by a run's model: the metrics of a facet, its groups, and what thresholds trade.
package struct BiasPage: Screen {
    package enum Tab: String, CaseIterable, Sendable {
        case metrics, groups, trade, remedy
    }

    package let subject: BiasSubject
    /// What the user calls the run or the data.
    package let name: String
    /// What is asked, such as `income=>50K; sex=Female; by region`.
    package let question: String
    package private(set) var found: BiasFindings?
    /// Why nothing was found.
    package private(set) var refusal: String?
    package private(set) var tab = Tab.metrics
    /// Places of the facet shown, and of the metric under the cursor.
    package private(set) var facet = 0, cursor = 0
    /// By the facet's place: what a threshold a group does.
    package private(set) var remedies: [Int: BiasRemedy] = [:]
    /// By the facet's place: what the newest run with weighed rows does, and why that is not known.
    private(set) var reweighings: [Int: Reweighing] = [:]
    /// Which of the remedies was tried last, and stands first.
    private(set) var weighsFirst = false
    /// The run's step when it was measured.
    private var measuredStep: Int?
    package var reading = Reading()

    /// A run with weighed rows as it was measured.
    struct Reweighing: Sendable {
        var run: RunID
        var remedy: BiasRemedy?
        var refusal: String?
    }

    package var contexts: [KeyContext] { [.bias, .detail] }

    init(_ subject: BiasSubject, name: String, question: String) {
        (self.subject, self.name, self.question) = (subject, name, question)
    }

    package func title(_ state: AppState) -> String { "Treated alike? \(name)" }

    package func crumb(_ state: AppState) -> String { "bias" }

    package func document(_ state: AppState, width: Int) -> Document {
        if let refusal { return Document([TextLine(refusal, .warning), TextLine("enter asks otherwise", .muted)]) }
        guard let found else { return Document([TextLine("counting the groups …", .muted)]) }
        return BiasPageText(page: self, found: found, state: state, width: width).document
    }

    package func query(_ state: AppState) -> (any StudioQuery)? {
        if isToBeMeasured(state) { return MeasureBias(subject, question) }
        guard case .run(let run) = subject, let other = reweighed(state), other.status.isFinal,
            reweighings[facet]?.run != other.record.id
        else { return nil }
        return MeasureReweighed(run, other.record.id, question, facet: facet)
    }

    /// Whether it was never measured, or of another model than the run has now.
    private func isToBeMeasured(_ state: AppState) -> Bool {
        guard case .run(let id) = subject, let run = state.runs[id] else { return found == nil && refusal == nil }
        if found == nil { return refusal == nil || run.status.isFinal }
        return run.status.isFinal && measuredStep != run.step
    }

    package func isOutdated(by events: [StudioEvent], loaded: Set<RunID>) -> Bool {
        guard case .run = subject else { return false }
        return !loaded.isEmpty
            || events.contains { if case .job(.finished) = $0.kind { true } else { false } }
    }

    /// The newest run that is the same with its training rows weighed by the facet that is shown; nil where there is none.
    func reweighed(_ state: AppState) -> RunSummary? {
        guard case .run(let id) = subject, let test = shown?.test else { return nil }
        let alert = AlertReference(run: id, rule: AlertReference.bias)
        return state.runs.entries.values.lazy.filter { entry in
            let record = entry.summary.record
            return record.remedies == alert && record.request.reweigh == test && !entry.isRemoved && !entry.summary.isDeleted
        }.map(\.summary).max { $0.record.createdAt < $1.record.createdAt }
    }

    mutating func take(_ answer: BiasFindings, step: Int?) { (found, refusal, measuredStep) = (answer, nil, step) }
    mutating func take(_ remedy: BiasRemedy, _ facet: Int) {
        (remedies[facet], tab, weighsFirst) = (remedy, .remedy, false)
        reading.top = 0
    }
    mutating func take(_ remedy: BiasRemedy, of run: RunID, _ facet: Int) {
        reweighings[facet] = Reweighing(run: run, remedy: remedy)
    }
    mutating func refuse(_ message: String) { refusal = message }
    mutating func refuse(_ run: RunID, _ facet: Int, _ message: String) {
        reweighings[facet] = Reweighing(run: run, refusal: message)
    }
    /// Shows what weighing rows does above what thresholds do.
    mutating func showWeighing() {
        (tab, weighsFirst) = (.remedy, true)
        reading.top = 0
    }

    /// The facet shown.
    var shown: BiasFindings.Facet? { found.flatMap { $0.facets.indices.contains(facet) ? $0.facets[facet] : nil } }

    mutating func turn(by step: Int) {
        let all = Tab.allCases, place = all.firstIndex(of: tab) ?? 0
        tab = all[(place + step + all.count) % all.count]
    }

    mutating func move(by step: Int) { cursor = min(max(0, cursor + step), max(0, (shown?.metrics.count ?? 1) - 1)) }

    mutating func changeFacet(by step: Int) {
        facet = min(max(0, facet + step), max(0, (found?.facets.count ?? 1) - 1))
        move(by: 0)
    }
}
