/// Asks for some rows of a view, as far as they were found.
package struct ReadRows: StudioQuery {
    package static let lane = QueryLane.glances
    package static let isLive = true

    package let view: RowsView
    package let first: Int
    package let count: Int
    /// Which columns; nil = all.
    package let columns: [Int]?

    package init(_ view: RowsView, first: Int, count: Int, columns: [Int]? = nil) {
        (self.view, self.first, self.count, self.columns) = (view, first, count, columns)
    }

    package func take(_ answer: RowsPiece, into state: inout AppState) -> [Effect] {
        let isFirst = state.changeScreen(RowsPage.self) { page, _ in
            guard page.view == view else { return false }
            defer { page.take(answer, to: self) }
            return page.columns.isEmpty && !page.isQuery
        }
        state.pageChanged()
        return (isFirst == true ? state.ask(FindRows(view)) : []) + state.askForRows()
    }

    package func refuse(_ message: String, in state: inout AppState) -> [Effect] {
        state.changeScreen(RowsPage.self) { page, _ in if page.view == view { page.problem = message } }
        state.say(message, .bad)
        return [.bell]
    }

    package func renewed(in state: AppState) -> Self? { (state.screens.last { $0 is RowsPage } as? RowsPage)?.rowsQuery(state) }
}

/// Finds the rows of a view: goes through the file, filters and sorts. Tells how far it is.
package struct FindRows: StudioQuery {
    package static let lane = QueryLane.compute

    package let view: RowsView

    package init(_ view: RowsView) { self.view = view }

    /// What was found so far, or what is wrong with the filter or the query.
    package enum Answer: Sendable {
        case count(RowsCount)
        case fault(String, place: Int?)
    }

    package func take(_ answer: Answer, into state: inout AppState) -> [Effect] {
        switch answer {
        case .count(let count):
            state.changeScreen(RowsPage.self) { page, state in if page.view == view { page.take(count, state) } }
            state.pageChanged()
            return state.askForRows()
        case .fault(let message, let place): return state.refuseRows(view, message, place)
        }
    }
}

/// Asks for a value as a whole.
package struct ReadCell: StudioQuery {
    package static let lane = QueryLane.glances

    package enum Use: Hashable, Sendable { case show, copy }

    package let view: RowsView
    /// In the view's order.
    package let row: Int
    package let columns: [Int]
    package let use: Use

    package func take(_ answer: [String?], into state: inout AppState) -> [Effect] {
        switch use {
        case .copy:
            state.say("copied \(columns.count == 1 ? "the value" : "the row")", .good)
            return [.copyToClipboard(answer.map { $0 ?? "" }.joined(separator: "\t"))]
        case .show:
            guard let page = state.screens.last as? RowsPage, page.view == view, let text = answer.first,
                let column = columns.first, page.columns.indices.contains(column)
            else { return [] }
            state.open(CellPopup(title: page.columns[column].name, text: text ?? "· (missing)"))
            state.needsRedraw = true
            return []
        }
    }
}
