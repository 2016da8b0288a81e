import Glibc

/// Names a running process so that a later one with the same number is not taken for it.
public struct ProcessMark: Hashable, Sendable {
    /// `PID:START`, START being the kernel's start time of the process in clock ticks since boot.
    public let text: String

    public init(text: String) { self.text = text }

    /// This process.
    public static let current = ProcessMark(processID: getpid()) ?? ProcessMark(text: "\(getpid()):0")

    /// No process: the run waits in the queue for the host.
    public static let queue = ProcessMark(text: "queue")

    /// A process on another machine, or of another workspace: whether it runs is told from there.
    static let elsewhere = ProcessMark(text: "elsewhere")

    /// The process with the given number, if it runs.
    public init?(processID: Int32) {
        guard let start = Self.startTime(of: processID) else { return nil }
        text = "\(processID):\(start)"
    }

    /// Whether the process that was marked still runs, or the run waits in the queue.
    public var isAlive: Bool {
        if self == .queue || self == .elsewhere { return true }
        guard let processID = text.split(separator: ":").first.flatMap({ Int32($0) }) else { return false }
        return ProcessMark(processID: processID) == self
    }

    /// Field 22 of /proc/PID/stat, counted after the parenthesised name, which may itself hold spaces and parentheses.
    /// A zombie does not count as running.
    private static func startTime(of processID: Int32) -> String? {
        let file = open("/proc/\(processID)/stat", O_RDONLY)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 1024)
        let count = read(file, &bytes, bytes.count)
        guard count > 0 else { return nil }
        let text = String(decoding: bytes[..<count], as: UTF8.self)
        guard let name = text.lastIndex(of: ")") else { return nil }
        let fields = text[text.index(after: name)...].split(separator: " ")
        guard fields.count > 19, fields[0] != "Z" else { return nil }
        return String(fields[19])
    }
}
