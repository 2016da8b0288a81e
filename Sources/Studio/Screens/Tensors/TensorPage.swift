import Cells
import Events

/// One tensor: its histogram over time, and what it was like at the step under the cursor.
package struct TensorPage: ScreenOfRun {
    package let run: RunID
    package let name: String
    /// Of training steps, or of evaluations.
    package let mode: TensorsOfStep.Mode
    /// What it was like, by step; nil until it was read.
    package private(set) var points: [TensorPoint]?
    /// Which of them the cursor stands on; nil for the newest.
    package private(set) var cursor: Int?
    /// Points that are shown; nil for all.
    package private(set) var window: Range<Int>?
    package var reading = Reading()

    package var contexts: [KeyContext] { [.tensor, .detail] }

    init(_ run: RunID, _ name: String, _ mode: TensorsOfStep.Mode = .train) {
        (self.run, self.name, self.mode) = (run, name, mode)
    }

    package func title(_ state: AppState) -> String {
        "\(name)\(mode == .eval ? " when evaluated," : "") of \(state.runs.letter(of: run)) \(state.runs[run]?.record.name ?? run.text)"
    }

    package func crumb(_ state: AppState) -> String { name }

    package func document(_ state: AppState, width: Int) -> Document {
        guard let points else { return Document([TextLine("reading …", .muted)]) }
        return TensorText(page: self, points: points, state: state, width: width).document
    }

    mutating func take(_ found: [TensorPoint]) {
        // The cursor stays on its step: what was captured before may have been thinned out.
        if let cursor, let points, points.indices.contains(cursor) {
            let step = points[cursor].step
            self.cursor = found.isEmpty ? nil : found.lastIndex { $0.step <= step } ?? 0
        }
        points = found
        if let shown = window { window = shown.clamped(to: found.indices).count > 1 ? shown.clamped(to: found.indices) : nil }
    }

    /// The points that are shown.
    var range: Range<Int> { window ?? (points ?? []).indices }
    /// The point under the cursor.
    var place: Int? { (points ?? []).isEmpty ? nil : min(cursor ?? range.upperBound - 1, range.upperBound - 1) }

    /// Moves the cursor by captured steps.
    mutating func move(by steps: Int) {
        guard let points, let place else { return }
        let next = min(max(0, place + steps), points.count - 1)
        cursor = next == points.count - 1 ? nil : next
        if let shown = window, !shown.contains(next) {
            let start = min(max(0, next - shown.count / 2), points.count - shown.count)
            window = start..<(start + shown.count)
        }
    }

    /// Shows half as many steps around the cursor, or twice as many.
    mutating func zoom(in closer: Bool) {
        guard let points, let place else { return }
        let count = closer ? max(4, range.count / 2) : range.count * 2
        guard count < points.count else { return window = nil }
        let start = min(max(0, place - count / 2), points.count - count)
        window = start..<(start + count)
    }

    mutating func showAll() { (window, cursor) = (nil, nil) }

    package func query(_ state: AppState) -> (any StudioQuery)? { ReadTensor(run, name, mode) }

    package func isOutdated(by events: [StudioEvent], loaded: Set<RunID>) -> Bool {
        loaded.contains(run)
            || events.contains { event in
                if case .tensors = event.kind { event.run == run } else { false }
            }
    }
}
