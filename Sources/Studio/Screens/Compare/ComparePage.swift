import Cells
import Events

/// Runs side by side.
package struct ComparePage: Screen {
    /// Runs that are compared at most.
    static let capacity = 64

    /// The first is what the others are compared with.
    package let runs: [RunID]
    /// What came of the comparison; nil until it did.
    package private(set) var found: RunComparison?
    /// When that was, in seconds since 1970.
    private(set) var foundAt = 0.0
    /// Columns that are scrolled away, beside the first run's, which stays.
    package var hiddenColumns = 0
    /// Whether it also says what does not differ.
    package var showsAll = false
    package var reading = Reading()

    init(_ runs: [RunID]) { self.runs = runs }

    package var contexts: [KeyContext] { [.compare, .detail] }

    package func title(_ state: AppState) -> String { "Compare \(runs.count) runs" }

    package func notices(_ state: AppState) -> [String] {
        runs.compactMap { id in
            guard let entry = state.runs.entries[id], entry.summary.isDeleted else { return nil }
            let name = entry.summary.record.name
            return entry.isRemoved
                ? "\(name) was removed from the workspace for good: what stands here is what was last known"
                : "\(name) is in the bin: descent runs restore \(name) brings it back"
        }
    }

    package func document(_ state: AppState, width: Int) -> Document {
        guard let found else { return Document([TextLine("comparing \(runs.count) runs …", .muted)]) }
        return ComparisonText(found, self, state, width: width).document
    }

    package var sectionsRefusal: String? { found == nil ? "the runs are being compared" : nil }

    /// The columns in view; nil while there are none.
    func columns(_ state: AppState) -> ComparisonColumns? {
        guard found != nil else { return nil }
        let width = StudioLayout.interior(place(on: state.size)).width
        return ComparisonColumns(count: runs.count, width: width, hidden: hiddenColumns)
    }

    /// Takes in what came of the comparison.
    mutating func take(_ comparison: RunComparison, at time: Double) {
        // What held-out rows said stands until they say something else.
        let isRecordOnly = comparison.heldOut == nil && comparison.obstacle.isEmpty
        let known = isRecordOnly ? found?.heldOut : nil
        found = comparison
        if let known { found?.heldOut = known }
        foundAt = time
    }

    package var shownRuns: [RunID]? { runs }

    package func query(_ state: AppState) -> (any StudioQuery)? { state.comparisonQuery(runs) }

    /// Compared again when one of the runs ended, was renamed or steered.
    package func isOutdated(by events: [StudioEvent], loaded: Set<RunID>) -> Bool {
        events.contains { event in
            guard let run = event.run, runs.contains(run) else { return false }
            return switch event.kind {
            case .job(.finished), .job(.hyperparametersChanged), .run(.edited): true
            default: false
            }
        }
    }
}
