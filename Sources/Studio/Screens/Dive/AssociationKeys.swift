extension KeyContext {
    static let associations = KeyContext("Among what goes together")
}

extension StudioAction {
    static let showAssociations = StudioAction("associations.show")
    static let mapDown = StudioAction("associations.down")
    static let mapUp = StudioAction("associations.up")
    static let mapRight = StudioAction("associations.right")
    static let mapLeft = StudioAction("associations.left")
    static let mapPair = StudioAction("associations.pair")
    static let mapRanks = StudioAction("associations.ranks")
}

extension KeyTable {
    /// How columns of data go together.
    static let associations = KeyGroup([
        KeyBinding(
            .showAssociations, "M", [.datasets, .rows, .column], hint: "map", priority: 28,
            "Show which columns go together, as a map: correlations, correlation ratios, Cramér's V."
        ) { $0.associationsToShow == nil ? "no dataset is open (o opens one)" : nil },
        KeyBinding(
            .mapPair, "enter", [.associations], hint: "both", priority: 8, "Show the two columns beside each other."
        ) { ($0.top as? AssociationsPage)?.pair == nil ? "these are no two columns" : nil },
        KeyBinding(.mapDown, "j down", [.associations], "Go down."),
        KeyBinding(.mapUp, "k up", [.associations], "Go up."),
        KeyBinding(.mapRight, "l right", [.associations], "Go right."),
        KeyBinding(.mapLeft, "h left", [.associations], "Go left."),
        KeyBinding(
            .mapRanks, "s", [.associations], hint: "Spearman/Pearson", priority: 12,
            "Compare numbers by their ranks, as Spearman does, or as they are, as Pearson does."),
    ]) { $0.performAssociations($1) }
}

extension AppState {
    /// The rows whose columns are compared, and the column under the cursor.
    var associationsToShow: ReadAssociations? {
        if let page = top as? ColumnPage { return ReadAssociations(page.question.view, column: page.question.column) }
        if let page = top as? RowsPage { return ReadAssociations(page.view, column: page.column.map { page.columns[$0].name }) }
        guard let dataset = datasets.selected else { return nil }
        return ReadAssociations(
            RowsView(.file(RowsFile(dataset))), column: isZoomed ? datasets.selectedColumn?.name : nil)
    }

    mutating func performAssociations(_ action: StudioAction) -> [Effect] {
        switch action {
        case .showAssociations: return associationsToShow.map { open(AssociationsPage($0)) } ?? []
        case .mapPair:
            guard let page = top as? AssociationsPage, let pair = page.pair else { return [] }
            return open(ColumnPage(ReadColumn(page.question.view, column: pair.first, other: pair.second)))
        case .mapRanks:
            let next = changeTop(AssociationsPage.self) { page, _ in page.toggleRanks() }
            pageChanged()
            return next.map { ask($0) } ?? []
        default:
            changeTop(AssociationsPage.self) { page, state in page.perform(action, state) }
            pageChanged()
            return []
        }
    }
}
