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
        } else {
            credentials = AWSCredentials(section: keys) ?? AWSCredentials(section: config)
        }
        region = said("AWS_REGION", "AWS_DEFAULT_REGION") ?? config["region"] ?? keys["region"] ?? "us-east-1"
        endpoint = said("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL") ?? config["endpoint_url"]
    }

    private static func section(_ name: String, of path: String) -> [String: String] {
        FileContents.text(path, atMost: 1 << 20).map { AWSProfileFile.section(name, of: $0) } ?? [:]
    }
}
