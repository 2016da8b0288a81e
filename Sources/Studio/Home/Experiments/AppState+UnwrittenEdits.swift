import Cells
import Events

extension AppState {
    /// Call before a change is shown that is still to be written.
    mutating func rememberBeforeEdit(_ id: RunID) {
        guard unwrittenEdits[id] == nil, let run = runs[id] else { return }
        unwrittenEdits[id] = UnwrittenEdit(edit: RunEdit(of: run), isDeleted: run.isDeleted)
    }

    /// What is shown of a run is in the workspace.
    mutating func confirmEdit(_ kind: StudioEvent.Kind, of id: RunID) {
        switch kind {
        case .run(.edited), .run(.deleted), .run(.restored): unwrittenEdits[id] = nil
        default: break
        }
    }

    /// Shows a run as the workspace has it again, and says why what was done to it could not be written.
    mutating func takeBackEdit(of id: RunID, _ stored: RunSummary?, _ message: String) -> [Effect] {
        let before = unwrittenEdits.removeValue(forKey: id)
        if let edit = stored.map({ RunEdit(of: $0) }) ?? before?.edit { runs.apply(edit, to: id) }
        if let isDeleted = stored?.isDeleted ?? before?.isDeleted { runs.setDeleted(id, isDeleted) }
        experiments.noteChange(id)
        experiments.isStale = true
        needsRedraw = true
        say("\(runs[id]?.record.name ?? "the run") was not changed: \(message)", .bad)
        return [.bell]
    }
}
