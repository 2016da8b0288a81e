import Files
import JSON

/// Writes lines to a pipe, and waits where the other end is slow.
enum LineWriter {
    /// - Throws: `unreachable` where nobody reads any more.
    static func write(_ line: String, to file: Int32) throws(RemoteError) {
        guard WholeWrite.write(Array((line + "\n").utf8), to: file) else {
            throw RemoteError(.unreachable, "the connection is closed")
        }
    }

    static func write(_ json: JSONValue, to file: Int32) throws(RemoteError) { try write(json.text, to: file) }
}
