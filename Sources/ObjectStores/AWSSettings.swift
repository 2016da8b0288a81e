import Files
import RequestSigning

/// How the AWS tools reach a store: keys, region and endpoint, by variables, else by the files that they keep.
///
/// - Source: botocore 1.44's order, without what asks other machines or runs programs: those are not asked here.
public struct AWSSettings: Sendable {
    /// nil: nobody's; objects that everybody may read can still be had.
    public var credentials: AWSCredentials?
    public var region: String
    /// nil: Amazon's own.
    public var endpoint: String?

    public init(credentials: AWSCredentials?, region: String = "us-east-1", endpoint: String? = nil) {
        (self.credentials, self.region, self.endpoint) = (credentials, region, endpoint)
    }

    /// - Parameter environment: of the process.
    public init(environment: [String: String]) {
        func said(_ names: String...) -> String? { names.lazy.compactMap { environment[$0] }.first { !$0.isEmpty } }
        let home = environment["HOME"] ?? "", profile = said("AWS_PROFILE", "AWS_DEFAULT_PROFILE") ?? "default"
        let keys = Self.section(profile, of: said("AWS_SHARED_CREDENTIALS_FILE") ?? home + "/.aws/credentials")
        let file = said("AWS_CONFIG_FILE") ?? home + "/.aws/config"
        let config = Self.section(profile == "default" ? profile : "profile \(profile)", of: file)
        if let id = said("AWS_ACCESS_KEY_ID"), let secret = said("AWS_SECRET_ACCESS_KEY") {
            credentials = AWSCredentials(accessKeyID: id, secretAccessKey: secret, sessionToken: said("AWS_SESSION_TOKEN"))
        } else if let found = [keys, config].first(where: { $0["aws_access_key_id"] != nil && $0["aws_secret_access_key"] != nil }
        ) {
            credentials = AWSCredentials(
                accessKeyID: found["aws_access_key_id"] ?? "", secretAccessKey: found["aws_secret_access_key"] ?? "",
                sessionToken: found["aws_session_token"])
        }
        region = said("AWS_REGION", "AWS_DEFAULT_REGION") ?? config["region"] ?? keys["region"] ?? "us-east-1"
        endpoint = said("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL") ?? config["endpoint_url"]
    }

    /// `name = value` of a section of a file; empty where there is none.
    private static func section(_ name: String, of path: String) -> [String: String] {
        guard let text = FileContents.text(path, atMost: 1 << 20) else { return [:] }
        var isIn = false, found: [String: String] = [:]
        for line in text.split(whereSeparator: \.isNewline) {
            let line = trimmed(line)
            if line.hasPrefix("[") { isIn = line == "[\(name)]" }
            let parts = line.split(separator: "=", maxSplits: 1).map { trimmed($0) }
            if isIn, parts.count == 2, !line.hasPrefix("#") { found[parts[0].lowercased()] = parts[1] }
        }
        return found
    }

    private static func trimmed(_ text: some StringProtocol) -> String {
        String(text.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }
}
