import Glibc
import JSON

/// Writes lines to a pipe, and waits where the other end is slow.
enum LineWriter {
    /// - Throws: `unreachable` where nobody reads any more.
    static func write(_ line: String, to file: Int32) throws(RemoteError) {
        var bytes = Array((line + "\n").utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw RemoteError(.unreachable, "the connection is closed") }
            bytes = bytes.dropFirst(count)
        }
    }

    static func write(_ json: JSONValue, to file: Int32) throws(RemoteError) { try write(json.text, to: file) }
}
