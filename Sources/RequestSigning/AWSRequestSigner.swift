/// Signs requests as Amazon's services want it, Signature Version 4.
/// - Source: AWS General Reference, "Create a signed AWS API request".
public struct AWSRequestSigner: Sendable {
    /// A request before it is signed.
    public struct Request: Sendable {
        public var method: String
        /// With its port where that is not the scheme's.
        public var host: String
        /// As it goes over the wire, percent-encoded.
        public var path: String
        /// Names and values, not encoded.
        public var query: [(name: String, value: String)] = []
        /// All of them are signed; `host` and `x-amz-date` are added.
        public var headers: [(name: String, value: String)] = []
        public var body: [UInt8] = []

        public init(method: String, host: String, path: String = "/") {
            (self.method, self.host, self.path) = (method, host, path)
        }

        /// The query as it goes over the wire.
        public var encodedQuery: String { AWSRequestSigner.canonical(query) }
    }

    public var credentials: AWSCredentials
    /// Such as `eu-central-1` and `sns`.
    public var region: String
    public var service: String

    public init(_ credentials: AWSCredentials, region: String, service: String) {
        (self.credentials, self.region, self.service) = (credentials, region, service)
    }

    /// The request's headers and those that sign it, in the order in which they are signed.
    /// - Parameter time: when it is sent, as `20150830T123600Z`.
    public func headers(of request: Request, at time: String) -> [(name: String, value: String)] {
        var headers = request.headers.map { ($0.name.lowercased(), Self.folded($0.value)) }
        headers.append(("host", request.host))
        headers.append(("x-amz-date", time))
        if let token = credentials.sessionToken { headers.append(("x-amz-security-token", token)) }
        if isObjectStore, !headers.contains(where: { $0.0 == "x-amz-content-sha256" }) {
            headers.append(("x-amz-content-sha256", SHA256.digest(request.body).hex))
        }
        let merged = Self.merged(headers)
        let scope = "\(time.prefix(8))/\(region)/\(service)/aws4_request"
        let toSign = ["AWS4-HMAC-SHA256", time, scope, SHA256.digest(canonical(request, merged).utf8).hex].joined(separator: "\n")
        let signature = SHA256.authenticationCode(of: toSign.utf8, key: key(on: String(time.prefix(8)))).hex
        let names = merged.map(\.name).joined(separator: ";")
        let authorization =
            "AWS4-HMAC-SHA256 Credential=\(credentials.accessKeyID)/\(scope), SignedHeaders=\(names), Signature=\(signature)"
        return merged + [("authorization", authorization)]
    }

    /// The text whose digest is signed.
    func canonical(_ request: Request, _ headers: [(name: String, value: String)]) -> String {
        let body = headers.first { $0.name == "x-amz-content-sha256" }?.value ?? SHA256.digest(request.body).hex
        let lines = headers.map { "\($0.name):\($0.value)\n" }.joined()
        return [
            request.method, canonical(path: request.path), Self.canonical(request.query), lines,
            headers.map(\.name).joined(separator: ";"), body,
        ].joined(separator: "\n")
    }

    /// The key of a day, made from the secret so that it is good for nothing else.
    func key(on day: String) -> [UInt8] {
        [day, region, service, "aws4_request"].reduce(Array("AWS4\(credentials.secretAccessKey)".utf8)) {
            SHA256.authenticationCode(of: $1.utf8, key: $0)
        }
    }

    /// Object stores take a path as it is; all others sign it normalised and encoded once more.
    private var isObjectStore: Bool { service == "s3" }

    func canonical(path: String) -> String {
        if path.isEmpty { return "/" }
        if isObjectStore { return path }
        var parts: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        let isFolder = path.hasSuffix("/") || path.hasSuffix("/.") || path.hasSuffix("/..")
        let joined = "/" + parts.joined(separator: "/") + (isFolder && !parts.isEmpty ? "/" : "")
        return Self.encoded(joined, keeping: "/")
    }

    static func canonical(_ query: [(name: String, value: String)]) -> String {
        query.map { (encoded($0.name), encoded($0.value)) }
            .sorted { ($0.0, $0.1) < ($1.0, $1.1) }
            .map { "\($0.0)=\($0.1)" }.joined(separator: "&")
    }

    /// Each byte as it is or as `%XX`.
    /// - Parameter kept: what stays as it is beside letters, digits, `-`, `.`, `_` and `~`.
    public static func encoded(_ text: String, keeping kept: String = "") -> String {
        let plain = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~\(kept)".utf8)
        return text.utf8.map { byte in
            plain.contains(byte) ? String(UnicodeScalar(byte)) : "%" + [byte].hex.uppercased()
        }.joined()
    }

    /// Sorted by name, those of one name in one.
    private static func merged(_ headers: [(String, String)]) -> [(name: String, value: String)] {
        var merged: [(name: String, value: String)] = []
        for (name, value) in headers {
            if let place = merged.firstIndex(where: { $0.name == name }) {
                merged[place].value += "," + value
            } else {
                merged.append((name, value))
            }
        }
        return merged.sorted { $0.name < $1.name }
    }

    /// Without spaces around it, and with one where there were several.
    static func folded(_ value: String) -> String {
        value.split(whereSeparator: { $0 == " " || $0 == "\t" }).joined(separator: " ")
    }
}
