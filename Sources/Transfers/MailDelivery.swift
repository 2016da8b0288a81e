import CCurl

/// A mail on its way to a server that takes mail.
public struct MailDelivery: Sendable {
    /// `smtp://host:587`, which is made safe by STARTTLS, or `smtps://host`, which is from the start.
    public var server: String
    public var user: String?
    public var password: String?
    /// Plain addresses, without names.
    public var sender: String
    public var recipients: [String]
    /// The mail with its headers, in lines that end in CR LF.
    public var message: [UInt8]
    /// Whether a server that offers no safe connection is talked to all the same.
    public var allowsPlain = false
    public var connectSeconds = 10.0
    public var seconds = 30.0
    /// A file of authorities to trust instead of the system's.
    public var authorities: String?

    public init(server: String, sender: String, recipients: [String], message: [UInt8]) {
        (self.server, self.sender, self.recipients, self.message) = (server, sender, recipients, message)
    }

    /// Sends it; returns when the server has taken it.
    public func send(unless isCancelled: @escaping () -> Bool = { false }) throws(TransferError) {
        let transfer = try CurlTransfer()
        transfer.set(CX_CURLOPT_PROTOCOLS, CX_CURLPROTO_SMTP | CX_CURLPROTO_SMTPS)
        try transfer.set(CX_CURLOPT_URL, server)
        // Without it libcurl would fall back to plain text by itself.
        transfer.set(CX_CURLOPT_USE_SSL, allowsPlain ? 0 : CX_CURLUSESSL_ALL)
        if let user { try transfer.set(CX_CURLOPT_USERNAME, user) }
        if let password { try transfer.set(CX_CURLOPT_PASSWORD, password) }
        if let authorities { try transfer.set(CX_CURLOPT_CAINFO, authorities) }
        try transfer.set(CX_CURLOPT_MAIL_FROM, "<\(sender)>")
        try transfer.set(CX_CURLOPT_MAIL_RCPT, lines: recipients.map { "<\($0)>" })
        transfer.set(connecting: connectSeconds, all: seconds)
        transfer.set(CX_CURLOPT_UPLOAD, 1)
        let (reply, _) = try transfer.run(body: message, unless: isCancelled)
        guard (200...299).contains(reply) else {
            throw TransferError(.refused, "the server did not take the mail (\(reply))", isPassing: reply < 500)
        }
    }
}
