import Events
import Glibc

/// What a script had put into sessions of their own when Descent and the guard were killed at once.
public enum LeftProcesses {
    /// Ends what is left of runs that are over.
    /// - Returns: how many processes that were, by run.
    public static func end(whereOver isOver: (RunID) throws -> Bool) rethrows -> [RunID: Int] {
        var ended: [RunID: Set<pid_t>] = [:]
        var answers: [String: Bool] = [:]
        // Those too that are started meanwhile.
        for _ in 0..<20 {
            let own = getpid()
            let found = ProcessTree.processes(naming: "DESCENT_RUN").filter { $0.process != own }
            for (_, run) in found where answers[run] == nil { answers[run] = try isOver(RunID(run)) }
            // Looked at afterwards, so that a run that goes on just now has its guard among them.
            let guarded = Set(ProcessTree.processes(naming: "DESCENT_RUN").filter { isGuard($0.process) }.map(\.value))
            let left = found.filter { answers[$0.value] == true && !guarded.contains($0.value) }
            if left.isEmpty { break }
            for (process, run) in left where kill(process, SIGKILL) == 0 { ended[RunID(run), default: []].insert(process) }
            usleep(20_000)
        }
        return ended.mapValues(\.count)
    }

    /// What is said of so many.
    public static func words(_ count: Int) -> String {
        count == 1 ? "a process that it had left behind was ended" : "\(count) processes that it had left behind were ended"
    }

    private static func isGuard(_ process: pid_t) -> Bool {
        let words = (ProcessTree.contents("/proc/\(process)/cmdline", atMost: 4096) ?? []).split(separator: 0)
        return words.dropFirst().first.map { $0.elementsEqual(ProcessGuard.word.utf8) } ?? false
    }
}
