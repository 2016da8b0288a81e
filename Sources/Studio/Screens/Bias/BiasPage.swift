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
    package var reading = Reading()

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
        found == nil && refusal == nil ? MeasureBias(subject, question) : nil
    }

    mutating func take(_ answer: BiasFindings) { (found, refusal) = (answer, nil) }
    mutating func take(_ remedy: BiasRemedy, _ facet: Int) { (remedies[facet], tab) = (remedy, .remedy) }
    mutating func refuse(_ message: String) { refusal = message }

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
