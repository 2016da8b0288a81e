import Transfers

/// Why a notice did not go out. Its text names no secret.
public struct DeliveryFault: Error, Hashable, Sendable, CustomStringConvertible {
    public var message: String
    /// Whether it may go out when tried again.
    public var isPassing: Bool
    /// Seconds that the server wants to be left alone; nil where it did not say.
    public var retryAfter: Double?

    public init(_ message: String, isPassing: Bool = false, retryAfter: Double? = nil) {
        (self.message, self.isPassing, self.retryAfter) = (message, isPassing, retryAfter)
    }

    init(_ error: TransferError) { self.init(error.message, isPassing: error.isPassing) }

    public var description: String { message }

    /// What a server's answer means; nil where it took the notice.
    /// - Parameter now: seconds since 1970.
    static func of(_ answer: WebAnswer, at now: Double) -> DeliveryFault? {
        switch answer.status {
        case 200...299: nil
        case 300...399: DeliveryFault("\(answer.status): it has moved, and is not followed: write its new address")
        case 408, 425, 429, 500...599:
            DeliveryFault(
                "\(answer.status)", isPassing: true,
                retryAfter: answer.header("Retry-After").flatMap { RetryTimes.seconds(inHeader: $0, at: now) })
        case 401, 403: DeliveryFault("\(answer.status): it does not know who asks: check the secrets")
        default: DeliveryFault("\(answer.status): it wants nothing of the kind: check the address")
        }
    }
}
