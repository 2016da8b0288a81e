import Clocks
import Synchronization
import Threads

/// Notes what announced checkpoints hold, on a thread of its own: large ones take a while to read, in which the script writes and is
/// listened to.
final class CheckpointReader: Sendable {
    private struct State {
        var waiting: [ScriptCheckpoints.Place] = []
        var isClosed = false
        var thread: NamedThread?
    }

    private let checkpoints: ScriptCheckpoints
    private let state = Mutex(State())
    private let wake = ThreadSignal()

    init(_ checkpoints: ScriptCheckpoints) { self.checkpoints = checkpoints }

    func read(_ place: ScriptCheckpoints.Place) {
        let isFirst = state.withLock { state in
            state.waiting.append(place)
            return state.thread == nil
        }
        if isFirst {
            do throws(ThreadError) {
                let thread = try NamedThread(name: "checkpoints") { [self] in work() }
                state.withLock { $0.thread = thread }
            } catch {
                // They are gone on from as they are.
                return
            }
        }
        wake.set()
    }

    /// Returns when everything is noted.
    func close() {
        let thread = state.withLock { state in
            state.isClosed = true
            return state.thread
        }
        wake.set()
        thread?.join()
    }

    private func work() {
        while true {
            let (places, isClosed) = state.withLock { state in
                defer { state.waiting = [] }
                return (state.waiting, state.isClosed)
            }
            if places.isEmpty {
                if isClosed { return }
                _ = wake.wait(untilNanoseconds: SteadyClock.nanoseconds() + 60_000_000_000)
            }
            for (index, place) in places.enumerated() {
                // What was written over meanwhile is not what was announced.
                if places[(index + 1)...].contains(where: { $0.path == place.path }) { continue }
                var place = place
                place.contents = CheckpointContents(of: place.path)
                if place.contents != nil { checkpoints.announce(place) }
            }
        }
    }
}
