import Databases
import Events
import Experiments
import Training

/// Carries out what other processes ask of the jobs of this one: `descent runs stop` and `descent runs steer`.
final class CommandWatch {
    private let watcher: WorkspaceWatcher

    /// - Parameter onChange: called on the watcher's thread when the workspace has changed; gets whether it is gone.
    init(_ engine: Engine, onChange: @escaping @Sendable (_ isGone: Bool) -> Void = { _ in }) throws(StoreError) {
        // A connection of its own, used by the watcher's thread alone.
        let inbox = Inbox(engine, store: try RunStore(engine.workspace))
        watcher = try WorkspaceWatcher(engine.workspace) {
            engine.lookAtWorkspace()
            inbox.carryOutWhatCame()
            onChange(engine.recordingProblem?.code == .gone)
        }
    }

    func close() { watcher.close() }
}

// SAFETY: used by the watcher's thread alone once it is made.
private final class Inbox: @unchecked Sendable {
    private let engine: Engine
    private let store: RunStore

    init(_ engine: Engine, store: RunStore) { (self.engine, self.store) = (engine, store) }

    func carryOutWhatCame() {
        do throws(StoreError) {
            for command in try store.takeCommands() { engine.carryOut(command, in: store) }
        } catch {
            engine.bus.post(.notice(.commandFailed(message: error.description)))
        }
    }
}
