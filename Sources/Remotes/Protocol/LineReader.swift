import CheckedNumbers
import Glibc

/// Reads lines from a pipe, none longer than is good for the reader.
///
/// Used by one thread.
final class LineReader {
    private let file: Int32
    private var bytes: [UInt8] = []
    private var portion = [UInt8](repeating: 0, count: 1 << 16)
    /// No line of the protocol is longer.
    static let longestLine = 4 << 20

    init(_ file: Int32) { self.file = file }

    /// Waits for bytes and gives the lines that are whole with them.
    /// - Parameter seconds: how long to wait at most.
    /// - Returns: nil at the end.
    /// - Throws: `nonsense` for a line that is too long; `unreachable` when nothing came in time.
    func lines(within seconds: Double) throws(RemoteError) -> [String]? {
        var wait = pollfd(fd: file, events: Int16(POLLIN), revents: 0)
        let ready = poll(&wait, 1, Int32(clamping: milliseconds(seconds)))
        if ready < 0, errno == EINTR { return [] }
        guard ready > 0 else { throw RemoteError(.unreachable, "nothing was heard for \(milliseconds(seconds) / 1000) seconds") }
        let count = read(file, &portion, portion.count)
        if count < 0, errno == EINTR || errno == EAGAIN { return [] }
        guard count > 0 else { return nil }
        // Only in what is new: a long line comes in many pieces.
        guard let end = portion[..<count].lastIndex(of: UInt8(ascii: "\n")) else {
            bytes += portion[..<count]
            guard bytes.count <= Self.longestLine else {
                throw RemoteError(.nonsense, "a line of more than \(Self.longestLine >> 20) MB came: that is no descent")
            }
            return []
        }
        bytes += portion[..<end]
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: true).map {
            String(decoding: $0, as: UTF8.self)
        }
        bytes = Array(portion[(end + 1)..<count])
        return lines
    }

    private func milliseconds(_ seconds: Double) -> Int { Int(nearestWithin: min(max(seconds, 0), 1e6) * 1000) }
}
