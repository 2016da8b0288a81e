import CProcesses
import CheckedNumbers
import Clocks
import Glibc

/// A process of ours between Descent and a program that it runs: it hears of every process below, whatever becomes of their parents,
/// and leaves none behind.
///
/// It is this program itself, started with `word`. Its descriptors: 0 takes orders, a byte each; 1 is told what happens, a line each;
/// 3 and 4 are the program's output. When nobody can give orders any more, because Descent is gone, everything is ended. When the
/// guard itself is killed, the kernel kills the program at once; what the program had started is found and ended by whoever waits
/// for it (`GuardedProcess`).
package enum ProcessGuard {
    /// The first argument of a process that is to be a guard; the program's folder and arguments follow.
    package static let word = "--process-guard"

    /// What a guard is asked for.
    enum Order: UInt8 {
        /// SIGTERM to all, and SIGKILL to those that are still there after the patience.
        case terminate = 84
        case kill = 75
        case suspend = 83
        case go = 67
    }

    /// What a guard tells.
    enum Report: Equatable {
        case started(pid_t)
        /// The program could not be started, for this error number.
        case failed(Int32)
        /// The program ended, with what `waitpid` says.
        case ended(Int32)
        /// So many processes that the program had left behind were ended.
        case swept(Int)

        var line: String {
            switch self {
            case .started(let process): "started \(process)\n"
            case .failed(let code): "failed \(code)\n"
            case .ended(let status): "ended \(status)\n"
            case .swept(let count): "swept \(count)\n"
            }
        }

        init?(_ line: Substring) {
            let words = line.split(separator: " ")
            guard words.count == 2, let number = Int32(words[1]) else { return nil }
            switch words[0] {
            case "started": self = .started(number)
            case "failed": self = .failed(number)
            case "ended": self = .ended(number)
            case "swept": self = .swept(Int(number))
            default: return nil
            }
        }
    }

    /// Seconds between SIGTERM and SIGKILL for what a program leaves behind, and for all when Descent is gone.
    private static let lastPatience = 3.0

    /// Is the guard.
    /// - Parameter arguments: those after `word`: seconds of patience, folder, program and its arguments.
    /// - Returns: the exit status.
    package static func run(_ arguments: [String]) -> Int32 {
        guard arguments.count > 2, let patience = Double(arguments[0]) else { return 2 }
        setsid()
        for number in [SIGINT, SIGHUP, SIGTERM, SIGQUIT, SIGPIPE] { signal(number, SIG_IGN) }
        _ = descent_become_subreaper()
        descent_close_on_exec_above(2)
        for descriptor in [0, 1] as [Int32] { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        let ended = descent_child_descriptor()
        let nothing = open("/dev/null", O_RDONLY | O_CLOEXEC)
        var words: [UnsafeMutablePointer<CChar>?] = arguments.dropFirst(2).map { strdup($0) }
        words.append(nil)
        let program = words.withUnsafeMutableBufferPointer { descent_run(arguments[1], $0.baseAddress, nothing, 3, 4) }
        close(3)
        close(4)
        close(nothing)
        guard program > 0 else {
            tell(.failed(-program))
            return 1
        }
        tell(.started(program))
        var watch = Watch(program: program, patience: patience)
        watch.untilAllAreGone(ended)
        return 0
    }

    fileprivate static func tell(_ report: Report) {
        let line = Array(report.line.utf8)
        _ = write(1, line, line.count)
    }

    /// What a guard does once its program runs.
    private struct Watch {
        let program: pid_t
        let patience: Double
        private var isAlone = false
        private var hasEnded = false
        private var leftBehind: Set<pid_t> = []
        /// When those that are still there are killed; nil = nobody was asked to end.
        private var deadline: UInt64?

        init(program: pid_t, patience: Double) { (self.program, self.patience) = (program, patience) }

        mutating func untilAllAreGone(_ ended: Int32) {
            while true {
                guard reap() else { break }
                if hasEnded, deadline == nil {
                    leftBehind = Set(ProcessTree.descendants(of: getpid()))
                    ask(SIGTERM, within: ProcessGuard.lastPatience)
                }
                if let deadline, SteadyClock.nanoseconds() >= deadline { killAll() }
                var waits = [
                    pollfd(fd: isAlone ? -1 : 0, events: Int16(POLLIN), revents: 0),
                    pollfd(fd: ended, events: Int16(POLLIN), revents: 0),
                ]
                poll(&waits, 2, deadline == nil ? -1 : 50)
                if waits[1].revents != 0 { drain(ended) }
                if waits[0].revents != 0 { takeOrders() }
            }
            if !leftBehind.isEmpty { ProcessGuard.tell(.swept(leftBehind.count)) }
        }

        private func drain(_ descriptor: Int32) {
            var buffer = [UInt8](repeating: 0, count: 1024)
            while read(descriptor, &buffer, buffer.count) > 0 {}
        }

        /// Waits for whoever ended; false when nobody is left.
        private mutating func reap() -> Bool {
            while true {
                var status: Int32 = 0
                let process = waitpid(-1, &status, WNOHANG)
                if process == program {
                    hasEnded = true
                    ProcessGuard.tell(.ended(status))
                }
                if process == 0 { return true }
                if process < 0 { return errno == EINTR }
            }
        }

        private mutating func takeOrders() {
            var bytes = [UInt8](repeating: 0, count: 64)
            let count = read(0, &bytes, bytes.count)
            if count < 0, errno == EINTR || errno == EAGAIN { return }
            guard count > 0 else {
                isAlone = true
                if deadline == nil { ask(SIGTERM, within: ProcessGuard.lastPatience) }
                return
            }
            for order in bytes.prefix(count).compactMap(Order.init) {
                switch order {
                case .terminate: ask(SIGTERM, within: patience)
                case .kill: killAll()
                case .suspend: signalAll(SIGSTOP)
                case .go: signalAll(SIGCONT)
                }
            }
        }

        private mutating func ask(_ signal: Int32, within seconds: Double) {
            signalAll(signal)
            // Who is stopped hears it only then.
            signalAll(SIGCONT)
            deadline = SteadyClock.nanoseconds() + UInt64(nearestWithin: max(0, min(seconds, 86_400)) * 1e9)
        }

        private mutating func killAll() {
            signalAll(SIGKILL)
            deadline = SteadyClock.nanoseconds()
        }

        /// Everybody, those too that are started meanwhile.
        private func signalAll(_ signal: Int32) {
            var reached: Set<pid_t> = []
            for _ in 0..<20 {
                let fresh = ProcessTree.descendants(of: getpid()).filter { !reached.contains($0) }
                if fresh.isEmpty { return }
                for process in fresh {
                    reached.insert(process)
                    Glibc.kill(process, signal)
                }
            }
        }
    }
}
