import Cells
import Events

extension AppState {
    /// Whether something that was asked is not answered yet.
    public var isAwaitingAnswers: Bool { !queries.isEmpty || isAwaitingCurves || isDeriving }

    /// Whether a run goes on, in this process or another.
    public var hasActiveRuns: Bool { !runs.active.isEmpty }

    /// Selects a run by its name or id, whatever the table's filter.
    /// - Returns: whether there is one.
    public mutating func selectRun(named name: String) -> Bool {
        let found = runs.entries.values.lazy.map(\.summary.record).first { $0.id.text == name || $0.name == name }
        guard let found else { return false }
        show(found.id)
        return true
    }

    /// Why what was asked for last was not done; nil when it was.
    public var refusal: String? { toast.flatMap { $0.role == .warning || $0.role == .bad ? $0.text : nil } }

    /// Takes the message away, so that a frame does not show it.
    public mutating func dismissMessage() { toast = nil }

    /// What it looks like.
    public mutating func frame() -> CellBuffer {
        var buffer = CellBuffer(size: size)
        layOut()
        draw(self, into: &buffer)
        return buffer
    }
}
