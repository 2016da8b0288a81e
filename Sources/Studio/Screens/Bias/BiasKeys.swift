import Events

extension KeyContext {
    static let bias = KeyContext("On the page of bias")
}

extension StudioAction {
    static let showBias = StudioAction("bias.show")
    static let biasNextTab = StudioAction("bias.next-tab")
    static let biasPreviousTab = StudioAction("bias.previous-tab")
    static let biasNextMetric = StudioAction("bias.next-metric")
    static let biasPreviousMetric = StudioAction("bias.previous-metric")
    static let biasNextFacet = StudioAction("bias.next-facet")
    static let biasPreviousFacet = StudioAction("bias.previous-facet")
    static let biasRemedy = StudioAction("bias.remedy")
    static let biasReweigh = StudioAction("bias.reweigh")
    static let biasAsk = StudioAction("bias.ask")
}

extension KeyTable {
    /// Whether groups are treated alike.
    static let bias = KeyGroup([
        KeyBinding(
            .showBias, "=", [.datasets, .experiments, .runPage], hint: "alike?…", priority: 45,
            "Measure whether groups of rows are treated alike: by the labels of the data, and by the run's model."
        ) { $0.refusalOfBias },
        KeyBinding(
            .biasNextTab, "right tab l", [.bias], hint: "next tab", priority: 12,
            "Show the next of metrics, groups, what thresholds trade, and the remedy tried."),
        KeyBinding(.biasPreviousTab, "left shift-tab h", [.bias], "Show the tab before."),
        KeyBinding(.biasNextMetric, "down j", [.bias], hint: "metric", priority: 13, "Go to the next metric; elsewhere, scroll."),
        KeyBinding(.biasPreviousMetric, "up k", [.bias], "Go to the metric before."),
        KeyBinding(
            .biasNextFacet, ">", [.bias], hint: "facet on", priority: 18, "Compare the next facet with all others.",
            unless: needsFacets),
        KeyBinding(
            .biasPreviousFacet, "<", [.bias], "Compare the facet before with all others.", unless: needsFacets),
        KeyBinding(
            .biasRemedy, "t", [.bias], hint: "threshold a group", priority: 20,
            "Give each group a threshold of its own, so that both have the same part of positive predictions, and measure what that does "
                + "to bias and quality on held-out rows."
        ) { state in
            guard let page = state.top as? BiasPage, page.found != nil else { return "the groups are being counted" }
            guard case .run = page.subject else { return "data has no thresholds: open this page on a run" }
            return nil
        },
        KeyBinding(
            .biasReweigh, "w", [.bias], hint: "weigh rows", priority: 21,
            "Train the run again with its training rows weighed so that labels do not depend on the groups, and measure what that does to bias "
                + "and quality on held-out rows."
        ) { $0.refusalToReweigh },
        KeyBinding(
            .biasAsk, "enter", [.bias], hint: "ask otherwise…", priority: 14,
            "Ask about another label, other facets or other strata."),
    ]) { $0.performBias($1) }

    @Sendable private static func needsFacets(_ state: AppState) -> String? {
        ((state.top as? BiasPage)?.found?.facets.count ?? 0) > 1 ? nil : "there is one facet only: enter asks about others"
    }
}

extension AppState {
    /// The run or the data set that is looked at: in the Datasets pane the data, else the run.
    private var biasSubject: (subject: BiasSubject, name: String)? {
        if screens.isEmpty, focus == .datasets {
            return datasets.selected.map { (.data(path: $0.path, reading: $0.options), $0.name) }
        }
        return subjectRun.map { (.run($0.record.id), $0.record.name) }
    }

    fileprivate var refusalOfBias: String? {
        guard let (subject, name) = biasSubject else {
            return focus == .datasets ? "no dataset is open (o opens one)" : "there is no run"
        }
        guard case .run(let id) = subject, let request = runs[id]?.record.request else { return nil }
        if request.isScript { return "\(name) is a script's run, whose model only the script can read" }
        return request.target == nil ? "\(name) predicts no column" : nil
    }

    mutating func performBias(_ action: StudioAction) -> [Effect] {
        switch action {
        case .showBias:
            if let (subject, name) = biasSubject { askAboutBias(subject, name) }
            return []
        case .biasAsk:
            if let page = top as? BiasPage { askAboutBias(page.subject, page.name) }
            return []
        case .biasReweigh: return reweigh()
        case .biasNextMetric, .biasPreviousMetric:
            // Where no metric is chosen, the page scrolls.
            if (top as? BiasPage)?.tab != .metrics {
                return performDocument(action == .biasNextMetric ? .detailDown : .detailUp)
            }
        case .biasRemedy:
            guard let page = top as? BiasPage, case .run(let run) = page.subject else { return [] }
            say("trying a threshold for each group …", .muted)
            return ask(TryRemedy(run, page.question, facet: page.facet))
        default: break
        }
        changeTop(BiasPage.self) { page, _ in
            switch action {
            case .biasNextTab: page.turn(by: 1)
            case .biasPreviousTab: page.turn(by: -1)
            case .biasNextMetric: page.move(by: 1)
            case .biasPreviousMetric: page.move(by: -1)
            case .biasNextFacet: page.changeFacet(by: 1)
            default: page.changeFacet(by: -1)
            }
        }
        pageChanged()
        return askForBias()
    }

    /// What the page on top does not know yet.
    mutating func askForBias() -> [Effect] {
        guard let page = top as? BiasPage, let query = page.query(self) else { return [] }
        return ask(query)
    }

    fileprivate var refusalToReweigh: String? {
        guard let page = top as? BiasPage, let found = page.found else { return "the groups are being counted" }
        guard case .run(let id) = page.subject, let run = runs[id] else {
            return "data has no model to train again: open this page on a run"
        }
        if run.record.request.reweigh != nil { return "\(run.record.name) weighs its rows already" }
        return found.obstacle
    }

    /// Trains the run on the page again with weighed rows, or shows what that did.
    private mutating func reweigh() -> [Effect] {
        guard let page = top as? BiasPage, case .run(let id) = page.subject, let run = runs[id], let facet = page.shown else {
            return []
        }
        changeTop(BiasPage.self) { page, _ in page.showWeighing() }
        pageChanged()
        if let known = page.reweighed(self), known.status != .failed {
            if known.status.isFinal { say("\(known.record.name) is the run with weighed rows", .muted) }
            return askForBias()
        }
        let request = run.record.reweighed(by: facet.test)
        say("training \(run.record.name) again with weighed rows", .text)
        return [.command(.startJob(request))]
    }

    /// Asks for label and facets, beginning with what was asked of this data last, and opens their page.
    private mutating func askAboutBias(_ subject: BiasSubject, _ name: String) {
        let path = path(of: subject), columns = BiasQuestion.columns(datasets.datasets.first { $0.isAt(path) }?.profile)
        var target = ""
        if case .run(let id) = subject { target = (runs[id]?.record.request.target).map { $0 + "=" } ?? "" }
        open(
            LinePrompt(
                "Whom to compare",
                help: "LABEL=POSITIVE; FACET=VALUE, FACET>NUMBER or FACET alone; …; by STRATA. Such as income=>50K; sex=Female; "
                    + "age<30; by region. Tab completes.",
                text: biasQuestions[path] ?? target,
                check: { text, _ in BiasQuestion.problem(text) },
                complete: { prompt, _ in
                    prompt.completions = BiasQuestion.complete(&prompt.field, columns)
                },
                accept: { text, state in
                    state.biasQuestions[path] = text
                    // Asked again from the page itself, the page is replaced.
                    if state.screens.last is BiasPage { state.screens.removeLast() }
                    return state.open(BiasPage(subject, name: name, question: text))
                }))
    }

    private func path(of subject: BiasSubject) -> String {
        switch subject {
        case .run(let id): runs[id]?.record.request.datasetPath ?? ""
        case .data(let path, _): path
        }
    }
}
