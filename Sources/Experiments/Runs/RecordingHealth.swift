import Clocks
import Databases
import Events
import Synchronization

/// Whether what happens reaches the workspace, for whoever asks from any thread.
final class RecordingHealth: Sendable {
    private struct State {
        var problem: StoreError?
        /// When the problem began, in nanoseconds of the monotonic clock.
        var since: UInt64 = 0
        var losses: [RunID: RecordingLoss] = [:]
    }

    private let state = Mutex(State())

    var problem: StoreError? { state.withLock { $0.problem } }

    /// Seconds since writing first failed; nil when it does not.
    var failingSeconds: Double? {
        state.withLock { state in
            state.problem.map { _ in Double(SteadyClock.nanoseconds() - state.since) * 1e-9 }
        }
    }

    /// - Returns: whether this is news.
    func fail(_ error: StoreError) -> Bool {
        state.withLock { state in
            if state.problem == nil { state.since = SteadyClock.nanoseconds() }
            defer { state.problem = error }
            return state.problem?.code != error.code
        }
    }

    /// - Returns: whether there was a problem.
    func recover() -> Bool {
        state.withLock { state in
            defer { state.problem = nil }
            return state.problem != nil
        }
    }

    func lose(_ loss: RecordingLoss) {
        state.withLock { state in
            var loss = loss
            if let before = state.losses[loss.run] { loss.recordedStep = min(loss.recordedStep, before.recordedStep) }
            state.losses[loss.run] = loss
        }
    }

    var losses: [RecordingLoss] { state.withLock { $0.losses.values.sorted { $0.name < $1.name } } }
}
