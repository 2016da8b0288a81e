import Clocks
import RequestSigning

/// Lets in who has the workspace's token or signs with its key.
final class RequestGate: Sendable {
    private let token: [UInt8]
    private let keyEnd: String
    private let verifier: AWSRequestVerifier
    private let now: @Sendable () -> Double

    init(_ credentials: ServerCredentials, now: @escaping @Sendable () -> Double = WallClock.now) {
        token = Array(credentials.token.utf8)
        keyEnd = "…" + credentials.accessKeyID.suffix(4)
        verifier = AWSRequestVerifier(credentials.keyPair, service: "sagemaker")
        self.now = now
    }

    /// Looks at all that needs no body, so that strangers send none.
    func refusal(of head: HTTPRequest) -> ServiceError? {
        do throws(ServiceError) {
            _ = try claim(of: head)
            return nil
        } catch { return error }
    }

    /// - Returns: who asks, for the access log.
    func check(_ request: HTTPRequest) throws(ServiceError) -> String {
        guard let claim = try claim(of: request) else { return "token" }
        do throws(AWSRequestVerifier.Failure) {
            try verifier.verify(claim, of: Self.signed(request), body: request.body)
        } catch { throw Self.error(error) }
        return keyEnd
    }

    /// - Returns: nil where the token is there.
    private func claim(of head: HTTPRequest) throws(ServiceError) -> AWSRequestVerifier.Claim? {
        let said = head.headers("authorization")
        if said.count == 1, said[0].utf8.prefix(7).elementsEqual("bearer ".utf8, by: { $0 | 0x20 == $1 }) {
            let given = Array(said[0].utf8.dropFirst(7))
            if AWSRequestVerifier.areEqual(given, token) { return nil }
            throw ServiceError(.unknownClient, "the token is not this workspace's: `descent endpoint credentials` shows it")
        }
        do throws(AWSRequestVerifier.Failure) { return try verifier.claim(of: Self.signed(head), now: now()) } catch {
            throw Self.error(error)
        }
    }

    private static func signed(_ request: HTTPRequest) -> AWSRequestVerifier.Request {
        AWSRequestVerifier.Request(
            method: request.method, path: request.path, query: request.query, headers: request.headers)
    }

    private static func error(_ failure: AWSRequestVerifier.Failure) -> ServiceError {
        switch failure {
        case .missing:
            ServiceError(
                .missingToken,
                "neither a token nor a signature: send `Authorization: Bearer TOKEN` or sign with the key that "
                    + "`descent endpoint credentials` shows")
        case .incomplete(let why): ServiceError(.badSignature, "the signature is not complete: \(why)")
        case .unknownKey:
            ServiceError(.unknownClient, "the access key is not this workspace's: `descent endpoint credentials` shows it")
        case .clock(let why): ServiceError(.badSignature, "the signature has expired: \(why)")
        case .wrong:
            ServiceError(
                .badSignature,
                "the signature is not that of this request: check the secret key, and that nothing on the way changes requests")
        }
    }
}
