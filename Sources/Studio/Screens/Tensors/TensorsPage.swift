import Cells
import Events

/// The tensors of a run: a row each, over the steps in which they were captured.
package struct TensorsPage: ScreenOfRun {
    package let run: RunID
    /// What is kept; nil until it was read.
    package private(set) var found: TensorOverview?
    /// The collection that is shown; nil for the first there is.
    package private(set) var chosen: TensorCollection?
    /// Of training steps, or of evaluations.
    package private(set) var mode = TensorsOfStep.Mode.train
    package var reading = Reading()

    package var contexts: [KeyContext] { [.tensors, .detail] }

    init(_ run: RunID) { self.run = run }

    package func title(_ state: AppState) -> String {
        "Tensors of \(state.runs.letter(of: run)) \(state.runs[run]?.record.name ?? run.text)"
    }

    package func crumb(_ state: AppState) -> String { "tensors" }

    /// Collections that something is kept of, in their order.
    package var collections: [TensorCollection] { Array(Set((found?.rows ?? []).map(\.collection))).sorted() }

    package var collection: TensorCollection? {
        collections.first { $0 == chosen } ?? collections.first
    }

    package func document(_ state: AppState, width: Int) -> Document {
        guard let found else { return Document([TextLine("reading …", .muted)]) }
        return TensorsText(run: run, found: found, collection: collection, state: state, width: width).document
    }

    mutating func take(_ found: TensorOverview) { if found.mode == mode { self.found = found } }

    /// Shows evaluations instead of training steps, or the other way round.
    mutating func turnMode() {
        mode = mode == .train ? .eval : .train
        (found, reading.top, reading.stop) = (nil, 0, nil)
    }

    /// Why evaluations cannot be shown; nil where they can, and while that is not known.
    var refusalOfEvaluations: String? {
        guard mode == .train, let found, found.evaluationCount == 0 else { return nil }
        return "no evaluation of this run was captured (--debug-save-interval auto,eval=1 captures each)"
    }

    mutating func turn(by step: Int, _ state: AppState) {
        guard let collection else { return }
        chosen = state.next(after: collection, in: collections, by: step)
        (reading.top, reading.stop) = (0, nil)
    }

    // MARK: - Collections as tabs

    package func ownRows(height: Int) -> Int { collections.count > 1 && height >= 6 ? 2 : 0 }

    private var labels: [(collection: TensorCollection, x: Int)] {
        var x = 0
        return collections.map { collection in
            defer { x += TextWidth.of(collection.rawValue) + 3 }
            return (collection, x)
        }
    }

    package func drawOwnRows(into buffer: inout CellBuffer, in rect: Rect) {
        let line = rect.splitTop(1).top.inset(horizontal: 1, vertical: 0)
        for label in labels {
            let isChosen = label.collection == collection
            let style = Style(isChosen ? .title : .muted, on: .popup, isChosen ? [.bold, .underline] : [])
            buffer.write(label.collection.rawValue, x: line.x + label.x, y: line.y, style, clip: line)
        }
    }

    package func clickOwnRows(atX x: Int, width: Int, _ state: inout AppState) {
        guard let label = labels.last(where: { $0.x <= x }) else { return }
        state.changeTop(Self.self) { page, _ in page.chosen = label.collection }
        state.pageChanged()
    }

    package func query(_ state: AppState) -> (any StudioQuery)? { ReadTensors(run, mode) }

    package func isOutdated(by events: [StudioEvent], loaded: Set<RunID>) -> Bool {
        loaded.contains(run)
            || events.contains { event in
                if case .tensors = event.kind { event.run == run } else { false }
            }
    }
}
