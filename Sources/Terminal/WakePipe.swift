import CNcurses
import Glibc
import Synchronization

/// Lets any thread end the main loop's waiting. Wake-ups that nobody has seen yet count as one.
public final class WakePipe: Sendable {
    let readEnd: Int32
    private let writeEnd: Int32
    private let isPending = Atomic<Bool>(false)

    public init() throws(TerminalError) {
        (readEnd, writeEnd) = try openPipe()
    }

    deinit {
        close(readEnd)
        close(writeEnd)
    }

    /// Ends the current or the next waiting. Never blocks.
    public func wake() {
        guard !isPending.exchange(true, ordering: .sequentiallyConsistent) else { return }
        var byte: UInt8 = 1
        while write(writeEnd, &byte, 1) < 0, errno == EINTR {}
    }

    /// Takes the wake-up; what was posted before it is to be read afterwards. The order of the two steps matters: a wake-up
    /// between them is seen by that reading, and one after them writes again.
    func drain() {
        readAll(readEnd) { _ in }
        isPending.store(false, ordering: .sequentiallyConsistent)
    }
}

/// A pipe whose ends do not block and are closed in child processes.
func openPipe() throws(TerminalError) -> (readEnd: Int32, writeEnd: Int32) {
    var ends: [Int32] = [-1, -1]
    guard cx_pipe(&ends) == 0 else {
        throw TerminalError(
            code: .systemCall, message: "pipe: \(String(cString: strerror(errno))): close some programs", operation: "pipe")
    }
    return (ends[0], ends[1])
}

/// Hands every byte that a non-blocking descriptor has to `take`.
func readAll(_ descriptor: Int32, _ take: (UInt8) -> Void) {
    var bytes = [UInt8](repeating: 0, count: 256)
    while true {
        let count = read(descriptor, &bytes, bytes.count)
        if count < 0, errno == EINTR { continue }
        if count <= 0 { return }
        for byte in bytes[0..<count] { take(byte) }
        if count < bytes.count { return }
    }
}
