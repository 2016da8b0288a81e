import Cells
import Events

/// What a page of text says.
package enum PageText {
    package static func lines(of page: Page, _ state: AppState, width: Int) -> [TextLine] {
        switch page.kind {
        case .importance: state.importanceLines(width: width)
        case .comparison(let ids): state.comparisonLines(ids, width: width, showsAll: page.showsAll)
        case .log: log(state)
        case .run(let id):
            state.runs[id].map { RunPageText(run: $0, state: state, width: width).lines(page.tab) }
                ?? [TextLine("The run is gone.", .muted)]
        }
    }

    /// The charts that stand on its lines.
    package static func charts(of page: Page, _ state: AppState, width: Int) -> [PageChart] {
        guard case .run(let id) = page.kind, page.tab == .system, let run = state.runs[id] else { return [] }
        return RunPageText(run: run, state: state, width: width).systemCharts
    }

    private static func log(_ state: AppState) -> [TextLine] {
        if state.log.isEmpty { return [TextLine("Nothing was logged yet.", .muted)] }
        return state.log.reversed().map { line in
            TextLine(NumberFormat.clock(line.time, utcOffsetSeconds: state.utcOffsetSeconds), .muted)
                .adding("  " + line.text, line.role)
        }
    }
}
