import Transfers

/// What a store's answer says is wrong.
struct StoreFault {
    private let status: Int
    /// The store's own word, such as `NoSuchKey`; empty where there is none.
    private let code: String

    init(_ answer: WebAnswer) {
        status = answer.status
        code = StoreXML.element("Code", of: answer.body) ?? ""
    }

    /// Whether the store does not believe the time that a request says.
    var isOfClock: Bool { code == "RequestTimeTooSkewed" || code == "RequestExpired" }

    /// Whether it may go well when tried again.
    var isPassing: Bool { [429, 500, 502, 503, 504].contains(status) || code == "RequestTimeout" || code == "SlowDown" }

    var words: String { "the store said \(status)" + (code.isEmpty ? "" : " (\(code))") }

    func error(of address: ObjectAddress, hasCredentials: Bool) -> ObjectError {
        switch (status, code) {
        case (_, "NoSuchBucket"):
            ObjectError(.notFound, "\(address): there is no such bucket: check its name, and the endpoint (AWS_ENDPOINT_URL)")
        case (404, _): ObjectError(.notFound, "\(address) is not there: check its name")
        case _ where isOfClock:
            ObjectError(.clock, "\(address): this machine's clock and the store's differ too much: set the clock")
        case (_, "SignatureDoesNotMatch"):
            ObjectError(
                .denied,
                "\(address): the secret key is not that of the access key: check AWS_SECRET_ACCESS_KEY or ~/.aws/credentials")
        case (_, "InvalidAccessKeyId"):
            ObjectError(
                .denied, "\(address): the store does not know the access key: check AWS_ACCESS_KEY_ID or ~/.aws/credentials")
        case (_, "ExpiredToken"): ObjectError(.denied, "\(address): the session has expired: sign in again")
        case (401, _), (403, _):
            ObjectError(
                .denied,
                hasCredentials
                    ? "\(address): the store does not let this user in (\(code.isEmpty ? String(status) : code)): ask for permission"
                    : "\(address) is not everybody's, and there are no keys: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE"
            )
        case (301, _), (307, _): ObjectError(.refused, "\(address) is elsewhere: set AWS_REGION, or give its new address")
        default: ObjectError(.refused, "\(address): \(words): check the address")
        }
    }
}
