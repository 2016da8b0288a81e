import Clocks
import Events
import RequestSigning
import Transfers

/// Sends a notice by a channel, once.
public struct NoticeSender: Sendable {
    public var surroundings: Surroundings
    /// Shows something at the terminal of this process; says whether there is one.
    public var showAtTerminal: @Sendable (TerminalNotice) -> Bool

    public init(
        _ surroundings: Surroundings, showAtTerminal: @escaping @Sendable (TerminalNotice) -> Bool = { _ in false }
    ) {
        (self.surroundings, self.showAtTerminal) = (surroundings, showAtTerminal)
    }

    /// Returns when it was taken.
    /// - Parameter isCancelled: whether nobody waits any more.
    public func send(
        _ notice: Notice, by channel: Channel, unless isCancelled: @escaping () -> Bool = { false }
    ) throws(DeliveryFault) {
        switch channel.kind {
        case .webhook(let hook): try send(notice, to: hook, channel.timeout, isCancelled)
        case .mail(let box): try send(notice, to: box, channel.timeout, isCancelled)
        case .sns(let target): try publish(notice, to: target, channel.timeout, isCancelled)
        case .command(let command):
            try ShellCommand(command, notice).run(surroundings, seconds: channel.timeout, unless: isCancelled)
        case .file(let path): try EventFile.append(notice, to: surroundings.path(path))
        case .bell, .desktop:
            let shown = TerminalNotice(isBell: channel.kind == .bell, title: notice.title, text: notice.text)
            guard showAtTerminal(shown) else { throw DeliveryFault("there is no terminal here to show it at") }
        }
    }

    private func send(
        _ notice: Notice, to hook: Webhook, _ seconds: Double, _ isCancelled: @escaping () -> Bool
    ) throws(DeliveryFault) {
        let address = try address(of: hook)
        var request = WebRequest(address)
        request.body = Array(notice.webhookBody(eventAlone: hook.isEventAlone).text.utf8)
        request.headers = ["Content-Type: application/json", "Idempotency-Key: \(notice.id)"]
        if let bearer = try hook.bearer?.read(surroundings) { request.headers.append("Authorization: Bearer \(bearer.text)") }
        let now = WallClock.now()
        if let secret = try hook.secret?.read(surroundings) {
            let stamp = String(WallClock.text(now))
            let signed = Array("\(stamp).".utf8) + request.body
            let code = SHA256.authenticationCode(of: signed, key: Array(secret.text.utf8)).hex
            request.headers += ["X-Descent-Timestamp: \(stamp)", "X-Descent-Signature: sha256=\(code)"]
        }
        (request.seconds, request.authorities) = (seconds, hook.authorities.map(surroundings.path))
        try send(request, isCancelled)
    }

    private func address(of hook: Webhook) throws(DeliveryFault) -> String {
        if let address = hook.address { return address }
        guard let hidden = try hook.hiddenAddress?.read(surroundings) else { throw DeliveryFault("it has no address") }
        guard let split = WebAddress(hidden.text), ["http", "https"].contains(split.scheme) else {
            throw DeliveryFault("its address, which is a secret, does not begin with https:// or http://")
        }
        return hidden.text
    }

    func send(_ request: WebRequest, _ isCancelled: @escaping () -> Bool) throws(DeliveryFault) {
        let answer: WebAnswer
        do throws(TransferError) { answer = try request.send(unless: isCancelled) } catch { throw DeliveryFault(error) }
        if let fault = DeliveryFault.of(answer, at: WallClock.now()) { throw fault }
    }

    private func send(
        _ notice: Notice, to box: MailBox, _ seconds: Double, _ isCancelled: @escaping () -> Bool
    ) throws(DeliveryFault) {
        var mail = MailDelivery(
            server: box.server, sender: box.sender, recipients: box.recipients,
            message: Mail.bytes(notice, to: box, at: WallClock.now()))
        mail.user = box.user
        mail.password = try box.password?.read(surroundings).text
        (mail.allowsPlain, mail.seconds, mail.authorities) = (box.allowsPlain, seconds, box.authorities.map(surroundings.path))
        do throws(TransferError) { try mail.send(unless: isCancelled) } catch { throw DeliveryFault(error) }
    }
}

/// What a terminal shows besides what stands on it.
public struct TerminalNotice: Sendable, Hashable {
    /// The bell alone, or a notification of the desktop.
    public var isBell: Bool
    public var title: String
    public var text: String

    public init(isBell: Bool, title: String, text: String) { (self.isBell, self.title, self.text) = (isBell, title, text) }
}
