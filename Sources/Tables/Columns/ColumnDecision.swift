/// What other columns of the file say.
struct ColumnEvidence: Hashable {
    var decimal: String?
    var order: DateRule.Order?
}

/// What a column is.
struct ColumnDecision {
    var column: Column
    var rule: ColumnRule
    var warnings: [TableWarning] = []
    /// What it says about other columns.
    var evidence = ColumnEvidence()
    /// Whether other columns may still decide otherwise.
    var isOpen = false
    /// The first value that is none of the column's kind.
    var misfit: (row: Int, text: String)?
    /// How many are.
    var misfitCount = 0
}
