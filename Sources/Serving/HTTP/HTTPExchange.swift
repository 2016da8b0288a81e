import CMicroHTTPD
import Clocks
import Synchronization

/// A request on its way through the server, and its answer.
// SAFETY: used by the network's thread; a worker touches `answer` and nothing else, while the connection is suspended.
final class HTTPExchange: @unchecked Sendable {
    /// As it came, before the library decoded it.
    let uri: String
    let receivedAt = SteadyClock.nanoseconds()
    var request: HTTPRequest?
    /// Bytes of the body that came, kept or not.
    var bodyCount = 0
    /// Bytes that are counted against what the server holds.
    var heldBytes = 0
    /// Known before the body is there: the body is read and forgotten.
    var early: HTTPResponse?
    let answer = Mutex<HTTPResponse?>(nil)
    /// Status and size of what was answered; nil where the client left first, or the library answered itself.
    var answered: (status: Int, bytes: Int)?
    var subject = AccessRecord.Subject()
    var afterwards: (@Sendable () -> Void)?

    init(uri: String) { self.uri = uri }

    /// The request line and headers.
    static func head(
        _ uri: String, _ method: UnsafePointer<CChar>?, _ connection: OpaquePointer?, _ library: HTTPLibrary
    ) -> HTTPRequest {
        let mark = uri.firstIndex(of: "?")
        var head = HTTPRequest(
            method: method.map { String(cString: $0) } ?? "", path: String(uri[..<(mark ?? uri.endIndex)]),
            query: mark.map { String(uri[uri.index(after: $0)...]) } ?? "")
        withUnsafeMutablePointer(to: &head.headers) { headers in
            _ = library.values(
                connection, Int32(CX_MHD_HEADER_KIND),
                { context, _, name, value in
                    guard let context, let name else { return 1 }
                    let headers = context.assumingMemoryBound(to: [(name: String, value: String)].self)
                    headers.pointee.append((String(cString: name).lowercased(), value.map { String(cString: $0) } ?? ""))
                    return 1
                }, headers)
        }
        return head
    }
}

extension HTTPRequest {
    /// What the head says of the body's length.
    enum Length: Equatable {
        case none, chunked
        case bytes(Int)
        /// Said twice, in two ways, or no number: two programs might each believe another one, and see other requests than we do.
        case contradictory
    }

    var length: Length {
        let lengths = headers("content-length"), codings = headers("transfer-encoding")
        if lengths.count + codings.count > 1 { return .contradictory }
        if let coding = codings.first { return coding.lowercased() == "chunked" ? .chunked : .contradictory }
        guard let text = lengths.first else { return .none }
        guard !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }), let count = Int(text) else {
            return .contradictory
        }
        return .bytes(count)
    }
}
