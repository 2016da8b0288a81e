import Events
import Glibc
import JSON

/// The end of the host's access log.
enum AccessLogTail {
    /// Bytes of it that are looked at.
    private static let longest = 128 << 10

    /// The last requests to an endpoint, the newest first.
    static func requests(_ path: String, of endpoint: String, atMost most: Int) -> [AccessedRequest] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return [] }
        defer { close(file) }
        let size = lseek(file, 0, Int32(SEEK_END)), start = max(0, size - longest)
        var bytes = [UInt8](repeating: 0, count: max(0, size - start))
        let count = bytes.withUnsafeMutableBytes { pread(file, $0.baseAddress, $0.count, off_t(start)) }
        guard count > 0 else { return [] }
        var lines = bytes[..<count].split(separator: UInt8(ascii: "\n"))
        // The first one may have begun before.
        if start > 0, !lines.isEmpty { lines.removeFirst() }
        var found: [AccessedRequest] = []
        for line in lines.reversed() where found.count < most {
            guard let json = try? JSONValue(parsing: String(decoding: line, as: UTF8.self)),
                let request = AccessedRequest(logged: json, of: endpoint)
            else { continue }
            found.append(request)
        }
        return found
    }
}
