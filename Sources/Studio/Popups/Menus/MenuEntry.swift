import Cells
import Events
import RunSearching

/// One entry of a menu.
package struct MenuEntry: Sendable {
    package enum Outcome: Hashable, Sendable {
        case action(StudioAction)
        case metric(String)
        case theme(String)
        case sort(RunField)
        case group(RunField?)
        case view(String)
        /// Filters the runs.
        case search(String)
        case run(RunID)
        case dataset(String)
        case tuning(String)
        case automl(String)
        case endpoint(String)
        /// A kept model's version.
        case model(String)
        /// A monitor, by its name.
        case monitor(String)
        /// Goes into the focused field of the form.
        case value(String)
    }

    package var title: String
    package var detail: String
    package var keyText: String
    /// Why it cannot be chosen now.
    package var refusal: String?
    package var outcome: Outcome

    /// The entries of a menu that match what is typed, best first.
    package static func entries(of menu: Menu, _ state: AppState) -> [MenuEntry] {
        let all: [MenuEntry]
        switch menu.kind {
        case .palette: all = commands(state) { $0.contexts.contains(where: \.isHome) }
        case .help: all = commands(state) { _ in true }
        case .metrics: all = metrics(state)
        case .export: all = commands(state) { [.exportSVG, .exportCSV, .copyChart].contains($0.action) }
        case .exportData:
            all = commands(state) { [.exportColumnSVG, .exportColumnCSV, .exportTableCSV].contains($0.action) }
        case .exportScreen:
            // On a page also what has the cursor, whose own key may be another's there.
            let own: [StudioAction] = state.screens.last is any ScreenOfRun ? [.exportTable] : []
            let screen: [StudioAction] = [.exportScreenSVG, .exportScreenText, .copyScreen]
            let wanted = state.screens.last?.reading.stop == nil ? screen + own : own + screen
            all = wanted.flatMap { action in commands(state) { $0.action == action } }
        case .sortBy(let fields): all = fields.map { MenuEntry($0.word, .sort($0)) }
        case .groupBy(let fields):
            all =
                (state.experiments.group == nil ? [] : [MenuEntry("no groups", .group(nil))])
                + fields.map { MenuEntry($0.word, .group($0)) }
        case .views:
            all =
                [MenuEntry("save this view…", .action(.saveView))]
                + state.settings.runViews.sorted { $0.key < $1.key }.map {
                    MenuEntry($0.key, .view($0.key), detail: $0.value.settingsWord)
                }
        case .copies(_, let copies): all = copies.map { MenuEntry($0.run, .value($0.value), detail: $0.value) }
        case .themes:
            all = state.themes.map { MenuEntry(title: $0, detail: "", keyText: "", refusal: nil, outcome: .theme($0)) }
        }
        let pattern = String(menu.search.text.trimmingSpaces)
        guard !pattern.isEmpty else { return all }
        let wanted = FuzzyMatch.Pattern(pattern)
        return (menu.kind == .palette ? search(pattern) + menu.objects : [])
            + all.enumerated().compactMap { index, entry -> (score: Int, index: Int, entry: MenuEntry)? in
                guard let score = entry.score(pattern, wanted) else { return nil }
                return (score, index, entry)
            }.sorted { ($1.score, $0.index) < ($0.score, $1.index) }.map(\.entry)
    }

    init(_ title: String, _ outcome: Outcome, detail: String = "", refusal: String? = nil) {
        self.init(title: title, detail: detail, keyText: "", refusal: refusal, outcome: outcome)
    }

    init(title: String, detail: String, keyText: String, refusal: String?, outcome: Outcome) {
        self.title = title
        self.detail = detail
        self.keyText = keyText
        self.refusal = refusal
        self.outcome = outcome
    }

    /// What is typed as a filter over the runs, if it reads as more than words.
    private static func search(_ pattern: String) -> [MenuEntry] {
        // As nothing else matches so long a text.
        guard pattern.utf8.count <= FuzzyMatch.longestPattern else { return [] }
        do throws(SearchError) {
            guard try RunSearch(parsing: pattern).isExpression else { return [] }
            return [MenuEntry("filter runs", .search(pattern), detail: pattern)]
        } catch {
            guard pattern.contains(where: { "=<>~()".contains($0) }) else { return [] }
            return [MenuEntry("filter runs", .search(pattern), detail: pattern, refusal: error.message)]
        }
    }

    /// How well the entry matches: its name counts more than its description, and the key itself most.
    private func score(_ pattern: String, _ wanted: FuzzyMatch.Pattern) -> Int? {
        if keyText.split(separator: " ").contains(Substring(pattern)) { return 5000 }
        let byTitle = FuzzyMatch.score(wanted, in: title).map { $0 * 2 }
        // Letters strewn over a whole sentence match nearly everything: in descriptions only whole words count.
        let byDetail = FuzzyMatch.score(wanted, in: detail).flatMap { $0 > 500 ? $0 : nil }
        return [byTitle, byDetail].compactMap { $0 }.max()
    }

    /// The key table as entries: those of where one is first, then those that work everywhere, then the others.
    private static func commands(_ state: AppState, _ isWanted: (KeyBinding) -> Bool) -> [MenuEntry] {
        let near = state.contextsBeneathPopups
        // The list itself lies over what its keys are about.
        var beneath = state
        beneath.popups = []
        let order = near + KeyTable.contexts.filter { !near.contains($0) }
        var listed: Set<StudioAction> = []
        var entries: [MenuEntry] = []
        for context in order {
            for binding in state.keyMap.bindings(in: context) where isWanted(binding) {
                guard listed.insert(binding.action).inserted else { continue }
                entries.append(
                    MenuEntry(
                        title: title(of: binding, in: context, isNear: near.contains(context)),
                        detail: binding.help, keyText: binding.keyText,
                        refusal: binding.contexts.contains(where: { $0.isHome || near.contains($0) })
                            ? binding.refusal(beneath) : "works \(context.title.lowercased())",
                        outcome: .action(binding.action)))
            }
        }
        return entries
    }

    private static func title(of binding: KeyBinding, in context: KeyContext, isNear: Bool) -> String {
        let words = binding.action.id.split(separator: ".").last.map(String.init) ?? binding.action.id
        return (isNear ? "" : context.title.lowercased() + ": ") + words.split(separator: "-").joined(separator: " ")
    }

    private static func metrics(_ state: AppState) -> [MenuEntry] {
        let runs = state.shownRuns.compactMap { state.runs[$0] }
        return state.settings.orderedMetrics(CurvesScene.metrics(of: runs)).map { word in
            let isHidden = state.settings.hiddenMetrics.contains(word)
            // A system metric's name says all.
            let names = runs.flatMap { CurvesScene.names(word, of: $0) }.filter { !$0.isSystem }
            let splits = Set(names.map { String($0.split) }).sorted()
            return MenuEntry(
                title: word, detail: splits.joined(separator: ", ") + (isHidden ? " (hidden)" : ""), keyText: "", refusal: nil,
                outcome: .metric(word))
        }
    }
}
