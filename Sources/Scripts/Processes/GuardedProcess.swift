import CProcesses
import Glibc
import Programs

/// A program that runs under a guard (`ProcessGuard`): what it writes, how it ends, and what is asked of it and of all that it started.
/// Used from one thread.
package final class GuardedProcess {
    /// How the program ended.
    package enum End: Hashable, Sendable {
        case exited(Int32)
        case killed(signal: Int32)
        /// Its guard was killed, and it with it.
        case lost
        /// It could not be started, for this error number.
        case failed(Int32)
    }

    /// One of the program's two streams.
    package enum Stream: CaseIterable, Sendable { case output, errors }

    /// The guard; what the program and all that it started are below of.
    package let process: pid_t
    package private(set) var program: pid_t?
    package private(set) var end: End?
    /// Processes that the program had left behind and that were ended.
    package private(set) var sweptCount = 0
    private let marker: String
    private var orders: Int32
    private var reports: Int32
    private var streams: [Stream: Int32]
    private var reported: [UInt8] = []

    /// Starts a guard and, by it, a program.
    /// - Parameters:
    ///   - arguments: the program and what it is given.
    ///   - environment: all of it; `marker` is a line of it that nothing else has, by which what was started can be found again.
    ///   - patience: seconds from SIGTERM to SIGKILL.
    ///   - guardProgram: this program.
    package init(
        _ arguments: [String], folder: String, environment: [String: String], marker: (name: String, value: String),
        patience: Double, guardProgram: String
    ) throws(ScriptError) {
        self.marker = "\(marker.name)=\(marker.value)"
        var opened: [Int32] = []
        func makePipe(bytes: Int32 = 0) throws(ScriptError) -> (read: Int32, write: Int32) {
            var ends: [Int32] = [-1, -1]
            let code = descent_pipe(&ends, bytes)
            opened += ends.filter { $0 >= 0 }
            guard code == 0 else { throw ScriptError.system("no pipe can be made", code) }
            return (ends[0], ends[1])
        }
        do throws(ScriptError) {
            let (ordered, order) = try makePipe()
            let (report, reporting) = try makePipe()
            let (output, writing) = try makePipe(bytes: 1 << 20)
            let (errors, complaining) = try makePipe()
            let words = [guardProgram, ProcessGuard.word, "\(patience)", folder] + arguments
            process = try Self.spawn(
                words, environment.merging([marker.name: marker.value]) { $1 },
                [(ordered, 0), (reporting, 1), (writing, 3), (complaining, 4)])
            for end in [ordered, reporting, writing, complaining] { close(end) }
            for end in [report, output, errors] { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
            (orders, reports) = (order, report)
            streams = [.output: output, .errors: errors]
        } catch {
            for end in opened { close(end) }
            throw error
        }
    }

    deinit {
        for descriptor in [orders, reports] + streams.values where descriptor >= 0 { close(descriptor) }
    }

    private static func spawn(
        _ words: [String], _ environment: [String: String], _ descriptors: [(Int32, Int32)]
    ) throws(ScriptError) -> pid_t {
        do throws(ProgramStart.Failure) {
            return try ProgramStart(words, environment: environment).run { actions in
                posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
                for (source, number) in descriptors { posix_spawn_file_actions_adddup2(&actions, source, number) }
            }
        } catch { throw ScriptError.system("the guard of the script cannot be started (\(words[0]))", error.code) }
    }

    /// Whether the program, and all that it had started, are gone and everything they wrote was read.
    package var isOver: Bool { reports < 0 && streams.isEmpty }

    package func terminate() { give(.terminate) }
    package func kill() { give(.kill) }
    package func suspend() { give(.suspend) }
    package func go() { give(.go) }

    private func give(_ order: ProcessGuard.Order) {
        var byte = order.rawValue
        _ = write(orders, &byte, 1)
    }

    /// Waits until there is something to read, or so long; hands over what was written.
    package func wait(milliseconds: Int32, _ body: (Stream, UnsafeRawBufferPointer) -> Void) {
        let open = Stream.allCases.compactMap { stream in streams[stream].map { (stream, $0) } }
        var waits = [pollfd(fd: reports, events: Int16(POLLIN), revents: 0)]
        waits += open.map { pollfd(fd: $0.1, events: Int16(POLLIN), revents: 0) }
        guard poll(&waits, nfds_t(waits.count), milliseconds) > 0 else { return }
        for (place, (stream, descriptor)) in open.enumerated() where waits[place + 1].revents != 0 {
            read(stream, descriptor, body)
        }
        if waits[0].revents != 0 { readReports() }
    }

    private func read(_ stream: Stream, _ descriptor: Int32, _ body: (Stream, UnsafeRawBufferPointer) -> Void) {
        withUnsafeTemporaryAllocation(byteCount: 1 << 18, alignment: 16) { buffer in
            let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            if count > 0 { return body(stream, UnsafeRawBufferPointer(rebasing: buffer[..<count])) }
            if count < 0, errno == EAGAIN || errno == EINTR { return }
            close(descriptor)
            streams[stream] = nil
        }
    }

    private func readReports() {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = Glibc.read(reports, &buffer, buffer.count)
        if count < 0, errno == EAGAIN || errno == EINTR { return }
        reported += buffer.prefix(max(0, count))
        while let line = reported.firstIndex(of: 10) {
            take(ProcessGuard.Report(Substring(decoding: reported[..<line], as: UTF8.self)))
            reported.removeSubrange(...line)
        }
        if count <= 0 { guardIsGone() }
    }

    private func take(_ report: ProcessGuard.Report?) {
        switch report {
        case .started(let process): program = process
        case .failed(let code): end = .failed(code)
        case .ended(let status):
            let signal = status & 0x7F
            end = signal == 0 ? .exited(status >> 8 & 0xFF) : .killed(signal: signal)
        case .swept(let count): sweptCount = count
        case nil: break
        }
    }

    /// The guard ended; where it did so before its time, what it had to guard is found by the marker and ended.
    private func guardIsGone() {
        close(reports)
        reports = -1
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        let isKilled = status & 0x7F != 0
        if isKilled || end == nil {
            let left = ProcessTree.processes(with: marker)
            for process in left { Glibc.kill(process, SIGKILL) }
            sweptCount += left.count
        }
        end = end ?? .lost
        guard isKilled else { return }
        // What nobody can find may hold the streams open for ever.
        for descriptor in streams.values { close(descriptor) }
        streams = [:]
    }
}
