import Clocks
import JSON
import PrintableText
import RequestSigning
import Transfers

/// Amazon SNS, by its query interface.
/// - Source: Amazon SNS API Reference, `Publish`, version 2010-03-31.
extension NoticeSender {
    func publish(
        _ notice: Notice, to target: TopicOrPhone, _ seconds: Double, _ isCancelled: @escaping () -> Bool
    ) throws(DeliveryFault) {
        let credentials = try AWSProfile.credentials(surroundings)
        var request = try Self.request(notice, to: target, credentials, at: WallClock.now())
        (request.seconds, request.authorities) = (seconds, target.authorities.map(surroundings.path))
        try send(request, isCancelled)
    }

    /// The signed request.
    static func request(
        _ notice: Notice, to target: TopicOrPhone, _ credentials: AWSCredentials, at time: Double
    ) throws(DeliveryFault) -> WebRequest {
        let suffix = target.region.hasPrefix("cn-") ? ".cn" : ""
        let address = target.endpoint ?? "https://sns.\(target.region).amazonaws.com\(suffix)/"
        guard let split = WebAddress(address) else { throw DeliveryFault("its address cannot be used") }
        var signed = AWSRequestSigner.Request(method: "POST", host: split.host, path: split.path)
        signed.headers = [("content-type", "application/x-www-form-urlencoded; charset=utf-8")]
        signed.body = Array(form(notice, target).utf8)
        let signer = AWSRequestSigner(credentials, region: target.region, service: "sns")
        let stamp = WallClock.text(time).prefix(19).filter { $0 != "-" && $0 != ":" } + "Z"
        var request = WebRequest("\(split.scheme)://\(split.host)\(split.path)")
        request.headers = signer.headers(of: signed, at: String(stamp)).filter { $0.name != "host" }.map {
            "\($0.name): \($0.value)"
        }
        request.body = signed.body
        return request
    }

    private static func form(_ notice: Notice, _ target: TopicOrPhone) -> String {
        // A message to a phone is cut off behind 1,600 characters; a subject has at most 100 of ASCII.
        let message = target.isPhone ? Notice.cut(notice.title + ": " + notice.changes[0].summary.printable, 1000) : notice.text
        var fields = [
            ("Action", "Publish"), ("Version", "2010-03-31"), (target.isPhone ? "PhoneNumber" : "TopicArn", target.target),
            ("Message", message),
        ]
        if !target.isPhone {
            let subject = String(
                notice.title.unicodeScalars.map { (0x20...0x7E).contains($0.value) ? Character($0) : "?" }.prefix(100))
            fields.append(("Subject", subject))
        }
        return fields.map { "\($0.0)=\(AWSRequestSigner.encoded($0.1))" }.joined(separator: "&")
    }
}

/// Who this user is at Amazon: by variables, else by the file that Amazon's own tools keep.
enum AWSProfile {
    static func credentials(_ surroundings: Surroundings) throws(DeliveryFault) -> AWSCredentials {
        let variables = surroundings.environment
        if let key = variables["AWS_ACCESS_KEY_ID"], !key.isEmpty, let secret = variables["AWS_SECRET_ACCESS_KEY"],
            !secret.isEmpty
        {
            return AWSCredentials(accessKeyID: key, secretAccessKey: secret, sessionToken: variables["AWS_SESSION_TOKEN"])
        }
        let path = variables["AWS_SHARED_CREDENTIALS_FILE"] ?? "~/.aws/credentials"
        let profile = variables["AWS_PROFILE"] ?? "default"
        let found: [String: String]
        do throws(DeliveryFault) {
            found = AWSProfileFile.section(profile, of: try SecretReference.contents(of: surroundings.path(path)))
        } catch {
            throw DeliveryFault("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set, and \(error.message)")
        }
        guard let credentials = AWSCredentials(section: found) else {
            throw DeliveryFault("\(path) has no keys of the profile \(profile): set AWS_PROFILE")
        }
        return credentials
    }
}
