import Glibc

/// Two ends of a connection, of which programs that are started meanwhile inherit neither.
public struct ProgramPipe {
    public let readEnd: Int32, writeEnd: Int32

    /// Not by `pipe`: between that and closing it on exec another thread may start a program, which would keep it open, and whoever reads
    /// would wait for an end that never comes.
    ///
    /// - Throws: what the system says.
    public init() throws(ProgramStart.Failure) {
        var ends: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            throw ProgramStart.Failure(code: errno)
        }
        (readEnd, writeEnd) = (ends[0], ends[1])
    }

    public func close() {
        Glibc.close(readEnd)
        Glibc.close(writeEnd)
    }
}
