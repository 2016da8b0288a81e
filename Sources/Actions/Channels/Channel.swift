/// A way to tell somebody: where to, with what secrets, and how often.
public struct Channel: Sendable, Hashable {
    public enum Kind: Sendable, Hashable {
        case webhook(Webhook)
        case mail(MailBox)
        case sns(TopicOrPhone)
        /// A command for the shell, with what happened in its environment.
        case command(String)
        /// A file that gets a JSON object a line.
        case file(String)
        /// The terminal's bell, and a notification by the terminal.
        case bell, desktop
    }

    public var name: String
    public var kind: Kind
    /// When nothing is told; nil = always.
    public var quiet: QuietTime?
    public var limit: RateLimit
    /// Seconds that one try may take.
    public var timeout = 30.0

    public init(_ name: String, _ kind: Kind) {
        (self.name, self.kind) = (name, kind)
        limit =
            switch kind {
            case .bell, .desktop: RateLimit(count: 6, seconds: 60)
            case .file: RateLimit(count: .max, seconds: 60)
            case .webhook, .mail, .sns, .command: RateLimit(count: 30, seconds: 3600)
            }
    }

    /// Those that are always there.
    public static let builtIn = ["bell", "desktop"]

    init?(builtIn name: String) {
        switch name {
        case "bell": self.init(name, .bell)
        case "desktop": self.init(name, .desktop)
        default: return nil
        }
    }

    /// The word for its kind.
    public var word: String {
        switch kind {
        case .webhook: "webhook"
        case .mail: "mail"
        case .sns: "sns"
        case .command: "command"
        case .file: "file"
        case .bell: "bell"
        case .desktop: "desktop"
        }
    }

    /// `webhook ops`; of one that is always there its name.
    public var title: String { Self.builtIn.contains(name) ? name : "\(word) \(name)" }

    /// Secrets that it needs.
    public var secrets: [SecretReference] {
        switch kind {
        case .webhook(let hook): [hook.bearer, hook.secret, hook.hiddenAddress].compactMap { $0 }
        case .mail(let box): [box.password].compactMap { $0 }
        case .sns, .command, .file, .bell, .desktop: []
        }
    }
}

/// Where a webhook goes.
public struct Webhook: Sendable, Hashable {
    /// `http://…` or `https://…`, where it is no secret.
    public var address: String?
    /// The same, where it is one, as with chats that trust whoever knows it.
    public var hiddenAddress: SecretReference?
    /// What goes with `Authorization: Bearer`.
    public var bearer: SecretReference?
    /// The key that the body is signed with.
    public var secret: SecretReference?
    /// Whether the body is the event alone, without the text that chats show.
    public var isEventAlone = false
    public var authorities: String?

    public init(address: String) { self.address = address }
    public init(hidden address: SecretReference) { hiddenAddress = address }
}

/// Who gets a mail, and by which server.
public struct MailBox: Sendable, Hashable {
    public var recipients: [String]
    public var sender: String
    /// `smtp://host:587` or `smtps://host`.
    public var server: String
    public var user: String?
    public var password: SecretReference?
    /// Whether the server may be talked to in the clear.
    public var allowsPlain = false
    public var authorities: String?

    public init(recipients: [String], sender: String, server: String) {
        (self.recipients, self.sender, self.server) = (recipients, sender, server)
    }
}

/// What Amazon SNS publishes to.
public struct TopicOrPhone: Sendable, Hashable {
    /// A topic's ARN, or a phone number as `+15551234567`.
    public var target: String
    public var region: String
    /// Another address than Amazon's.
    public var endpoint: String?
    public var authorities: String?

    public init(target: String, region: String) { (self.target, self.region) = (target, region) }

    public var isPhone: Bool { target.hasPrefix("+") }
}
