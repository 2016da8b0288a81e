/// How columns go together, each with each.
package struct AssociationsAnswer: Sendable {
    package var names: [String]
    /// From -1 to 1; NaN where there is nothing to compare.
    package var values: [[Double]]
    /// What was compared, by the places of two columns.
    package var measures: [[String]]
    /// Rows that were looked at, all rows, and columns that are not shown.
    package var rowCount: Int, allCount: Int, leftOut: Int

    package init(
        names: [String], values: [[Double]], measures: [[String]], rowCount: Int, allCount: Int, leftOut: Int
    ) {
        (self.names, self.values, self.measures) = (names, values, measures)
        (self.rowCount, self.allCount, self.leftOut) = (rowCount, allCount, leftOut)
    }
}

/// Asks how the columns of a view's rows go together.
package struct ReadAssociations: StudioQuery {
    package static let lane = QueryLane.compute

    package let view: RowsView
    /// Where there are many columns, those that go with this one are shown.
    package let column: String?
    /// Numbers by their ranks, as Spearman has it; else as Pearson.
    package var byRanks = true

    package init(_ view: RowsView, column: String?) { (self.view, self.column) = (view, column) }

    package func take(_ answer: AssociationsAnswer, into state: inout AppState) -> [Effect] {
        state.changeScreen(AssociationsPage.self) { page, _ in if page.question == self { page.take(answer) } }
        state.pageChanged()
        return []
    }
}
