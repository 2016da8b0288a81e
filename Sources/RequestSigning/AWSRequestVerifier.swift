import Glibc
import Synchronization

/// Checks that a request was signed with a key that we gave out, Signature Version 4.
/// - Source: AWS General Reference, "Create a signed AWS API request"; what its clients sign was looked at in botocore 1.44.8.
public final class AWSRequestVerifier: Sendable {
    /// Why a request is not believed.
    public enum Failure: Error, Hashable, Sendable {
        /// It is not signed.
        case missing
        /// The signature does not say what it has to; in words.
        case incomplete(String)
        case unknownKey
        /// It was signed too long ago, or will be; in words.
        case clock(String)
        case wrong
    }

    /// A request as it came over the wire.
    public struct Request: Sendable {
        public var method: String
        /// Percent-encoded, without the query.
        public var path: String
        /// Percent-encoded, without the question mark.
        public var query: String
        /// Names in lower case, in the order in which they came.
        public var headers: [(name: String, value: String)]

        public init(method: String, path: String, query: String, headers: [(name: String, value: String)]) {
            (self.method, self.path, self.query, self.headers) = (method, path, query, headers)
        }

        func values(_ name: String) -> [String] { headers.filter { $0.name == name }.map(\.value) }
    }

    /// What a signature says of itself, before it is checked.
    public struct Claim: Sendable {
        let signer: AWSRequestSigner
        /// As `20260102T030405Z`.
        let time: String
        let signedHeaders: [String]
        let signature: [UInt8]
        var scope: String { "\(time.prefix(8))/\(signer.region)/\(signer.service)/aws4_request" }
    }

    private let credentials: AWSCredentials
    private let service: String
    /// - Units: seconds.
    private let mostSkew: Double
    /// Keys of days and regions, which take four codes to make.
    private let keys = Mutex<[String: [UInt8]]>([:])

    /// - Parameters:
    ///   - service: the only one that is believed; any region is.
    ///   - mostSkew: how far the signer's clock may be from ours, in seconds. Within it a request that somebody has copied is believed
    ///     again: two requests of one second with one content have one signature, so that none can be refused as a repetition.
    public init(_ credentials: AWSCredentials, service: String, mostSkew: Double = 300) {
        (self.credentials, self.service, self.mostSkew) = (credentials, service, mostSkew)
    }

    /// Looks at all that needs no body.
    /// - Parameter now: seconds since 1970.
    public func claim(of request: Request, now: Double) throws(Failure) -> Claim {
        let said = request.values("authorization")
        guard said.count <= 1 else { throw .incomplete("there are two authorization headers") }
        guard let said = said.first, said.hasPrefix(Self.algorithm) else { throw .missing }
        let parts = Self.parts(String(said.dropFirst(Self.algorithm.count)))
        guard let scope = parts["Credential"]?.split(separator: "/", omittingEmptySubsequences: false).map(String.init),
            let names = parts["SignedHeaders"]?.split(separator: ";", omittingEmptySubsequences: false).map(String.init),
            let signature = parts["Signature"], scope.count == 5, scope[4] == "aws4_request"
        else { throw .incomplete("authorization needs Credential, SignedHeaders and Signature") }
        guard Self.areEqual(Array(scope[0].utf8), Array(credentials.accessKeyID.utf8)) else { throw .unknownKey }
        guard scope[3] == service else {
            throw .incomplete("it is signed for the service '\(scope[3].prefix(40))', not \(service)")
        }
        let times = request.values("x-amz-date")
        guard times.count == 1, let time = Self.seconds(times[0]) else {
            throw .incomplete("x-amz-date is not said once, as 20260102T030405Z")
        }
        guard scope[1] == times[0].prefix(8) else { throw .incomplete("the credential's day is not that of x-amz-date") }
        guard abs(now - time) <= mostSkew else {
            throw .clock("signed at \(times[0]), but it is \(Self.text(now)) here: set the clock")
        }
        try Self.check(names, of: request)
        let signer = AWSRequestSigner(credentials, region: scope[2], service: scope[3])
        return Claim(signer: signer, time: times[0], signedHeaders: names, signature: Array(signature.utf8))
    }

    /// - Throws: `wrong` where anything of the request is not as it was when it was signed, or the secret is another one.
    public func verify(_ claim: Claim, of request: Request, body: [UInt8]) throws(Failure) {
        let digest = SHA256.digest(body).hex
        if let told = request.values("x-amz-content-sha256").first, told != digest { throw .wrong }
        let headers = claim.signedHeaders.map { name in
            (name: name, value: request.values(name).map(AWSRequestSigner.folded).joined(separator: ","))
        }
        var text =
            request.method + "\n" + claim.signer.canonical(path: request.path) + "\n" + Self.canonical(query: request.query)
        text += "\n"
        for header in headers { text += header.name + ":" + header.value + "\n" }
        text += "\n" + claim.signedHeaders.joined(separator: ";") + "\n" + digest
        let toSign = [Self.algorithm, claim.time, claim.scope, SHA256.digest(text.utf8).hex].joined(separator: "\n")
        let expected = SHA256.authenticationCode(of: toSign.utf8, key: key(of: claim)).hex
        guard Self.areEqual(Array(expected.utf8), claim.signature) else { throw .wrong }
    }

    /// Whether two secrets are the same, in a time that tells nothing of where they differ.
    public static func areEqual(_ first: [UInt8], _ second: [UInt8]) -> Bool {
        guard first.count == second.count else { return false }
        var difference: UInt8 = 0
        for place in first.indices { difference |= first[place] ^ second[place] }
        return difference == 0
    }

    // MARK: - Parts

    private static let algorithm = "AWS4-HMAC-SHA256"

    private func key(of claim: Claim) -> [UInt8] {
        if let known = keys.withLock({ $0[claim.scope] }) { return known }
        let made = claim.signer.key(on: String(claim.time.prefix(8)))
        keys.withLock { keys in
            // Of yesterday, or of regions that somebody makes up.
            if keys.count >= 16 { keys = [:] }
            keys[claim.scope] = made
        }
        return made
    }

    private static func check(_ names: [String], of request: Request) throws(Failure) {
        guard names == names.sorted(), Set(names).count == names.count, names.allSatisfy({ $0 == $0.lowercased() }) else {
            throw .incomplete("SignedHeaders are not in order")
        }
        let signed = Set(names)
        guard signed.contains("host"), signed.contains("x-amz-date") else {
            throw .incomplete("host and x-amz-date must be signed")
        }
        for name in Set(request.headers.map(\.name)) where name.hasPrefix("x-amz-") || name.hasPrefix("x-amzn-sagemaker-") {
            guard signed.contains(name) else { throw .incomplete("\(name.prefix(80)) is there, but not signed") }
        }
    }

    /// `A=b, C=d`
    private static func parts(_ text: String) -> [String: String] {
        var parts: [String: String] = [:]
        for part in text.split(separator: ",") {
            let words = part.split(separator: "=", maxSplits: 1)
            guard words.count == 2 else { continue }
            parts[String(words[0]).trimmed] = String(words[1]).trimmed
        }
        return parts
    }

    private static func canonical(query: String) -> String {
        if query.isEmpty { return "" }
        return AWSRequestSigner.canonical(
            query.split(separator: "&").map { pair in
                let words = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                return (
                    PercentText.decoded(words[0], plus: false), words.count > 1 ? PercentText.decoded(words[1], plus: false) : ""
                )
            })
    }

    private static func seconds(_ text: String) -> Double? {
        let bytes = Array(text.utf8)
        guard bytes.count == 16, bytes[8] == UInt8(ascii: "T"), bytes[15] == UInt8(ascii: "Z") else { return nil }
        func number(_ range: Range<Int>) -> Int32? {
            guard bytes[range].allSatisfy({ (48...57).contains($0) }) else { return nil }
            return Int32(String(decoding: bytes[range], as: UTF8.self))
        }
        guard let year = number(0..<4), let month = number(4..<6), let day = number(6..<8), let hour = number(9..<11),
            let minute = number(11..<13), let second = number(13..<15)
        else { return nil }
        var parts = tm()
        (parts.tm_year, parts.tm_mon, parts.tm_mday) = (year - 1900, month - 1, day)
        (parts.tm_hour, parts.tm_min, parts.tm_sec) = (hour, minute, second)
        return Double(timegm(&parts))
    }

    /// As `20260102T030405Z`.
    public static func text(_ secondsSince1970: Double) -> String {
        var whole = time_t(Int64(exactly: secondsSince1970.rounded(.down)) ?? 0), parts = tm()
        gmtime_r(&whole, &parts)
        func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(parts.tm_year + 1900)\(two(parts.tm_mon + 1))\(two(parts.tm_mday))T\(two(parts.tm_hour))\(two(parts.tm_min))"
            + "\(two(parts.tm_sec))Z"
    }
}

extension String {
    fileprivate var trimmed: String {
        guard let first = firstIndex(where: { $0 != " " && $0 != "\t" }), let last = lastIndex(where: { $0 != " " && $0 != "\t" })
        else { return "" }
        return String(self[first...last])
    }
}
