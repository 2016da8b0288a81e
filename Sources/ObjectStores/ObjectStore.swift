import CheckedNumbers
import Clocks
import Glibc
import RequestSigning
import Transfers

/// Asks stores for objects, and gives them some. What may go well when tried again is tried again.
public struct ObjectStore: Sendable {
    public typealias Sender = @Sendable (WebRequest) throws(TransferError) -> WebAnswer

    private let settings: AWSSettings
    private let send: Sender
    private let now: @Sendable () -> Double
    private let pause: @Sendable (Double) -> Void
    private let said: @Sendable (String) -> Void
    private let clock = StoreClock()
    /// Seconds in which something of an object has to come or go, before it is asked for again.
    private let stallSeconds: Double

    /// Bytes of a part: what is held of an object at a time.
    public let partBytes: Int
    /// How often something is tried.
    private static let tries = 5
    /// Bytes of an object from a server that gives no parts.
    private static let mostAtOnce = 1 << 30

    /// - Parameter said: told what is to be known and is no fault.
    public init(
        _ settings: AWSSettings, partBytes: Int = 16 << 20, stallSeconds: Double = 60,
        send: @escaping Sender = { (request) throws(TransferError) in try request.send() },
        now: @escaping @Sendable () -> Double = WallClock.now,
        pause: @escaping @Sendable (Double) -> Void = { usleep(UInt32(nearestWithin: $0 * 1e6)) },
        said: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        (self.stallSeconds, self.said) = (stallSeconds, said)
        (self.settings, self.partBytes, self.send, self.now, self.pause) = (settings, partBytes, send, now, pause)
    }

    /// A request to a store.
    struct Asked {
        var method: String
        var address: ObjectAddress
        var query: [(name: String, value: String)] = []
        var headers: [(name: String, value: String)] = []
        var body: [UInt8] = []
        var mostAnswerBytes = 1 << 16
    }

    // MARK: - Reading

    /// Some bytes of an object, and what is known of all of it.
    struct Piece {
        var bytes: [UInt8]
        /// All of the object's bytes.
        var total: Int
        var tag: String
    }

    /// - Parameters:
    ///   - tag: of the version that is read; nil where it is the first piece.
    ///   - known: of a version that is here already.
    /// - Returns: nil where the object is still the one that is known.
    /// - Throws: `ObjectError`.
    func piece(
        of address: ObjectAddress, from start: Int, tag: String? = nil, unless known: String? = nil
    ) throws(ObjectError) -> Piece? {
        var asked = Asked(method: "GET", address: address, mostAnswerBytes: partBytes)
        asked.headers.append(("range", "bytes=\(start)-\(start + partBytes - 1)"))
        if let tag, !tag.isEmpty { asked.headers.append(("if-match", tag)) }
        if let known, !known.isEmpty { asked.headers.append(("if-none-match", known)) }
        let answer = try answer(to: asked, allowing: [206, 200, 304, 416, 412])
        let found = answer.header("etag") ?? ""
        switch answer.status {
        case 304: return nil
        case 412: throw ObjectError(.changed, "\(address) became another one while it was read: try again")
        case 416:
            guard start == 0 else { throw ObjectError(.changed, "\(address) became shorter while it was read: try again") }
            return Piece(bytes: [], total: 0, tag: found)
        case 206:
            guard let total = answer.header("content-range")?.split(separator: "/").last.flatMap({ Int($0) }),
                answer.body.count == min(partBytes, total - start), tag == nil || tag == found
            else { throw ObjectError(.changed, "\(address): the server gives other bytes than were asked for: try again") }
            return Piece(bytes: answer.body, total: total, tag: found)
        default: return try whole(asked, answer, found)
        }
    }

    /// From a server that does not give parts.
    private func whole(_ asked: Asked, _ answer: WebAnswer, _ tag: String) throws(ObjectError) -> Piece {
        let length = answer.header("content-length").flatMap { Int($0) }
        if length == answer.body.count || length == nil && answer.body.count < asked.mostAnswerBytes {
            return Piece(bytes: answer.body, total: answer.body.count, tag: tag)
        }
        guard length ?? 0 <= Self.mostAtOnce else {
            throw ObjectError(
                .refused,
                "\(asked.address) has \(length ?? 0) bytes and its server gives no parts of it: fetch it with another program")
        }
        var again = asked
        again.mostAnswerBytes = length ?? Self.mostAtOnce
        let all = try self.answer(to: again, allowing: [200])
        guard length == nil || all.body.count == length else {
            throw ObjectError(.unreachable, "\(asked.address): the connection ended early: try again")
        }
        return Piece(bytes: all.body, total: all.body.count, tag: all.header("etag") ?? "")
    }

    // MARK: - Asking

    /// - Parameter statuses: that are no faults.
    func answer(to asked: Asked, allowing statuses: Set<Int>) throws(ObjectError) -> WebAnswer {
        var region = settings.region, hasMoved = false, hasCorrected = false, last = "", attempt = 0
        while attempt < Self.tries {
            var wait = Double.random(in: 0...min(20, 0.2 * Double(1 << attempt)))
            attempt += 1
            switch outcome(of: asked, region: region) {
            case .success(let answer):
                if statuses.contains(answer.status) { return answer }
                if let moved = answer.header("x-amz-bucket-region"), moved != region, !hasMoved {
                    (region, hasMoved, attempt) = (moved, true, 0)
                    continue
                }
                let fault = StoreFault(answer)
                if fault.isOfClock, !hasCorrected, let offset = clock.correct(by: answer, now: now()) {
                    said("this machine's clock is \(StoreClock.words(offset)) the store's, whose time is used: set the clock")
                    (hasCorrected, attempt) = (true, 0)
                    continue
                }
                guard fault.isPassing else {
                    throw fault.error(of: asked.address, hasCredentials: settings.credentials != nil)
                }
                last = fault.words
                if let seconds = answer.header("retry-after").flatMap({ Double($0) }) { wait = min(20, max(0, seconds)) }
            case .failure(let error):
                guard Self.mayPass(error) else { throw ObjectError(.unreachable, "\(asked.address): \(error.message)") }
                last = error.message
            }
            if attempt < Self.tries { pause(wait) }
        }
        throw ObjectError(.unreachable, "\(asked.address): \(last), tried \(Self.tries) times: try again later")
    }

    private func outcome(of asked: Asked, region: String) -> Result<WebAnswer, TransferError> {
        do throws(TransferError) { return .success(try send(try request(asked, region: region))) } catch {
            return .failure(error)
        }
    }

    private static func mayPass(_ error: TransferError) -> Bool {
        switch error.code {
        case .noLibrary, .notSafe, .cancelled, .badRequest, .loginDenied: false
        default: true
        }
    }

    private func request(_ asked: Asked, region: String) throws(TransferError) -> WebRequest {
        let target = try target(of: asked.address, region: region)
        var signed = AWSRequestSigner.Request(method: asked.method, host: target.host, path: target.path)
        (signed.query, signed.headers, signed.body) = (asked.query, asked.headers, asked.body)
        var headers = asked.headers
        if case .bucket = asked.address.place, let credentials = settings.credentials {
            let signer = AWSRequestSigner(credentials, region: region, service: "s3")
            headers = signer.headers(of: signed, at: Self.stamp(now() + clock.seconds))
        }
        let query = signed.encodedQuery
        var request = WebRequest(target.scheme + "://" + target.host + target.path + (query.isEmpty ? target.query : "?" + query))
        request.method = asked.method
        request.headers = headers.filter { $0.name != "host" }.map { "\($0.name): \($0.value)" }
        // Without it a body would be called a form.
        if asked.method != "GET", !headers.contains(where: { $0.name == "content-type" }) {
            request.headers.append("Content-Type:")
        }
        (request.body, request.mostAnswerBytes) = (asked.body, asked.mostAnswerBytes)
        // However slow: as long as something comes or goes. A store that puts parts together may be silent for long.
        (request.seconds, request.stallSeconds) = asked.method == "POST" ? (600, nil) : (24 * 3600, stallSeconds)
        return request
    }

    /// Where a request goes: by a path at an endpoint of one's own, by a host's name at Amazon's.
    private func target(
        of address: ObjectAddress, region: String
    ) throws(TransferError) -> (scheme: String, host: String, path: String, query: String) {
        guard case .bucket(let bucket, let key) = address.place else {
            let parts = try Self.parts(of: address.text)
            return (parts.scheme, parts.host, parts.path, parts.query)
        }
        let encoded = AWSRequestSigner.encoded(key, keeping: "/")
        if let endpoint = settings.endpoint {
            let parts = try Self.parts(of: endpoint), base = parts.path == "/" ? "" : parts.path
            return (parts.scheme, parts.host, "\(base)/\(bucket)/\(encoded)", "")
        }
        // A name with dots is none of those that the certificate is for.
        let domain = "s3.\(region).amazonaws.com"
        return bucket.contains(".")
            ? ("https", domain, "/\(bucket)/\(encoded)", "") : ("https", "\(bucket).\(domain)", "/\(encoded)", "")
    }

    private static func parts(
        of text: String
    ) throws(TransferError) -> (scheme: String, host: String, path: String, query: String) {
        for scheme in ["https", "http"] where text.hasPrefix(scheme + "://") {
            let rest = text.dropFirst(scheme.count + 3).prefix { $0 != "#" }
            let host = String(rest.prefix { $0 != "/" && $0 != "?" })
            let path = rest.dropFirst(host.count).prefix { $0 != "?" }, query = rest.dropFirst(host.count + path.count)
            guard !host.isEmpty, !host.contains("@") else { break }
            return (scheme, host, path.isEmpty ? "/" : String(path), String(query))
        }
        throw TransferError(.badRequest, "'\(text)' is no address of a server: give https://HOST or http://HOST:PORT")
    }

    /// As `20150830T123600Z`.
    private static func stamp(_ time: Double) -> String {
        var moment = time_t(roundedDownWithin: time), parts = tm()
        gmtime_r(&moment, &parts)
        func two(_ value: Int32) -> String { value < 10 ? "0\(value)" : "\(value)" }
        return
            "\(parts.tm_year + 1900)\(two(parts.tm_mon + 1))\(two(parts.tm_mday))T\(two(parts.tm_hour))\(two(parts.tm_min))\(two(parts.tm_sec))Z"
    }
}
