import JSON
import Synchronization

/// A few of the requests that an endpoint answered, drawn evenly over all of them, for new versions to be tried on.
public final class RequestSample: Sendable {
    public struct Request: Sendable, Hashable {
        public var body: [UInt8]
        public var contentType: String?
        public var accept: String?

        public init(body: [UInt8], contentType: String?, accept: String?) {
            (self.body, self.contentType, self.accept) = (body, contentType, accept)
        }

        public var json: JSONValue {
            .object([
                "body": .string(Base64.text(body)), "contentType": contentType.map { .string($0) },
                "accept": accept.map { .string($0) },
            ])
        }

        public init?(json: JSONValue) {
            guard let body = json["body"]?.string.flatMap(Base64.bytes) else { return nil }
            self.init(body: body, contentType: json["contentType"]?.string, accept: json["accept"]?.string)
        }
    }

    static let most = 8
    /// Larger ones are not kept.
    static let mostBytes = 16 << 10

    private let seen = Atomic<UInt64>(0)
    private let kept = Mutex<(requests: [Request], changes: Int)>(([], 0))

    public init() {}

    public var requests: [Request] { kept.withLock { $0.requests } }

    /// How often what is kept has changed.
    public var changes: Int { kept.withLock { $0.changes } }

    /// Begins with what another host kept.
    public func restore(_ requests: [Request]) {
        kept.withLock { $0.requests = Array(requests.prefix(Self.most)) }
        seen.store(UInt64(requests.count), ordering: .relaxed)
    }

    /// To be told of each request that was answered well.
    func offer(_ request: HTTPRequest) {
        guard request.body.count <= Self.mostBytes else { return }
        let number = seen.add(1, ordering: .relaxed).newValue
        // Of n requests each is kept with a chance of most / n: the older ones give way to a new one as often.
        var word = number &* 0x9E37_79B9_7F4A_7C15
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word ^= word >> 27
        let place = number <= UInt64(Self.most) ? number - 1 : word % number
        guard place < UInt64(Self.most) else { return }
        let new = Request(
            body: request.body, contentType: request.header("content-type"), accept: request.header("accept"))
        kept.withLock { kept in
            guard !kept.requests.contains(new) else { return }
            if kept.requests.count < Self.most { kept.requests.append(new) } else { kept.requests[Int(place)] = new }
            kept.changes += 1
        }
    }
}
